# SPDX-License-Identifier: Apache-2.0
"""A small training whose forward pass sums rows by index_add_: on a GPU with atomic additions, in whatever order they
come, unless deterministic algorithms are asked for. scripts/gpu-day.sh lets `reprise bisect` find that.

  atomics.py [--device cuda:0] [--steps N] [--rows N]"""
import argparse

import torch

choices = argparse.ArgumentParser()
choices.add_argument("--device", default="cuda")
choices.add_argument("--steps", type=int, default=5)
choices.add_argument("--rows", type=int, default=200_000)
words = choices.parse_args()

torch.manual_seed(1)
groups = torch.randint(0, 50, (words.rows,)).to(words.device)
values = torch.randn(words.rows, 16).to(words.device)
model = torch.nn.Linear(16, 16).to(words.device)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for _ in range(words.steps):
    optimizer.zero_grad()
    sums = torch.zeros(50, 16, device=words.device).index_add_(0, groups, model(values))
    loss = (sums * 50 / words.rows).tanh().pow(2).mean()
    loss.backward()
    optimizer.step()
print(loss.item())
