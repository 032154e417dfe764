# A training on a device that can hold tensors and cannot compute: the CPU computes, and copies go to and fro.
#   python training.py cpu|cuda [overwrite]
# `overwrite`: what was handed over is freed after each step, and its memory taken and written at once.
import sys

import torch

device = sys.argv[1]
overwrite = "overwrite" in sys.argv


class HostSGD(torch.optim.Optimizer):
    """Stochastic gradient descent with momentum, in the CPU's memory."""

    def __init__(self, parameters):
        super().__init__(parameters, {"lr": 0.1})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                state = self.state[p]
                momentum = 0.9 * (state["momentum"].cpu() if state else torch.zeros(p.shape)) + p.grad.cpu()
                state["momentum"] = momentum.to(device)
                p.copy_(p.cpu() - group["lr"] * momentum)


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
