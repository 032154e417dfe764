#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes x.npy, y.npy, x_test.npy and y_test.npy beside the published mnist1d_data.pkl. Needs NumPy.

    python3 scripts/mnist1d_to_npy.py ~/.cache/reprise/data/mnist1d/mnist1d_data.pkl
"""
import hashlib
import pathlib
import pickle
import sys

import numpy

PUBLISHED = "e95257676e9fb04568e46dda007da22cc8664ccba1451456afde55d7f6dd6aa5"

if len(sys.argv) != 2:
    sys.exit(__doc__)
source = pathlib.Path(sys.argv[1])
content = source.read_bytes()
# A pickle can run code, so only the published bytes are read.
if hashlib.sha256(content).hexdigest() != PUBLISHED:
    sys.exit(f"wanted the published mnist1d_data.pkl (SHA-256 {PUBLISHED}), found another file at {source}")
data = pickle.loads(content)
for name in ("x", "y", "x_test", "y_test"):
    numpy.save(source.with_name(name + ".npy"), numpy.ascontiguousarray(data[name]))
    print(source.with_name(name + ".npy"))
