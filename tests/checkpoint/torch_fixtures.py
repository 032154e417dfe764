# SPDX-License-Identifier: Apache-2.0
"""Fixtures as torch.save, TorchScript and torch.distributed.checkpoint write them."""
import argparse
import collections
import fractions
import io
import os
import pickle
import zipfile

import numpy as np
import torch

from fixtures_told import OUT, Settings, expect, flat


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


def distributed_files(state):
    import torch.distributed.checkpoint as dcp
    from torch.distributed.checkpoint.metadata import (BytesStorageMetadata, ChunkStorageMetadata, Metadata, MetadataIndex,
                                                       TensorProperties, TensorStorageMetadata)
    from torch.distributed.checkpoint.filesystem import _StorageInfo
    dcp.save({"model": dict(state), "step": 3}, checkpoint_id=OUT / "dcp")
    expect("dcp", {f"model.{name}": value for name, value in state.items()}, {"a value that is not a tensor": 1})
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
    expect("dcp_split", {"w": whole}, {"a value that is not a tensor": 1})


def plain_files():
    """Two checkpoints whose tensors are alike; nothing else is."""
    for name, rate, words in (("plain_a.pt", 0.1, ["b", "a", "c"]), ("plain_b.pt", 0.2, ["c", "b", "a"])):
        first = name == "plain_a.pt"
        save(name, {"w": torch.ones(3), "optimizer": {"param_groups": [{"lr": rate, "nesterov": False}]},
                    "epoch": 3 if first else 4, "rng": (3, (1, 2, 3 if first else 5), None), "words": set(words),
                    "big": 1 << 80 if first else -(1 << 80), "raw": b"\0a" if first else b"\0b", "size": torch.Size([2]),
                    "accuracy": np.float32(0.5 if first else 0.25), "name": "one", "type": torch.float16,
                    ("left" if first else "right"): None})
