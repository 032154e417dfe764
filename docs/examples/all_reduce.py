# SPDX-License-Identifier: Apache-2.0
"""Sums over gloo of two and of three processes: reprise probe docs/examples/all_reduce.py"""
import multiprocessing
import os
import tempfile

import torch
import torch.distributed as dist

NUMBERS = 100003


def worker(rank, ranks, meeting, results):
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
    dist.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=ranks)
    mine = 1 / (torch.arange(NUMBERS) + 1.0 + rank)
    dist.all_reduce(mine)
    if rank == 0:
        torch.save(mine, results)
    dist.destroy_process_group()


def reduced(ranks):
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        meeting, results = os.path.join(folder, "meeting"), os.path.join(folder, "sum.pt")
        members = [spawn.Process(target=worker, args=(rank, ranks, meeting, results)) for rank in range(ranks)]
        for member in members:
            member.start()
        for member in members:
            member.join()
        if any(member.exitcode != 0 for member in members):
            raise RuntimeError("a process of the all-reduce ended badly")
        return torch.load(results)


def probe():
    return {f"sum of {ranks}": reduced(ranks) for ranks in (2, 3)}
