# SPDX-License-Identifier: Apache-2.0
"""What Python tells of the tensors in a fixture: their digests by Python's xxhash, which expected.json keeps."""
import argparse
import pathlib
import sys
import warnings

import numpy as np
import torch

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "python"))
import independent_digest as digest  # noqa: E402

warnings.filterwarnings("ignore")
OUT = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "fixtures"
TORCH = {torch.float32: "F32", torch.float64: "F64", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64",
         torch.int32: "I32", torch.int16: "I16", torch.int8: "I8", torch.uint8: "U8", torch.uint16: "U16",
         torch.bool: "BOOL", torch.complex64: "C64", torch.complex128: "C128", torch.float8_e4m3fn: "F8_E4M3",
         torch.float8_e5m2: "F8_E5M2"}
NUMPY = {"f2": "F16", "f4": "F32", "f8": "F64", "i1": "I8", "i2": "I16", "i4": "I32", "i8": "I64", "u1": "U8",
         "u2": "U16", "u4": "U32", "u8": "U64", "b1": "BOOL", "c8": "C64", "c16": "C128"}


def tensor_digest(value):
    if isinstance(value, torch.Tensor):
        return digest.torch_digest(TORCH[value.dtype], value.resolve_conj().resolve_neg())
    array = np.asarray(value)
    data = array.astype(array.dtype.newbyteorder("<")).tobytes(order="C")
    return digest.tensor_digest(NUMPY[array.dtype.str[1:]], array.shape, data)


def flat(value, name=""):
    """Nested keys joined by '.'; what is not a tensor and no container is left out."""
    if isinstance(value, (torch.Tensor, np.ndarray)):
        return {name or "tensor": value}
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, (list, tuple)) else \
        vars(value).items() if isinstance(value, (argparse.Namespace, Settings)) else []
    found = {}
    for key, item in items:
        found.update(flat(item, f"{name}.{key}" if name else str(key)))
    return found


class Settings:
    """Somebody's own class, as a script that is started defines it."""
    __module__ = "__main__"

    def __init__(self, lr, scale):
        self.lr, self.scale = lr, scale


expected = {}


def expect_members(file, members, opaque=None):
    expected[file] = {"tensors": {name: one.hex() for name, one in sorted(members.items())},
                      "root": digest.set_digest("weights", members).hex(), "opaque": opaque or {}}


def expect(file, tensors, opaque=None):
    expect_members(file, {name: tensor_digest(value) for name, value in tensors.items()}, opaque)
