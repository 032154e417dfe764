# SPDX-License-Identifier: Apache-2.0
"""Tensors on their way to the library."""
import array
import hashlib
import sys

from .state import S, called

BATCH, RNG, LOSS, GRADIENTS, WEIGHTS, OPTIMIZER, AUXILIARY = range(7)  # the stages, as the trace numbers them
LACKS = (None, "no plain dense tensor", "on the device meta", "conjugated or negated lazily", None)  # as the library counts them
LONGEST_NAME = 160  # bytes that a trace keeps of a name


def number_of(name):
    number = S.names.get(name)
    if number is None:
        text = name.encode("utf-8", "surrogateescape")
        if len(text) > LONGEST_NAME:
            text = text[: LONGEST_NAME - 18] + b"~" + hashlib.sha256(text).hexdigest()[:16].encode()
        number = S.names[name] = S.lib.reprise_name(text)
    return number


def lazy_types():
    """Tensors without a shape until the first forward pass."""
    if not S.lazy_types:
        parameter = S.torch.nn.parameter
        S.lazy_types = frozenset((parameter.UninitializedParameter, parameter.UninitializedBuffer))
    return S.lazy_types


def why_unobserved(kind):
    """Of a class of tensors; None where the library can tell."""
    if kind in lazy_types():
        return "not made yet (lazy)"
    return LACKS[1] if hasattr(kind, "__tensor_flatten__") else None


def digest_place(gpu):
    """Where a GPU's tensors are digested: "cuda", or "cpu: " and why. The first question loads and tests what does that."""
    return S.lib.reprise_digest_place(gpu).decode("utf-8", "replace")


def shard_of(tensor):
    """What this process holds of a tensor that lies on several, and which part that is; all of it: "". A plain tensor is
    given back as it is."""
    distributed = sys.modules.get("torch.distributed.tensor")
    if distributed is None or not isinstance(tensor, getattr(distributed, "DTensor", ())):
        return tensor, ""
    mesh, parts = tensor.device_mesh, []
    place = mesh.get_coordinate()
    for axis, placement in enumerate(tensor.placements):
        count = mesh.size(axis)
        if count > 1 and not placement.is_replicate():
            what = f"shard {place[axis] + 1} of {count}" if place else f"none of {count} shards"
            along = getattr(placement, "dim", None)
            parts.append(f"addend {place[axis] + 1} of {count}" if along is None and place else f"{what} along axis {along}")
    return tensor._local_tensor, f" [{', '.join(parts)}]" if parts else ""


def handles_of(numbered):
    """[(number, tensor)] as the library takes them, two words each, of those tensors that it can read at all."""
    numbered = [(number, shard_of(tensor)[0]) for number, tensor in numbered]
    for kind in {type(tensor) for _, tensor in numbered} - S.kinds.keys():
        S.kinds[kind] = why_unobserved(kind)
    packed = array.array("q")
    for number, tensor in numbered:
        if S.kinds[type(tensor)] is None:
            packed.extend((number, tensor._cdata))
    return packed


class Words:
    """Tensors on their way to the library, which digests them all in one call."""

    def __init__(self):
        self.handles, self.listed = [], []
        self.words, self.arrays = [], []

    def tensor(self, stage, name, tensor):
        tensor, shard = shard_of(tensor)
        name = self.with_shard(stage, name, shard)
        kind = type(tensor)
        if kind not in S.kinds:
            S.kinds[kind] = why_unobserved(kind)
        if S.kinds[kind] is not None:
            return self.unobserved(name, S.kinds[kind])
        # One that was made on the fly must not be freed before it is digested: its memory is used again. One on a GPU may be
        # freed once it is sent, in the order of its stream, in which its digest is queued.
        self.listed.append((name, tensor))
        self.handles += (stage, self.number_of(stage, name), tensor._cdata)
        return None

    def with_shard(self, stage, name, shard):
        return name + shard

    def number_of(self, stage, name):
        return number_of(name)

    def unobserved(self, name, why):
        S.unobserved[name] = why

    def plain(self, stage, name, dtype, values):
        """An array.array as a tensor of one axis; of none for a single value."""
        address, length = values.buffer_info()
        self.arrays.append(values)
        shape = (length,) if length > 1 else ()
        self.words += (stage, self.number_of(stage, name), number_of(dtype), values.itemsize, len(shape), address)
        self.words += shape
        if shape:
            self.words.append(1)

    def number(self, stage, name, value):
        self.plain(stage, name, "F64", array.array("d", (float(value),)))

    def send(self):
        if self.words:
            packed = array.array("q", self.words)
            called(S.lib.reprise_memory(packed.buffer_info()[0], len(packed)))
        if self.handles:
            packed, lacks = array.array("q", self.handles), array.array("b", bytes(len(self.listed)))
            called(S.lib.reprise_tensors(packed.buffer_info()[0], len(self.listed), lacks.buffer_info()[0]))
            if any(lacks):
                self.note(lacks)
        Words.__init__(self)

    def note(self, lacks):
        for (name, tensor), lack in zip(self.listed, lacks):
            if lack:
                self.unobserved(name, LACKS[lack] or f"of dtype {tensor.dtype}")
