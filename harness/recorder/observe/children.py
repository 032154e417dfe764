# SPDX-License-Identifier: Apache-2.0
"""Forked children are not watched, but they may draw random numbers: the workers of a DataLoader above all, which begin in the
state that their parent was in unless somebody seeds them. Each says at its end, and workers after each batch until they have
drawn, what its generators did; a line a time, in a file of the parent's."""
import functools
import inspect
import json
import os
import random
import sys

from . import seeds
from .state import FOLDER, PID, S, trouble

MOST = 256  # children told of
forks = 0
me = {}  # in a child: who it is


def place(parent):
    return os.path.join(FOLDER, f"children-{parent}.jsonl")


def begin_child():
    me.clear()
    me["parent"] = os.getppid()
    seeds.forget()


def count_fork():
    global forks
    if os.getpid() == PID:
        forks += 1


def line():
    process = sys.modules.get("multiprocessing.process")
    generators = {}
    for name, told in seeds.told().items():
        generators[name] = {"drawn": told["drawn"], "inherited": told["drawn_before_seeding"], "from": told["drawn_from"]}
    own = {name: {"drawn": state() != first, "from": seeds.digest_of(first)} for name, state, first in me.get("own", ())}
    return {"pid": os.getpid(), "name": process.current_process().name if process is not None else "", "generators": generators,
            "own": own} | {key: me[key] for key in ("worker", "round") if key in me}  # fmt: skip


def write_child(ended):
    """In a child of a watched process alone."""
    if "parent" not in me or me.get("ended"):
        return
    me["ended"] = ended
    try:
        text = json.dumps(line() | {"ended": ended}) + "\n"
        file = os.open(place(me["parent"]), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(file, text.encode("utf-8", "replace"))
        finally:
            os.close(file)
    except Exception:  # the child must end as it would
        pass


def own_generators(dataset):
    """[(name, what asks for its state, that state now)] of generators that a dataset keeps: every worker has a copy."""
    numpy, torch, found = sys.modules.get("numpy"), S.torch, []
    for depth in range(4):
        for key, value in list(getattr(dataset, "__dict__", {}).items()):
            name = "dataset." * (depth + 1) + key
            if isinstance(value, random.Random):
                found.append((name, value.getstate))
            elif torch is not None and isinstance(value, torch.Generator):
                found.append((name, lambda value=value: bytes(value.get_state().tolist())))
            elif numpy is not None and isinstance(value, numpy.random.Generator):
                found.append((name, lambda value=value: repr(value.bit_generator.state)))
            elif numpy is not None and isinstance(value, numpy.random.RandomState):
                found.append((name, lambda value=value: repr(value.get_state()[1].tobytes()) + repr(value.get_state()[2:])))
        dataset = getattr(dataset, "dataset", None)
    return [(name, state, state()) for name, state in found]


def watched_worker(original):
    order = list(inspect.signature(original).parameters)

    @functools.wraps(original)
    def worker_loop(*args, **kwargs):
        try:
            args, kwargs = [], dict(zip(order, args)) | kwargs
            begin_worker(kwargs)
        except Exception:  # the worker must work
            pass
        return original(*args, **kwargs)

    return worker_loop


def begin_worker(given):
    me.setdefault("parent", os.getppid())
    me["worker"], me["round"] = given["worker_id"], str(given["base_seed"])
    init, queue, dataset = given["init_fn"], given["data_queue"], given["dataset"]
    put = queue.put

    def after_init(worker):
        if init is not None:
            init(worker)
        try:
            me["own"] = own_generators(dataset)
        except Exception:
            pass

    def put_batch(*args, **kwargs):
        try:
            tell_draws()
        except Exception:
            pass
        return put(*args, **kwargs)

    given["init_fn"], queue.put = after_init, put_batch


def tell_draws():
    """A worker may be killed before its end. At first batches, and where something was drawn since."""
    seeds.look()
    drawn = [name for name, generator in seeds.generators.items() if generator.drawn_row is not None]
    drawn += [name for name, state, first in me.get("own", ()) if state() != first]
    if me.get("told") != drawn:
        me["told"] = drawn
        write_child(False)


def watch_forks():
    os.register_at_fork(after_in_child=begin_child, after_in_parent=count_fork)


def watch_workers():
    from torch.utils.data._utils import worker

    if {"worker_id", "base_seed", "init_fn", "data_queue", "dataset"} <= set(inspect.signature(worker._worker_loop).parameters):
        worker._worker_loop = watched_worker(worker._worker_loop)


def told():
    """Of all children so far: the last line of each, in the order of their first."""
    children = {}
    try:
        with open(place(PID), encoding="utf-8") as file:
            for text in file:
                try:
                    child = json.loads(text)
                except ValueError:
                    continue
                if child["pid"] in children or len(children) < MOST:
                    children[child["pid"]] = child
    except FileNotFoundError:
        pass
    except Exception as error:
        trouble(f"what children drew: {type(error).__name__}: {error}")
    return list(children.values())
