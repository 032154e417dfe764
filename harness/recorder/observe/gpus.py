# SPDX-License-Identifier: Apache-2.0
"""Which GPUs a script used: part of who ran."""
import re

from .state import S, called, guarded
from .words import digest_place


def driver():
    try:
        with open("/proc/driver/nvidia/version", encoding="utf-8") as file:
            found = re.search(r"\b(\d+\.\d+(\.\d+)?)\b", file.readline())
    except OSError:
        found = None
    return found.group(1) if found else "unknown"


def described(number):
    cuda = S.torch.cuda
    card = cuda.get_device_properties(number)
    identity = str(getattr(card, "uuid", "") or "unknown")
    return {
        "gpu.index": str(number),
        "gpu.name": card.name,
        "gpu.uuid": identity if identity.startswith(("GPU-", "MIG-", "unknown")) else f"GPU-{identity}",
        "gpu.capability": f"{card.major}.{card.minor}",
        "gpu.processors": str(card.multi_processor_count),
        "gpu.memory": str(card.total_memory),
        "gpu.driver": driver(),
    }


def gpus_in_use():
    """Facts of the current GPU, and the names of others on which tensors were made."""
    cuda = S.torch.cuda
    if not cuda.is_initialized():
        return {}
    current = cuda.current_device()
    facts = described(current)
    others = []
    for number in range(cuda.device_count()):
        if number != current and cuda.max_memory_allocated(number) > 0:
            other = described(number)
            others.append(f"{other['gpu.name']} {other['gpu.uuid']}")
    if others:
        facts["gpu.others"] = ", ".join(sorted(others))
    if facts["gpu.uuid"] == "unknown":
        del facts["gpu.uuid"]
    return facts


@guarded
def add_gpu_facts():
    S.gpus = gpus_in_use()
    for name, value in S.gpus.items():
        called(S.lib.reprise_fact(name.encode(), value.encode("utf-8", "replace")))
    if S.gpus:
        number = int(S.gpus["gpu.index"])
        called(S.lib.reprise_gpu_facts(number))  # the driver knows more of it
        called(S.lib.reprise_fact(b"digest.device", digest_place(number).encode("utf-8", "replace")))


@guarded
def late_gpu():
    """A trace says who ran before its first row; what came later stands beside it."""
    now = gpus_in_use()
    if now and not S.gpus:
        S.notes.append(
            f"the GPU was first used after training had begun, so the trace does not say which it was: {now['gpu.name']}, "
            f"{now.get('gpu.uuid', 'without a number')}"
        )
    elif now.get("gpu.others", "") != S.gpus.get("gpu.others", ""):
        S.notes.append(f"other GPUs were first used after training had begun: {now.get('gpu.others', 'none')}")
