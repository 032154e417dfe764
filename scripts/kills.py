#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kills workers, watched scripts and `reprise` itself by SIGKILL at random moments.

usage: .deps/venv/bin/python scripts/kills.py REPRISE [--count 200] [--kinds worker,reprise,script] [--seed 1]

Each kill is one run of its own. Right before it the steps that the trace says are committed are counted. After it the
trace must hold at least those, each step's root must be that of a run that nobody killed, and `reprise diff` must read
it; after a kill of `reprise` the same command, given again, must end with the whole run. Needs h5py (and, for script,
torch) in the Python that runs it. Ends with 1 if one kill lost something. Not run by CI: 600 kills take about an hour.
"""
import argparse
import os
import pathlib
import random
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
for step in range(400):
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
    found = sorted(folder.glob("runs/*/*/trace.h5*"), key=lambda path: path.name)
    return found[0] if found else None


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
    return [reprise, "run", "waves", "--set", "steps=600"]


def start(reprise, kind, folder):
    (folder / "train.py").write_text(SCRIPT)
    return subprocess.Popen(command_of(reprise, kind), cwd=folder, stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def whole_run(reprise, kind, folder):
    """The roots of a run that nobody kills, when its first step was there, and when it ended (seconds)."""
    began = time.monotonic()
    process = start(reprise, kind, folder)
    first = None
    while process.poll() is None:
        if first is None and trace_in(folder):
            first = time.monotonic() - began
        time.sleep(0.002)
    if process.returncode != 0:
        sys.exit(f"kills: wanted a run to compare with, but {command_of(reprise, kind)} ended with {process.returncode}")
    return roots_of(trace_in(folder)), first or 0, time.monotonic() - began


def pid_to_kill(process, kind):
    if kind == "reprise":
        return process.pid
    return next((pid for pid in descendants(process.pid) if is_target(pid, kind)), None)


def kill_one(reprise, kind, folder, moment):
    """Steps committed right before the kill; nothing if the run had ended by then."""
    began = time.monotonic()
    process = start(reprise, kind, folder)
    while time.monotonic() - began < moment and process.poll() is None:
        time.sleep(0.001)
    below = descendants(process.pid)
    target = pid_to_kill(process, kind)
    trace = trace_in(folder)
    before = committed_of(trace) if trace else 0
    killed = False
    if target is not None and process.poll() is None:
        try:
            os.kill(target, signal.SIGKILL)
            killed = True
        except ProcessLookupError:
            pass
    process.wait()
    # What a killed reprise leaves at work comes to its own end.
    while kind == "reprise" and any(pathlib.Path(f"/proc/{pid}").exists() for pid in below):
        time.sleep(0.01)
    return before if killed else None


def fault_of(reprise, kind, folder, before, whole):
    trace = trace_in(folder)
    if trace is None or committed_of(trace) == 0:
        if before:
            return f"{before} steps were committed, and no trace is left"
    else:
        roots = roots_of(trace)
        if len(roots) < before:
            return f"{before} steps were committed, {len(roots)} are left"
        if roots != whole[: len(roots)]:
            return "a step is not what an undisturbed run has"
        looked = subprocess.run([reprise, "diff", str(trace_in(folder.parent / "whole")), str(trace)],
                                capture_output=True, text=True)
        if looked.returncode not in (0, 1):
            return "reprise does not read it: " + looked.stderr.strip()
    if kind == "reprise":
        again = start(reprise, kind, folder)
        if again.wait() != 0:
            return f"the same command again ends with {again.returncode}"
        if roots_of(trace_in(folder)) != whole:
            return "the same command again makes another run"
    return None


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
    for kind in options.kinds.split(","):
        base = pathlib.Path(tempfile.mkdtemp(prefix="reprise-kills-"))
        (base / "whole").mkdir()
        whole, first, last = whole_run(reprise, kind, base / "whole")
        kept = made = early = lost_to_end = 0
        while made < options.count:
            folder = base / "killed"
            folder.mkdir()
            before = kill_one(reprise, kind, folder, draws.uniform(first * 0.7, last))
            if before is None:
                lost_to_end += 1
            else:
                made += 1
                early += before == 0
                fault = fault_of(reprise, kind, folder, before, whole)
                kept += fault is None
                if fault:
                    faults += 1
                    print(f"{kind}: kill {made}: {fault}", flush=True)
                    shutil.copytree(folder, base / f"fault-{made}")
            shutil.rmtree(folder)
            if made % 20 == 0 and before is not None:
                print(f"{kind}: {kept} of {made} lost nothing so far", file=sys.stderr, flush=True)
        print(f"{kind}: {kept} of {made} kills lost nothing committed ({early} before the first commit, "
              f"{lost_to_end} more runs had ended before their kill)", flush=True)
        if not faults:
            shutil.rmtree(base)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
