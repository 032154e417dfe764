# SPDX-License-Identifier: Apache-2.0
"""Where the script's own calls are followed: steps, losses, batches."""
import functools
import os
import signal
import sys
import threading
import weakref

from . import by_hand, epochs
from .ending import compiled_graphs, finish
from .auxiliary import add_auxiliary, see_trained
from .initial import see_made, send_first_row
from .models import add_gradients, add_optimizer, add_random, add_weights, owned_by, see_scaler
from .rows import begin_rows, end_row, leave_if_done
from .state import PID, S, STOP_AFTER, called, guarded
from .words import BATCH, LOSS, Words


def captured():
    """Whether what is called now becomes a CUDA graph instead of being computed: no step is made, and nothing can be read."""
    try:
        if not S.torch.cuda.is_initialized() or not S.torch.cuda.is_current_stream_capturing():
            return False
    except Exception:  # a CUDA that does not answer captures nothing
        return False
    if not S.capture_noted:
        S.capture_noted = True
        S.notes.append("not observed: the script captured parts of its training in a CUDA graph, whose replays call no operator")
    return True


@guarded
def before_step(optimizer, args, kwargs):
    if S.rows or captured():
        return
    S.rows = True  # once, whatever happens
    owned = owned_by(optimizer)
    see_trained(owned, 0)
    send_first_row(optimizer, owned)
    begin_rows()


@guarded
def after_step(optimizer, args, kwargs):
    if captured():
        return
    owned = owned_by(optimizer)
    words = Words()
    add_weights(words, owned)
    add_gradients(words, owned)
    add_optimizer(words, optimizer, owned)
    add_random(words)
    see_trained(owned, S.steps + 1)
    add_auxiliary(words, S.steps + 1)
    end_row(words)
    note_versions(owned)
    note_threads()
    count_calls()
    leave_if_done()


def note_versions(owned):
    """How often each weight was written so far: what is written after the last step is in no row."""
    for parameter in owned.parameters:
        if not parameter.is_inference():
            S.versions[id(parameter)] = (weakref.ref(parameter), owned.names[id(parameter)], parameter._version)


def note_threads():
    S.threads.add(threading.get_ident())
    if len(S.threads) == 2 and not S.several_threads:
        S.several_threads = True
        S.notes.append(
            "optimizer steps were made in several threads: a row is a step of any of them, in the order in which "
            "they ended, and its loss, batch and random numbers may be another thread's"
        )


def count_calls():
    """Operator calls of the second step, if something is compiled by then: what is seen beside it."""
    if S.steps == 1 and compiled_graphs():
        S.lib.reprise_count_calls()
        S.counting = True
    elif S.steps == 2 and S.counting:
        S.calls = S.lib.reprise_calls_counted()


@guarded
def see_loss(tensors):
    if captured():
        return
    losses = (tensors,) if isinstance(tensors, S.torch.Tensor) else tuple(tensors)
    if len(losses) != 1 or losses[0].numel() != 1:
        return
    torch = S.torch
    if losses[0].dtype not in (torch.float32, torch.float64, torch.bfloat16, torch.float16):
        return
    S.losses += 1
    words = Words()
    words.tensor(LOSS, "loss" if S.losses == 1 else f"loss.{S.losses}", losses[0])
    words.send()
    S.lib.reprise_backward_begins()


@guarded
def see_batch(iterator, batch):
    if captured():
        return
    S.batches += 1
    epochs.see_batch(iterator)
    words = Words()

    def walk(name, value, depth):
        if isinstance(value, S.torch.Tensor):
            words.tensor(BATCH, name, value)
        elif depth > 0 and hasattr(value, "items"):
            for key, inner in value.items():
                walk(f"{name}.{key}", inner, depth - 1)
        elif depth > 0 and isinstance(value, (list, tuple)):
            for index, inner in enumerate(value):
                walk(f"{name}.{index}", inner, depth - 1)

    walk("batch" if S.batches == 1 else f"batch{S.batches}", batch, 4)
    words.send()


@guarded
def see_optimizer():
    called(S.lib.reprise_end_of_begin())


def watch_losses(torch):
    original = torch.autograd.backward

    @functools.wraps(original)
    def backward(tensors, *args, **kwargs):
        by_hand.settle()
        see_loss(tensors)
        result = original(tensors, *args, **kwargs)
        by_hand.after_pass()
        return result

    torch.autograd.backward = backward


def watch_gradients(torch):
    """Where no optimizer is made, what torch.autograd.grad() gives may be written into weights by hand."""
    original = torch.autograd.grad

    @functools.wraps(original)
    def grad(outputs, inputs, *args, **kwargs):
        if S.made:
            return original(outputs, inputs, *args, **kwargs)
        by_hand.settle()
        see_loss(outputs)
        inputs = inputs if isinstance(inputs, torch.Tensor) else tuple(inputs)
        found = original(outputs, inputs, *args, **kwargs)
        pairs = zip((inputs,) if isinstance(inputs, torch.Tensor) else inputs, found)
        by_hand.after_pass([(leaf, one) for leaf, one in pairs if by_hand.is_leaf(leaf) and isinstance(one, torch.Tensor)])
        return found

    torch.autograd.grad = grad


def watch_batches(torch):
    from torch.utils.data import dataloader

    original = dataloader._BaseDataLoaderIter.__next__

    @functools.wraps(original)
    def next_batch(self):
        by_hand.settle()
        batch = original(self)
        see_batch(self, batch)
        return batch

    dataloader._BaseDataLoaderIter.__next__ = next_batch


def watch_graphs(torch):
    """Replays of CUDA graphs, in which no operator is called."""
    graph = torch.cuda.CUDAGraph
    original = graph.replay

    @functools.wraps(original)
    def replay(self):
        S.replays += 1
        return original(self)

    graph.replay = replay


def watch_scalers(torch):
    original = torch.amp.GradScaler.__init__

    @functools.wraps(original)
    def make(self, *args, **kwargs):
        original(self, *args, **kwargs)
        see_scaler(self)

    torch.amp.GradScaler.__init__ = make


def stop_when_due(optimizer, args, kwargs):
    """As a scheduler stops a job: by a SIGTERM. What the script does then is its own, so nothing is caught here. Where it
    does nothing, the process is gone at once, so the trace is ended before."""
    if S.finished or S.steps != STOP_AFTER or os.getpid() != PID:
        return
    if signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
        finish()
    os.kill(PID, signal.SIGTERM)


def watch_optimizers(torch):
    from torch.optim import optimizer

    optimizer.register_optimizer_step_pre_hook(before_step)
    optimizer.register_optimizer_step_post_hook(after_step)
    if STOP_AFTER:
        optimizer.register_optimizer_step_post_hook(stop_when_due)
    original = torch.optim.Optimizer.__init__

    @functools.wraps(original)
    def make(self, *args, **kwargs):
        see_optimizer()
        original(self, *args, **kwargs)
        by_hand.give_way()
        see_made(self)

    torch.optim.Optimizer.__init__ = make


def count_steps(torch):
    """In a forked child that imports torch itself."""
    from torch.optim import optimizer

    optimizer.register_optimizer_step_post_hook(after_step)
