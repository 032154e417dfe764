# SPDX-License-Identifier: Apache-2.0
"""The digest once more, from docs/trace-format.md alone: no line of reprise runs here. Tests compare with it."""
import pathlib
import struct
import sys

try:
    import xxhash
except ImportError:  # scripts/setup.sh puts it into the checkout for a Python that has none
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / ".deps" / "python"))
    import xxhash

LEAF, FAN_OUT, UNIT = 16384, 1024, 1024


def hashed(message):
    value = xxhash.xxh3_128_intdigest(message + bytes(-len(message) % UNIT) if message else bytes(UNIT))
    return struct.pack("<QQ", value & (2**64 - 1), value >> 64)


def tree(data):
    level = [hashed(data[at : at + LEAF]) for at in range(0, max(len(data), 1), LEAF)]
    while len(level) > 1:
        level = [hashed(b"".join(level[at : at + FAN_OUT])) for at in range(0, len(level), FAN_OUT)]
    return level[0]


def seal(kind, label, sizes, root):
    head = kind.encode().ljust(16, b"\0") + label.encode().ljust(16, b"\0")
    return hashed(head + struct.pack(f"<QQ{len(sizes)}Q", LEAF, len(sizes), *sizes) + root)


def tensor_digest(dtype, shape, data):
    return seal("reprise.tensor.1", dtype, [len(data), *shape], tree(data))


def torch_digest(dtype, tensor):
    """`tensor` is torch's, without a lazy conjugation or negation."""
    import torch

    plain = tensor.detach().contiguous()
    data = plain.reshape(-1).view(torch.uint8).numpy().tobytes() if plain.numel() else b""
    return tensor_digest(dtype, tensor.shape, data)


def set_digest(kind, members):
    entries = b"".join(seal("reprise.name.1", "", [len(name.encode())], tree(name.encode())) + members[name]
                       for name in sorted(members, key=str.encode))  # fmt: skip
    return seal("reprise.set.1", kind, [len(members)], tree(entries))
