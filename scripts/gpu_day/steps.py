# SPDX-License-Identifier: Apache-2.0
"""What is done with a card, in the order of what it is worth. A step is a function that gives what is to be kept as
JSON; `ok` in it is false where something that must hold did not. Every one is to take less than a minute on a card."""
import json
import platform
import re
import statistics
import time

from day import Failed, Untested, reason_in
from pins import pins

tiny_gpt2 = ["gpt2", "--set", "layers=2", "--set", "heads=2", "--set", "width=128", "--set", "vocabulary=512",
             "--set", "block=64", "--set", "validation_tokens=512"]


def on(day, *words):
    return [*words, "--set", f"device={day.device}"]


def driver():
    try:
        with open("/proc/driver/nvidia/version") as file:
            return re.search(r"Module.*?\s(\d+(\.\d+)+)\s", file.readline()).group(1)
    except (OSError, AttributeError):
        return None


def torch_version(day):
    try:
        return re.search(r"__version__ = '(.*)'", (day.torch / "version.py").read_text()).group(1)
    except (OSError, AttributeError, TypeError):
        return None


def facts(day):
    result = {"date": time.strftime("%Y-%m-%d", time.gmtime()), "driver": driver(), "torch": torch_version(day),
              "kernel": platform.release(), "devices": day.list_of("devices")}
    result["reprise"] = day.start([day.home / "bin/reprise", "--version"]).out.strip()
    try:
        result["card"] = day.measure("facts")
    except (Untested, Failed) as why:
        result["card"] = str(why)
    return result


def equality(day):
    return day.measure("equality", "--cases", "2000")


def run_told(result):
    """Of a `run --json`: whether repeats agree, and the bits that another card is held against."""
    runs = result["runs"]
    if any(run["status"] != "done" for run in runs):
        return {"untested": reason_in(result)}
    return {"chain": runs[0]["chain"], "weights": runs[0]["weights"], "loss": runs[0]["loss"],
            "repeats_equal": len({run["chain"] for run in runs}) == 1}


def trained(day, recipe, *words, repeat=2):
    return run_told(day.reprise("run", *recipe, *on(day, *words), "--repeat", repeat, codes=(0, 1, 2)))


def with_all_done(result):
    """A recipe that was not trained, or did not repeat itself, is a finding."""
    told = [one for one in result.values() if isinstance(one, dict)]
    result["ok"] = all(one.get("repeats_equal", False) for one in told)
    return result


def precisions(day):
    values = next(pin["values"] for pin in day.list_of("pins") if pin["name"] == "precision")
    return [value for value in re.search(r"of: ([^;]*)", values).group(1).split() if value in ("bfloat16", "float16")]


def half(day):
    """Default pins: what fails here fails for everybody."""
    recipe = [*tiny_gpt2, "--set", "steps=2"] if day.dry else ["gpt2", "--set", "steps=5"]
    return with_all_done({name: trained(day, recipe, "--pin", f"precision={name}") for name in precisions(day)})


def chains(day):
    steps = 2 if day.dry else 50
    result = {f"waves-{model}": trained(day, ["waves"], "--set", f"model={model}", "--set", f"steps={steps}")
              for model in ("mlp", "cnn")}
    result["gpt2-small"] = trained(day, tiny_gpt2, "--set", f"steps={steps}")
    return with_all_done(result)


# What watching costs is asked of the script as its author runs it, so pins that cost time of their own are let go.
as_torch_has_them = [word for pin in ("deterministic=off", "fill-uninitialized=off", "bf16-reduction=on", "sdp-cudnn=on",
                                      "tf32-cudnn=on") for word in ("--pin", pin)]


# A trace keeps its first 64 steps one by one, and the others in groups.
warm_up = 100


def gpt(day, folder, name, steps, warmup=5):
    sizes = ["--layers", 1, "--width", 64, "--batch", 2] if day.dry else []
    return [day.script("gpt.py"), *sizes, "--device", day.device, "--steps", steps, "--warmup", warmup, "--times",
            folder / f"{name}.json"]


def watched(day, command, *words, repeat=1):
    result = day.reprise("run", *words, "--again", "--repeat", repeat, "--", *map(str, command), codes=(0, 1, 2))
    told = run_told(result)
    if "untested" in told:
        raise Failed(told["untested"])
    return told


def script(day):
    """By itself, with reprise's settings but unwatched, and watched, taking turns in fresh processes: what the settings cost
    and what watching costs are told apart."""
    folder, steps, rounds = day.fresh_folder("times"), 2 if day.dry else 200, 1 if day.dry else 2
    times, python = {"plain": [], "settings": [], "watched": []}, day.python_to_watch()
    for _ in range(rounds):
        for name, taken in times.items():
            command = [python, *([day.script("unwatched.py")] if name == "settings" else []),
                       *gpt(day, folder, name, steps, 1 if day.dry else warm_up)]
            if name == "plain":
                done = day.start(command)
                if done.code != 0:
                    raise Failed(f"the script by itself failed: {done.last_line}")
            elif name == "settings":  # nothing is recorded of it, which reprise calls untested
                day.reprise("run", *as_torch_has_them, "--again", "--", *map(str, command), codes=(0, 1, 2))
            else:
                watched(day, command, *as_torch_has_them)
            told = json.loads((folder / f"{name}.json").read_text())
            taken.append(told["milliseconds_per_step"])
    ratios = {f"{one}_to_{other}": [a / b for a, b in zip(times[one], times[other])]
              for one, other in (("settings", "plain"), ("watched", "settings"), ("watched", "plain"))}
    return {"parameters": told["parameters"], "steps": steps, "milliseconds_per_step": times, "ratios": ratios,
            "ratio": statistics.median(ratios["watched_to_settings"]), "pins": as_torch_has_them[1::2]}


# Of the environment, which an unwatched script was seen to be slower with.
let_go = ("cublaslt-workspace=32768", "cublas-workspace=unset", "cublaslt-unified-workspace=off", "threads=8",
          "cuda-module-loading=eager", "kernel-cache=on")


def script_settings(day):
    """Which of the settings makes a script slower: unwatched, with all of them, then with one after the other let go."""
    folder, steps, taken = day.fresh_folder("times"), 2 if day.dry else 100, {}
    for pin in (None, *let_go[: 1 if day.dry else None]):
        command = [day.python_to_watch(), day.script("unwatched.py"), *gpt(day, folder, "settings", steps, 1 if day.dry else 30)]
        more = ["--pin", pin] if pin else []
        day.reprise("run", *as_torch_has_them, *more, "--again", "--", *map(str, command), codes=(0, 1, 2))
        taken[pin or "all"] = json.loads((folder / "settings.json").read_text())["milliseconds_per_step"]
    return {"milliseconds_per_step": taken, "ratios_to_all": {pin: one / taken["all"] for pin, one in taken.items() if pin != "all"}}


def script_bits(day):
    """Under default pins two runs must agree; their bits are held against another card's."""
    folder = day.fresh_folder("times")
    command = [day.python_to_watch(), *gpt(day, folder, "bits", 2 if day.dry else 10)]
    told = watched(day, command, repeat=1 if day.dry else 2)
    return {**told, "ok": told["repeats_equal"]}


def bisected(result, wanted):
    """`wanted` is None in a dry run, where the two sides may well be equal."""
    told = {key: result.get(key) for key in ("found", "sentence", "operator", "step", "stage", "tensor", "remedies", "notes")}
    if told["found"] == "untested":
        raise Failed(told["sentence"] or "bisect found nothing to compare")
    told["wanted"] = wanted
    told["ok"] = wanted is None or (result.get("found") == "operator" and bool(re.search(wanted, str(result.get("sentence")))))
    return told


def bisect_atomics(day):
    rows = ["--rows", "1000", "--steps", "1"] if day.dry else []
    command = [day.python_to_watch(), day.script("atomics.py"), "--device", day.device, *rows]
    # Each of its runs takes about 4 s on a card, most of it the start of Python; remedies would be as many again.
    result = day.reprise("bisect", "--no-remedies", "--pin", "deterministic=off", "--pin", "fill-uninitialized=off", "--",
                         *map(str, command), codes=(0, 1, 2))
    return bisected(result, None if day.dry else "index_add")


def bisect_tf32(day):
    sides = ["threads=1", "threads=2", "--no-remedies"] if day.dry else ["tf32=off", "tf32=on"]
    result = day.reprise("bisect", *on(day, "waves", "--set", "model=cnn", "--set", f"steps={1 if day.dry else 3}"), "--between",
                         *sides, codes=(0, 1, 2))
    return bisected(result, None if day.dry else "conv|mm|linear")


def step_overhead(day):
    return day.torch_measure("steps", *(tiny_gpt2 if day.dry else ["gpt2"]), "--pin", "precision=bfloat16")


def bandwidth(day):
    return day.measure("bandwidth", "--mib", "32,256,2048", *(["--rounds", "1"] if day.dry else []))


def launches(day):
    return day.measure("launches", *(["--rounds", "1"] if day.dry else []))


def rivals(day):
    return day.torch_measure("rivals", "waves")


def random_numbers(day):
    return day.torch_measure("random", "waves")


def graph(day):
    return day.measure("graph")


def matrix(day, recipe, axes):
    """Classes of equal bits; a dry run has the repeats alone, since the other axes are a GPU's."""
    axes = ["repeat=2"] if day.dry else axes
    result = day.reprise("matrix", *on(day, *recipe), *[word for axis in axes for word in ("--axis", axis)], codes=(0, 1, 2))
    told = {key: result.get(key) for key in ("headline", "exit_code", "classes", "untested")}
    return {**told, "ok": told["exit_code"] in (0, 1)}


def matrix_waves(day):
    recipe = ["waves", "--set", "model=cnn", "--set", f"steps={2 if day.dry else 20}"]
    return matrix(day, recipe, ["repeat=2", "tf32=off,on", "determinism=on,off", "cudnn-benchmark=off,on"])


def matrix_gpt2(day):
    recipe = [*tiny_gpt2, "--set", f"steps={2 if day.dry else 10}"]
    return matrix(day, recipe, ["repeat=2", "tf32=off,on", "sdpa=default,math", "blas=default,cublaslt"])


steps = {"facts": facts, "equality": equality, "half": half, "script": script, "bisect-atomics": bisect_atomics,
         "bisect-tf32": bisect_tf32, "step-overhead": step_overhead, "chains": chains, "script-bits": script_bits,
         "script-settings": script_settings,
         "bandwidth": bandwidth, "launches": launches, "rivals": rivals, "random": random_numbers, "pins": pins,
         "graph": graph, "matrix-waves": matrix_waves, "matrix-gpt2": matrix_gpt2}
longer = {"script": 120, "script-settings": 120}  # seconds; six or seven processes, of which the first takes 15 s to read torch from a cold disk
