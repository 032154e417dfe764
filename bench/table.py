# SPDX-License-Identifier: Apache-2.0
"""Writes docs/measured/benchmarks.md from what Google Benchmark measured: python3 table.py JSON [REPRISE]."""
import json
import os
import platform
import statistics
import subprocess
import sys
import time

# Way -> (goal as a ratio of processor time to the group's first, for people); a goal in ns is of a unit.
GOALS = {
    ("bytes of 256 MiB", "digest, contiguous"): ("<= 1.03", lambda ratio, ns: ratio <= 1.03),
    ("bytes of 256 MiB", "digest, transposed"): ("<= 2", lambda ratio, ns: ratio <= 2),
    ("bytes of 16 MiB", "digest, transposed"): ("<= 2", lambda ratio, ns: ratio <= 2),
    ("300 tensors of 1.5 KiB", "digest of each"): ("<= 100 ns", lambda ratio, ns: ns <= 100),
    ("300 tensors of 1 KiB", "digest of each"): ("<= 100 ns", lambda ratio, ns: ns <= 100),
    ("steps of 300 tensors", "trace"): ("<= 1", lambda ratio, ns: ratio <= 1),
}


def measured(document):
    """{group: {way: [ns of processor time per unit, one per repetition]}} in the order of the program."""
    groups = {}
    scale = {"ns": 1.0, "us": 1e3, "ms": 1e6, "s": 1e9}
    for run in document["benchmarks"]:
        if run["run_type"] != "iteration":
            continue
        group, way = run["run_name"].split("/", 1)
        way = way.split("/repeats:")[0]
        groups.setdefault(group, {}).setdefault(way, []).append(
            run["cpu_time"] * scale[run["time_unit"]] / run["units"])
    return groups


def rows_of(group, ways):
    first = statistics.median(next(iter(ways.values())))
    for way, times in ways.items():
        ns = statistics.median(times)
        ratio = ns / first
        goal, holds = GOALS.get((group, way), ("", None))
        held = "" if holds is None else "held" if holds(ratio, ns) else "missed"
        yield f"| {way} | {ns:.3g} | {ratio:.2f} | {goal} | {held} |"


def processor():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def starts(program, rounds=11):
    """Milliseconds from start to end of short commands, in turn, the median of each."""
    commands = {"--version": ["--version"], "--help": ["--help"], "list axes": ["list", "axes"]}
    times = {name: [] for name in commands}
    for _ in range(rounds):
        for name, words in commands.items():
            begin = time.perf_counter()
            subprocess.run([program, *words], stdout=subprocess.DEVNULL, check=True)
            times[name].append(1000 * (time.perf_counter() - begin))
    return {name: statistics.median(of) for name, of in times.items()}


def main():
    document = json.load(open(sys.argv[1]))
    context = document["context"]
    print("# Benchmarks\n")
    print("Written by `scripts/bench.sh`: Google Benchmark, one process, 11 repetitions of each way in random turn. Times are "
          "medians of processor time per byte, tensor or step; each ratio is to the first way of its group.\n")
    print(f"Machine: {processor()}, {os.cpu_count()} cores, Linux {platform.release().split('-')[0]}, "
          f"{context['date'][:10]}, load {' '.join(f'{load:.1f}' for load in context['load_avg'])}. "
          + os.environ.get("REPRISE_BENCH_NOTE", ""))
    for group, ways in measured(document).items():
        print(f"\n## {group[0].upper() + group[1:]}\n")
        print("| way | ns | ratio | goal | |\n|---|---|---|---|---|")
        for row in rows_of(group, ways):
            print(row)
    if "trace bytes per payload" in context:
        print(f"\nA trace has {float(context['trace bytes per payload']):.3f} bytes per byte of its payload (goal 1.01).")
    if len(sys.argv) > 2:
        print("\n## From start to end of a command\n\n| command | ms |\n|---|---|")
        for name, ms in starts(sys.argv[2]).items():
            print(f"| `reprise {name}` | {ms:.1f} |")


main()
