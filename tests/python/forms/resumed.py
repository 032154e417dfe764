# Stops after some steps and goes on from a checkpoint; which parts are restored is an argument.
import sys
import torch

what, upto, resume = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "resume"
torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(8, 32), torch.nn.Dropout(0.2), torch.nn.Linear(32, 3))
opt = torch.optim.AdamW(net.parameters(), lr=1e-2)
start = 0
if resume:
    saved = torch.load("ck.pt", weights_only=False)
    start = saved["step"]
    if "net" in what:
        net.load_state_dict(saved["net"])
    if "opt" in what:
        opt.load_state_dict(saved["opt"])
    if "rng" in what:
        torch.set_rng_state(saved["rng"])
for i in range(start, upto):
    x = torch.randn(16, 8)
    y = torch.randint(0, 3, (16,))
    opt.zero_grad()
    torch.nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
torch.save({"net": net.state_dict(), "opt": opt.state_dict(), "rng": torch.get_rng_state(), "step": upto}, "ck.pt")
