# A training on a device that can hold tensors and cannot compute: the CPU computes, and copies go to and fro.
#   python training.py cpu|cuda [overwrite]
# `overwrite`: what was handed over is freed after each step, and its memory taken and written at once.
import sys

import torch
from host_sgd import HostSGD

device = sys.argv[1]
overwrite = "overwrite" in sys.argv

torch.manual_seed(1)
model = torch.nn.Sequential(torch.nn.Linear(40, 300), torch.nn.Linear(300, 20))
twin = torch.nn.Sequential(torch.nn.Linear(40, 300), torch.nn.Linear(300, 20))  # where the CPU computes
model = model.to(device)
optimizer = HostSGD(model.parameters())
for step in range(6):
    for own, other in zip(twin.parameters(), model.parameters()):
        own.data = other.detach().cpu()
        own.grad = None
    found = twin(torch.randn(8, 40)).square().mean().to(device)
    torch.autograd.backward(found, torch.ones(()).to(device))
    for own, other in zip(twin.parameters(), model.parameters()):
        other.grad = own.grad.to(device)
    optimizer.step()
    for parameter in model.parameters():
        size = parameter.grad.shape
        parameter.grad = None
        if overwrite:
            junk = torch.full(size, float(step)).to(device)
            del junk
