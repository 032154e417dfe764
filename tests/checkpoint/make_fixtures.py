# SPDX-License-Identifier: Apache-2.0
"""Makes fixtures/ and fixtures/expected.json: small checkpoints of every kind, and the digests of their tensors, told
by Python's xxhash from the values in memory. No line of reprise runs here.

    .deps/venv/bin/python tests/checkpoint/make_fixtures.py [FOLDER]      (torch 2.11, numpy, h5py, safetensors, xxhash)

GGUF, ONNX and flax are written by their own libraries (gguf 0.19.0, onnx 1.23.2, flax 0.12.8), which .deps/venv has not:
pip install --no-deps --target /tmp/site gguf onnx flax jax jaxlib msgpack ml_dtypes protobuf ..., then PYTHONPATH=/tmp/site.
"""
import json

import array_fixtures
import other_fixtures
import torch_fixtures
from fixtures_told import OUT, Settings, expected  # noqa: F401  (a pickle finds Settings here)

OUT.mkdir(exist_ok=True)
weights = torch_fixtures.torch_files()
torch_fixtures.views()
torch_fixtures.opaque_files()
array_fixtures.safetensors_files(weights)
array_fixtures.numpy_files()
array_fixtures.hdf5_files()
torch_fixtures.distributed_files(weights)
torch_fixtures.plain_files()
other_fixtures.gguf_files()
other_fixtures.onnx_files()
other_fixtures.flax_files()
(OUT / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=False) + "\n")
