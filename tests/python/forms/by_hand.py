# SPDX-License-Identifier: Apache-2.0
"""Weights that are updated without an optimizer of torch, in the ways that authors write it: by_hand.py WAY."""
import sys

import torch


class Momentum:
    """An optimizer of the script's own."""

    def __init__(self, parameters, lr):
        self.parameters, self.lr = list(parameters), lr
        self.kept = [torch.zeros_like(parameter) for parameter in self.parameters]

    def zero_grad(self):
        for parameter in self.parameters:
            parameter.grad = None

    @torch.no_grad()
    def step(self):
        for parameter, kept in zip(self.parameters, self.kept):
            kept.mul_(0.9).add_(parameter.grad)
            parameter -= self.lr * kept


def data():
    x = torch.randn(16, 4)
    return x, x.sum(1, keepdim=True)


def with_class(steps):
    model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.BatchNorm1d(8), torch.nn.Linear(8, 1))
    optimizer = Momentum(model.parameters(), 0.01)
    for _ in range(steps):
        x, y = data()
        optimizer.zero_grad()
        (model(x) - y).square().mean().backward()
        optimizer.step()
    return model.state_dict()


def with_data(steps):
    model = torch.nn.Linear(4, 1)
    for _ in range(steps):
        for _ in range(2):  # gradients are accumulated
            x, y = data()
            (model(x) - y).square().mean().backward()
        for parameter in model.parameters():
            parameter.data.add_(parameter.grad, alpha=-0.01)
            parameter.grad.zero_()
    return model.state_dict()


def with_grad(steps):
    w, b = torch.randn(4, 1, requires_grad=True), torch.zeros(1, requires_grad=True)
    for _ in range(steps):
        x, y = data()
        gradients = torch.autograd.grad((x @ w + b - y).square().mean(), [w, b])
        with torch.no_grad():
            for weight, gradient in zip((w, b), gradients):
                weight -= 0.01 * gradient
    return {"w": w, "b": b}


def with_new_tensors(steps):
    weights = {"w": torch.randn(4, 1, requires_grad=True), "b": torch.zeros(1, requires_grad=True)}
    for _ in range(steps):
        x, y = data()
        (x @ weights["w"] + weights["b"] - y).square().mean().backward()
        weights = {name: (weight - 0.01 * weight.grad).detach().requires_grad_() for name, weight in weights.items()}
    return weights


def without_update(steps):
    model = torch.nn.Linear(4, 1)
    for _ in range(steps):
        x, y = data()
        (model(x) - y).square().mean().backward()
    return model.state_dict()


def main():
    way, steps = sys.argv[1], 5
    torch.manual_seed(3)
    left = globals()[f"with_{way}"](steps) if way != "none" else without_update(steps)
    torch.save({name: tensor.detach() for name, tensor in left.items()}, "left.pt")


main()
