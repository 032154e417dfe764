# SPDX-License-Identifier: Apache-2.0
"""Fixtures of GGUF, ONNX and flax, by their own libraries."""
import struct

import numpy as np

from fixtures_told import OUT, digest, expect, expect_members, flat, tensor_digest


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

    write(OUT / "model.gguf")
    expect_members("model.gguf", expected_tensors)
    content = (OUT / "model.gguf").read_bytes()
    (OUT / "version2.gguf").write_bytes(content[:4] + struct.pack("<I", 2) + content[8:])
    expect_members("version2.gguf", expected_tensors)
    (OUT / "gguf_shards").mkdir(exist_ok=True)
    write(OUT / "gguf_shards" / "tiny.gguf", split_max_tensors=5)
    expect_members("gguf_shards", expected_tensors)


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
    expect_members("state.msgpack", members)
    serialization.MAX_CHUNK_SIZE = 16
    (OUT / "chunked.msgpack").write_bytes(serialization.msgpack_serialize({"w": np.arange(12.0).reshape(3, 4), "x": np.ones(2)}))
    expect("chunked.msgpack", {"w": np.arange(12.0).reshape(3, 4), "x": np.ones(2)})
    (OUT / "array.msgpack").write_bytes(serialization.msgpack_serialize(np.arange(300.0)))
    expect("array.msgpack", {"tensor": np.arange(300.0)})
