# SPDX-License-Identifier: Apache-2.0
"""A small training over several ranks (gloo), as DistributedDataParallel or as FSDP; `--fault` plants a mistake of ranks."""
import argparse
import os
import signal
import time

import torch
import torch.distributed as dist
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, DistributedSampler, TensorDataset

options = argparse.ArgumentParser()
options.add_argument("--form", default="ddp")  # ddp, fsdp2, fsdp1
options.add_argument("--fault", default="")
options.add_argument("--epochs", type=int, default=2)
options.add_argument("--pids", default="")  # a folder in which each rank writes its number in the system
options.add_argument("--seed", type=int, default=1)  # of the initial weights
options = options.parse_args()
fault = options.fault

dist.init_process_group("gloo")
rank, ranks = dist.get_rank(), dist.get_world_size()
if options.pids:
    with open(f"{options.pids}/pid-{rank}", "w") as file:
        file.write(str(os.getpid()))
torch.manual_seed(0)
data = TensorDataset(torch.randn(64, 10), torch.randint(0, 3, (64,)))
torch.manual_seed(options.seed + (rank if fault == "initial-weights" else 0))
model = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 3))
wrapped = model
if options.form == "fsdp2":
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import fully_shard

    mesh = init_device_mesh("cpu", (ranks,))
    for layer in (model[0], model[2]):
        fully_shard(layer, mesh=mesh)
    fully_shard(model, mesh=mesh)
elif options.form == "fsdp1":
    from torch.distributed.fsdp import FullyShardedDataParallel

    wrapped = FullyShardedDataParallel(model, device_id=torch.device("cpu"), use_orig_params=True)
elif fault == "left-out":
    # The last layer is not wrapped: its gradients are each rank's own.
    front = nn.parallel.DistributedDataParallel(model[0])
    wrapped = nn.Sequential(front, model[1], model[2])
elif fault not in ("initial-weights", "sum"):
    wrapped = nn.parallel.DistributedDataParallel(model)
# Each rank draws its own noise, unless the fault gives all the same.
torch.manual_seed(5 if fault == "same-noise" else 5 + rank)
sampler = None if fault == "equal-batches" else DistributedSampler(data, ranks, rank, seed=3)
loader = DataLoader(data, batch_size=16 // ranks, sampler=sampler, shuffle=False)
optimizer = torch.optim.SGD(wrapped.parameters(), lr=0.1, momentum=0.9)
step = 0
for epoch in range(options.epochs):
    if sampler and fault != "no-set-epoch":
        sampler.set_epoch(epoch)
    for x, y in loader:
        step += 1
        if fault in ("noise", "same-noise"):
            x = x + 0.1 * torch.randn(x.shape)
        if step == 4 and rank == min(1, ranks - 1):
            if fault == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            if fault == "hang":
                time.sleep(100000)
        optimizer.zero_grad()
        # "skip": rank 1 alone leaves out what the others do together in step 5.
        if (fault == "no-sync" and step >= 3) or (fault == "skip" and step == 5 and rank == 1):
            with wrapped.no_sync():
                F.cross_entropy(wrapped(x), y).backward()
        else:
            F.cross_entropy(wrapped(x), y).backward()
        if fault in ("initial-weights", "sum"):
            for parameter in model.parameters():
                dist.all_reduce(parameter.grad)
                if fault != "sum":
                    parameter.grad /= ranks
        optimizer.step()
with torch.no_grad():
    loss = F.cross_entropy(wrapped(data.tensors[0]), data.tensors[1]).item()
if rank == 0:
    print(f"final loss {loss:.6f}")
dist.destroy_process_group()
