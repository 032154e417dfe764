# SPDX-License-Identifier: Apache-2.0
"""The mlp of the recipe `waves` as somebody would write it in Python, on batches and initial weights from files.

    train.py BATCHES.npz WEIGHTS.safetensors libtorch|torch

libtorch: Adam in the operators of LibTorch's C++ optimizer; torch: torch.optim.Adam, which averages by lerp.
"""
import math
import sys

import numpy
import torch
from safetensors.torch import load_file
from torch import nn


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.linear3 = nn.Linear(64, 256), nn.Linear(256, 256), nn.Linear(256, 10)

    def forward(self, x):
        h = torch.relu(self.linear1(x))
        h = h + torch.relu(self.linear2(h))
        return self.linear3(h)


class PlainAdam(torch.optim.Optimizer):
    def __init__(self, parameters, lr):
        super().__init__(parameters, {"lr": lr})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                state = self.state[p]
                if not state:
                    state.update(step=0, exp_avg=torch.zeros_like(p), exp_avg_sq=torch.zeros_like(p))
                state["step"] += 1
                state["exp_avg"].mul_(0.9).add_(p.grad, alpha=1 - 0.9)
                state["exp_avg_sq"].mul_(0.999).addcmul_(p.grad, p.grad, value=1 - 0.999)
                root = state["exp_avg_sq"].sqrt() / math.sqrt(1 - 0.999 ** state["step"])
                rate = group["lr"] / (1 - 0.9 ** state["step"])
                p.addcdiv_(state["exp_avg"], root.add_(1e-8), value=-rate)


batches, weights, kind = numpy.load(sys.argv[1]), load_file(sys.argv[2]), sys.argv[3]
model = Mlp()
model.load_state_dict({name.removeprefix("weights/"): t for name, t in weights.items() if name.startswith("weights/")})
make = PlainAdam if kind == "libtorch" else torch.optim.Adam
optimizer = make(model.parameters(), lr=0.003)
for x, y in zip(batches["x"], batches["y"]):
    # clone: memory as torch aligns it, since kernels may go by alignment
    loss = nn.functional.cross_entropy(model(torch.from_numpy(x).clone()), torch.from_numpy(y).clone())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
