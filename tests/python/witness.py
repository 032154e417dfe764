# SPDX-License-Identifier: Apache-2.0
"""An independent witness, for tests only: digests of a model's weights and gradients after each optimizer step, taken
in the script's own process with the xxhash package, from nothing but docs/trace-format.md. What reprise records must
be equal.

It acts only where REPRISE_WITNESS names a file (one JSON line per step) or REPRISE_WITNESS_FINAL does (digests of the
last weights, at exit). A script tells its models with `witness.models(...)`, in the order in which they are trained.
"""
import atexit
import json
import os

from independent_digest import set_digest, torch_digest

DTYPES = {"bool": "BOOL", "uint8": "U8", "int64": "I64", "int32": "I32", "float16": "F16", "bfloat16": "BF16",
          "float32": "F32", "float64": "F64"}  # fmt: skip

_steps = os.environ.get("REPRISE_WITNESS")
_final = os.environ.get("REPRISE_WITNESS_FINAL")
_models = []
_count = 0


def _tensor(tensor):
    return torch_digest(DTYPES[str(tensor.dtype).removeprefix("torch.")], tensor)


def _clean(name):
    return name.removeprefix("module.").replace("_orig_mod.", "")


def _weights(model, prefix):
    named = list(model.named_parameters()) + list(model.named_buffers())
    return {prefix + _clean(name): tensor for name, tensor in named}


def _owned(parameters):
    wanted = {id(parameter) for parameter in parameters}
    weights, names = {}, {}
    for place, model in enumerate(_models):
        own = list(model.named_parameters())
        if not wanted & {id(parameter) for _, parameter in own}:
            continue
        prefix = "" if place == 0 else f"model{place + 1}."
        weights.update(_weights(model, prefix))
        names.update({id(parameter): prefix + _clean(name) for name, parameter in own})
    return weights, names


def _after_step(optimizer, args, kwargs):
    global _count
    _count += 1
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    weights, names = _owned(parameters)
    digests = {name: _tensor(tensor) for name, tensor in weights.items()}
    gradients = {names[id(p)]: _tensor(p.grad) for p in parameters if p.grad is not None}
    line = {
        "step": _count,
        "weights": set_digest("weights", digests).hex(),
        "gradients": set_digest("gradients", gradients).hex() if gradients else "",
        "names": sorted(digests),
    }
    with open(_steps, "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


_after_step._torchdynamo_disable = True


def _write_final():
    digests = {}
    for place, model in enumerate(_models):
        for name, tensor in _weights(model, f"{place}/").items():
            digests[name] = _tensor(tensor).hex()
    with open(_final, "w", encoding="utf-8") as file:
        json.dump(digests, file, indent=1, sort_keys=True)


def models(*new):
    if (_steps or _final) and not _models:
        if _steps:
            from torch.optim.optimizer import register_optimizer_step_post_hook

            register_optimizer_step_post_hook(_after_step)
        if _final:
            atexit.register(_write_final)
    _models.extend(new)
