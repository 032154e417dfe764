# SPDX-License-Identifier: Apache-2.0
import logging
import tempfile
import warnings

import lightning
import torch
import witness
from torch import nn
from torch.nn import functional as F

warnings.simplefilter("ignore")
logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)


class Model(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 3))

    def training_step(self, batch, index):
        x, y = batch
        return F.cross_entropy(self.net(x), y)

    def configure_optimizers(self):
        return torch.optim.AdamW(self.parameters(), lr=1e-2)


lightning.seed_everything(0, verbose=False)
torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)
model = Model()
witness.models(model)
data = torch.utils.data.TensorDataset(torch.randn(40, 10), torch.randint(0, 3, (40,)))
with tempfile.TemporaryDirectory() as folder:
    trainer = lightning.Trainer(max_steps=5, accelerator="cpu", logger=False, enable_checkpointing=False,
                                enable_progress_bar=False, enable_model_summary=False, default_root_dir=folder)  # fmt: skip
    trainer.fit(model, torch.utils.data.DataLoader(data, batch_size=8, shuffle=True))
print(f"done {trainer.global_step}")
