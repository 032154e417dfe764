# SPDX-License-Identifier: Apache-2.0
"""Fixtures of safetensors, numpy, pickle, HDF5 and Keras."""
import json
import pickle
import zipfile

import numpy as np

from fixtures_told import OUT, expect, flat


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
