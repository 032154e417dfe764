# SPDX-License-Identifier: Apache-2.0
"""Hands the batches of the native recipe `waves` over as a file: the signals are made here once more, without reprise.

    batches.py ORDER.json SAMPLES OUT.npz     # ORDER.json: reprise order waves --json
"""
import json
import pathlib
import sys

import numpy

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "record"))
import generated  # noqa: E402

order, samples, out = json.load(open(sys.argv[1], encoding="utf-8")), int(sys.argv[2]), sys.argv[3]
signals = numpy.array(generated.waves(1, samples, 30), dtype=numpy.float32).reshape(samples, 64)
chosen = numpy.array([step["samples"] for step in order["steps"]])
numpy.savez(out, x=signals[chosen], y=(chosen % 10).astype(numpy.int64))
