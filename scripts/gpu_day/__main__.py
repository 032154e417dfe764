# SPDX-License-Identifier: Apache-2.0
"""scripts/gpu-day.sh: what a card is needed for, step by step; see the head of that script."""
import argparse
import json
import os
import pathlib
import re
import sys
import time

from compare import compared
from day import Day, Failed, Untested, python_named
from pack import pack
from steps import longer, steps


def say(text):
    print(f"gpu-day: {text}", file=sys.stderr, flush=True)


def home_of(named):
    """The folder with bin/reprise: REPRISE (the folder or the program), BUILD, or what this script lies in."""
    beside = pathlib.Path(__file__).resolve().parent.parent
    for text in (named, os.environ.get("REPRISE"), os.environ.get("BUILD")):
        if text:
            place = pathlib.Path(text).resolve()
            return place.parent.parent if place.is_file() else place
    places = [beside.parent / "build", beside.parent, beside, *sorted(beside.parent.glob("reprise-*"))]
    return next((place for place in places if (place / "bin/reprise").is_file()), places[0])


def card_name(day):
    """"cuda:0 NVIDIA H100 80GB HBM3, compute capability 9.0, ..." becomes nvidia-h100-80gb-hbm3."""
    for device in day.list_of("devices"):
        name = re.match(rf"cuda:{day.number} ([^,]*),", device["summary"])
        if device["name"] == f"cuda:{day.number}" and name:
            return re.sub(r"[^a-z0-9]+", "-", name.group(1).lower()).strip("-")
    raise Failed(f"no GPU {day.number} here: {device['summary']}")


def choose(words):
    choices = argparse.ArgumentParser(prog="gpu-day.sh", description="Everything that a card is needed for")
    choices.add_argument("step", nargs="*", help="these steps alone (--list names them)")
    choices.add_argument("--list", action="store_true", help="name the steps, in the order of what they are worth")
    choices.add_argument("--home", help="the folder with bin/reprise: a build folder, an unpacked bundle or a packed folder")
    choices.add_argument("--seconds", type=float, default=520, help="begin no step after so long (520)")
    choices.add_argument("--dry", metavar="FOLDER", help="without a card: small, on the CPU and on the CUDA run-time "
                         "library in FOLDER that only pretends; its times mean nothing")
    choices.add_argument("--against", metavar="FOLDER", type=pathlib.Path, help="hold the results against another card's")
    choices.add_argument("--pack", metavar="FOLDER", type=pathlib.Path, help="do nothing but fill FOLDER with what a card needs")
    chosen = choices.parse_args(words)
    unknown = [name for name in chosen.step if name not in steps]
    if unknown:
        choices.error(f"no step named {unknown[0]}; the steps are: {' '.join(steps)}")
    return chosen


def attempt(day, name):
    """A step's outcome and result, whatever becomes of it."""
    if day.left() < 1:
        return "untested", {"reason": "no time was left"}
    day.begin_step(name, **({"seconds": longer[name]} if name in longer else {}))
    try:
        result = steps[name](day)
        return "done" if result.get("ok", True) else "failed", result
    except Untested as why:
        return "untested", {"reason": str(why)}
    except Exception as why:  # a step that went wrong must not take the others along
        return "failed", {"reason": str(why) if isinstance(why, Failed) else repr(why)}


def why_not(result):
    """The reason of the step, else of the first part of it that was not done, else its verdict."""
    parts = [part["untested"] for part in result.values() if isinstance(part, dict) and "untested" in part]
    return next((text for text in [result.get("reason"), *parts, result.get("sentence"), result.get("headline")] if text),
                "what must hold did not")


def do_step(day, name):
    """Each leaves one JSON file; one that is there is not made again, so the script can be started as often as wished."""
    file = day.out / f"{name}.json"
    if file.exists():
        say(f"{name}: is there already ({file})")
        return "done"
    began = time.monotonic()
    status, result = attempt(day, name)
    took = round(time.monotonic() - began, 1)
    kept = {"step": name, "status": status, "dry_run": day.dry, "seconds": took, "result": result}
    for other in ("failed", "untested"):
        (day.out / f"{name}.{other}.json").unlink(missing_ok=True)
    place = file if status == "done" else day.out / f"{name}.{status}.json"
    place.write_text(json.dumps(kept, indent=1) + "\n")
    reason = "" if status == "done" else why_not(result)
    say(f"{name}: {status} in {took} s" + (f": {reason}" if reason else ""))
    return status


def pack_for(home, folder):
    missing = pack(home, folder.resolve())
    for sentence in missing:
        say(sentence)
    say(f"run there: {folder.name}/scripts/gpu-day.sh")
    return 0


def begun_day(home, chosen):
    out = pathlib.Path(os.environ["OUT"]).resolve() if "OUT" in os.environ else None
    fake = pathlib.Path(chosen.dry).resolve() if chosen.dry else None
    python = python_named(os.environ.get("PYTHON", "python3"))
    day = Day(home, python, int(os.environ.get("DEVICE", "0")), out, chosen.seconds, fake)
    if out is None:
        day.out = pathlib.Path("gpu-day-results").resolve() / ("dry" if day.dry else card_name(day))
    day.out.mkdir(parents=True, exist_ok=True)
    return day


def main():
    chosen = choose(sys.argv[1:])
    if chosen.list:
        print("\n".join(steps))
        return 0
    home = home_of(chosen.home)
    if not os.access(home / "bin/reprise", os.X_OK):
        say(f"wanted {home}/bin/reprise, found none; name a build folder or an unpacked bundle with --home or REPRISE")
        return 2
    try:
        if chosen.pack:
            return pack_for(home, chosen.pack)
        day = begun_day(home, chosen)
    except Failed as why:
        say(str(why))
        return 2
    told = [do_step(day, step) for step in chosen.step or steps]
    if chosen.against:
        text, _ = compared(day.out, chosen.against)
        (day.out / "against.txt").write_text(text)
        print(text, end="")
    return 1 if "failed" in told else 0


sys.exit(main())
