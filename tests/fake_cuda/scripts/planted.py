# A training on a device that can hold tensors and cannot compute, with an operator of its own that adds noise from outside.
#   python planted.py cpu|cuda
import os
import sys

import torch
from host_sgd import HostSGD

device = sys.argv[1]

library = torch.library.Library("planted", "DEF")
library.define("noisy(Tensor x) -> Tensor")
def noisy(x):
    y = x.cpu().numpy().copy()
    y.flat[0] += int.from_bytes(os.urandom(1), "little") / 256
    return torch.from_numpy(y).to(x.device)
library.impl("noisy", noisy, "CUDA"); library.impl("noisy", noisy, "CPU")

torch.manual_seed(1)
weight = torch.nn.Parameter(torch.randn(40, 30).to(device))
optimizer = HostSGD([weight])
for step in range(4):
    gradient = torch.full((40, 30), 0.5 + step).to(device)
    weight.grad = torch.ops.planted.noisy(gradient)
    optimizer.step()
