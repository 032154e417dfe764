# SPDX-License-Identifier: Apache-2.0
import io

import torch
import witness
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)
torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)


def make():
    model = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 3))
    return model, torch.optim.AdamW(model.parameters(), lr=1e-2)


def train(model, optimizer, steps):
    for step in range(steps):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
    return loss.item()


x, y = torch.randn(64, 10), torch.randint(0, 3, (64,))
first, optimizer = make()
witness.models(first)
train(first, optimizer, 3)
file = io.BytesIO()
torch.save({"model": first.state_dict(), "optimizer": optimizer.state_dict()}, file)
file.seek(0)
second, optimizer = make()
witness.models(second)
stored = torch.load(file)
second.load_state_dict(stored["model"])
optimizer.load_state_dict(stored["optimizer"])
print(f"loss {train(second, optimizer, 3):.6f}")
