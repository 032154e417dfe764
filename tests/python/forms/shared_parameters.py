# SPDX-License-Identifier: Apache-2.0
import torch
import witness
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)
torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(12, 8)
        self.inner = nn.Linear(8, 8)
        self.head = nn.Linear(8, 12, bias=False)
        self.head.weight = self.embedding.weight

    def forward(self, tokens):
        return self.head(F.gelu(self.inner(self.embedding(tokens))))


model = Tied()
witness.models(model)
x = torch.randint(0, 12, (32,))
y = (x + 1) % 12
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
for step in range(6):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
print(f"loss {loss.item():.6f}")
