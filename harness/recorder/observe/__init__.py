# SPDX-License-Identifier: Apache-2.0
"""Watches one Python process that trains with torch: see sitecustomize.py."""
import array
import atexit
import ctypes
import importlib.util
import os
import sys

from .ending import exit_now, finish, refuse
from .auxiliary import watch_copies
from .children import watch_forks, watch_workers
from .epochs import watch_epochs
from .files import see_file, watch_saving
from .hooks import count_steps, watch_batches, watch_gradients, watch_graphs, watch_losses, watch_optimizers, watch_scalers
from .initial import before_compiling
from .lines import watch_lines
from .seeds import NUMPY, PYTHON, by_chance, watch_numpy_seeds, watch_python_seeds, watch_torch_seeds
from .sizes import watch_sizes
from .starts import see_start, watch_ends
from .state import FOLDER, LIBRARY, PID, PLAN, SEED, TORCH_WANTED, S, trouble
from .threads import watch_threads


def self_test(lib, torch):
    """Whether operators are seen, with their values, before anything is believed of this torch."""
    values = array.array("f", (1.5, -2.25, 3.0, 0.125, 7.0))
    sums = array.array("f", (2 * value for value in values))
    with torch.no_grad():
        tensor = torch.tensor(list(values), dtype=torch.float32)
        sentence = lib.reprise_self_test_begin()
        if not sentence:
            torch.add(tensor, tensor)
            sentence = lib.reprise_self_test_end(values.buffer_info()[0], sums.buffer_info()[0], len(values))
    if sentence:
        refuse(
            f"the recorder's test of itself failed with torch {torch.__version__}: "
            f"{sentence.decode('utf-8', 'replace')}; this torch cannot be watched"
        )


def load(torch):
    version = str(torch.__version__)
    if version != TORCH_WANTED:
        refuse(
            f"wanted torch {TORCH_WANTED}, which the recorder was built for, found torch {version}: the script "
            "imports another torch than its Python has by default; start it with the Python of that torch"
        )
    lib = ctypes.PyDLL(LIBRARY, mode=os.RTLD_NOW | os.RTLD_LOCAL)
    for name in ("begin", "fact", "memory", "tensors", "rows", "end_of_begin", "keep_initial", "forget_initial", "forget_stage", "name_initial", "begin_rows", "end_step", "finish", "torch",
                 "self_test_begin", "self_test_end", "gpu_facts", "digest_place"):  # fmt: skip
        getattr(lib, f"reprise_{name}").restype = ctypes.c_char_p
    lib.reprise_self_test_end.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64)
    lib.reprise_name.restype = lib.reprise_done.restype = lib.reprise_calls_counted.restype = ctypes.c_int64
    lib.reprise_name_initial.argtypes = (ctypes.c_int64, ctypes.c_int64)
    lib.reprise_changed.argtypes = (ctypes.c_void_p, ctypes.c_int64)
    lib.reprise_changed.restype = ctypes.c_int64
    lib.reprise_forget_stage.argtypes = (ctypes.c_int64,)
    lib.reprise_thread.restype = lib.reprise_backward_begins.restype = None
    lib.reprise_gpu_facts.argtypes = lib.reprise_digest_place.argtypes = (ctypes.c_int64,)
    lib.reprise_thread.argtypes = (ctypes.c_int64, ctypes.c_char_p)
    lib.reprise_memory.argtypes = (ctypes.c_void_p, ctypes.c_int64)
    lib.reprise_rows.argtypes = (ctypes.c_void_p, ctypes.c_int64)
    lib.reprise_tensors.argtypes = (ctypes.c_void_p, ctypes.c_int64, ctypes.c_void_p)
    built = lib.reprise_torch().decode()
    if built != version:
        refuse(f"wanted a recorder built for torch {version}, found one for torch {built}; delete {LIBRARY}")
    S.torch = torch
    self_test(lib, torch)
    sentence = lib.reprise_begin(PLAN.encode(), FOLDER.encode())
    if sentence:
        refuse(sentence.decode("utf-8", "replace"))
    S.lib = lib
    try:
        watch_lines(lib, torch)
    except Exception as error:  # calls are seen all the same, without their lines
        trouble(f"lines of the script: {type(error).__name__}: {error}")


def after_torch(torch):
    if os.getpid() != PID:
        count_steps(torch)
        return
    try:
        load(torch)
        if SEED is not None:
            torch.manual_seed(int(SEED))
        watch_torch_seeds(torch)
        watch_optimizers(torch)
        watch_losses(torch)
        watch_scalers(torch)
        watch_gradients(torch)
        watch_batches(torch)
        watch_epochs(torch)
        watch_workers()
        watch_graphs(torch)
        watch_copies(torch)
        watch_saving(torch)
        watch_threads()
    except Exception as error:
        refuse(f"the recorder cannot watch this torch: {type(error).__name__}: {error}")


def after_numpy(numpy):
    if SEED is not None:
        numpy.random.seed(int(SEED) % 2**32)
    else:
        by_chance.add(NUMPY)
    watch_numpy_seeds(numpy)


def after_random(random):
    if SEED is not None:
        random.seed(int(SEED))
    else:
        by_chance.add(PYTHON)
    watch_python_seeds(random)


class AfterImport:
    """Does something once a module has been imported."""

    waiting = {"torch": after_torch, "numpy": after_numpy, "torch._dynamo.callback": before_compiling}

    asking = set()  # of which the other finders are being asked

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        """Whoever asks need not import: importlib.util.find_spec("torch") only wants to know whether there is one."""
        work = cls.waiting.get(name)
        if work is None or name in cls.asking:
            return None
        cls.asking.add(name)
        try:
            spec = importlib.util.find_spec(name)
        finally:
            cls.asking.discard(name)
        if spec is None or spec.loader is None:
            return spec
        original = spec.loader.exec_module

        def exec_module(module):
            original(module)
            if cls.waiting.pop(name, None) is not None and (os.getpid() == PID or work is after_torch):
                work(module)

        spec.loader.exec_module = exec_module
        return spec


if sys.flags.ignore_environment:
    S.notes.append(
        "this Python was started with -I or -E and ignores PYTHONHASHSEED: the pin python-hash-seed did not reach it"
    )
sys.meta_path.insert(0, AfterImport)
sys.addaudithook(see_file)
sys.addaudithook(see_start)
watch_sizes()
watch_ends()
watch_forks()
atexit.register(finish)
os._exit = exit_now
import random  # noqa: E402

after_random(random)
