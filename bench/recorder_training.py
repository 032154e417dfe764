# SPDX-License-Identifier: Apache-2.0
"""A model of 10.7 million parameters (6 encoder layers, 384 wide, as nanoGPT's smallest) trained on 12 sequences of 64
tokens, AdamW, on the CPU: what bench/recorder_bench.py times. Prints the median time of a step, in milliseconds."""
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

steps = int(sys.argv[1])
torch.manual_seed(0)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens, self.places = nn.Embedding(65, 384), nn.Embedding(64, 384)
        layer = nn.TransformerEncoderLayer(384, 6, 1536, dropout=0.0, activation="gelu", batch_first=True, norm_first=True)
        self.layers = nn.TransformerEncoder(layer, 6, enable_nested_tensor=False)
        self.head = nn.Linear(384, 65, bias=False)
        self.register_buffer("mask", nn.Transformer.generate_square_subsequent_mask(64), persistent=False)

    def forward(self, x):
        h = self.tokens(x) + self.places.weight
        return self.head(self.layers(h, mask=self.mask, is_causal=True))


model = Model()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
data = torch.randint(0, 65, (100_000,))
times = []
for step in range(steps):
    start = time.perf_counter()
    at = torch.randint(0, 99_000, (12,))
    x = torch.stack([data[i : i + 64] for i in at])
    y = torch.stack([data[i + 1 : i + 65] for i in at])
    loss = F.cross_entropy(model(x).flatten(0, 1), y.flatten())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    times.append((time.perf_counter() - start) * 1000)
print(f"parameters {sum(p.numel() for p in model.parameters())}")
print(f"median_ms {statistics.median(times[1:]):.3f}")
