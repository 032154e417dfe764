# SPDX-License-Identifier: Apache-2.0
"""scripts/gpu-day.sh without a card.   tests/gpu_day/dry_run.py BUILD [Steps] [Scripts] [Trouble]"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

build = pathlib.Path(sys.argv.pop(1)).resolve()
root = pathlib.Path(__file__).resolve().parent.parent.parent
script = root / "scripts/gpu-day.sh"
venv = root / ".deps/venv/bin/python"
sys.path.insert(0, str(root / "scripts/gpu_day"))

import compare  # noqa: E402
import pins  # noqa: E402


def gpu_day(*words, **variables):
    environment = {**os.environ, "REPRISE": str(build), **{name: str(text) for name, text in variables.items()}}
    return subprocess.run([str(script), *map(str, words)], env=environment, capture_output=True, text=True)


def dry(out, *words, **variables):
    return gpu_day("--dry", build / "fake_cuda", *words, OUT=out, PYTHON=venv if venv.exists() else "python3", **variables)


def kept(out):
    return {file.name: json.loads(file.read_text()) for file in out.glob("*.json")}


of_scripts = ["script", "script-settings", "script-bits", "bisect-atomics"]  # those that watch Python, which takes its time


class InFolder(unittest.TestCase):
    def setUp(self):
        self.out = pathlib.Path(tempfile.mkdtemp())

    def tearDown(self):
        shutil.rmtree(self.out)

    def check_done(self, steps, ending=""):
        done = dry(self.out, *steps)
        results = kept(self.out)
        self.assertEqual(set(results), {f"{step}{ending}.json" for step in steps}, done.stderr)
        self.assertTrue(all(result["dry_run"] for result in results.values()))
        self.assertEqual(done.returncode, 0, done.stderr)
        return results


class Scripts(InFolder):
    def test_every_step_of_scripts_is_done(self):
        results = self.check_done(of_scripts, "" if venv.exists() else ".untested")
        if venv.exists():
            self.assertEqual(results["script.json"]["result"]["steps"], 2)
            self.assertEqual(results["bisect-atomics.json"]["result"]["found"], "equal")


class Steps(InFolder):
    def test_every_other_step_is_done(self):
        results = self.check_done([step for step in gpu_day("--list").stdout.split() if step not in of_scripts])
        # All of the sizes of a real run were drawn, though only some were sent over.
        equality = results["equality.json"]["result"]
        self.assertEqual((equality["drawn"], equality["cases"]), (2000, 64))
        self.assertGreater(equality["largest_drawn_bytes"], 60 << 20)
        self.assertTrue(results["step-overhead.json"]["result"]["weights_equal_with_and_without"])
        self.assertEqual(results["pins.json"]["result"]["counts"]["died"], 0)
        self.check_comparison()

    def check_comparison(self):
        other = self.out / "other"
        other.mkdir()
        for file in self.out.glob("*.json"):
            shutil.copy(file, other)
        file = other / "chains.json"
        chains = json.loads(file.read_text())
        chains["result"]["waves-cnn"]["chain"] = "0" * 32
        file.write_text(json.dumps(chains))
        table = dry(self.out, "--against", other).stdout
        self.assertRegex(table, r"chains +waves-cnn\.chain +\w+ +0{12} +DIFFER")
        self.assertRegex(table, r"chains +waves-mlp\.chain +\w+ +\w+ +equal")
        self.assertRegex(table, r"step-overhead +ways\.state\.to_plain\.median .* 1\.000 times")
        self.assertRegex(table, r"bits compared, 1 differ")

class Trouble(InFolder):
    def test_what_fails_is_kept_and_the_next_step_goes_on(self):
        home = self.out / "home"
        (home / "bin").mkdir(parents=True)
        program = home / "bin/reprise"
        program.write_text("#!/bin/sh\necho no such thing >&2\nexit 2\n")
        program.chmod(0o755)
        done = dry(self.out, "equality", "script", "chains", "bisect-tf32", REPRISE=home)
        results = kept(self.out)
        self.assertRegex(results["script.untested.json"]["result"]["reason"], "no recorder of scripts in|has no torch")
        self.assertIn("no cuda_bench_ptx in", results["equality.untested.json"]["result"]["reason"])
        for step in ("chains", "bisect-tf32"):
            self.assertEqual(results[f"{step}.failed.json"]["result"]["reason"], "exit code 2: no such thing")
        self.assertEqual(done.returncode, 1)

    def test_no_step_begins_when_the_time_is_up(self):
        done = dry(self.out, "--seconds", "0", "facts", "chains")
        self.assertEqual({result["result"]["reason"] for result in kept(self.out).values()}, {"no time was left"})
        self.assertEqual(done.returncode, 0)

    def test_unknown_steps_and_no_card_are_refused(self):
        self.assertIn("no step named fact", dry(self.out, "fact").stderr)
        self.assertIn("wanted /nonexistent/bin/reprise", gpu_day(REPRISE="/nonexistent").stderr)

    def test_what_reads_a_pin_is_what_it_is_tried_with(self):
        pin = {"name": "bf16-reduction", "values": "off of: off on; read by bfloat16 matrix products on a GPU"}
        readers, values = pins.choices(pin)
        self.assertTrue(pins.is_of_a_gpu(pin))
        self.assertEqual(values, ["on"])
        self.assertIn("precision=bfloat16", pins.recipe_for(readers, ["float32", "bfloat16"]))
        self.assertEqual(pins.recipe_for("float16 matrix products on a GPU", ["float32"]), "no recipe computes in float16")
        self.assertEqual(pins.recipe_for("NCCL, between several GPUs", []), "no run on one card reads it")
        self.assertEqual(pins.choices({"name": "cudnn-plan-cache", "values": "default of: default 0 <integer>; read by cuDNN, "
                                       "on a GPU"})[1], ["0", "16"])

    def test_a_thing_against_itself_is_no_ratio(self):
        self.assertTrue(compare.is_ratio(("ways", "state", "to_plain", "median")))
        self.assertFalse(compare.is_ratio(("ways", "plain", "to_plain", "median")))
        self.assertFalse(compare.is_ratio(("ways", "state", "milliseconds", "median")))


unittest.main()
