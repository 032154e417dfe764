# SPDX-License-Identifier: Apache-2.0
import tempfile

import torch
import witness
from transformers import GPT2Config, GPT2LMHeadModel, Trainer, TrainingArguments, set_seed

set_seed(0)
torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)
model = GPT2LMHeadModel(GPT2Config(vocab_size=32, n_positions=16, n_embd=16, n_layer=2, n_head=2))
witness.models(model)
rows = [{"input_ids": row, "labels": row} for row in torch.randint(0, 32, (40, 16))]
with tempfile.TemporaryDirectory() as folder:
    arguments = TrainingArguments(folder, per_device_train_batch_size=8, max_steps=5, report_to=[], use_cpu=True,
                                  save_strategy="no", logging_strategy="no", disable_tqdm=True)  # fmt: skip
    result = Trainer(model, arguments, train_dataset=rows).train()
print(f"loss {result.training_loss:.6f}")
