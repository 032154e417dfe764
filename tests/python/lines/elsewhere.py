"""Code of a second file."""
import torch


def outer(x):
    def inner(y):
        return torch.asinh(y)  # here: aten::asinh

    return inner(x)
