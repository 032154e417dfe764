# SPDX-License-Identifier: Apache-2.0
"""A Trainer of transformers that saves a checkpoint every 4 of 10 steps; SIGTERM ends it at once. `--resume FOLDER` goes on
from one; `--skip-no-data` begins the data anew, as ignore_data_skip does. `--forget` names parts of the checkpoint that are lost
on the way: optimizer, scheduler, random, weights, state (how many steps were made)."""
import argparse
import json
import os
import shutil

import safetensors.torch
import torch
from transformers import GPT2Config, GPT2LMHeadModel, Trainer, TrainingArguments, set_seed

options = argparse.ArgumentParser()
options.add_argument("--out", default="trained")
options.add_argument("--resume")
options.add_argument("--skip-no-data", action="store_true")
options.add_argument("--forget", default="")
options = options.parse_args()


def lose(part):
    """One file of the checkpoint, or what stands in it."""
    if part == "scheduler":  # the Trainer takes neither optimizer nor scheduler where one of the two files is missing
        path = os.path.join(options.resume, "scheduler.pt")
        fresh = {"last_epoch": 0, "_step_count": 1}
        torch.save(torch.load(path) | fresh, path)
    elif part == "state":
        path = os.path.join(options.resume, "trainer_state.json")
        with open(path) as file:
            state = json.load(file)
        with open(path, "w") as file:
            json.dump(state | {"global_step": 0, "epoch": 0}, file)
    elif part == "weights":
        path = os.path.join(options.resume, "model.safetensors")
        safetensors.torch.save_file(safetensors.torch.load_file(path) | {"transformer.wpe.weight": torch.zeros(16, 16)}, path, {"format": "pt"})
    else:
        os.remove(os.path.join(options.resume, {"optimizer": "optimizer.pt", "random": "rng_state.pth"}[part]))


if options.forget:
    options.resume = shutil.copytree(options.resume, os.path.join(options.out, "given"))
    for part in options.forget.split(","):
        lose(part)
set_seed(0)
rows = [{"input_ids": row, "labels": row} for row in torch.randint(0, 32, (120, 16))]
model = GPT2LMHeadModel(GPT2Config(vocab_size=32, n_positions=16, n_embd=16, n_layer=2, n_head=2))
arguments = TrainingArguments(options.out, per_device_train_batch_size=8, max_steps=10, save_steps=4, report_to=[], use_cpu=True,
                              ignore_data_skip=options.skip_no_data, logging_strategy="no", disable_tqdm=True)  # fmt: skip
Trainer(model, arguments, train_dataset=rows).train(resume_from_checkpoint=options.resume)
