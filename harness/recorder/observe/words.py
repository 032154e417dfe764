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


def rows_of(tensor):
    """Which rows of a weight that several processes train this one adds to their common digest: (what it holds, begin, end,
    first), and how such a column is called: those that it holds, or, of a weight that it holds whole, its share. None
    where there is one process, and where that is not known: what does not lie in the host's memory, parts along another
    axis, and parts that do not say of what they are."""
    group = S.torch.distributed
    if not (group.is_available() and group.is_initialized()) or tensor.device.type != "cpu":
        return None
    here, _ = shard_of(tensor)
    total = tensor.shape[0] if tensor.dim() else 1
    if here is tensor or all(placement.is_replicate() for placement in tensor.placements):
        if getattr(tensor, "_fsdp_flattened", False) or here.numel() == 0:
            return None
        share = -(-total // group.get_world_size())
        begin = min(group.get_rank() * share, total)
        end, first = min(begin + share, total), begin
    else:
        begin, end, first = 0, here.shape[0] if here.dim() else 1, first_row(tensor)
    if first is None or begin >= end:
        return None
    return (here, begin, end, first), f" [rows {first + 1} to {first + end - begin} of {total}]"


def first_row(tensor):
    """Of a DTensor of which each process holds rows: the number of its first; None of another."""
    if not all(p.is_replicate() or (type(p).__name__ == "Shard" and p.dim == 0) for p in tensor.placements):
        return None
    layout = sys.modules.get("torch.distributed.tensor._utils")
    if not hasattr(layout, "compute_local_shape_and_global_offset"):
        return None
    shape, offsets = layout.compute_local_shape_and_global_offset(tensor.shape, tensor.device_mesh, tensor.placements)
    return int(offsets[0]) if tuple(shape) == tuple(tensor._local_tensor.shape) else None


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
        self.rows = []

    def tensor(self, stage, name, tensor):
        rows = rows_of(tensor) if stage == WEIGHTS and tensor.requires_grad else None
        whole_name = name
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
        if rows is not None:
            (here, begin, end, first), part = rows
            self.rows += (self.number_of_rows(whole_name, part), here._cdata, begin, end, first)
        return None

    def with_shard(self, stage, name, shard):
        return name + shard

    def number_of(self, stage, name):
        return number_of(name)

    def number_of_rows(self, name, part):
        return number_of(name + part)

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
        if self.rows:
            packed = array.array("q", self.rows)
            called(S.lib.reprise_rows(packed.buffer_info()[0], len(self.rows) // 5))
        Words.__init__(self)

    def note(self, lacks):
        for (name, tensor), lack in zip(self.listed, lacks):
            if lack:
                self.unobserved(name, LACKS[lack] or f"of dtype {tensor.dtype}")
