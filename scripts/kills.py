#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kills workers, watched scripts and `reprise` itself by SIGKILL at random moments.

usage: .deps/venv/bin/python scripts/kills.py REPRISE [--count 200] [--kinds worker,reprise,script] [--seed 1]

Each kill is one run of its own; one in ten comes before it has a trace, the others up to 0.15 s after a random number
of steps is committed. Right before the kill the steps that the trace says are committed are counted. After it the trace
must hold at least those, each step's root must be that of a run that nobody killed, and `reprise diff`, which reads its journal, must
agree with all of them and say after which step it ends, none of these. After a kill of `reprise` the same command is given again (half
of the times at once, beside the worker that was left behind) and must end with the whole run. Needs h5py (and, for
script, torch) in the Python that runs it. Ends with 1 if one kill lost something. Not run by CI. An interrupt (Ctrl-C)
ends it with the counts so far.
"""
import argparse
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import h5py

SCRIPT = """
import torch
torch.manual_seed(0)
model = torch.nn.Linear(8, 8)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for step in range(600):
    optimizer.zero_grad()
    loss = model(torch.randn(4, 8)).square().mean()
    loss.backward()
    optimizer.step()
"""


def committed_of(path):
    """Steps that a trace says are committed; 0 where it says nothing yet."""
    try:
        with h5py.File(path, "r", swmr=True, locking=False) as file:
            return int(file["committed"][()])
    except (OSError, KeyError, RuntimeError):
        return 0


def roots_of(path):
    with h5py.File(path, "r", swmr=True, locking=False) as file:
        return file["root"][: int(file["committed"][()])].tolist()


def trace_in(folder):
    """The one trace of the run in a folder; while a watched script runs it lies in the folder of its process."""
    for place in ("runs/*/*/trace.h5*", "runs/*/*/process-*/trace.h5*"):
        if found := sorted(path for path in folder.glob(place) if path.suffix != ".journal"):
            return found[0]
    return None


def is_at_work(pid):
    """A process that has ended may wait for long until somebody asks for its end."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def descendants(pid):
    found = []
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            for child in task.read_text().split():
                found += [int(child), *descendants(int(child))]
        except OSError:
            pass
    return found


def is_target(pid, kind):
    try:
        line = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    if kind == "worker":
        return line[0].endswith(b"reprise-worker")
    return any(part.endswith(b"train.py") for part in line) and not line[0].endswith(b"reprise")


def command_of(reprise, kind):
    if kind == "script":
        return [reprise, "run", "--again", "--", sys.executable, "train.py"]
    return [reprise, "run", "waves", "--set", "steps=200"]


def start(reprise, kind, folder):
    (folder / "train.py").write_text(SCRIPT)
    return subprocess.Popen(command_of(reprise, kind), cwd=folder, stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def whole_run(reprise, kind, folder):
    """The roots of a run that nobody kills, and the seconds until it had a trace."""
    began = time.monotonic()
    process = start(reprise, kind, folder)
    first = None
    while process.poll() is None:
        if first is None and trace_in(folder):
            first = time.monotonic() - began
        time.sleep(0.002)
    if process.returncode != 0:
        sys.exit(f"kills: wanted a run to compare with, but {command_of(reprise, kind)} ended with {process.returncode}")
    return roots_of(trace_in(folder)), first or 0


def pid_to_kill(process, kind):
    if kind == "reprise":
        return process.pid
    return next((pid for pid in descendants(process.pid) if is_target(pid, kind)), None)


def wait_for_moment(process, folder, seconds, rows, later):
    """Waits so long, then for so many committed rows, then a little; true if the run is still there then."""
    time.sleep(seconds)
    while rows > 0 and process.poll() is None:
        trace = trace_in(folder)
        if trace and committed_of(trace) >= rows:
            break
        time.sleep(0.02)
    time.sleep(later)
    return process.poll() is None


def kill_one(reprise, kind, folder, moment):
    """Steps committed right before the kill, and the processes left at work; nothing if the run had ended by then."""
    process = start(reprise, kind, folder)
    there = wait_for_moment(process, folder, *moment)
    below = descendants(process.pid)
    target = pid_to_kill(process, kind)
    trace = trace_in(folder)
    before = committed_of(trace) if trace else 0
    killed = False
    if target is not None and there:
        try:
            os.kill(target, signal.SIGKILL)
            killed = True
        except ProcessLookupError:
            pass
    process.wait()
    return (before, below) if killed else None


def fault_of_trace(reprise, folder, before, whole):
    trace = trace_in(folder)
    roots = []
    if trace is not None and committed_of(trace) > 0:
        roots = roots_of(trace)
    if len(roots) < before:
        return f"{before} rows were committed, {len(roots)} are left"
    if roots != whole[: len(roots)]:
        return "a step is not what an undisturbed run has"
    if not roots:
        return None
    looked = subprocess.run([reprise, "diff", str(trace_in(folder.parent / "whole")), str(trace)],
                            capture_output=True, text=True)
    said = " ".join(looked.stdout.split())
    if looked.returncode not in (0, 1):
        return "reprise does not read it: " + looked.stderr.strip()
    # What it reads is the journal, which is never behind.
    ended = re.search(r"one ended (?:after step (\d+),|before training)", said)
    last = int(ended[1] or 0) if ended else -1
    if len(roots) < len(whole) and (looked.returncode != 1 or last < len(roots) - 1 or last >= len(whole)):
        return "reprise does not say where it ends, or says too early a step: " + said
    return None


def fault_of(reprise, kind, folder, before, whole, at_once, left):
    if not at_once:
        while any(is_at_work(pid) for pid in left):
            time.sleep(0.01)
        if fault := fault_of_trace(reprise, folder, before, whole):
            return fault
    if kind == "reprise":
        again = start(reprise, kind, folder)
        if again.wait() != 0:
            return f"the same command again ends with {again.returncode}"
        if roots_of(trace_in(folder)) != whole:
            return "the same command again makes another run"
        if any(is_at_work(pid) for pid in left):
            return "the same command again ended before what was left of the first"
    return None


def kill_many(reprise, kind, count, draws):
    """How many kills lost something."""
    base = pathlib.Path(tempfile.mkdtemp(prefix="reprise-kills-"))
    (base / "whole").mkdir()
    whole, first = whole_run(reprise, kind, base / "whole")
    kept = made = early = lost_to_end = most = 0
    began = time.monotonic()
    try:
        while made < count:
            folder = base / "killed"
            folder.mkdir()
            if draws.random() < 0.1:
                moment = (draws.uniform(0, first), 0, 0)
            else:
                moment = (0, draws.randrange(1, len(whole)), draws.uniform(0, 0.15))
            killed = kill_one(reprise, kind, folder, moment)
            if killed is None:
                lost_to_end += 1
            else:
                before, left = killed
                at_once = kind == "reprise" and draws.random() < 0.5
                fault = fault_of(reprise, kind, folder, before, whole, at_once, left)
                made += 1
                early += before == 0
                most = max(most, before)
                kept += fault is None
                if fault:
                    print(f"{kind}: kill {made}: {fault}", flush=True)
                    shutil.copytree(folder, base / f"fault-{made}")
            shutil.rmtree(folder)
    finally:
        print(f"{kind}: {kept} of {made} kills lost nothing committed ({early} before the first commit, "
              f"up to {most} of {len(whole)} rows committed; {lost_to_end} more runs had ended before their kill; "
              f"{time.monotonic() - began:.0f} s)", flush=True)
    if kept == made:
        shutil.rmtree(base)
    return made - kept


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("reprise")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--kinds", default="worker,reprise,script")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    reprise = str(pathlib.Path(options.reprise).resolve())
    draws = random.Random(options.seed)
    faults = 0
    try:
        for kind in options.kinds.split(","):
            faults += kill_many(reprise, kind, options.count, draws)
    except KeyboardInterrupt:
        pass
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
