#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Imitates power cuts on the trace of a run at work, and asks `reprise` what it still believes.

usage: .deps/venv/bin/python scripts/power_cuts.py REPRISE [--worker WORKER] [--count 1000] [--steps 3000] [--seed 1]
                                                   [--kinds cut-trace,cut-journal,...]

A run of `waves` is halted by SIGSTOP at many moments, and its unfinished trace and its journal are copied: what the disk
would hold if all was written. How much of the journal was synced then is noted by a library that stands before
fdatasync (made by `cc`). Then, COUNT times each:
  cut-trace        the trace ends at a random byte;
  cut-journal      the journal ends at a random byte behind what was synced;
  dropped-trace    up to 32 of the 4 KiB pages of the trace that changed since an earlier moment are lost: each is as it
                   was then, and all zeros where the file did not reach (nothing of a trace is synced before its end);
  dropped-journal  any of the pages of the journal that were written since its last sync are zeros;
  dropped-both     the last two at once, and the journal may end early;
  damaged          up to 8 pages of both are zeros, wherever they are, and so also such as the disk had.
Each is read; then the chain and the weights at the last step that it is said to have must be those of a run that nobody
disturbed, no step may differ from it, and no synced step may be missing. A damaged one may be refused instead (exit
code 2, one sentence with the name of the file). Needs h5py. Ends with 1 if something untrue was accepted, or something synced
was lost. Not run by CI.
"""
import argparse
import collections
import json
import os
import pathlib
import random
import shlex
import signal
import struct
import subprocess
import sys
import tempfile
import time

import h5py

PAGE = 4096
SYNCED = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
int fdatasync(int file) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  int result = real(file);
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  struct stat about;
  if (result != 0 || length < 8 || memcmp(path + length - 8, ".journal", 8) != 0 || fstat(file, &about) != 0) return result;
  long long size = about.st_size;
  int note = open(getenv("SYNCED_NOTE"), O_WRONLY | O_CREAT, 0644);
  if (pwrite(note, &size, sizeof size, 0) != sizeof size) _exit(9);
  close(note);
  return result;
}
"""
Moment = collections.namedtuple("Moment", "trace journal synced step")  # bytes of the journal; the last step in these


def trace_of(folder, name):
    found = list(folder.glob(f"runs/*/1/{name}"))
    return found[0] if found else None


def watched_worker(base, worker):
    """A worker that notes how much of its journal it has synced."""
    (base / "synced.c").write_text(SYNCED)
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", base / "synced.so", base / "synced.c", "-ldl"], check=True)
    script = base / "worker"
    script.write_text(f"#!/bin/sh\nSYNCED_NOTE={shlex.quote(str(base / 'synced'))} LD_PRELOAD="
                      f"{shlex.quote(str(base / 'synced.so'))} exec {shlex.quote(worker)} \"$@\"\n")
    script.chmod(0o755)
    return script


def run(reprise, folder, steps, worker):
    folder.mkdir()
    return subprocess.Popen([reprise, "run", "waves", "--set", f"steps={steps}", "--worker", worker], cwd=folder,
                            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def worker_of(process, folder):
    """The child that writes the trace."""
    for child in pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
        try:
            held = [os.readlink(entry) for entry in pathlib.Path(f"/proc/{child}/fd").iterdir()]
        except OSError:
            continue
        if any(name.endswith("trace.h5.journal") and name.startswith(str(folder)) for name in held):
            return int(child)
    return None


def moments_of(reprise, folder, steps, worker):
    """The unfinished trace and its journal at many moments, whole each time: the worker stands still while they are
    read."""
    process = run(reprise, folder, steps, worker)
    note = folder.parent / "synced"
    moments = []
    while process.poll() is None:
        partial = trace_of(folder, "trace.h5.partial")
        writer = worker_of(process, folder.resolve()) if partial else None
        if writer:
            os.kill(writer, signal.SIGSTOP)
            try:
                synced = struct.unpack("<q", note.read_bytes())[0] if note.exists() else 0
                journal = partial.with_suffix(".journal").read_bytes()
                now = Moment(partial.read_bytes(), journal, synced, last_step_in(journal[:synced]))
                if synced > 0 and (not moments or now.journal != moments[-1].journal):
                    moments.append(now)
            except OSError:
                pass
            os.kill(writer, signal.SIGCONT)
        time.sleep(0.1)
    return moments


def last_step_in(journal):
    """Of a journal that is whole: rows of /root, less one."""
    at, rows = 0, 0
    while at + 48 <= len(journal):
        kind, _, size = struct.unpack_from("<16sQQ", journal, at)
        if kind != b"reprise.record.1":
            sys.exit("power_cuts: wanted a record of the journal, found none")
        block, at = at + 48, at + 48 + size
        while block < at and at <= len(journal):
            path, _, count, content = struct.unpack_from("<32sQQQ", journal, block)
            rows += count if path.rstrip(b"\0") == b"/root" else 0
            block += 56 + content
    return rows - 1


def pages_of(content):
    return [content[at: at + PAGE] for at in range(0, len(content), PAGE)]


def cut_trace(moments, draws):
    now = draws.choice(moments)
    return now._replace(trace=now.trace[: draws.randrange(len(now.trace))])


def cut_journal(moments, draws):
    now = draws.choice(moments)
    return now._replace(journal=now.journal[: draws.randint(now.synced, len(now.journal))])


def dropped_trace(moments, draws):
    later = draws.randrange(1, len(moments))
    before, now = pages_of(moments[draws.randrange(later)].trace), pages_of(moments[later].trace)
    changed = [i for i, page in enumerate(now) if i >= len(before) or before[i] != page]
    for i in draws.sample(changed, min(len(changed), draws.randint(1, 32))):
        now[i] = (before[i] if i < len(before) else b"").ljust(len(now[i]), b"\0")[: len(now[i])]
    return moments[later]._replace(trace=b"".join(now))


def dropped_journal(moments, draws):
    now = draws.choice(moments)
    pages = pages_of(now.journal)
    for i in range(now.synced // PAGE, len(pages)):
        if draws.random() < 0.3:
            kept = pages[i][: max(0, now.synced - i * PAGE)]
            pages[i] = kept.ljust(len(pages[i]), b"\0")
    return now._replace(journal=b"".join(pages))


def dropped_both(moments, draws):
    now = dropped_trace(moments, draws)
    lost = dropped_journal([now], draws)
    return cut_journal([lost], draws) if draws.random() < 0.5 else lost


def damaged(moments, draws):
    now = draws.choice(moments)
    left = []
    for content in (now.trace, now.journal):
        pages = pages_of(content)
        for i in draws.sample(range(len(pages)), min(len(pages), draws.randint(1, 8))):
            pages[i] = bytes(len(pages[i]))
        left.append(b"".join(pages))
    return Moment(left[0], left[1], 0, -1)


KINDS = {kind.__name__.replace("_", "-"): kind
         for kind in (cut_trace, cut_journal, dropped_trace, dropped_journal, dropped_both, damaged)}


def chains_of(trace):
    with h5py.File(trace, "r") as file:
        return ["".join(int(word).to_bytes(8, "little").hex() for word in row) for row in file["chain"][:]]


def judged(reprise, whole, chains, path, at_least):
    """(a word for the count, a fault or nothing)"""
    ended = subprocess.run([reprise, "diff", f"whole={whole}", f"damaged={path}", "--json"], capture_output=True,
                           text=True)
    said = ended.stderr.strip()
    if ended.returncode == 2:
        lines = [line for line in said.splitlines() if line]
        if len(lines) != 1 or path.name not in said:
            return "refused", "not one sentence with the name of the file: " + said
        return "refused in one sentence", None if at_least < 0 else f"step {at_least} was synced, but: {said}"
    if ended.returncode not in (0, 1):
        return "refused", f"exit code {ended.returncode}: {said}"
    document = json.loads(ended.stdout)
    good, bad = (next(run for run in document["runs"] if run["configuration"] == name) for name in ("whole", "damaged"))
    if bad["last_step"] < at_least:
        return "read", f"step {at_least} was synced, but {bad['last_step']} is the last that was read"
    if bad["chain"] != chains[bad["last_step"]]:
        return "read", f"the chain at step {bad['last_step']} is not that of an undisturbed run"
    for row in document["first_differences"]:
        if any(step is not None for stage, step in row["first_difference"].items() if stage != "length"):
            return "read", "a step differs: " + json.dumps(row)
    marks = [mark["text"] for mark in document["marks"]]
    if any("held" not in text for text in marks if text.startswith("pins")):
        return "read", "a reading of the pins is not what was read: " + json.dumps(marks)
    if bad["pin_checks"] > good["pin_checks"] or not set(bad["metrics"]) <= set(good["metrics"]):
        return "read", "readings of the pins, or metrics, that no run made"
    told = any("last good step" in text for text in marks)
    return "read, every step true" + (", and said why not further" if told else ""), None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("reprise")
    parser.add_argument("--worker")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default=",".join(KINDS))
    options = parser.parse_args()
    reprise = str(pathlib.Path(options.reprise).resolve())
    base = pathlib.Path(tempfile.mkdtemp(prefix="reprise-cuts-"))
    plain = str(pathlib.Path(options.worker or pathlib.Path(reprise).with_name("reprise-worker")).resolve())
    worker = watched_worker(base, plain)
    if run(reprise, base / "whole", options.steps, plain).wait() != 0:
        sys.exit("power_cuts: wanted a run to compare with, but it did not end well")
    whole = trace_of(base / "whole", "trace.h5")
    chains = chains_of(whole)
    moments = moments_of(reprise, base / "halted", options.steps, worker)
    if len(moments) < 2:
        sys.exit("power_cuts: wanted many moments of a run, found fewer than two; give it more --steps")
    print(f"{len(moments)} moments of a run of {options.steps} steps, at the last {len(moments[-1].trace)} bytes of trace, "
          f"{len(moments[-1].journal)} of journal; synced steps at some: "
          f"{[moment.step for moment in moments[:: max(1, len(moments) // 6)]]}",
          flush=True)
    draws = random.Random(options.seed)
    faults = 0
    for kind in options.kinds.split(","):
        counts = collections.Counter()
        folder = base / kind
        folder.mkdir()
        path = folder / "trace.h5.partial"
        for i in range(options.count):
            left = KINDS[kind](moments, draws)
            path.write_bytes(left.trace)
            path.with_suffix(".journal").write_bytes(left.journal)
            word, fault = judged(reprise, whole, chains, path, left.step)
            counts[word] += 1
            if fault:
                faults += 1
                print(f"{kind} {i}: {fault}", flush=True)
                kept = base / f"fault-{kind}-{i}"
                kept.mkdir()
                path.rename(kept / path.name)
                path.with_suffix(".journal").rename(kept / "trace.h5.journal")
        print(f"{kind}, {options.count} times: " +
              "; ".join(f"{count} {word}" for word, count in sorted(counts.items())), flush=True)
    print(f"{faults} faults" + (f", kept in {base}" if faults else ""))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
