"""Calls of operators from code of many shapes. A comment `here: OPERATOR` marks the line that every outermost call of that
operator comes from; `gradient: OPERATOR` the line whose gradient it computes; `module: PATH` whose forward runs there;
`unknown` and `nowhere` a call of which the line, or all, is not known."""
import concurrent.futures
import functools
import threading

import torch
import torch.nn.functional as F
from elsewhere import outer
from torch.utils.checkpoint import checkpoint

torch.manual_seed(0)


class Scaled(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = torch.nn.Parameter(torch.ones(4))

    def forward(self, x):
        return torch.cosh(x * self.scale)  # here: aten::cosh  # module: blocks.1 (Scaled)


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first = torch.nn.Linear(4, 4)
        self.blocks = torch.nn.ModuleList([torch.nn.ReLU6(), Scaled()])

    def forward(self, x):
        x = self.first(x)  # here: aten::linear  # gradient: aten::mm  # module: first (Linear)
        for block in self.blocks:
            x = block(x)  # here: aten::hardtanh  # gradient: aten::hardtanh_backward  # module: blocks.0 (ReLU6)
        return torch.tanh(x)  # here: aten::tanh  # gradient: aten::tanh_backward  # module: (Model)


class Own(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return torch.erf(x)  # here: aten::erf

    @staticmethod
    def backward(ctx, g):
        return torch.erfc(g) * 0.01  # here: aten::erfc


def announced(work):
    @functools.wraps(work)
    def wrapper(*args):
        return work(*args)

    return wrapper


@announced
@torch.no_grad()
def decorated(x):
    return torch.atanh(x * 0)  # here: aten::atanh


def deep(x, depth):
    if depth:
        return deep(x, depth - 1)
    return torch.ceil(x)  # here: aten::ceil


def yielding(x):
    for _ in range(2):
        yield torch.round(x)  # here: aten::round


def part(x):
    return F.logsigmoid(x)  # here: aten::log_sigmoid  # gradient: aten::log_sigmoid_backward


def again(x):
    return F.elu(x)  # here: aten::elu  # gradient: aten::elu_backward


def curve(x):
    return torch.rsqrt(x.sum())  # here: aten::rsqrt


@functools.partial(torch.compile, backend="eager")
def fused(x):
    y = x + 1
    return torch.log1p(y * y)  # unknown: aten::log1p


@functools.partial(torch.compile, backend="aot_eager")
def traced(x):
    y = x + 2
    return torch.sinc(y)  # unknown: aten::sinc


def in_thread(x):
    torch.erfinv(x * 0)  # here: aten::erfinv


model = Model()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
squash = lambda x: torch.sinh(x)  # here: aten::sinh


def look(module, args, out):
    torch.digamma(out.detach() + 3)  # here: aten::digamma


handle = model.register_forward_hook(look)
weight = model.first.weight
weight.register_hook(lambda g: torch.expm1(g))  # here: aten::expm1
for step in range(2):
    x = torch.full((3, 4), 0.3)
    out = model(x) + Own.apply(x.requires_grad_())
    loss = out.square().mean() + squash(out).mean() + outer(x).mean()
    loss = loss + sum(torch.acosh(x + 2 + k).mean() for k in range(2))  # here: aten::acosh
    several = [torch.frac(x) for _ in range(2)]  # here: aten::frac
    wrapped = torch.lerp(  # here: aten::lerp
        x,
        x * 2,
        0.5,
    )
    two = torch.exp2(torch.trunc(x))  # here: aten::exp2  # here: aten::trunc
    largest = functools.reduce(torch.maximum, several)  # here: aten::maximum
    exec("z = torch.floor(x)")
    decorated(x), deep(x, 200), list(yielding(x))
    loss = loss + checkpoint(part, x, use_reentrant=False).mean() + checkpoint(again, x, use_reentrant=True).mean()
    curves = torch.func.vmap(torch.func.grad(curve))(x.detach())
    loss = loss + fused(x).mean() + traced(x).mean() + wrapped.mean()
    thread = threading.Thread(target=in_thread, args=(x.detach(),), name="aside")
    thread.start(), thread.join()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        pool.submit(torch.logaddexp, x.detach(), x.detach()).result()  # nowhere: aten::logaddexp
    (slope,) = torch.autograd.grad(F.silu(x).sum(), x, create_graph=True)
    loss = loss + slope.sum() * 0.001
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()  # here: aten::add_
