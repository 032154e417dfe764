# An optimizer for a device that can hold tensors and cannot compute.
import torch


class HostSGD(torch.optim.Optimizer):
    """Stochastic gradient descent with momentum, in the CPU's memory."""

    def __init__(self, parameters):
        super().__init__(parameters, {"lr": 0.1})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                state = self.state[p]
                momentum = 0.9 * (state["momentum"].cpu() if state else torch.zeros(p.shape)) + p.grad.cpu()
                state["momentum"] = momentum.to(p.device)
                p.copy_(p.cpu() - group["lr"] * momentum)
