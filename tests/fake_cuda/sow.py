# SPDX-License-Identifier: Apache-2.0
"""Writes a copy of a source with one mistake in it: sow.py mutants.txt NAME SOURCE_FOLDER OUTPUT

Where the text is no longer in the file exactly once the copy is the original, so the test that wants the mistake to be
found fails, and says which; the build goes on.
"""
import pathlib
import sys


def blocks(text):
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        if len(lines) == 3:
            kind, name, file, scene = lines[0].split()
            yield name, file, lines[1][2:], lines[2][2:]


def main():
    mutants, wanted, folder, output = sys.argv[1:]
    found = [block for block in blocks(pathlib.Path(mutants).read_text()) if block[0] == wanted]
    if len(found) != 1:
        sys.exit(f"sow.py: wanted one mutant {wanted} in {mutants}, found {len(found)}")
    _, file, old, new = found[0]
    source = (pathlib.Path(folder) / file).read_text()
    if source.count(old) == 1:
        source = source.replace(old, new)
    else:
        print(f"sow.py: {file} holds {source.count(old)} times what mutant {wanted} replaces: {old}", file=sys.stderr)
    pathlib.Path(output).parent.mkdir(parents=True, exist_ok=True)
    pathlib.Path(output).write_text(source)


main()
