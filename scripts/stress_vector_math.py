#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How often equal runs of `waves` with two threads part while the machine is busy, with and without the pin
vector-math-warmup: scripts/stress_vector_math.py [RUNS] (200). Not in CI: what it looks for is chance."""
import collections
import json
import pathlib
import subprocess
import sys
import tempfile

REPRISE = pathlib.Path(__file__).resolve().parent.parent / "build/bin/reprise"
BUSY = [sys.executable, "-c", "while True: pass"]


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown processor"


def chain_of(folder, value):
    told = subprocess.run(
        [REPRISE, "run", "waves", "--json", "--again", "--set", "steps=3", "--pin", "threads=2",
         "--pin", f"vector-math-warmup={value}", "--runs", folder],
        capture_output=True, text=True, check=False)  # fmt: skip
    if told.returncode == 2:
        sys.exit(told.stdout + told.stderr)
    return json.loads(told.stdout)["runs"][0]["chain"]


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    busy = [subprocess.Popen(BUSY) for _ in range(3)]
    print(f"{processor()}, 2 threads, 3 busy loops beside")
    try:
        for value in ("on", "off"):
            with tempfile.TemporaryDirectory() as folder:
                chains = collections.Counter(chain_of(folder, value) for _ in range(runs))
            odd = runs - chains.most_common(1)[0][1]
            print(f"vector-math-warmup={value}: {odd} of {runs} runs have other bits", flush=True)
    finally:
        for process in busy:
            process.kill()
            process.wait()


if __name__ == "__main__":
    main()
