# SPDX-License-Identifier: Apache-2.0
"""Makes fixtures/ and fixtures/expected.json: small checkpoints of every kind, and the digests of their tensors, told
by Python's xxhash from the values in memory. No line of reprise runs here.

    .deps/venv/bin/python tests/checkpoint/make_fixtures.py [FOLDER]      (torch 2.11, numpy, h5py, safetensors, xxhash)
"""
import argparse
import collections
import dataclasses
import fractions
import io
import json
import os
import pathlib
import pickle
import struct
import sys
import warnings
import zipfile

import numpy as np
import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "python"))
import independent_digest as digest  # noqa: E402

warnings.filterwarnings("ignore")
HERE = pathlib.Path(__file__).resolve().parent
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
    """Nested keys joined by '.'; what is no tensor and no container is left out."""
    if isinstance(value, (torch.Tensor, np.ndarray)):
        return {name or "tensor": value}
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, (list, tuple)) else \
        vars(value).items() if isinstance(value, (argparse.Namespace, Settings)) else []
    found = {}
    for key, item in items:
        found.update(flat(item, f"{name}.{key}" if name else str(key)))
    return found


expected = {}


def expect(file, tensors, opaque=None):
    members = {name: tensor_digest(value) for name, value in tensors.items()}
    expected[file] = {"tensors": {name: one.hex() for name, one in sorted(members.items())},
                      "root": digest.set_digest("weights", members).hex(), "opaque": opaque or {}}


@dataclasses.dataclass
class Settings:
    lr: float
    scale: object


class Caller:
    def __reduce__(self):
        return os.system, ("touch /tmp/a-checkpoint-ran-this",)


def save(file, value, opaque=None, **options):
    torch.save(value, OUT / file, **options)
    expect(file, flat(value), opaque)


def model():
    torch.manual_seed(7)
    return torch.nn.Sequential(torch.nn.Linear(4, 6), torch.nn.BatchNorm1d(6), torch.nn.Linear(6, 2, dtype=torch.float64))


def trained():
    net = model()
    optimizer = torch.optim.AdamW(net[:2].parameters(), lr=0.1)
    net[:2](torch.randn(5, 4)).square().sum().backward()
    optimizer.step()
    return net, optimizer


def torch_files():
    net, optimizer = trained()
    state = net.state_dict()
    save("state_dict.pt", state)
    save("protocol5.pt", state, pickle_protocol=5)
    save("tensor.pt", torch.arange(6.0).reshape(2, 3))
    torch.save(state, OUT / "legacy.pt", _use_new_zipfile_serialization=False)
    torch.jit.script(torch.nn.Linear(2, 2)).save(str(OUT / "script.pt"))
    repacked(OUT / "state_dict.pt", OUT / "deflated.pt")
    expect("deflated.pt", state)
    save("checkpoint.pt", {
        "model": state, "optimizer": optimizer.state_dict(), "epoch": 3, "name": "größe", "nothing": None, "ok": True,
        "big": 1 << 80, "settings": argparse.Namespace(lr=0.1, means=torch.ones(3)),
        "pair": (torch.zeros(2), [torch.ones(2, dtype=torch.int32)]), "dtype": torch.bfloat16, "size": torch.Size([2, 3]),
        "default": collections.defaultdict(list, {1: torch.full((2,), 5)}), "device": torch.device("cpu"),
        "numpy": np.arange(6, dtype=">f4").reshape(2, 3).T, "number": np.float32(2.5),
        "mt": np.random.RandomState(3).get_state()[1][:5]})
    return state


def views():
    base = torch.arange(24.0).reshape(4, 6)
    z = torch.complex(torch.arange(4.0), -torch.arange(4.0) - 1)
    save("views.pt", {
        "turned": base.T, "slice": base[1:3, 2:5], "step": base[::2, ::3], "row": base[2], "whole": base,
        "wide": torch.tensor([1.5, -2.0]).unsqueeze(1).expand(2, 1000), "one": torch.tensor(3.0), "none": torch.empty(0, 3),
        "bf16": torch.randn(5, generator=torch.Generator().manual_seed(1)).bfloat16(), "f16": base[0].half(),
        "f8": base[1].to(torch.float8_e4m3fn), "f8b": base[1].to(torch.float8_e5m2).reshape(2, 3).T,
        "u16": torch.tensor([1, 65535], dtype=torch.uint16), "truth": base > 7, "i8": base[0].to(torch.int8), "z": z,
        "z128": z.to(torch.complex128), "conj": z.conj(), "neg": torch._neg_view(torch.arange(3.0)), "nan": torch.tensor([float("nan"), -0.0]),
        "parameter": torch.nn.Parameter(base.clone().T), "buffer": torch.nn.Buffer(base[0].clone())})


def opaque_files():
    settings = Settings(0.5, torch.ones(2))
    torch.save({"run": Caller(), "third": fractions.Fraction(1, 3), "s": settings, "w": torch.ones(3),
                "parts": [Caller()], "net": torch.nn.Linear(2, 1)}, OUT / "opaque.pt")
    linear = torch.load(OUT / "opaque.pt", weights_only=False, pickle_module=Harmless)["net"]
    expect("opaque.pt", {"s.scale": settings.scale, "w": torch.ones(3), "net._parameters.weight": linear.weight,
                         "net._parameters.bias": linear.bias},
           {"posix.system": 2, "fractions.Fraction": 1, "__main__.Settings": 1, "torch.nn.modules.linear.Linear": 1})


class Harmless:
    """pickle, but for os.system."""
    class Unpickler(pickle.Unpickler):
        def find_class(self, module, name):
            return (lambda *_: None) if name == "system" else super().find_class(module, name)
    load, dumps = pickle.load, pickle.dumps


def repacked(source, target, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            new.writestr(zipfile.ZipInfo(entry.filename), old.read(entry.filename), method)


def safetensors_files(state):
    from safetensors.torch import save_file
    save_file(dict(state), OUT / "model.safetensors", metadata={"format": "pt"})
    expect("model.safetensors", state)
    (OUT / "sharded").mkdir(exist_ok=True)
    halves = [{k: v for k, v in state.items() if k.startswith("0.")}, {k: v for k, v in state.items() if not k.startswith("0.")}]
    places = {}
    for i, half in enumerate(halves):
        shard = f"model-{i + 1:05}-of-00002.safetensors"
        save_file(half, OUT / "sharded" / shard)
        places.update({name: shard for name in half})
    index = {"metadata": {"total_size": 1}, "weight_map": places}
    (OUT / "sharded" / "model.safetensors.index.json").write_text(json.dumps(index, indent=1))
    expect("sharded", state)
    expect("sharded/model.safetensors.index.json", state)


def numpy_files():
    arrays = {"a": np.arange(6.0).reshape(2, 3), "f": np.asfortranarray(np.arange(6, dtype="f4").reshape(2, 3)),
              "big": np.arange(4, dtype=">i4"), "truth": np.array([True, False]), "z": np.array(1 + 2j), "u": np.arange(3, dtype="u8"),
              "group/x": np.zeros((0, 2), "f2")}
    np.savez(OUT / "arrays.npz", **arrays, words=np.array(["ab"]), pairs=np.zeros(2, [("x", "f4")]))
    np.savez_compressed(OUT / "compressed.npz", **arrays, words=np.array(["ab"]))
    expect("arrays.npz", arrays, {"numpy <U2": 1, "numpy structured": 1})
    expect("compressed.npz", arrays, {"numpy <U2": 1})
    np.save(OUT / "array.npy", arrays["f"])
    expect("array.npy", {"tensor": arrays["f"]})
    for protocol in (2, 3, 4, 5):
        tree_of = {"layers": [{"w": arrays["a"]}, {"w": arrays["f"]}], "big": arrays["big"], "z": arrays["z"]}
        (OUT / f"arrays{protocol}.pkl").write_bytes(pickle.dumps(tree_of, protocol))
        expect(f"arrays{protocol}.pkl", flat(tree_of))


def hdf5_files():
    import h5py
    values = {"layers/dense/vars/0": np.arange(12, dtype="f4").reshape(3, 4), "layers/dense/vars/1": np.arange(4, dtype=">f8"),
              "layers/norm/vars/0": np.array([True, False, True]), "half": np.arange(3, dtype="f2"),
              "z": np.array([1 + 2j, -0.0], "c8"), "count": np.int64(7), "packed": np.zeros((300, 50), "i4")}
    with h5py.File(OUT / "weights.h5", "w") as file:
        for name, value in values.items():
            packed = {"compression": "gzip", "chunks": (100, 50), "shuffle": True} if name == "packed" else {}
            file.create_dataset(name, data=value, track_times=False, **packed)
        file["words"] = "text"
        file["again"] = h5py.SoftLink("/half")
        file["elsewhere"] = h5py.ExternalLink("/etc/passwd", "/x")
    expect("weights.h5", values, {"a dataset of no numbers": 1, "a link to another name or file": 2})
    with zipfile.ZipFile(OUT / "model.keras", "w") as file:
        for name, content in (("config.json", b"{}"), ("metadata.json", b"{}"), ("model.weights.h5", (OUT / "weights.h5").read_bytes())):
            file.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    expect("model.keras", values, {"a dataset of no numbers": 1, "a link to another name or file": 2})


def distributed_files(state):
    import torch.distributed.checkpoint as dcp
    from torch.distributed.checkpoint.metadata import (BytesStorageMetadata, ChunkStorageMetadata, Metadata, MetadataIndex,
                                                       TensorProperties, TensorStorageMetadata)
    from torch.distributed.checkpoint.filesystem import _StorageInfo
    dcp.save({"model": dict(state), "step": 3}, checkpoint_id=OUT / "dcp")
    expect("dcp", {f"model.{name}": value for name, value in state.items()}, {"a value that is no tensor": 1})
    whole = torch.arange(30, dtype=torch.bfloat16).reshape(5, 6)
    folder = OUT / "dcp_split"
    folder.mkdir(exist_ok=True)
    chunks, places = [], {}
    for rank, (rows, columns) in enumerate([((0, 2), (0, 6)), ((2, 5), (0, 4)), ((2, 5), (4, 6))]):
        content = io.BytesIO()
        torch.save(whole[rows[0]:rows[1], columns[0]:columns[1]].clone(), content)
        (folder / f"__{rank}_0.distcp").write_bytes(b"lead" * rank + content.getvalue())
        offset = torch.Size([rows[0], columns[0]])
        chunks.append(ChunkStorageMetadata(offset, torch.Size([rows[1] - rows[0], columns[1] - columns[0]])))
        places[MetadataIndex("w", offset, rank)] = _StorageInfo(f"__{rank}_0.distcp", 4 * rank, len(content.getvalue()))
    about = {"w": TensorStorageMetadata(TensorProperties(dtype=torch.bfloat16), whole.shape, chunks), "note": BytesStorageMetadata()}
    (folder / ".metadata").write_bytes(pickle.dumps(Metadata(about, storage_data=places)))
    expect("dcp_split", {"w": whole}, {"a value that is no tensor": 1})


OUT.mkdir(exist_ok=True)
weights = torch_files()
views()
opaque_files()
safetensors_files(weights)
numpy_files()
hdf5_files()
distributed_files(weights)
(OUT / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=False) + "\n")
