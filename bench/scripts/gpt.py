# SPDX-License-Identifier: Apache-2.0
"""A GPT as nanoGPT trains it on characters (6 layers, 6 heads, 384 wide, context 256, batches of 64, 65 tokens: 10.65
million parameters), in bfloat16 autocast with fused AdamW, on tokens drawn with a fixed seed: nothing to download.
scripts/gpu-day.sh times it plain and watched. It knows nothing of reprise.

  gpt.py [--layers N] [--width N] [--batch N] [--steps N] [--device cuda:0] [--times FILE]

FILE gets one JSON object. The time of a step is the wall time of all steps but the warm-up over their number, the device
waited for at both ends alone."""
import argparse
import hashlib
import json
import time

import torch
from torch import nn
from torch.nn import functional as F

vocabulary, block = 65, 256


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm_1, self.norm_2 = nn.LayerNorm(width, bias=False), nn.LayerNorm(width, bias=False)
        self.attention = nn.Linear(width, 3 * width, bias=False)
        self.projection = nn.Linear(width, width, bias=False)
        self.widen, self.narrow = nn.Linear(width, 4 * width, bias=False), nn.Linear(4 * width, width, bias=False)

    def forward(self, x):
        count, length, width = x.shape
        shape = (count, length, self.heads, width // self.heads)
        q, k, v = (part.view(shape).transpose(1, 2) for part in self.attention(self.norm_1(x)).split(width, dim=2))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.projection(y.transpose(1, 2).reshape(count, length, width))
        return x + self.narrow(F.gelu(self.widen(self.norm_2(x))))


class Gpt(nn.Module):
    def __init__(self, layers, width):
        super().__init__()
        heads = max(1, width // 64)
        self.tokens, self.places = nn.Embedding(vocabulary, width), nn.Embedding(block, width)
        self.blocks = nn.Sequential(*[Block(width, heads) for _ in range(layers)])
        self.norm = nn.LayerNorm(width, bias=False)
        self.head = nn.Linear(width, vocabulary, bias=False)
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, std=0.02)
        self.head.weight = self.tokens.weight

    def forward(self, tokens):
        x = self.tokens(tokens) + self.places.weight[: tokens.shape[1]]
        return self.head(self.norm(self.blocks(x)))


def wait_for(device):
    if device.startswith("cuda"):
        torch.cuda.synchronize(device)


def train(model, optimizer, data, words, steps):
    kind = words.device.split(":")[0]
    for _ in range(steps):
        at = torch.randint(len(data) - block - 1, (words.batch, 1), device=words.device)
        window = data[at + torch.arange(block + 1, device=words.device)]
        with torch.autocast(kind, dtype=torch.bfloat16):
            loss = F.cross_entropy(model(window[:, :-1]).flatten(0, 1), window[:, 1:].flatten())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    return loss


def digest_of(model):
    hashed = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        hashed.update(name.encode())
        hashed.update(tensor.cpu().contiguous().numpy().tobytes())
    return hashed.hexdigest()


def main():
    choices = argparse.ArgumentParser()
    for name, default in (("layers", 6), ("width", 384), ("batch", 64), ("steps", 30), ("warmup", 5)):
        choices.add_argument("--" + name, type=int, default=default)
    choices.add_argument("--device", default="cuda")
    choices.add_argument("--times")
    words = choices.parse_args()
    torch.manual_seed(1337)
    data = torch.randint(vocabulary, (1_000_000,), generator=torch.Generator().manual_seed(1)).to(words.device)
    model = Gpt(words.layers, words.width).to(words.device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.99), weight_decay=0.1, fused=True)
    train(model, optimizer, data, words, words.warmup)
    wait_for(words.device)
    began = time.perf_counter()
    loss = train(model, optimizer, data, words, words.steps)
    wait_for(words.device)
    took = time.perf_counter() - began
    told = {"parameters": sum(p.numel() for p in model.parameters()), "steps": words.steps,
            "milliseconds_per_step": 1000 * took / words.steps, "loss": loss.item(), "weights_sha256": digest_of(model)}
    print(json.dumps(told))
    if words.times:
        with open(words.times, "w") as file:
            json.dump(told, file)


main()
