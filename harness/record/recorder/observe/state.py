# SPDX-License-Identifier: Apache-2.0
"""What this process was told, what it has seen, and the rule that nothing here reaches the script."""
import functools
import os
import weakref

FOLDER = os.environ["REPRISE_FOLDER"]
PLAN = os.environ["REPRISE_PLAN"]
LIBRARY = os.environ["REPRISE_RECORDER"]
TORCH_WANTED = os.environ["REPRISE_TORCH"]
SEED = os.environ.get("REPRISE_SEED")  # none: the script's own
RANK = os.environ.get("RANK")
HASH_ALL_FILES = "REPRISE_HASH_FILES" in os.environ
PID = os.getpid()
real_exit = os._exit


class State:
    """Everything this process has seen."""

    lib = None
    torch = None
    steps = 0
    rows = False  # row 0 is written
    finished = False
    troubles = {}  # sentence -> how often
    optimizers = {}  # place -> class
    names = {}  # name -> its number in the library
    models = []  # weak references, in the order in which they were first trained
    owned = weakref.WeakKeyDictionary()  # optimizer -> what belongs to it
    losses = 0  # in the row that is being gathered
    batches = 0
    dtypes = {}
    unobserved = {}  # name -> why
    notes = []  # what a reader must know besides, a sentence each
    replays = 0  # of CUDA graphs
    counting = False
    calls = 0  # of operators in the second step, if something is compiled


S = State


def trouble(words):
    S.troubles[words] = S.troubles.get(words, 0) + 1


def guarded(work):
    """`work` as a function that never raises and does nothing in a forked child."""

    @functools.wraps(work)
    def safe(*args, **kwargs):
        if os.getpid() != PID or S.finished:
            return None
        try:
            return work(*args, **kwargs)
        except Exception as error:
            trouble(f"{work.__name__}: {type(error).__name__}: {error}")
            return None

    safe._torchdynamo_disable = True
    return safe


def called(sentence):
    if sentence:
        trouble(sentence.decode("utf-8", "replace"))
