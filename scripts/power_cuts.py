#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Imitates power cuts on the trace of a run at work, and asks `reprise` what it still believes.

usage: .deps/venv/bin/python scripts/power_cuts.py REPRISE [--count 1000] [--steps 600] [--seed 1] [--kinds cut,dropped,zeroed]

A run of `waves` is halted by SIGSTOP at many moments, and its unfinished trace copied: what the disk would hold if all
was written. Then, COUNT times each:
  cut      the file ends at a random byte;
  dropped  up to 32 of the 4 KiB pages that changed since an earlier moment are lost: each is as it was then, and all
           zeros where the file did not reach;
  zeroed   up to 8 pages are all zeros, wherever they are, and so also such as the disk had.
Each is refused (exit code 2, one sentence with the name of the file), or read; then the chain and the weights at the
last step that it is said to have must be those of a run that nobody disturbed, and no step may differ from it. What no
digest of an unfinished trace proves (docs/trace-format.md, 3.1) is counted by itself. Needs h5py. Ends with 1 if
something untrue was accepted. Not run by CI.
"""
import argparse
import collections
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

import h5py

PAGE = 4096


def trace_of(folder, name):
    found = list(folder.glob(f"runs/*/1/{name}"))
    return found[0] if found else None


def run(reprise, folder, steps):
    folder.mkdir()
    return subprocess.Popen([reprise, "run", "waves", "--set", f"steps={steps}"], cwd=folder,
                            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def worker_of(process):
    for child in pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
        if b"reprise-worker" in pathlib.Path(f"/proc/{child}/cmdline").read_bytes():
            return int(child)
    return None


def copies_of(reprise, folder, steps):
    """The unfinished trace at many moments, whole each time: the worker stands still while it is read."""
    process = run(reprise, folder, steps)
    copies = []
    while process.poll() is None:
        partial = trace_of(folder, "trace.h5.partial")
        worker = worker_of(process) if partial else None
        if worker:
            os.kill(worker, signal.SIGSTOP)
            try:
                content = partial.read_bytes()
                if not copies or content != copies[-1]:
                    copies.append(content)
            except OSError:
                pass
            os.kill(worker, signal.SIGCONT)
        time.sleep(0.004)
    return copies


def cut(copies, draws):
    whole = draws.choice(copies)
    return whole[: draws.randrange(1, len(whole))]


def pages_of(content):
    return [content[at: at + PAGE] for at in range(0, len(content), PAGE)]


def dropped(copies, draws):
    later = draws.randrange(1, len(copies))
    before, now = pages_of(copies[draws.randrange(later)]), pages_of(copies[later])
    changed = [i for i, page in enumerate(now) if i >= len(before) or before[i] != page]
    for i in draws.sample(changed, min(len(changed), draws.randint(1, 32))):
        now[i] = (before[i] if i < len(before) else b"").ljust(len(now[i]), b"\0")[: len(now[i])]
    return b"".join(now)


def zeroed(copies, draws):
    pages = pages_of(draws.choice(copies))
    for i in draws.sample(range(len(pages)), min(len(pages), draws.randint(1, 8))):
        pages[i] = bytes(len(pages[i]))
    return b"".join(pages)


def chains_of(trace):
    with h5py.File(trace, "r") as file:
        return ["".join(int(word).to_bytes(8, "little").hex() for word in row) for row in file["chain"][:]]


def sentence_kind(said):
    """What was said, without the numbers, for the count."""
    for words in ("cut short", "no committed step", "another kind of file", "ends the process", "too long to read"):
        if words in said:
            return words
    return "damaged"


def judged(reprise, whole, chains, path):
    """(a word for the count, a fault or nothing)"""
    ended = subprocess.run([reprise, "diff", f"whole={whole}", f"damaged={path}", "--json"], capture_output=True,
                           text=True)
    said = ended.stderr.strip()
    if ended.returncode == 2:
        lines = [line for line in said.splitlines() if line]
        if len(lines) != 1 or path.name not in said:
            return "refused", "not one sentence with the name of the file: " + said
        return "refused: " + sentence_kind(said), None
    if ended.returncode not in (0, 1):
        return "refused", f"exit code {ended.returncode}: {said}"
    document = json.loads(ended.stdout)
    good, bad = (next(run for run in document["runs"] if run["configuration"] == name) for name in ("whole", "damaged"))
    if bad["chain"] != chains[bad["last_step"]]:
        return "read", f"the chain at step {bad['last_step']} is not that of an undisturbed run"
    for row in document["first_differences"]:
        if any(step is not None for stage, step in row["first_difference"].items() if stage != "length"):
            return "read", "a step differs: " + json.dumps(row)
    unproven = not all("held" in mark["text"] for mark in document["marks"] if mark["text"].startswith("pins"))
    known = [value for value in good["metrics"].values()]
    unproven = unproven or bad["pin_checks"] > good["pin_checks"] or len(bad["metrics"]) > len(known)
    unproven = unproven or any(value == 0 for value in bad["metrics"].values())
    return "read, every step true" + (", but pin readings or metrics lost" if unproven else ""), None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("reprise")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default="cut,dropped,zeroed")
    options = parser.parse_args()
    reprise = str(pathlib.Path(options.reprise).resolve())
    base = pathlib.Path(tempfile.mkdtemp(prefix="reprise-cuts-"))
    if run(reprise, base / "whole", options.steps).wait() != 0:
        sys.exit("power_cuts: wanted a run to compare with, but it did not end well")
    whole = trace_of(base / "whole", "trace.h5")
    chains = chains_of(whole)
    copies = copies_of(reprise, base / "halted", options.steps)
    print(f"{len(copies)} moments of a run of {options.steps} steps, {len(copies[-1])} bytes at the last", flush=True)
    draws = random.Random(options.seed)
    faults = 0
    for kind in ({"cut": cut, "dropped": dropped, "zeroed": zeroed}[name] for name in options.kinds.split(",")):
        counts = collections.Counter()
        for i in range(options.count):
            path = base / f"{kind.__name__}.h5"
            path.write_bytes(kind(copies, draws))
            word, fault = judged(reprise, whole, chains, path)
            counts[word] += 1
            if fault:
                faults += 1
                print(f"{kind.__name__} {i}: {fault}", flush=True)
                path.rename(base / f"fault-{kind.__name__}-{i}.h5")
        print(f"{kind.__name__}, {options.count} times: " +
              "; ".join(f"{count} {word}" for word, count in sorted(counts.items())), flush=True)
    print(f"{faults} faults" + (f", kept in {base}" if faults else ""))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
