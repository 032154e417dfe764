# SPDX-License-Identifier: Apache-2.0
"""What this process was told, what it has seen, and the rule that nothing here reaches the script."""
import functools
import os
import threading
import weakref

FOLDER = os.environ["REPRISE_FOLDER"]
PLAN = os.environ["REPRISE_PLAN"]
LIBRARY = os.environ["REPRISE_RECORDER"]
TORCH_WANTED = os.environ["REPRISE_TORCH"]
SEED = os.environ.get("REPRISE_SEED")  # none: the script's own
RANK = os.environ.get("RANK")
STOP_AFTER = int(os.environ.get("REPRISE_STOP_AFTER", "0"))  # the step after which SIGTERM comes; 0: never
HASH_ALL_FILES = "REPRISE_HASH_FILES" in os.environ
PID = os.getpid()
# Where this process writes its trace; the launcher puts it in its place when the command has ended.
OWN = os.path.join(FOLDER, f"process-{PID}")
real_exit = os._exit


class State:
    """Everything this process has seen."""

    lib = None
    torch = None
    lines = False  # operator calls are recorded, with their places in the script
    steps = 0
    rows = False  # row 0 is written
    finished = False
    troubles = {}  # sentence -> how often
    optimizers = {}  # place -> class
    names = {}  # name -> its number in the library
    models = []  # weak references, in the order in which they were first trained
    walks = {}  # id of a model -> where it keeps its tensors
    owned = weakref.WeakKeyDictionary()  # optimizer -> what belongs to it
    losses = 0  # in the row that is being gathered
    batches = 0
    kinds = {}  # class of tensors -> why none of it is observed
    lazy_types = frozenset()
    unobserved = {}  # name -> why
    versions = {}  # id of a weight -> itself, its name, and how often it had been written at its last step
    notes = []  # what a reader must know besides, a sentence each
    replays = 0  # of CUDA graphs
    capture_noted = False
    counting = False
    calls = 0  # of operators in the second step, if something is compiled
    before_end = []  # what has something to hand over before the trace ends
    scalers = []  # weak references to the scalers of losses, in the order in which they were made
    made = []  # weak references to the optimizers, in the order in which they were made
    hook = None  # that waits for the first forward pass
    hook_warning = None
    auxiliary = []  # modules that no optimizer has: weak reference, name, names of tensors
    trained = {}  # id of a model -> weak reference, its last step
    auxiliary_noted = False
    walk_due = False  # there may be others
    gpus = {}  # facts of those that were in use at row 0
    initial = None  # the state before the first forward pass, until row 0 is written
    threads = set()  # that made steps
    several_threads = False
    forked_steps = {}  # process -> steps, in forked children only


S = State
LOCK = threading.RLock()  # steps of two threads must not make one row


def count_forked_step():
    """A forked child is not watched, but it is told that it trains. Written now and then: it may be killed."""
    count = S.forked_steps[os.getpid()] = S.forked_steps.get(os.getpid(), 0) + 1
    if count & (count - 1) == 0:
        write_forked_steps()


def write_forked_steps():
    count = S.forked_steps.get(os.getpid(), 0)
    if count:
        try:
            place = os.path.join(FOLDER, f"forked-{os.getpid()}.json")
            with open(f"{place}.partial", "w", encoding="utf-8") as file:
                file.write('{"steps": %d}\n' % count)
            os.replace(f"{place}.partial", place)
        except OSError:
            pass


def trouble(words):
    S.troubles[words] = S.troubles.get(words, 0) + 1


def guarded(work):
    """`work` as a function that never raises and does nothing in a forked child."""

    @functools.wraps(work)
    def safe(*args, **kwargs):
        if os.getpid() != PID:
            if work.__name__ == "after_step":
                count_forked_step()
            return None
        if S.finished:
            return None
        try:
            with LOCK:
                return work(*args, **kwargs)
        except Exception as error:
            trouble(f"{work.__name__}: {type(error).__name__}: {error}")
            return None

    safe._torchdynamo_disable = True
    return safe


def called(sentence):
    if sentence:
        trouble(sentence.decode("utf-8", "replace"))
