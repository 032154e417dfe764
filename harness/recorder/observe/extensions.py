# SPDX-License-Identifier: Apache-2.0
"""Compiled modules that are linked with torch and no part of it: they may compute without the dispatcher."""
import os
import struct
import sys

from .state import S

LOAD, DYNAMIC = 1, 2  # kinds of segments
NEEDED, STRING_TABLE = 1, 5  # kinds of dynamic entries


def linked_with(path):
    """The libraries that an ELF file asks for; read without the rest of it, which may be half a gigabyte."""
    with open(path, "rb") as file:
        head = file.read(64)
        if head[:6] != b"\x7fELF\x02\x01":
            return []
        size, count = struct.unpack_from("<HH", head, 54)
        file.seek(struct.unpack_from("<Q", head, 32)[0])
        table = file.read(size * count)
        segments = [struct.unpack_from("<IIQQQQQQ", table, size * index) for index in range(count)]
        entries = []
        for kind, _, offset, _, _, length, _, _ in segments:
            if kind == DYNAMIC:
                file.seek(offset)
                entries = list(struct.iter_unpack("<qQ", file.read(length - length % 16)))
        strings = dict(entries).get(STRING_TABLE, 0)
        for kind, _, offset, address, _, length, _, _ in segments:
            if kind == LOAD and address <= strings < address + length:
                strings += offset - address
                break
        names = []
        for kind, value in entries:
            if kind == NEEDED:
                file.seek(strings + value)
                names.append(file.read(256).split(b"\0")[0].decode("utf-8", "replace"))
        return names


def foreign_extensions():
    torch = getattr(S.torch, "__file__", None)
    if not torch:
        return []
    found = {}
    for name, module in sorted(sys.modules.items()):
        path = getattr(module, "__file__", None)
        if not isinstance(path, str) or not path.endswith(".so") or path in found:
            continue
        # What torch.compile made is told apart.
        if not path.startswith(os.path.dirname(torch) + os.sep) and "torchinductor" not in path:
            try:
                libraries = linked_with(path)
            except (OSError, struct.error):
                libraries = []
            found[path] = name if any("libtorch" in library for library in libraries) else None
    return sorted(name for name in found.values() if name)
