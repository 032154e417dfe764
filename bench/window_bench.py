#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the operator window costs a step of chargpt: interleaved rounds in fresh processes, ratios of the median step.

  REPRISE_DATA=../shared/data bench/window_bench.py BUILD/bin [ROUNDS]

off: no window in the plan. asleep: the callback is registered, and switched off after step 1.
awake: every operator call of every step is digested, inputs and outputs.
"""
import pathlib, re, subprocess, sys, tempfile

from ratios import print_ratios

root = pathlib.Path(__file__).resolve().parent.parent
steps = 30
variants = {"off": [], "asleep": ["--set", "ops=1"], "awake": ["--set", f"ops=1-{steps}"]}


def median_step(programs, folder, extra):
    command = [programs / "reprise", "run", root / "recipes/chargpt.toml", "--runs", folder, "--again", "--json", "--set",
               f"until={steps}", "--set", "keep=none", *extra]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True)
    run = pathlib.Path(re.search(r'"folder": "([^"]+)"', done.stdout).group(1))
    return float(re.search(r"median of ([0-9.]+) ms", (run / "log.txt").read_text()).group(1))


def main():
    programs = pathlib.Path(sys.argv[1]).resolve()
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 11
    times = {name: [] for name in variants}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            for name, extra in variants.items():
                times[name].append(median_step(programs, folder, extra))
    print(f"chargpt, {rounds} interleaved rounds of {steps} steps, median step of each run")
    print_ratios(times, "off")


main()
