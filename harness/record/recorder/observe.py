# SPDX-License-Identifier: Apache-2.0
"""Watches one Python process that trains with torch: see sitecustomize.py."""
import array
import atexit
import ctypes
import functools
import gc
import hashlib
import importlib.util
import json
import math
import os
import sys
import weakref

BATCH, RNG, LOSS, GRADIENTS, WEIGHTS, OPTIMIZER = range(6)  # the stages, as the trace numbers them
LONGEST_NAME = 160  # bytes that a trace keeps of a name
LARGEST_FILE = 64 << 20  # bytes of a data file that is still digested

_folder = os.environ["REPRISE_FOLDER"]
_plan = os.environ["REPRISE_PLAN"]
_library = os.environ["REPRISE_RECORDER"]
_torch_wanted = os.environ["REPRISE_TORCH"]
_seed = os.environ.get("REPRISE_SEED")  # none: the script's own
_rank = os.environ.get("RANK")
_pid = os.getpid()
_real_exit = os._exit


class State:
    """Everything this process has seen."""

    lib = None
    torch = None
    python_steps = 0
    rows = False  # row 0 is written
    finished = False
    troubles = {}  # sentence -> how often
    notes = {}  # what is told to people: optimizers, unobserved tensors
    names = {}  # name -> its number in the library
    models = []  # weak references, in the order in which they were first trained
    owned = weakref.WeakKeyDictionary()  # optimizer -> what belongs to it
    losses = 0  # in the row that is being gathered
    batches = 0
    files = {}
    dtypes = {}
    unobserved = {}


S = State


def trouble(words):
    S.troubles[words] = S.troubles.get(words, 0) + 1


def guarded(work):
    """`work` as a function that never raises and does nothing in a forked child."""

    @functools.wraps(work)
    def safe(*args, **kwargs):
        if os.getpid() != _pid or S.finished:
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


# --- handing over -----------------------------------------------------------------------------------------------


def number_of(name):
    number = S.names.get(name)
    if number is None:
        text = name.encode("utf-8", "surrogateescape")
        if len(text) > LONGEST_NAME:
            text = text[: LONGEST_NAME - 18] + b"~" + hashlib.sha256(text).hexdigest()[:16].encode()
        number = S.names[name] = S.lib.reprise_name(text)
    return number


def dtype_of(dtype):
    """Number and element size of a torch dtype, or None if no digest is defined for it."""
    found = S.dtypes.get(dtype, 0)
    if found == 0:
        table = {
            "bool": "BOOL", "uint8": "U8", "int8": "I8", "int16": "I16", "int32": "I32", "int64": "I64",
            "uint16": "U16", "uint32": "U32", "uint64": "U64", "float16": "F16", "bfloat16": "BF16",
            "float32": "F32", "float64": "F64", "complex64": "C64", "complex128": "C128",
            "float8_e4m3fn": "F8_E4M3", "float8_e5m2": "F8_E5M2",
        }  # fmt: skip
        name = table.get(str(dtype).removeprefix("torch."))
        found = None if name is None else (number_of(name), dtype.itemsize, name)
        S.dtypes[dtype] = found
    return found


class Words:
    """Tensors on their way to the library, which digests them all in one call."""

    def __init__(self):
        self.words = []
        self.kept = []

    def tensor(self, stage, name, tensor):
        torch = S.torch
        if tensor.layout is not torch.strided or tensor.is_quantized or hasattr(tensor, "__tensor_flatten__"):
            return self.unobserved(name, "no plain dense tensor")
        if tensor.device.type != "cpu":
            if tensor.device.type == "meta":
                return self.unobserved(name, "on the device meta")
            tensor = tensor.detach().cpu()
            self.kept.append(tensor)
        if tensor.is_conj() or tensor.is_neg():
            return self.unobserved(name, "conjugated or negated lazily")
        dtype = dtype_of(tensor.dtype)
        if dtype is None:
            return self.unobserved(name, f"of dtype {tensor.dtype}")
        shape = tensor.shape
        words = self.words
        words += (stage, number_of(name), dtype[0], dtype[1], len(shape), tensor.data_ptr())
        words += shape
        words += tensor.stride()
        return None

    def unobserved(self, name, why):
        S.unobserved[name] = why

    def plain(self, stage, name, dtype, values):
        """An array.array as a tensor of one axis; of none for a single value."""
        address, length = values.buffer_info()
        self.kept.append(values)
        shape = (length,) if length > 1 else ()
        self.words += (stage, number_of(name), number_of(dtype), values.itemsize, len(shape), address)
        self.words += shape
        if shape:
            self.words.append(1)

    def number(self, stage, name, value):
        self.plain(stage, name, "F64", array.array("d", (float(value),)))

    def send(self):
        if not self.words:
            return
        packed = array.array("q", self.words)
        called(S.lib.reprise_tensors(packed.buffer_info()[0], len(packed)))


# --- what there is to see ---------------------------------------------------------------------------------------


def modules_alive():
    module = S.torch.nn.Module
    return [thing for thing in gc.get_objects() if issubclass(type(thing), module)]


def clean(name, wrapped):
    if wrapped:
        name = name.removeprefix("module.")
    return name.replace("_orig_mod.", "")


def root_modules(wanted):
    """Modules that hold some of the wanted parameters and are no part of another one."""
    alive = modules_alive()
    inner = set()
    for module in alive:
        for child in (module.__dict__.get("_modules") or {}).values():
            inner.add(id(child))
    found = []
    for module in alive:
        if id(module) in inner or "_parameters" not in module.__dict__:
            continue
        own = {id(p) for _, p in S.torch.nn.Module.named_parameters(module)} & wanted
        if own:
            found.append((module, own))
    # One that is wholly within what another holds says nothing new: a loss that keeps a layer, say.
    found.sort(key=lambda entry: -len(entry[1]))
    kept, covered = [], set()
    for module, own in found:
        if not own <= covered:
            kept.append(module)
            covered |= own
    return kept


def model_prefix(module):
    for place, known in enumerate(S.models):
        if known() is module:
            break
    else:
        place = len(S.models)
        S.models.append(weakref.ref(module))
    return "" if place == 0 else f"model{place + 1}."


class Owned:
    """What belongs to an optimizer: its parameters by name, and the models that hold them."""

    def __init__(self, optimizer, place):
        self.place = place
        self.parameters = [p for group in optimizer.param_groups for p in group["params"]]
        self.key = [id(p) for p in self.parameters]
        self.names = {}
        self.models = []
        for module in root_modules(set(self.key)):
            wrapped = type(module).__name__ in ("DistributedDataParallel", "DataParallel", "FullyShardedDataParallel")
            prefix = model_prefix(module)
            self.models.append((weakref.ref(module), prefix, wrapped))
            for name, parameter in S.torch.nn.Module.named_parameters(module):
                self.names.setdefault(id(parameter), prefix + clean(name, wrapped))
        for number, group in enumerate(optimizer.param_groups):
            for index, parameter in enumerate(group["params"]):
                self.names.setdefault(id(parameter), f"{self.prefix()}param_groups.{number}.{index}")

    def prefix(self):
        return "" if self.place == 0 else f"optimizer{self.place + 1}."


def owned_by(optimizer):
    owned = S.owned.get(optimizer)
    key = [id(p) for group in optimizer.param_groups for p in group["params"]]
    if owned is None or owned.key != key:
        owned = S.owned[optimizer] = Owned(optimizer, len(S.owned) if owned is None else owned.place)
        S.notes.setdefault("optimizers", {})[owned.place] = type(optimizer).__name__
    return owned


def add_weights(words, owned):
    seen = set()
    module_class = S.torch.nn.Module
    for reference, prefix, wrapped in owned.models:
        module = reference()
        if module is None:
            continue
        for walk in (module_class.named_parameters, module_class.named_buffers):
            for name, tensor in walk(module):
                if id(tensor) not in seen:
                    seen.add(id(tensor))
                    words.tensor(WEIGHTS, prefix + clean(name, wrapped), tensor)
    for parameter in owned.parameters:
        if id(parameter) not in seen:
            words.tensor(WEIGHTS, owned.names[id(parameter)], parameter)


def add_state(words, name, value):
    """Numbers and tensors of an optimizer's state, however deep they lie."""
    if isinstance(value, S.torch.Tensor):
        words.tensor(OPTIMIZER, name, value)
    elif isinstance(value, (bool, int, float)):
        words.number(OPTIMIZER, name, value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            add_state(words, f"{name}.{key}", inner)
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(value):
            add_state(words, f"{name}.{index}", inner)


def add_optimizer(words, optimizer, owned):
    for parameter in owned.parameters:
        state = optimizer.state.get(parameter)
        if state:
            add_state(words, owned.prefix() + owned.names[id(parameter)], state)
    for number, group in enumerate(optimizer.param_groups):
        for key, value in group.items():
            if key != "params":
                add_state(words, f"{owned.prefix()}group{number}.{key}", value)


def add_random(words):
    random = sys.modules.get("random")
    if random is not None:
        _, numbers, gauss = random.getstate()
        words.plain(RNG, "python.random", "U32", array.array("I", numbers))
        words.number(RNG, "python.gauss", math.nan if gauss is None else gauss)
    numpy = sys.modules.get("numpy")
    if numpy is not None and hasattr(numpy, "random"):
        _, keys, place, has_gauss, gauss = numpy.random.get_state(legacy=True)
        words.plain(RNG, "numpy.random", "U32", array.array("I", keys.tobytes()))
        words.plain(RNG, "numpy.place", "I64", array.array("q", (int(place), int(has_gauss))))
        words.number(RNG, "numpy.gauss", gauss)
    if S.torch.cuda.is_initialized():
        for device in range(S.torch.cuda.device_count()):
            words.tensor(RNG, f"torch.cuda{device}", S.torch.cuda.get_rng_state(device))


def add_gradients(words, owned):
    for parameter in owned.parameters:
        if parameter.grad is not None:
            words.tensor(GRADIENTS, owned.names[id(parameter)], parameter.grad)


# --- the hooks --------------------------------------------------------------------------------------------------


def trace_path():
    """Where this process writes: rank 0, and a process alone, in the run's folder; others in folders below it."""
    distributed = sys.modules.get("torch.distributed")
    rank = _rank
    if distributed is not None and distributed.is_available() and distributed.is_initialized():
        rank = str(distributed.get_rank())
    place = _folder if rank in (None, "0") else os.path.join(_folder, f"rank-{rank}")
    number = 1
    while True:
        os.makedirs(place, exist_ok=True)
        try:
            os.close(os.open(os.path.join(place, "trace.claimed"), os.O_CREAT | os.O_EXCL))
            break
        except FileExistsError:
            number += 1
            place = os.path.join(_folder, f"process-{number}")
    S.lib_rank = rank or "0"
    return os.path.join(place, "trace.h5")


def add_facts():
    facts = {"python.version": sys.version.split()[0], "python.executable": sys.executable}
    from importlib import metadata

    for package in metadata.distributions():
        name = package.metadata["Name"]
        if name:
            facts[f"package.{name.lower()}"] = package.version
    inside = (sys.prefix, sys.base_prefix, os.path.dirname(os.path.abspath(__file__)))
    for name, module in sorted(sys.modules.items()):
        path = getattr(module, "__file__", None)
        if not path or "site-packages" in path or "dist-packages" in path or name == "_reprise_recorder":
            continue
        path = os.path.abspath(path)
        if path.startswith(tuple(place + os.sep for place in inside)) and "/lib/python" in path:
            continue
        if path.startswith(inside[2] + os.sep) or not os.path.isfile(path):
            continue
        with open(path, "rb") as file:
            facts[f"module.{name}"] = hashlib.sha256(file.read()).hexdigest()
    for name, value in facts.items():
        called(S.lib.reprise_fact(name.encode(), value.encode("utf-8", "replace")))


@guarded
def before_step(optimizer, args, kwargs):
    if S.rows:
        return
    S.rows = True  # once, whatever happens
    owned = owned_by(optimizer)
    words = Words()
    add_weights(words, owned)
    add_optimizer(words, optimizer, owned)
    add_random(words)
    words.send()
    add_facts()
    path = trace_path()
    called(S.lib.reprise_fact(b"process.rank", S.lib_rank.encode()))
    called(S.lib.reprise_begin_rows(path.encode()))


@guarded
def after_step(optimizer, args, kwargs):
    owned = owned_by(optimizer)
    words = Words()
    add_weights(words, owned)
    add_gradients(words, owned)
    add_optimizer(words, optimizer, owned)
    add_random(words)
    words.send()
    called(S.lib.reprise_end_step())
    S.python_steps += 1
    S.losses = S.batches = 0
    if S.lib.reprise_done():
        finish()
        _real_exit(0)


@guarded
def see_loss(tensors):
    losses = (tensors,) if isinstance(tensors, S.torch.Tensor) else tuple(tensors)
    if len(losses) != 1 or losses[0].numel() != 1:
        return
    dtype = dtype_of(losses[0].dtype)
    if dtype is None or dtype[2] not in ("F32", "F64", "BF16", "F16"):
        return
    S.losses += 1
    words = Words()
    words.tensor(LOSS, "loss" if S.losses == 1 else f"loss.{S.losses}", losses[0])
    words.send()


@guarded
def see_batch(batch):
    S.batches += 1
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
        see_loss(tensors)
        return original(tensors, *args, **kwargs)

    torch.autograd.backward = backward


def watch_batches(torch):
    from torch.utils.data import dataloader

    original = dataloader._BaseDataLoaderIter.__next__

    @functools.wraps(original)
    def next_batch(self):
        batch = original(self)
        see_batch(batch)
        return batch

    dataloader._BaseDataLoaderIter.__next__ = next_batch


def watch_optimizers(torch):
    from torch.optim import optimizer

    optimizer.register_optimizer_step_pre_hook(before_step)
    optimizer.register_optimizer_step_post_hook(after_step)
    original = torch.optim.Optimizer.__init__

    @functools.wraps(original)
    def make(self, *args, **kwargs):
        see_optimizer()
        return original(self, *args, **kwargs)

    torch.optim.Optimizer.__init__ = make


# --- begin and end ----------------------------------------------------------------------------------------------


def compiled_graphs():
    """How many graphs torch.compile made; what happens inside them is not seen operator by operator."""
    counters = getattr(sys.modules.get("torch._dynamo.utils"), "counters", None)
    return int(counters["stats"]["unique_graphs"]) if counters and "stats" in counters else 0


def observed():
    return {
        "pid": _pid,
        "torch": None if S.torch is None else str(S.torch.__version__),
        "steps": S.python_steps,
        "optimizers": [name for _, name in sorted(S.notes.get("optimizers", {}).items())],
        "compiled_graphs": compiled_graphs(),
        "troubles": S.troubles,
        "unobserved": S.unobserved,
        "files": [S.files[path] | {"path": path} for path in sorted(S.files)],
    }


def digest_files():
    for path, facts in S.files.items():
        try:
            facts["bytes"] = os.stat(path).st_size
            if facts["bytes"] <= LARGEST_FILE:
                with open(path, "rb") as file:
                    facts["sha256"] = hashlib.sha256(file.read()).hexdigest()
        except OSError:
            facts["bytes"] = None


def finish():
    """Ends the trace and says what was seen. Does nothing a second time, nor in a forked child."""
    if os.getpid() != _pid or S.finished:
        return
    try:
        if S.lib is not None:
            called(S.lib.reprise_finish())
        S.finished = True
        if S.rows or S.torch is not None:
            digest_files()
        place = os.path.join(_folder, "observed.json" if S.rows else f"observed-{_pid}.json")
        partial = f"{place}.{_pid}.partial"
        with open(partial, "w", encoding="utf-8") as file:
            json.dump(observed(), file, indent=1)
        if S.rows and os.path.exists(place):
            place = os.path.join(_folder, f"observed-{_pid}.json")
        os.replace(partial, place)
    except Exception:
        S.finished = True


def exit_now(status):
    finish()
    _real_exit(status)


def refuse(sentence):
    """The run cannot be what was asked for: it is ended before the script does anything."""
    trouble(sentence)
    with open(os.path.join(_folder, "refused.txt"), "w", encoding="utf-8") as file:
        file.write(sentence)
    finish()
    _real_exit(2)


def see_file(event, arguments):
    if event != "open" or S.finished or os.getpid() != _pid:
        return
    path, mode = arguments[0], arguments[1]
    if isinstance(path, bytes):
        path = os.fsdecode(path)
    if not isinstance(path, str) or (mode is not None and set(mode) & set("wax+")):
        return
    if mode is None and len(arguments) > 2 and isinstance(arguments[2], int) and arguments[2] & 3:
        return
    path = os.path.abspath(path)
    if path.startswith(_outside) or path.startswith(("/proc/", "/sys/", "/dev/", "/etc/", "/usr/", "/tmp/")):
        return
    if path.endswith((".py", ".pyc", ".so", ".pth")) or "site-packages" in path or "/.cache/" in path:
        return
    if path not in S.files and len(S.files) < 10000:
        S.files[path] = {}


def load(torch):
    version = str(torch.__version__)
    if version != _torch_wanted:
        refuse(
            f"wanted torch {_torch_wanted}, which the recorder was built for, found torch {version}: the script "
            "imports another torch than its Python has by default; start it with the Python of that torch"
        )
    lib = ctypes.PyDLL(_library, mode=os.RTLD_NOW | os.RTLD_LOCAL)
    for name in ("begin", "fact", "tensors", "end_of_begin", "begin_rows", "end_step", "finish", "torch"):
        getattr(lib, f"reprise_{name}").restype = ctypes.c_char_p
    lib.reprise_name.restype = lib.reprise_done.restype = ctypes.c_int64
    lib.reprise_tensors.argtypes = (ctypes.c_void_p, ctypes.c_int64)
    built = lib.reprise_torch().decode()
    if built != version:
        refuse(f"wanted a recorder built for torch {version}, found one for torch {built}; delete {_library}")
    S.torch = torch
    sentence = lib.reprise_begin(_plan.encode(), _folder.encode())
    if sentence:
        refuse(sentence.decode("utf-8", "replace"))
    S.lib = lib


def after_torch(torch):
    if os.getpid() != _pid:
        return
    try:
        load(torch)
        if _seed is not None:
            torch.manual_seed(int(_seed))
        watch_optimizers(torch)
        watch_losses(torch)
        watch_batches(torch)
    except Exception as error:
        refuse(f"the recorder cannot watch this torch: {type(error).__name__}: {error}")


def after_numpy(numpy):
    if _seed is not None:
        numpy.random.seed(int(_seed) % 2**32)


class AfterImport:
    """Does something once a module has been imported."""

    waiting = {"torch": after_torch, "numpy": after_numpy}

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        work = cls.waiting.pop(name, None)
        if work is None:
            return None
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return spec
        original = spec.loader.exec_module

        def exec_module(module):
            original(module)
            if os.getpid() == _pid:
                work(module)

        spec.loader.exec_module = exec_module
        return spec


_outside = tuple({sys.prefix + os.sep, sys.base_prefix + "/lib/", _folder + os.sep, os.path.dirname(__file__) + os.sep})
sys.meta_path.insert(0, AfterImport)
sys.addaudithook(see_file)
atexit.register(finish)
os._exit = exit_now
if _seed is not None:
    import random

    random.seed(int(_seed))
