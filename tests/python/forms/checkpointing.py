# Activation checkpointing that draws other dropout masks when it recomputes ("drop"), draws the same ("keep"), or is off.
import sys
import torch
from torch.utils.checkpoint import checkpoint

torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(16, 64), torch.nn.GELU(), torch.nn.Dropout(0.5), torch.nn.Linear(64, 4))
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for i in range(6):
    x = torch.randn(32, 16)
    y = torch.randint(0, 4, (32,))
    if sys.argv[1] == "off":
        out = net(x)
    else:
        out = checkpoint(net, x, use_reentrant=False, preserve_rng_state=sys.argv[1] == "keep")
    opt.zero_grad()
    torch.nn.functional.cross_entropy(out, y).backward()
    opt.step()
