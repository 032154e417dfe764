#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs some of the training forms under the recorder with Pythons that hold other versions of torch, compares the digest
of the weights after each step with the script's own, and tries each recorder on each foreign torch, which must be
refused. Prints a Markdown table.

    scripts/recorder_versions.py build/bin/reprise PYTHON...     # each has torch, numpy and xxhash
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

FORMS = ["optimizers sgd", "optimizers adamw", "lbfgs", "frozen", "two_optimizers", "dataloader 2", "buffers"]
HERE = pathlib.Path(__file__).resolve().parent.parent / "tests" / "python"


def words_of(form):
    name, *given = form.split()
    return [str(HERE / "forms" / f"{name}.py"), *given]


def run(reprise, python, form, folder):
    steps = folder / "steps.jsonl"
    environment = dict(os.environ, PYTHONPATH=str(HERE), REPRISE_WITNESS=str(steps))
    words = [reprise, "run", "--json", "--set", "keep-env=REPRISE_WITNESS", "--runs", str(folder / "runs"), "--", python,
             *words_of(form)]  # fmt: skip
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return None, (done.stdout + done.stderr)[-400:]
    return json.loads(done.stdout)["runs"][0], [json.loads(line) for line in steps.read_text().splitlines()]


def check(reprise, python, form):
    with tempfile.TemporaryDirectory() as name:
        made, seen = run(reprise, python, form, pathlib.Path(name))
        if made is None:
            return "failed: " + " ".join(seen.split())
        if made["steps"] != len(seen):
            return f"{made['steps']} of {len(seen)} steps"
        return "equal" if made["weights"] == seen[-1]["weights"] else "OTHER WEIGHTS"


def refusal(recorder, python):
    """What the recorder for one torch says when it is loaded into another."""
    site = pathlib.Path(__file__).resolve().parent.parent / "harness" / "record" / "recorder" / "site"
    with tempfile.TemporaryDirectory() as name:
        wanted = recorder.name.split("-")[1]
        environment = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "PYTHONPATH": f"{site}:{HERE}",
                       "REPRISE_FOLDER": name, "REPRISE_PLAN": name, "REPRISE_RECORDER": str(recorder),
                       "REPRISE_TORCH": wanted}  # fmt: skip
        done = subprocess.run([python, *words_of("optimizers sgd")], env=environment, capture_output=True, check=False)
        sentence = pathlib.Path(name) / "refused.txt"
        return done.returncode, sentence.read_text() if sentence.exists() else "not refused"


def main():
    reprise, *pythons = sys.argv[1:]
    print("| torch | " + " | ".join(FORMS) + " |")
    print("|---" * (len(FORMS) + 1) + "|")
    versions = {}
    for python in pythons:
        asked = subprocess.run([python, "-c", "import torch; print(torch.__version__)"], capture_output=True, text=True, check=True)
        versions[python] = asked.stdout.strip()
        print(f"| {versions[python]} | " + " | ".join(check(reprise, python, form) for form in FORMS) + " |", flush=True)
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME", os.path.expanduser("~/.cache"))) / "reprise" / "recorder"
    newest = {}
    for file in sorted(cache.glob("torch-*.so"), key=lambda one: one.stat().st_mtime):
        newest[file.name.split("-")[1]] = file
    refused = wrong = 0
    for built, recorder in newest.items():
        for python, version in versions.items():
            if built != version:
                code, sentence = refusal(recorder, python)
                refused += code == 2 and sentence.startswith("wanted")
                wrong += not (code == 2 and sentence.startswith("wanted"))
    print(f"\nForeign pairings tried: {refused + wrong}; refused with one sentence and exit code 2: {refused}.")


if __name__ == "__main__":
    main()
