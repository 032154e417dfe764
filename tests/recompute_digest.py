# SPDX-License-Identifier: Apache-2.0
"""Recomputes the digest of a stage from a safetensors file, from docs/trace-format.md alone: no line of reprise runs here.

    python3 tests/recompute_digest.py step-00000200.safetensors weights
"""
import json
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "python"))
from independent_digest import set_digest, tensor_digest  # noqa: E402

content = pathlib.Path(sys.argv[1]).read_bytes()
(length,) = struct.unpack("<Q", content[:8])
header = json.loads(content[8:8 + length])
members = {}
for name, entry in header.items():
    if name.startswith(sys.argv[2] + "/"):
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        data = content[begin:end]
        members[name.split("/", 1)[1]] = tensor_digest(entry["dtype"], entry["shape"], data)
print(set_digest(sys.argv[2], members).hex())
