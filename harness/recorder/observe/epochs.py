# SPDX-License-Identifier: Apache-2.0
"""Where a DataLoader begins anew, in which order its sampler gives the samples then, and in which rows its batches lie."""
import functools
import hashlib
import weakref

from .places import place_of_call
from .state import S, guarded

MOST_EPOCHS, MOST_RUNS, MOST_DEEP = 64, 4000, 6

loaders = weakref.WeakKeyDictionary()  # loader -> its number
running = weakref.WeakKeyDictionary()  # iterator -> its epoch
datasets = {}  # id -> number
epochs = []


class Epoch:
    def __init__(self, loader):
        self.facts = facts_of(loader)
        self.order, self.samples = hashlib.sha256(), 0  # None: what the sampler gives are no numbers of samples
        self.whole = False
        self.runs, self.batches, self.cut = [], 0, False

    def see_index(self, index):
        if self.order is None:
            return
        index = index if isinstance(index, (list, tuple)) else [index]
        if all(isinstance(one, int) for one in index):
            self.order.update(",".join(map(str, index)).encode() + b";")
            self.samples += len(index)
        else:
            self.order = None

    def see_batch(self):
        """In which row, as which of its batches: [row, number, how many rows on]."""
        self.batches += 1
        row, number = S.steps + 1, S.batches
        if self.runs and self.runs[-1][1] == number and sum(self.runs[-1][::2]) == row:
            self.runs[-1][2] += 1
        elif len(self.runs) < MOST_RUNS:
            self.runs.append([row, number, 1])
        else:
            self.cut = True

    def told(self):
        known = self.order is not None and self.samples > 0
        return self.facts | {
            "order": self.order.hexdigest()[:32] if known else None,
            "samples": self.samples,
            "whole": self.whole,
            "batches": self.batches,
            "rows": None if self.cut else self.runs,
        }


def innermost(loader):
    sampler = loader.batch_sampler if loader.batch_sampler is not None else loader.sampler
    for _ in range(MOST_DEEP):
        if not type(sampler).__name__.startswith("BatchSampler"):
            break
        sampler = getattr(sampler, "sampler", None) or getattr(sampler, "batch_sampler", sampler)
    return sampler


def shuffles(sampler):
    """Whether its order is meant to be another each time; None: not known."""
    from torch.utils.data import distributed, sampler as kinds

    if isinstance(sampler, distributed.DistributedSampler):
        return bool(sampler.shuffle)
    if isinstance(sampler, (kinds.RandomSampler, kinds.SubsetRandomSampler, kinds.WeightedRandomSampler)):
        return True
    return False if isinstance(sampler, kinds.SequentialSampler) else None


def facts_of(loader):
    if loader not in loaders:
        loaders[loader] = len(loaders)
    sampler = innermost(loader)
    epoch = getattr(sampler, "epoch", None)
    return {
        "loader": loaders[loader],
        "dataset": datasets.setdefault(id(loader.dataset), len(datasets)),
        "sampler": type(sampler).__name__,
        "shuffles": shuffles(sampler),
        "epoch": epoch if isinstance(epoch, int) else None,
        "place": place_of_call()[0],
    }


@guarded
def begin(iterator, loader):
    known = running.get(iterator)
    if known is not None and known in epochs and not known.batches and not known.samples:
        epochs.remove(known)  # of a loader that begins with its own making
    if len(epochs) < MOST_EPOCHS:
        running[iterator] = Epoch(loader)
        epochs.append(running[iterator])
    else:
        running.pop(iterator, None)


@guarded
def see_index(iterator, index):
    epoch = running.get(iterator)
    if epoch is not None:
        if index is None:
            epoch.whole = True
        else:
            epoch.see_index(index)


def see_batch(iterator):
    epoch = running.get(iterator)
    if epoch is not None:
        epoch.see_batch()


def watch_epochs(torch):
    kind = torch.utils.data.dataloader._BaseDataLoaderIter
    for name in ("__init__", "_reset"):
        watch_beginning(kind, name)
    original = kind._next_index

    @functools.wraps(original)
    def next_index(self):
        try:
            index = original(self)
        except StopIteration:
            see_index(self, None)
            raise
        see_index(self, index)
        return index

    kind._next_index = next_index


def watch_beginning(kind, name):
    original = getattr(kind, name)

    @functools.wraps(original)
    def begin_it(self, loader, *args, **kwargs):
        result = original(self, loader, *args, **kwargs)
        begin(self, loader)
        return result

    setattr(kind, name, begin_it)


def told():
    return [epoch.told() for epoch in epochs]
