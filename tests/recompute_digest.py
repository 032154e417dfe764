# SPDX-License-Identifier: Apache-2.0
"""Recomputes the digest of a stage from a safetensors file, from docs/trace-format.md alone: no line of reprise runs here.

    python3 tests/recompute_digest.py step-00000200.safetensors weights
"""
import json
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / ".deps" / "python"))
import xxhash  # noqa: E402

LEAF = 16384


def hashed(message):
    padded = message + bytes(-len(message) % 1024) if message else bytes(1024)
    value = xxhash.xxh3_128_intdigest(padded)
    return struct.pack("<QQ", value & (2**64 - 1), value >> 64)


def tree(data):
    level = [hashed(data[i:i + LEAF]) for i in range(0, max(len(data), 1), LEAF)]
    while len(level) > 1:
        level = [hashed(b"".join(level[i:i + 1024])) for i in range(0, len(level), 1024)]
    return level[0]


def seal(kind, label, sizes, root):
    head = kind.encode().ljust(16, b"\0") + label.encode().ljust(16, b"\0")
    return hashed(head + struct.pack(f"<QQ{len(sizes)}Q", LEAF, len(sizes), *sizes) + root)


content = pathlib.Path(sys.argv[1]).read_bytes()
(length,) = struct.unpack("<Q", content[:8])
header = json.loads(content[8:8 + length])
members = {}
for name, entry in header.items():
    if name.startswith(sys.argv[2] + "/"):
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        data = content[begin:end]
        members[name.split("/", 1)[1]] = seal("reprise.tensor.1", entry["dtype"], [len(data), *entry["shape"]], tree(data))
entries = b"".join(seal("reprise.name.1", "", [len(n.encode())], tree(n.encode())) + members[n]
                   for n in sorted(members, key=str.encode))
print(seal("reprise.set.1", sys.argv[2], [len(members)], tree(entries)).hex())
