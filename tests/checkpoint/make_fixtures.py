# SPDX-License-Identifier: Apache-2.0
"""Makes fixtures/ and fixtures/expected.json: small checkpoints of every kind, and the digests of their tensors, told
by Python's xxhash from the values in memory. No line of reprise runs here.

    .deps/venv/bin/python tests/checkpoint/make_fixtures.py [FOLDER]      (torch 2.11, numpy, h5py, safetensors, xxhash)

GGUF, ONNX and flax are written by their own libraries (gguf 0.19.0, onnx 1.23.2, flax 0.12.8), which .deps/venv has not:
pip install --no-deps --target /tmp/site gguf onnx flax jax jaxlib msgpack ml_dtypes protobuf ..., then PYTHONPATH=/tmp/site.
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
    save("legacy.pt", state, _use_new_zipfile_serialization=False)
    base = torch.arange(24.0).reshape(4, 6)
    save("legacy4.pt", {"turned": base.T, "slice": base[1:3, 2:5], "f8": base[1].to(torch.float8_e4m3fn), "lr": 0.1,
                        "bf16": torch.ones(3, dtype=torch.bfloat16), "none": torch.empty(0, 3), "truth": base > 7,
                        "parameter": torch.nn.Parameter(base[0].clone()), "conj": torch.complex(base, base).conj()},
         _use_new_zipfile_serialization=False, pickle_protocol=4)
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


def plain_files():
    """Two checkpoints whose tensors are alike; nothing else is."""
    for name, rate, words in (("plain_a.pt", 0.1, ["b", "a", "c"]), ("plain_b.pt", 0.2, ["c", "b", "a"])):
        first = name == "plain_a.pt"
        save(name, {"w": torch.ones(3), "optimizer": {"param_groups": [{"lr": rate, "nesterov": False}]},
                    "epoch": 3 if first else 4, "rng": (3, (1, 2, 3 if first else 5), None), "words": set(words),
                    "big": 1 << 80 if first else -(1 << 80), "raw": b"\0a" if first else b"\0b", "size": torch.Size([2]),
                    "accuracy": np.float32(0.5 if first else 0.25), "name": "one", "type": torch.float16,
                    ("left" if first else "right"): None})


def gguf_files():
    import gguf
    values = np.random.RandomState(5)
    plain = {f"plain.{kind}": np.arange(12).reshape(3, 4).astype(kind) for kind in
             ("float32", "float16", "int8", "int16", "int32", "int64", "float64")}
    quantized = {kind: values.randint(0, 256, (2, 3, size), np.uint8) for kind, size in
                 (("Q4_0", 18), ("Q8_0", 34), ("Q4_K", 144), ("IQ2_XXS", 66), ("MXFP4", 17))}
    brain = np.arange(12, dtype="f4").reshape(3, 4).view("u4") >> 16
    expected_tensors = {name: tensor_digest(value) for name, value in plain.items()}
    expected_tensors["plain.bf16"] = digest.tensor_digest("BF16", (3, 4), brain.astype("<u2").tobytes())
    for kind, blocks in quantized.items():
        per_row = gguf.GGML_QUANT_SIZES[gguf.GGMLQuantizationType[kind]][0]
        expected_tensors[f"blocks.{kind}"] = digest.tensor_digest(kind, (2, 3, per_row), blocks.tobytes())

    def write(path, **options):
        writer = gguf.GGUFWriter(path, "tiny", **options)
        writer.add_string("general.name", "größe")
        writer.add_uint8("tiny.u8", 255), writer.add_int8("tiny.i8", -1), writer.add_uint16("tiny.u16", 65535)
        writer.add_int16("tiny.i16", -300), writer.add_uint32("tiny.u32", 7), writer.add_int32("tiny.i32", -7)
        writer.add_uint64("tiny.u64", 2**63), writer.add_int64("tiny.i64", -2**62), writer.add_bool("tiny.yes", True)
        writer.add_float32("tiny.rate", 0.1), writer.add_float64("tiny.wide", 0.1)
        writer.add_array("tiny.words", ["a", "b"]), writer.add_array("tiny.many", list(range(100)))
        for name, value in plain.items():
            writer.add_tensor(name, value)
        writer.add_tensor("plain.bf16", brain.astype("<u2").view("u1"), raw_dtype=gguf.GGMLQuantizationType.BF16)
        for kind, blocks in quantized.items():
            writer.add_tensor(f"blocks.{kind}", blocks, raw_dtype=gguf.GGMLQuantizationType[kind])
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()

    def expect_gguf(file):
        expected[file] = {"tensors": {name: one.hex() for name, one in sorted(expected_tensors.items())},
                          "root": digest.set_digest("weights", expected_tensors).hex(), "opaque": {}}

    write(OUT / "model.gguf")
    expect_gguf("model.gguf")
    content = (OUT / "model.gguf").read_bytes()
    (OUT / "version2.gguf").write_bytes(content[:4] + struct.pack("<I", 2) + content[8:])
    expect_gguf("version2.gguf")
    (OUT / "gguf_shards").mkdir(exist_ok=True)
    write(OUT / "gguf_shards" / "tiny.gguf", split_max_tensors=5)
    expect_gguf("gguf_shards")


def onnx_files():
    import onnx
    from onnx import TensorProto, helper, numpy_helper
    arrays = {"f": np.arange(6, dtype="f4").reshape(2, 3), "d": np.arange(3, dtype="f8"), "h": np.arange(3, dtype="f2"),
              "i8": np.array([-1, 5], "i1"), "u8": np.array([255], "u1"), "i16": np.array([-300], "i2"),
              "u16": np.array([65535], "u2"), "i32": np.array([-7], "i4"), "u32": np.array([2**32 - 1], "u4"),
              "i64": np.array([-2**62, 3]), "u64": np.array([2**63], "u8"), "truth": np.array([True, False]),
              "c64": np.array([1 + 2j], "c8"), "c128": np.array([1 - 2j]), "none": np.zeros((0, 2), "f4"), "one": np.float32(2.5)}

    def typed(name, array):
        """The values in the field of their own type."""
        kind = helper.np_dtype_to_tensor_dtype(np.asarray(array).dtype)
        return helper.make_tensor(name, kind, np.shape(array), np.asarray(array).flatten())

    def write(file, tensors, **options):
        graph = helper.make_graph([], "tiny", [], [], initializer=tensors)
        model = helper.make_model(graph, producer_name="reprise", opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        helper.set_model_props(model, {"epoch": "3"})
        onnx.save(model, OUT / file, **options)

    words = helper.make_tensor("words", TensorProto.STRING, [1], [b"ab"])
    raw = [numpy_helper.from_array(np.asarray(array), f"raw.{name}") for name, array in arrays.items()]
    write("model.onnx", raw + [typed(f"typed.{name}", array) for name, array in arrays.items()] + [words])
    expect("model.onnx", {f"{form}.{name}": array for form in ("raw", "typed") for name, array in arrays.items()},
           {"ONNX element type 8": 1})
    (OUT / "external.bin").unlink(missing_ok=True)
    write("external.onnx", [numpy_helper.from_array(arrays[name], name) for name in ("f", "d", "i64")],
          save_as_external_data=True, location="external.bin", size_threshold=0)
    expect("external.onnx", {name: arrays[name] for name in ("f", "d", "i64")})


def flax_files():
    import flax.serialization as serialization
    import jax.numpy as jnp
    import ml_dtypes
    tree = {"params": {"Dense_0": {"kernel": np.arange(6, dtype="f4").reshape(2, 3), "bias": jnp.ones(3)}},
            "half": np.arange(3, dtype="f2"), "z": np.array([1 + 2j], "c8"), "truth": np.array([True]), "none": np.zeros((0, 2))}
    plain = {"step": 3, "rate": 0.1, "name": "größe", "ok": True, "nothing": None, "c": 1 + 2j, "s": np.float32(2.5),
             "i": np.int64(-5), "raw": b"\0a", "list": [1, -200, 2**63]}
    brain = np.arange(4).astype(ml_dtypes.bfloat16)
    (OUT / "params.msgpack").write_bytes(serialization.msgpack_serialize({**tree, **plain}))
    (OUT / "state.msgpack").write_bytes(serialization.to_bytes({"layers": [tree, {"b": brain}]}))
    arrays = {name: np.asarray(value) for name, value in flat({**tree, "params": {"Dense_0": {
        "kernel": tree["params"]["Dense_0"]["kernel"], "bias": np.ones(3, "f4")}}}).items()}
    expect("params.msgpack", arrays)
    members = {f"layers.0.{name}": tensor_digest(value) for name, value in arrays.items()}
    members["layers.1.b"] = digest.tensor_digest("BF16", (4,), brain.tobytes())
    expected["state.msgpack"] = {"tensors": {name: one.hex() for name, one in sorted(members.items())},
                                 "root": digest.set_digest("weights", members).hex(), "opaque": {}}
    serialization.MAX_CHUNK_SIZE = 16
    (OUT / "chunked.msgpack").write_bytes(serialization.msgpack_serialize({"w": np.arange(12.0).reshape(3, 4), "x": np.ones(2)}))
    expect("chunked.msgpack", {"w": np.arange(12.0).reshape(3, 4), "x": np.ones(2)})
    (OUT / "array.msgpack").write_bytes(serialization.msgpack_serialize(np.arange(300.0)))
    expect("array.msgpack", {"tensor": np.arange(300.0)})


OUT.mkdir(exist_ok=True)
weights = torch_files()
views()
opaque_files()
safetensors_files(weights)
numpy_files()
hdf5_files()
distributed_files(weights)
plain_files()
gguf_files()
onnx_files()
flax_files()
(OUT / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=False) + "\n")
