# SPDX-License-Identifier: Apache-2.0
"""What there is to see of a training: its models, optimizers, gradients and random streams."""
import array
import collections
import gc
import math
import sys
import weakref

from . import seeds
from .state import S
from .words import GRADIENTS, OPTIMIZER, RNG, WEIGHTS


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


def nobody():
    return None


class Walk:
    """The names of a model's parameters and buffers. Made anew only where its tree of modules changed: the walk through it
    takes longer than a look at all of its tensors. Modules are held weakly: nothing lives longer because it is watched."""

    def __init__(self, root, prefix, wrapped):
        self.modules = []
        for path, module in S.torch.nn.Module.named_modules(root):
            held = module.__dict__
            # The trees of compiled scripts have containers of torch's own.
            if any(type(held.get(key)) not in (dict, collections.OrderedDict) for key in ("_modules", "_parameters", "_buffers")):
                self.modules = None
                return
            path = f"{path}." if path else ""
            children = [(key, nobody if child is None else weakref.ref(child)) for key, child in held["_modules"].items()]
            names = [[(key, prefix + clean(path + key, wrapped)) for key in held[kind]] for kind in ("_parameters", "_buffers")]
            self.modules.append((weakref.ref(module), children, *names))

    def tensors(self, root):
        """[(name, tensor)], or None if the tree is another one by now."""
        if not self.modules or self.modules[0][0]() is not root:
            return None
        parameters, buffers = [], []
        for reference, children, own_parameters, own_buffers in self.modules:
            module = reference()
            if module is None:
                return None
            held = module.__dict__
            modules = held["_modules"]
            if len(modules) != len(children) or any(modules.get(key, held) is not known() for key, known in children):
                return None
            for names, place, found in ((own_parameters, held["_parameters"], parameters), (own_buffers, held["_buffers"], buffers)):
                if len(names) != len(place):
                    return None
                for key, name in names:
                    tensor = place.get(key, held)
                    if tensor is held:
                        return None
                    if tensor is not None:
                        found.append((name, tensor))
        return parameters + buffers


def tensors_of_model(module, prefix, wrapped):
    """Its parameters, then its buffers: [(name, tensor)]; one that has several names may come several times."""
    walk = S.walks.get(id(module))
    found = walk.tensors(module) if walk else None
    if found is None:
        walk = S.walks[id(module)] = Walk(module, prefix, wrapped)
        found = walk.tensors(module)
    if found is not None:
        return found
    module_class = S.torch.nn.Module
    walks = (module_class.named_parameters, module_class.named_buffers)
    return [(prefix + clean(name, wrapped), tensor) for walk in walks for name, tensor in walk(module)]


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
        S.optimizers[owned.place] = type(optimizer).__name__
    return owned


def add_weights(words, owned):
    seen = set()
    for reference, prefix, wrapped in owned.models:
        module = reference()
        if module is None:
            continue
        for name, tensor in tensors_of_model(module, prefix, wrapped):
            if id(tensor) not in seen:
                seen.add(id(tensor))
                words.tensor(WEIGHTS, name, tensor)
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
    add_scalers(words)


def see_scaler(scaler):
    S.scalers.append(weakref.ref(scaler))


def add_scalers(words):
    """By how much losses are scaled up in half precision, which is there from the first scaled loss on."""
    for number, reference in enumerate(S.scalers):
        scaler = reference()
        prefix = "scaler." if number == 0 else f"scaler{number + 1}."
        for name in ("_scale", "_growth_tracker"):
            value = getattr(scaler, name, None)
            if isinstance(value, S.torch.Tensor):
                words.tensor(OPTIMIZER, prefix + name[1:], value)


def add_random(words):
    seeds.look()
    random = sys.modules.get("random")
    if random is not None and not seeds.is_idle(seeds.PYTHON):
        _, numbers, gauss = random.getstate()
        words.plain(RNG, "python.random", "U32", array.array("I", numbers))
        words.number(RNG, "python.gauss", math.nan if gauss is None else gauss)
    numpy = sys.modules.get("numpy")
    if numpy is not None and hasattr(numpy, "random") and not seeds.is_idle(seeds.NUMPY):
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
