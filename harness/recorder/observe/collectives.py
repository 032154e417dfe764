# SPDX-License-Identifier: Apache-2.0
"""How many collective calls (all-reduce, broadcast, barrier, ...) of all ranks this rank began in each step.

torch.distributed numbers them itself, those too that DistributedDataParallel and FSDP make in C++. Where ranks part, or one
waits for another that never comes, the first step whose numbers are not equal says who left one out. A line is written where
a step has another number than the step before: "5 0" for none in step 5.
"""
import os
import sys

from .state import OWN, S, trouble

MARK = "collectives.txt"

seen = {}  # name of a group of all ranks -> calls so far
last = None  # of the newest whole step
file = None


def begun():
    """How many since this was asked last; None: no group of all ranks, or one that does not count."""
    distributed = sys.modules.get("torch.distributed.distributed_c10d")
    if distributed is None or not distributed.is_initialized():
        return None
    ranks, made = distributed.get_world_size(), 0
    if ranks < 2:
        return None
    for group, name in list(distributed._world.pg_names.items()):
        if group.size() != ranks:
            continue
        count = group._get_sequence_number_for_group()
        made += count - seen.get(name, 0)
        seen[name] = count
    return made


def write(line):
    global file
    if file is None:
        file = open(os.path.join(OWN, MARK), "w", encoding="utf-8")
    file.write(line + "\n")
    file.flush()


def see_step():
    """At the end of a step, whose number is S.steps by now. The numbers are of torch's own and not for everyone: where they
    cannot be read, nothing else is lost."""
    global last
    try:
        made = begun()
        if made is not None and made != last:
            last = made
            write(f"{S.steps} {made}")
    except Exception as error:
        trouble(f"numbers of collective calls: {type(error).__name__}: {error}")
