# SPDX-License-Identifier: Apache-2.0
"""The text of a script's lines, as it was when Python read it: what was written to the file since then is another text."""
import dis
import importlib.util
import os
import re
import sys
import time
import types
import warnings

from .files import beside, opened_unseen

STARTED = time.time()
# What may stand around a call without being a computation of its own.
PLAIN = re.compile(r"^(?:return|await|[\w.\[\]'\", ]+=)?\s*;?$")
RESUMED = re.compile(r"^torch_dynamo_resume_in_(.*)_at_\d+$")

texts = {}  # path -> its lines, and the code that they compile to if that must be asked


def qualified(code):
    resumed = RESUMED.match(code.co_name)
    return resumed.group(1) if resumed else getattr(code, "co_qualname", code.co_name)


def span_of(code, position):
    """First line, last line, first and last column of what was running; columns are None where Python does not tell them."""
    if hasattr(code, "co_positions"):
        for place, span in enumerate(code.co_positions()):
            if place == position // 2:
                first, last, start, end = span
                return first or 0, last or first or 0, start, end
        return 0, 0, None, None
    line = 0
    for at, found in dis.findlinestarts(code):
        if at > position:
            break
        line = found or line
    return line, line, None, None


def codes_in(code):
    yield code
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield from codes_in(inner)


def compiled(data, path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return set(codes_in(compile(data, path, "exec", dont_inherit=True)))


def read(path):
    """The lines of a file, and None if it is older than this process, else the code that it holds now."""
    beside.busy = True
    try:
        with opened_unseen(path) as file:
            facts = os.fstat(file.fileno())
            data = file.read()
    finally:
        beside.busy = False
    lines = importlib.util.decode_source(data).split("\n")
    changed = max(facts.st_mtime, facts.st_ctime) >= STARTED
    return lines, compiled(data, path) if changed else None


def lines_of(code):
    """Of the text that this code was made from; nothing where that is not at hand."""
    path = code.co_filename
    if path.startswith("<"):
        cache = getattr(sys.modules.get("linecache"), "cache", {}).get(path, ())
        return cache[2] if len(cache) == 4 else ()
    if path not in texts:
        try:
            texts[path] = read(path)
        except Exception:  # gone, no text, no Python
            texts[path] = (), None
    lines, held = texts[path]
    return lines if held is None or code in held else ()


def source_at(code, line, last, start, end):
    """The text of these lines as one, and the part of it that was running where that is not nearly all."""
    lines = lines_of(code)
    if not 0 < line <= last <= len(lines):
        return "", ""
    rows = lines[line - 1 : last]
    source = " ".join(row.strip() for row in rows)
    if start is None or end is None:
        return source, ""
    cut = [row.encode("utf-8", "surrogateescape") for row in rows]
    before = cut[0][:start].decode("utf-8", "replace").strip()
    after = cut[-1][end:].decode("utf-8", "replace").split("#")[0].strip()
    if PLAIN.match(before) and PLAIN.match(after):
        return source, ""
    cut[-1] = cut[-1][:end]
    cut[0] = cut[0][start:]
    return source, " ".join(row.decode("utf-8", "replace").strip() for row in cut)
