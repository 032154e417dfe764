# SPDX-License-Identifier: Apache-2.0
"""Runs a script with every setting that `reprise run` makes, and takes what watches it away again once torch is imported:
what the settings cost is told apart from what watching costs.

  reprise run -- python unwatched.py SCRIPT ARGUMENTS..."""
import runpy
import sys

import torch
from torch.optim import optimizer

optimizer._global_optimizer_pre_hooks.clear()
optimizer._global_optimizer_post_hooks.clear()
torch.autograd.backward = getattr(torch.autograd.backward, "__wrapped__", torch.autograd.backward)
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
