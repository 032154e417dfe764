# SPDX-License-Identifier: Apache-2.0
"""Where the trace of this process begins."""
import os

from . import collectives, starts
from .ending import finish
from .facts import add_facts
from .gpus import add_gpu_facts
from .lines import name_lines
from .state import OWN, S, called, real_exit


def trace_path():
    os.makedirs(OWN, exist_ok=True)
    open(os.path.join(OWN, "began"), "w", encoding="utf-8").close()
    return os.path.join(OWN, "trace.h5")


def begin_rows():
    """Row 0 was handed over; with it the trace begins."""
    add_facts()
    add_gpu_facts()
    for name, value in starts.facts().items():
        called(S.lib.reprise_fact(name.encode(), value.encode("utf-8", "replace")))
    name_lines()
    called(S.lib.reprise_begin_rows(trace_path().encode()))


def end_row(words):
    """The row of the next step, with what `words` still hold."""
    words.send()
    name_lines()
    called(S.lib.reprise_end_step())
    S.steps += 1
    S.losses = S.batches = 0
    collectives.see_step()


def leave_if_done():
    """After the plan's last step."""
    if S.lib.reprise_done():
        finish()
        real_exit(0)
