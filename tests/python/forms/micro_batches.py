# Gradients of micro-batches of unequal token counts: of the whole batch, averaged wrongly, or summed rightly.
import sys
import torch

F = torch.nn.functional
torch.manual_seed(0)
net = torch.nn.Linear(16, 5)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for i in range(6):
    x = torch.randn(32, 16)
    y = torch.randint(0, 5, (32,))
    y[:20:2] = -100
    opt.zero_grad()
    parts = [slice(8 * k, 8 * k + 8) for k in range(4)]
    if sys.argv[1] == "whole":
        F.cross_entropy(net(x), y).backward()
    elif sys.argv[1] == "mean":
        for part in parts:
            (F.cross_entropy(net(x[part]), y[part]) / 4).backward()
    else:
        n = (y != -100).sum()
        for part in parts:
            (F.cross_entropy(net(x[part]), y[part], reduction="sum") / n).backward()
    opt.step()
