# SPDX-License-Identifier: Apache-2.0
import os

import torch
import witness
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)
torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)

os.environ.setdefault("MASTER_ADDR", "127.0.0.1")
torch.distributed.init_process_group("gloo")
rank = torch.distributed.get_rank()
model = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 3))
witness.models(model)
wrapped = nn.parallel.DistributedDataParallel(model)
x, y = torch.randn(64, 10), torch.randint(0, 3, (64,))
x, y = x[rank::2], y[rank::2]
optimizer = torch.optim.AdamW(wrapped.parameters(), lr=1e-2)
for step in range(6):
    optimizer.zero_grad()
    loss = F.cross_entropy(wrapped(x), y)
    loss.backward()
    optimizer.step()
torch.distributed.destroy_process_group()
