# SPDX-License-Identifier: Apache-2.0
"""Tensors on their way to the library."""
import array
import hashlib

from .state import S, called

COPIED = 1 << 20  # instead of the number of a GPU: a device of another kind
BATCH, RNG, LOSS, GRADIENTS, WEIGHTS, OPTIMIZER, AUXILIARY = range(7)  # the stages, as the trace numbers them
LONGEST_NAME = 160  # bytes that a trace keeps of a name
DTYPES = {
    "bool": "BOOL", "uint8": "U8", "int8": "I8", "int16": "I16", "int32": "I32", "int64": "I64",
    "uint16": "U16", "uint32": "U32", "uint64": "U64", "float16": "F16", "bfloat16": "BF16",
    "float32": "F32", "float64": "F64", "complex64": "C64", "complex128": "C128",
    "float8_e4m3fn": "F8_E4M3", "float8_e5m2": "F8_E5M2",
}  # fmt: skip


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
        name = DTYPES.get(str(dtype).removeprefix("torch."))
        found = None if name is None else (number_of(name), dtype.itemsize, name)
        S.dtypes[dtype] = found
    return found


def lazy_types():
    """Tensors without a shape until the first forward pass."""
    if not S.lazy_types:
        parameter = S.torch.nn.parameter
        S.lazy_types = frozenset((parameter.UninitializedParameter, parameter.UninitializedBuffer))
    return S.lazy_types


def kind_of(tensor):
    """Why a tensor of its kind is not observed or None, what dtype_of says, and the number of its GPU or -1."""
    torch, device = S.torch, tensor.device
    if type(tensor) in lazy_types():
        return "not made yet (lazy)", None, -1
    if tensor.layout is not torch.strided or tensor.is_nested or tensor.is_quantized or hasattr(tensor, "__tensor_flatten__"):
        return "no plain dense tensor", None, -1
    if device.type == "meta":
        return "on the device meta", None, -1
    dtype = dtype_of(tensor.dtype)
    if dtype is None:
        return f"of dtype {tensor.dtype}", None, -1
    if device.type == "cpu":
        return None, dtype, -1
    return None, dtype, device.index if device.type == "cuda" else COPIED


def digest_place(gpu):
    """Where a GPU's tensors are digested: "cuda", or "cpu: " and why. The first question loads and tests what does that."""
    place = S.digest_places.get(gpu)
    if place is None:
        place = "cpu: only NVIDIA GPUs digest" if gpu == COPIED else S.lib.reprise_digest_place(gpu).decode("utf-8", "replace")
        S.digest_places[gpu] = place
    return place


def copied(tensor):
    S.lib.reprise_look_away(1)  # what the recorder calls is no operator of the script's
    try:
        return tensor.detach().cpu()
    finally:
        S.lib.reprise_look_away(0)


class Words:
    """Tensors on their way to the library, which digests them all in one call."""

    def __init__(self):
        self.words = []
        self.kept = []

    def tensor(self, stage, name, tensor):
        # What a tensor of a kind is, is asked once: this runs for each tensor of each step.
        kind = (type(tensor), tensor.layout, tensor.dtype, tensor.device, tensor.is_nested)
        known = S.kinds.get(kind)
        if known is None:
            known = S.kinds[kind] = kind_of(tensor)
        why, dtype, gpu = known
        if why is None and (tensor.is_conj() or tensor.is_neg()):
            why = "conjugated or negated lazily"
        if why is not None:
            return self.unobserved(name, why)
        if gpu >= 0 and digest_place(gpu) != "cuda":
            tensor, gpu = copied(tensor), -1
        # A tensor that was made on the fly must not be freed before it is digested: its memory is used again. One on a GPU
        # is freed in the order of its stream, in which its digest is queued.
        if gpu < 0:
            self.kept.append(tensor)
        shape = tensor.shape
        self.words += (stage, self.number_of(stage, name), dtype[0], dtype[1], len(shape), tensor.data_ptr(), gpu, *shape, *tensor.stride())
        return None

    def number_of(self, stage, name):
        return number_of(name)

    def unobserved(self, name, why):
        S.unobserved[name] = why

    def plain(self, stage, name, dtype, values):
        """An array.array as a tensor of one axis; of none for a single value."""
        address, length = values.buffer_info()
        self.kept.append(values)
        shape = (length,) if length > 1 else ()
        self.words += (stage, self.number_of(stage, name), number_of(dtype), values.itemsize, len(shape), address, -1)
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
        self.words, self.kept = [], []
