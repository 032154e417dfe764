# SPDX-License-Identifier: Apache-2.0
"""This card's results held against another's: which bits are equal, and the ratios of both."""
import json

bits = {"chain", "weights", "weights_sha256"}


def leaves(value, path=()):
    """(path, value) of every number and text; lists by number."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from leaves(below, (*path, str(key)))
    elif isinstance(value, list):
        for i, below in enumerate(value):
            yield from leaves(below, (*path, str(i)))
    else:
        yield path, value


def is_ratio(path):
    """A ratio by its name, or the median of a spread of ratios; a thing against itself says nothing."""
    if path[-1] == "ratio" or path[-1] == "step_time_ratio":
        return True
    return len(path) > 1 and path[-1] == "median" and (path[-2].startswith("to_") and path[-2] != "to_" + path[-3]
                                                      or path[-2] in ("time_to_read", "each_to_one"))


def results_in(folder):
    found = {}
    for file in sorted(folder.glob("*.json")):
        kept = json.loads(file.read_text())
        # What failed may have bits all the same: repeats that differ, a pin that died.
        if "step" in kept and kept["status"] != "untested":
            found[kept["step"]] = dict(leaves(kept["result"]))
    return found


def rows_of(here, there):
    """(step, what, here, there, said) of everything that both have."""
    rows = []
    for step, ours in here.items():
        theirs = there.get(step, {})
        for path, value in ours.items():
            if path not in theirs or not path:
                continue
            other, what = theirs[path], ".".join(path)
            if path[-1] in bits:
                rows.append((step, what, value[:12], other[:12], "equal" if value == other else "DIFFER"))
            elif is_ratio(path) and value and other:
                rows.append((step, what, f"{value:.4g}", f"{other:.4g}", f"{value / other:.3f} times"))
    return rows


def table(rows):
    rows = [("step", "what", "here", "there", ""), *rows]
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def compared(here, there):
    ours, theirs = results_in(here), results_in(there)
    rows = rows_of(ours, theirs)
    told = [row for row in rows if row[4] in ("equal", "DIFFER")]
    differing = sum(row[4] == "DIFFER" for row in told)
    alone = sorted(set(ours) ^ set(theirs))
    lines = [table(rows), "", f"{len(told)} bits compared, {differing} differ; {len(rows) - len(told)} ratios"]
    if alone:
        lines.append("of one folder alone: " + ", ".join(alone))
    return "\n".join(lines) + "\n", len(rows)
