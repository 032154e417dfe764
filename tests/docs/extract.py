# SPDX-License-Identifier: Apache-2.0
"""Writes the code blocks of a page that name a file, as in ```cpp file=a/b.cpp, below a folder, where nothing else is
left; prints their paths."""
import pathlib
import re
import sys

page, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
written = set()
for name, code in re.findall(r"^```\w+ file=(\S+)\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != code:
        path.write_text(code, encoding="utf-8")
    written.add(path)
    print(path)
for path in folder.rglob("*"):
    if path.is_file() and path not in written:
        path.unlink()
