# SPDX-License-Identifier: Apache-2.0
"""Modules that no optimizer has: averages of weights, target networks, teachers. They are looked for in what the
script's variables reach, so that each has the name that the script gives it and none depends on when Python frees
something: at row 0, at the steps 1, 2, 4, 8, ..., and where a module was copied or loaded, or an optimizer made."""
import functools
import os
import sys
import types
import weakref
from collections import deque

from .models import modules_alive, root_modules
from .state import S, guarded
from .words import AUXILIARY

HERE = os.path.dirname(os.path.abspath(__file__))
DEEPEST, LONGEST, MOST = 6, 1000, 100000  # steps from a variable, elements of a container, things looked at
PLAIN = (str, bytes, int, float, complex, bool, type(None), type, types.ModuleType, types.CodeType)


def own_file(path, home):
    """Whether a file is the script's own, not Python's, torch's or another package's."""
    if not path or path.startswith(("<frozen", HERE + os.sep)):
        return False
    if path.startswith("<"):
        return True
    path = os.path.abspath(path)
    if home and path.startswith(home + os.sep):
        return "site-packages" not in path[len(home) :]
    return "site-packages" not in path and "dist-packages" not in path and "/lib/python" not in path


def locals_of(frame):
    found = frame.f_locals
    if frame.f_code.co_flags & 1 == 0:  # a module or a class: its own names
        return list(found.items())
    items = list(found.items())
    if type(found) is dict:  # Python before 3.13 keeps this copy, and with it what the function has let go of
        found.clear()
    return items


def variables():
    """The script's variables by name: of its main file, of the functions that are running, of its modules."""
    main = sys.modules.get("__main__")
    home = os.path.dirname(os.path.abspath(getattr(main, "__file__", None) or "")) if main else ""
    names = list(vars(main).items()) if main else []
    frames, frame = [], sys._getframe(1)
    while frame is not None:
        if own_file(frame.f_code.co_filename, home) and frame.f_globals is not frame.f_locals:
            frames.append(frame)
        frame = frame.f_back
    for frame in reversed(frames):
        names += locals_of(frame)
    for name, module in sorted(sys.modules.items(), key=lambda entry: str(entry[0])):
        if module is not main and own_file(getattr(module, "__file__", None), home):
            names += [(f"{name}.{key}", value) for key, value in list(vars(module).items())]
    return names


def parts_of(value, kind, plain_module):
    """What a thing holds, by name, without running anything of the script's."""
    if issubclass(kind, dict):
        if dict.__len__(value) > LONGEST:
            return []
        return [(key, inner) for key, inner in list(dict.items(value)) if type(key) in (str, int)]
    for sequence in (list, tuple, deque):
        if issubclass(kind, sequence):
            return list(enumerate(sequence.__iter__(value))) if sequence.__len__(value) <= LONGEST else []
    if kind is types.FunctionType:
        cells = zip(value.__code__.co_freevars, value.__closure__ or ())
        return [(name, cell.cell_contents) for name, cell in cells if cell != types.CellType()]
    if kind is types.MethodType:
        return [("", value.__self__)]
    if kind is functools.partial:
        return [("", value.func), ("", value.args), ("", value.keywords)]
    try:
        inner = object.__getattribute__(value, "__dict__")
    except Exception:
        return []
    if not isinstance(inner, dict):
        return []
    parts = [(key, part) for key, part in list(inner.items()) if key not in plain_module]
    if "_modules" in inner and isinstance(inner["_modules"], dict):
        parts += list(inner["_modules"].items())
    return parts


def named_modules():
    """All modules that the script's variables reach, each under the shortest name: [(module, name)]."""
    module_class, tensor_class = S.torch.nn.Module, S.torch.Tensor
    plain_module = set(module_class().__dict__)
    waiting = deque((name, value, 0) for name, value in variables())
    seen, found = set(), []
    while waiting and len(seen) < MOST:
        name, value, depth = waiting.popleft()
        kind = type(value)
        if kind in PLAIN or id(value) in seen or issubclass(kind, (tensor_class, type, types.ModuleType)):
            continue
        if kind.__module__ in ("numpy", "builtins") and kind not in (dict, list, tuple) and kind is not types.FunctionType:
            continue
        seen.add(id(value))
        if issubclass(kind, module_class) and "_parameters" in value.__dict__:
            found.append((value, name.removeprefix("self.") or "self"))
        if depth < DEEPEST:
            for key, part in parts_of(value, kind, plain_module):
                waiting.append((f"{name}.{key}" if key != "" else name, part, depth + 1))
    return found


def tensors_of(module):
    for walk in (S.torch.nn.Module.named_parameters, S.torch.nn.Module.named_buffers):
        for name, tensor in walk(module):
            yield name, tensor


def all_tensors(references):
    modules = [reference() for reference in references]
    return {id(tensor) for module in modules if module is not None for _, tensor in tensors_of(module)}


def watched_tensors(step):
    """What is seen of the models that were trained in the second half of the steps so far (one that was trained before is a
    teacher now), and of those whose optimizer did not step yet."""
    watched = all_tensors(reference for reference, last in S.trained.values() if 2 * last >= step)
    waiting = set()
    for reference in S.made:
        optimizer = reference()
        if optimizer is not None and optimizer not in S.owned:
            waiting |= {id(p) for group in optimizer.param_groups for p in group["params"]}
    if waiting:
        watched |= waiting | all_tensors(weakref.ref(module) for module in root_modules(waiting))
    return watched


def see_trained(owned, step):
    for reference, _, _ in owned.models:
        S.trained[id(reference())] = reference, step


def roots_of(modules):
    inner = {id(child) for module in modules for child in module.__dict__["_modules"].values()}
    return {id(module) for module in modules if id(module) not in inner}


def look(step):
    """Finds them anew: S.auxiliary becomes [(weak reference, name, the names of its tensors)]."""
    S.walk_due = False
    found, watched = named_modules(), watched_tensors(step)
    roots, names, entries = roots_of([module for module, _ in found]), {}, []
    for module, name in found:
        if id(module) not in roots:
            continue
        own = {key for key, tensor in tensors_of(module) if id(tensor) not in watched}
        if not own:
            continue
        watched |= {id(tensor) for _, tensor in tensors_of(module)}
        names[name] = names.get(name, 0) + 1
        entries.append((weakref.ref(module), name if names[name] == 1 else f"{name}.{names[name]}", own))
    S.auxiliary = entries
    if entries and not S.auxiliary_noted:
        S.auxiliary_noted = True
        S.notes.append(
            f"modules that no optimizer has ({', '.join(name for _, name, _ in entries[:3])}"
            f"{', ...' if len(entries) > 3 else ''}) are seen right after each step; what is written to them after the last "
            "step is not observed"
        )


def hidden_modules(watched):
    graphs = getattr(sys.modules.get("torch.fx"), "GraphModule", ())
    alive = [module for module in modules_alive() if "_parameters" in module.__dict__]
    roots = roots_of(alive)
    return [
        module
        for module in alive
        if id(module) in roots
        and not isinstance(module, graphs)
        and type(module).__module__ != "torch.nn.modules.loss"
        and (tensors := [tensor for _, tensor in tensors_of(module)])
        and not any(id(tensor) in watched for tensor in tensors)
    ]


def add_auxiliary(words, step):
    if step & (step - 1) == 0 or S.walk_due:
        look(step)
    for reference, name, own in S.auxiliary:
        module = reference()
        if module is None:
            continue
        for key, tensor in tensors_of(module):
            if key in own:
                words.tensor(AUXILIARY, f"{name}.{key}", tensor)


@guarded
def last_look():
    """Which modules are alive at the end that were never watched. One that no variable reaches may be garbage that Python
    has not freed yet, so it is told and not watched."""
    watched = watched_tensors(0) | all_tensors(reference for reference, _, _ in S.auxiliary) | all_tensors(S.models)
    kinds = sorted({type(module).__name__ for module in hidden_modules(watched)})
    if kinds:
        S.notes.append(
            f"not observed: modules that no optimizer has and no variable of the script reached when they were looked for, "
            f"such as a {kinds[0]}"
        )


def watch_copies(torch):
    """deepcopy() and torch.load() make modules that way; AveragedModel too."""
    original = torch.nn.Module.__setstate__

    @functools.wraps(original)
    def set_state(self, state):
        S.walk_due = True
        return original(self, state)

    torch.nn.Module.__setstate__ = set_state
