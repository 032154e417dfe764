# SPDX-License-Identifier: Apache-2.0
import torch
import witness
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)
torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)

judge = nn.Sequential(nn.Linear(8, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1))
maker = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 8))
witness.models(judge, maker)
judge_optimizer = torch.optim.Adam(judge.parameters(), lr=1e-3)
maker_optimizer = torch.optim.Adam(maker.parameters(), lr=1e-3)
real = torch.randn(32, 8)
ones, zeros = torch.ones(32, 1), torch.zeros(32, 1)
for step in range(6):
    made = maker(torch.randn(32, 4))
    judge_optimizer.zero_grad()
    loss = F.binary_cross_entropy_with_logits(judge(real), ones)
    loss = loss + F.binary_cross_entropy_with_logits(judge(made.detach()), zeros)
    loss.backward()
    judge_optimizer.step()
    maker_optimizer.zero_grad()
    maker_loss = F.binary_cross_entropy_with_logits(judge(made), ones)
    maker_loss.backward()
    maker_optimizer.step()
print(f"loss {loss.item():.6f} {maker_loss.item():.6f}")
