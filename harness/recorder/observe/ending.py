# SPDX-License-Identifier: Apache-2.0
"""The end of the recording, however the script comes to it."""
import json
import os
import sys

from . import children, epochs, seeds
from .extensions import foreign_extensions
from .auxiliary import last_look
from .files import data_files, note_modules, note_packages
from .gpus import late_gpu
from .lines import name_lines
from .state import FOLDER, OWN, PID, SEED, S, called, real_exit, trouble, write_forked_steps


def compiler_counted(what):
    counters = getattr(sys.modules.get("torch._dynamo.utils"), "counters", None)
    return int(counters["stats"][what]) if counters and "stats" in counters else 0


def compiled_graphs():
    """How many graphs torch.compile made; what happens inside them is not seen operator by operator."""
    return compiler_counted("unique_graphs")


def random_numbers():
    """What happened to the random generators, see seeds.py; of loaders, the order of their samples."""
    return {
        "imposed": SEED is not None,
        "generators": seeds.told(),
        "unseeded": seeds.unseeded,
        "forks": children.forks,
        "children": children.told(),
        "epochs": epochs.told(),
    }


def observed():
    return {
        "pid": PID,
        "torch": None if S.torch is None else str(S.torch.__version__),
        "steps": S.steps,
        "optimizers": [name for _, name in sorted(S.optimizers.items())],
        "compiled_graphs": compiled_graphs(),
        "compiled_operators": compiler_counted("calls_captured"),
        "calls_counted": S.calls,
        "graph_replays": S.replays,
        "extensions": foreign_extensions(),
        "notes": S.notes,
        "troubles": S.troubles,
        "unobserved": S.unobserved,
        "files": data_files(),
        "random": random_numbers(),
    }


def note_late_writes():
    late = []
    for reference, name, version in S.versions.values():
        parameter = reference()
        if parameter is not None and parameter._version != version:
            late.append(name)
    if late:
        more = f" and {len(late) - 1} more" if len(late) > 1 else ""
        S.notes.append(f"not observed: the script wrote to its weights after the last step ({late[0]}{more})")


def last_notes():
    if S.rows and S.torch is not None:
        note_late_writes()
        last_look()
        late_gpu()


def end_trace():
    if S.lib is not None:
        name_lines()
        called(S.lib.reprise_finish())


def note_names():
    if S.rows or S.torch is not None:
        note_packages()
    note_modules()


def write_observed():
    own = S.rows and os.path.isdir(OWN)
    place = os.path.join(OWN, "observed.json") if own else os.path.join(FOLDER, f"observed-{PID}.json")
    partial = f"{place}.partial"
    with open(partial, "w", encoding="utf-8") as file:
        json.dump(observed(), file, indent=1)
    os.replace(partial, place)


def finish():
    """Ends the trace and says what was seen. Does nothing a second time, nor in a forked child."""
    if os.getpid() != PID:
        write_forked_steps()
        children.write_child(True)
    if os.getpid() != PID or S.finished:
        return
    for work in (*S.before_end, last_notes, end_trace, note_names):
        try:
            work()
        except Exception as error:  # whatever is lost by it, the rest is told
            trouble(f"at the end, {work.__name__}: {type(error).__name__}: {error}")
    S.finished = True
    try:
        write_observed()
    except Exception:
        pass


def exit_now(status):
    finish()
    real_exit(status)


def refuse(sentence):
    """The run cannot be what was asked for: it is ended before the script does anything."""
    trouble(sentence)
    with open(os.path.join(FOLDER, "refused.txt"), "w", encoding="utf-8") as file:
        file.write(sentence)
    finish()
    real_exit(2)
