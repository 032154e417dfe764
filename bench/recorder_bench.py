#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What being watched costs a Python training: interleaved rounds in fresh processes, ratios of the median step.

  bench/recorder_bench.py BUILD/bin PYTHON [ROUNDS]     # PYTHON has torch

alone: the script without reprise, in the environment that reprise gives it, with the same settings of torch.
watched: weights, gradients, optimizer state, losses and generators digested at each step.
window: beside that every operator call of every step, inputs and outputs digested.
"""
import json, os, pathlib, re, subprocess, sys, tempfile

from ratios import print_ratios

root = pathlib.Path(__file__).resolve().parent.parent
training = root / "bench/recorder_training.py"
steps = 12
variants = {"alone": None, "watched": [], "window": ["--set", f"ops=1-{steps}"]}
# The pins of the strict profile that a process can set in itself cost time of their own; here only watching counts.
pins = ["--pin", "deterministic=off", "--pin", "fill-uninitialized=off"]


def reprise_run(programs, python, folder, words, extra):
    command = [programs / "reprise", "run", "--runs", folder, "--again", "--json", *pins, *extra, "--", python, *words]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True)
    return pathlib.Path(json.loads(done.stdout)["runs"][0]["folder"]) / "log.txt"


def environment_of(programs, python, folder):
    """The environment in which reprise starts a script, less the recorder."""
    tell = folder / "tell.py"
    tell.write_text("import os, json, torch\nprint('env', json.dumps(dict(os.environ)))\np = torch.nn.Linear(1, 1)\n"
                    "o = torch.optim.SGD(p.parameters(), lr=0.1)\np(torch.ones(1)).backward()\no.step()\n")
    log = reprise_run(programs, python, folder / "runs", [tell], []).read_text()
    seen = json.loads(re.search(r"env (\{.*\})", log).group(1))
    return {name: text for name, text in seen.items() if not name.startswith("REPRISE_") and name != "PYTHONPATH"}


def main():
    programs, python = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 11
    times = {name: [] for name in variants}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        environment = environment_of(programs, python, folder)
        for _ in range(rounds):
            for variant, extra in variants.items():
                words = [str(training), str(steps)]
                if extra is None:
                    text = subprocess.run([python, *words], env=environment, capture_output=True, text=True, check=True).stdout
                else:
                    text = reprise_run(programs, python, folder / "runs", words, extra).read_text()
                times[variant].append(float(re.search(r"median_ms ([0-9.]+)", text).group(1)))
            print(f"# round {len(times['alone'])} of {rounds}", {v: t[-1] for v, t in times.items()}, file=sys.stderr)
        parameters = re.search(r"parameters (\d+)", text).group(1)
    print(f"{parameters} parameters, {rounds} interleaved rounds of {steps} steps, median step of each run, {os.cpu_count()} cores")
    print_ratios(times, "alone")


main()
