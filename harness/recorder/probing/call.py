# SPDX-License-Identifier: Apache-2.0
"""Calls a function of somebody's file again and again, for `reprise probe my_op.py`. A call is a step to the recorder, and its
results are the weights of a model that has nothing else, so plan, pins, trace and diff are those of any script."""
import argparse
import importlib.util
import inspect
import os
import random
import subprocess
import sys

BUSY = "import os\nwhile os.getppid() == {}:\n    pass\n"


def refuse(sentence):
    print(sentence, file=sys.stderr)
    sys.exit(2)


def module_of(path):
    """Under the name of its file, by which processes that it spawns find it too."""
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    name = os.path.splitext(os.path.basename(path))[0]
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def function_of(module, path):
    """The one called probe, else the only one there is."""
    found = {
        name: value
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
    }
    if "probe" in found:
        return found["probe"]
    if len(found) != 1:
        refuse(f"wanted in {path} a function named probe, or one function alone, found {', '.join(sorted(found)) or 'none'}")
    return next(iter(found.values()))


def seed_all(torch, seed):
    torch.manual_seed(seed)
    random.seed(seed)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(seed % 2**32)


def named(torch, value):
    """{name: tensor} of what the function returned."""
    if isinstance(value, torch.Tensor):
        value = {"out": value}
    elif isinstance(value, (list, tuple)):
        value = {f"out{place}": one for place, one in enumerate(value)}
    if not isinstance(value, dict) or not value:
        refuse(f"the function returned {type(value).__name__}: return a tensor, or a list or a dict of tensors")
    for name, one in value.items():
        if not isinstance(one, torch.Tensor):
            refuse(f"the function returned {type(one).__name__} for {name}: return tensors alone")
        if one.layout != torch.strided:
            refuse(f"the function returned a tensor of layout {one.layout} for {name}: return dense ones")
    return {str(name).replace(".", "_"): one.detach() for name, one in value.items()}


def layout_of(results):
    return {name: (one.dtype, tuple(one.shape)) for name, one in results.items()}


def call(arguments):
    import torch

    function = function_of(module_of(arguments.file), arguments.file)
    wanted = [torch.device(arguments.device)] if inspect.signature(function).parameters else []

    def results():
        seed_all(torch, arguments.seed)
        return named(torch, function(*wanted))

    class Results(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.step_of_probe = torch.nn.Parameter(torch.zeros(1))

    class Repeats(torch.optim.Optimizer):
        def step(self):
            for name, one in next_results.items():
                getattr(model, name).copy_(one)

    model = Results()
    repeats = Repeats(model.parameters(), {})
    next_results = results()
    first = layout_of(next_results)
    for name, one in next_results.items():
        model.register_buffer(name, torch.zeros_like(one, memory_format=torch.contiguous_format))
    with torch.no_grad():
        repeats.step()
        for _ in range(arguments.calls - 1):
            with torch.enable_grad():
                next_results = results()
            if layout_of(next_results) != first:
                refuse("the function returns other names, types or shapes from call to call")
            repeats.step()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--calls", type=int, required=True)
    parser.add_argument("--load", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cpu")
    arguments = parser.parse_args()
    words = [sys.executable, "-I", "-S", "-c", BUSY.format(os.getpid())]
    busy = [subprocess.Popen(words) for _ in range(arguments.load)]
    try:
        call(arguments)
    finally:
        for one in busy:
            one.kill()
            one.wait()


if __name__ == "__main__":
    main()
