#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs every planted fault and its clean twin through the real programs and writes the table of what was found.

  scripts/planted_faults.py BUILD/bin DATE MACHINE > docs/measured/planted-faults.md
"""
import json, pathlib, subprocess, sys, tempfile, time

root = pathlib.Path(__file__).resolve().parent.parent
recipe = root / "tests/planted/planted.toml"
twins = 20


def bisect(programs, folder, fault, sown, attempt):
    command = [programs / "reprise", "bisect", recipe, "--worker", programs / "planted-worker", "--json", "--runs",
               folder, "--no-remedies", "--set", f"fault={fault['name']}", "--set", f"sown={sown}", "--set", f"try={attempt}"]
    for pin in fault.get("pins", []):
        command += ["--pin", pin]
    if fault["sides"]:
        command += ["--between", *fault["sides"]]
    began = time.monotonic()
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if not done.stdout:
        sys.exit(f"{fault['name']}: {done.stderr[-500:]}")
    return json.loads(done.stdout), time.monotonic() - began


def agrees(fault, found):
    operator = fault["operator"]
    return (found["step"], found["stage"], found["found"], found["kind"]) == (
        fault["step"], fault["stage"], fault["found"], fault["kind"]) and (
        operator is None or (found["operator"] or "").startswith(operator))


def main():
    programs, date, machine = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2], sys.argv[3]
    faults = json.loads((root / "tests/planted/faults.json").read_text())["faults"]
    print("# Planted faults: what was sown, and what was found\n")
    print(f"Made by `scripts/planted_faults.py` on {date}, {machine}. Seconds are of one command on that machine, both whole runs")
    print("and all reruns included, remedies not tried. A clean twin is the same program without the fault.\n")
    print("| fault | sides | step | stage | found | operator or finding | reruns a side | seconds | named as it should be | clean twin accused |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    wrong = 0
    for fault in faults:
        with tempfile.TemporaryDirectory() as folder:
            found, seconds = bisect(programs, folder, fault, "yes", 1)
            accused = sum(bisect(programs, folder, fault, "no", i + 1)[0]["found"] != "equal" for i in range(twins))
        right = agrees(fault, found)
        wrong += not right or accused > 0
        sides = " and ".join(f"`{side}`" for side in fault["sides"]) or "two repeats"
        print(f"| {fault['what']} | {sides} | {found['step']} | {found['stage']} | {found['found']} | {found['sentence']} "
              f"| {max(found['reruns'])} | {seconds:.1f} | {'yes' if right else 'NO'} | {accused} of {twins} |", flush=True)
    sys.exit(1 if wrong else 0)


main()
