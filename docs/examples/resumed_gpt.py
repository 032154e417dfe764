# SPDX-License-Identifier: Apache-2.0
"""A small character model that can be stopped at any step and goes on from its checkpoint. `--forget` names parts of the
state that it then does not restore: optimizer, schedule, random (or one of torch, numpy, python), sampler, average, scale,
buffers."""
import argparse
import random
import signal

import numpy
import torch

options = argparse.ArgumentParser()
options.add_argument("--steps", type=int, default=12)
options.add_argument("--save", default="last.pt")
options.add_argument("--resume")
options.add_argument("--forget", default="")
options = options.parse_args()
forgotten = options.forget.split(",")
stopped = []
signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))  # looked at between two steps

torch.manual_seed(1)
numpy.random.seed(1)
random.seed(1)
text = "the quick brown fox jumps over the lazy dog " * 40
letters = sorted(set(text))
codes = torch.tensor([letters.index(letter) for letter in text])
width = 16
windows = torch.utils.data.TensorDataset(codes.unfold(0, width + 1, 5))


class Batches:
    """Epochs in an order of their own, from some batch on."""

    done = 0

    def __iter__(self):
        size, whole = 8, len(windows) // 8
        while True:
            epoch, place = divmod(self.done, whole)
            order = torch.randperm(len(windows), generator=torch.Generator().manual_seed(epoch)).tolist()
            self.done += 1
            yield order[place * size : (place + 1) * size]


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.letters = torch.nn.Embedding(len(letters), 32)
        self.places = torch.nn.Embedding(width, 32)
        self.layer = torch.nn.TransformerEncoderLayer(32, 2, 64, dropout=0.1, batch_first=True)
        self.norm = torch.nn.BatchNorm1d(32)
        self.out = torch.nn.Linear(32, len(letters))

    def forward(self, x):
        x = self.letters(x) + self.places.weight
        x = self.layer(x, src_mask=torch.nn.Transformer.generate_square_subsequent_mask(width), is_causal=True)
        return self.out(self.norm(x.transpose(1, 2)).transpose(1, 2))


model = Model()
average = torch.optim.swa_utils.AveragedModel(model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.9))
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 / (1 + step))
scale = torch.amp.GradScaler("cpu", init_scale=1024.0, growth_interval=3)
batches = Batches()
# A generator of its own: each iterator draws one number when it is made, and a resumed run makes one more.
loader = iter(torch.utils.data.DataLoader(windows, batch_sampler=batches, generator=torch.Generator()))
first = 0
parts = {"optimizer": optimizer, "schedule": schedule, "average": average, "scale": scale}

if options.resume:
    kept = torch.load(options.resume, weights_only=False)
    first = kept["step"]
    weights = kept["model"]
    if "buffers" in forgotten:
        weights = {name: value for name, value in weights.items() if not name.startswith("norm.running")}
    model.load_state_dict(weights, strict=False)
    for name, part in parts.items():
        if name not in forgotten:
            part.load_state_dict(kept[name])
    if "sampler" not in forgotten:
        batches.done = first
    for name, put_back in (("torch", torch.set_rng_state), ("numpy", numpy.random.set_state), ("python", random.setstate)):
        if not {"random", name} & set(forgotten):
            put_back(kept[name])


def save(step):
    kept = {name: part.state_dict() for name, part in parts.items()}
    kept |= {"step": step, "model": model.state_dict(), "torch": torch.get_rng_state()}
    kept |= {"numpy": numpy.random.get_state(), "python": random.getstate()}
    torch.save(kept, options.save)


for step in range(first + 1, options.steps + 1):
    (chunk,) = next(loader)
    if random.random() < 0.5:
        chunk = chunk.roll(int(numpy.random.randint(8)), 0)
    scores = model(chunk[:, :-1])
    loss = torch.nn.functional.cross_entropy(scores.flatten(0, 1), chunk[:, 1:].flatten())
    optimizer.zero_grad()
    scale.scale(loss).backward()
    scale.step(optimizer)
    scale.update()
    schedule.step()
    average.update_parameters(model)
    if stopped or step == options.steps:
        save(step)
        break
