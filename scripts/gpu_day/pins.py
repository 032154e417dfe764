# SPDX-License-Identifier: Apache-2.0
"""Each value of each pin that only a GPU reads, one by one: does a run of two steps end well?"""
import concurrent.futures
import json
import re

from day import OutOfTime

# Values to try where a pin takes any number or text.
samples = {"cublas-emulation-bits": ["40"], "cublas-emulation-special-values": ["7"], "cublaslt-workspace": ["0", "8192"],
           "cuda-alloc-conf": ["max_split_size_mb:64"], "cuda-max-connections": ["1"], "cuda-mps-percentage": ["50"],
           "cudnn-benchmark-limit": ["0", "3"], "cudnn-plan-cache": ["0", "16"], "sm-carveout": ["8"]}
half = ["gpt2", "--set", "layers=1", "--set", "heads=1", "--set", "width=64", "--set", "vocabulary=64", "--set", "block=32",
        "--set", "validation_tokens=64"]


def recipe_for(readers, offered):
    """What reads the pin: attention and products in half precision are no part of waves. A text: why nothing here does."""
    if "several GPUs" in readers:
        return "no run on one card reads it"
    if "float16 matrix" in readers:
        kind = "bfloat16" if "bfloat16" in readers else "float16"
        return [*half, "--pin", f"precision={kind}"] if kind in offered else f"no recipe computes in {kind}"
    if "attention" in readers:
        return half
    return ["waves", "--set", "model=cnn"]


def choices(pin):
    """(value, why it is not tried) of each value; the first is the default."""
    default, values, readers = re.match(r"(\S*) of: (.*); read by (.*)", pin["values"]).groups()
    tried = [value for value in values.split() if not value.startswith("<")]
    tried += [value for value in samples.get(pin["name"], []) if value not in tried]
    if default not in tried:
        tried.insert(0, default)
    return readers, [value for value in tried if value != default]


def is_of_a_gpu(pin):
    readers = pin["values"].rpartition("read by ")[2]
    return ("on a GPU" in readers or "several GPUs" in readers) and " of: " in pin["values"] and pin["name"] != "device"


def outcome(day, name, value, recipe):
    if isinstance(recipe, str):
        return {"outcome": "untested", "reason": recipe}
    words = [day.home / "bin/reprise", "run", *recipe, "--set", f"device={day.device}", "--set", "steps=2", "--set", "keep=none",
             "--pin", f"{name}={value}", "--json", "--runs", day.out / "runs"]
    try:
        done = day.start(words)
    except OutOfTime as why:
        return {"outcome": "untested", "reason": str(why)}
    try:
        run = json.loads(done.out)["runs"][0]
    except (ValueError, KeyError, IndexError):
        # Refused before any run was made.
        return {"outcome": "untested" if done.code == 2 else "died", "reason": f"exit code {done.code}: {done.last_line}"}
    if run["status"] == "done":
        return {"outcome": "pass", "chain": run["chain"]}
    return {"outcome": "untested" if run.get("kind") == "skipped" else "died", "reason": run.get("reason", "")}


def pins(day):
    """Several at a time: the fixed cost of a run is the processor's. A dry run makes two of the runs."""
    listed = day.list_of("pins")
    offered = next(pin["values"] for pin in listed if pin["name"] == "precision")
    tried = [(pin["name"], value, recipe_for(readers, re.findall(r"\w+", offered)))
             for pin in listed if is_of_a_gpu(pin) for readers, values in [choices(pin)] for value in values]
    if day.dry:
        tried = [one for one in tried if isinstance(one[2], str) or one[0] in ("sdp-mem-efficient", "bf16-reduction")]
    with concurrent.futures.ThreadPoolExecutor(1 if day.dry else 4) as pool:
        found = list(pool.map(lambda one: outcome(day, *one), tried))
    values = {f"{name}={value}": told for (name, value, _), told in zip(tried, found)}
    counts = {word: sum(told["outcome"] == word for told in found) for word in ("pass", "untested", "died")}
    return {"ok": counts["died"] == 0, "counts": counts, "values": values}
