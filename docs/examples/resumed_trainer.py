# SPDX-License-Identifier: Apache-2.0
"""A Trainer of transformers that saves a checkpoint every 4 of 10 steps; SIGTERM ends it at once. `--resume FOLDER` goes on
from one; `--skip-no-data` begins the data anew, as ignore_data_skip does."""
import argparse

import torch
from transformers import GPT2Config, GPT2LMHeadModel, Trainer, TrainingArguments, set_seed

options = argparse.ArgumentParser()
options.add_argument("--out", default="trained")
options.add_argument("--resume")
options.add_argument("--skip-no-data", action="store_true")
options = options.parse_args()

set_seed(0)
rows = [{"input_ids": row, "labels": row} for row in torch.randint(0, 32, (120, 16))]
model = GPT2LMHeadModel(GPT2Config(vocab_size=32, n_positions=16, n_embd=16, n_layer=2, n_head=2))
arguments = TrainingArguments(options.out, per_device_train_batch_size=8, max_steps=10, save_steps=4, report_to=[], use_cpu=True,
                              ignore_data_skip=options.skip_no_data, logging_strategy="no", disable_tqdm=True)  # fmt: skip
Trainer(model, arguments, train_dataset=rows).train(resume_from_checkpoint=options.resume)
