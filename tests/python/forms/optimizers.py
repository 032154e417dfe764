# SPDX-License-Identifier: Apache-2.0
import sys

import torch
import witness
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)
torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)

model = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 16), nn.Tanh(), nn.Linear(16, 3))
witness.models(model)
x, y = torch.randn(64, 10), torch.randint(0, 3, (64,))
optimizers = {
    "sgd": lambda: torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9),
    "adamw": lambda: torch.optim.AdamW(model.parameters(), lr=1e-2),
    "adamw_fused": lambda: torch.optim.AdamW(model.parameters(), lr=1e-2, fused=True),
    "adamw_foreach": lambda: torch.optim.AdamW(model.parameters(), lr=1e-2, foreach=True),
    "adamw_amsgrad": lambda: torch.optim.AdamW(model.parameters(), lr=1e-2, amsgrad=True),
}
optimizer = optimizers[sys.argv[1]]()
for step in range(6):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
print(f"loss {loss.item():.6f}")
