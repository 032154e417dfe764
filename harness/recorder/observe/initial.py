# SPDX-License-Identifier: Apache-2.0
"""The state before training: before the first forward pass that follows an optimizer's making. That pass writes
already (running statistics), so the first step() comes too late to take it; a model that is loaded after its
optimizer was made is not whole at the making. Which optimizer steps first, and so how things are called, is known only
at that step: until then everything is kept under numbers."""
import sys
import warnings
import weakref

from .auxiliary import add_auxiliary
from .models import add_optimizer, add_random, add_state, add_weights, clean, root_modules
from .state import S, called, guarded
from .words import AUXILIARY, OPTIMIZER, RNG, WEIGHTS, Words, number_of, shard_of


class Initial(Words):
    """Tensors that get their names later."""

    def __init__(self):
        super().__init__()
        self.numbers = {}  # (stage, key) -> number
        self.tensors = {}  # id -> weak reference, number
        self.modules = {}  # id -> weak reference
        self.optimizers = {}  # id -> weak reference, parameters
        self.parts = {}  # number of a weight -> number of its rows, what follows its name there

    def number_of(self, stage, name):
        if stage == RNG:
            return number_of(name)
        number = self.numbers[stage, name] = S.lib.reprise_name(b"\x01%d" % len(self.numbers))
        return number

    def number_of_rows(self, name, part):
        number = S.lib.reprise_name(b"\x01rows %d" % len(self.parts))
        self.parts[self.numbers[WEIGHTS, name]] = number, part
        return number

    def with_shard(self, stage, name, shard):
        return name if stage == WEIGHTS else name + shard  # weights are found by their module, and named later

    def weight(self, key, tensor):
        known = self.tensors.get(id(tensor))
        if known is not None:
            self.numbers[WEIGHTS, key] = known[1]
            return
        self.tensor(WEIGHTS, key, tensor)
        number = self.numbers.get((WEIGHTS, key))
        if number is not None:
            self.tensors[id(tensor)] = weakref.ref(tensor), number

    def unobserved(self, name, why):
        """It is told at the first step."""

    def of_tensor(self, module, name, tensor):
        """The number of what a model had under this name then, or of this very tensor."""
        if module is not None and self.modules.get(id(module), lambda: None)() is module:
            number = self.numbers.get((WEIGHTS, (id(module), name)))
            if number is not None:
                return number
        reference, number = self.tensors.get(id(tensor), (lambda: None, None))
        return number if reference() is tensor else None


def parameters_of(optimizer):
    return [p for group in optimizer.param_groups for p in group["params"]]


def take_optimizer(initial, optimizer):
    parameters = parameters_of(optimizer)
    initial.optimizers[id(optimizer)] = weakref.ref(optimizer), [weakref.ref(p) for p in parameters]
    for index, parameter in enumerate(parameters):
        initial.weight((0, id(parameter)), parameter)
        state = optimizer.state.get(parameter)
        if state:
            add_state(initial, f"{id(optimizer)}:{index}:", state)
    for number, group in enumerate(optimizer.param_groups):
        for key, value in group.items():
            if key != "params":
                add_state(initial, f"{id(optimizer)}::group{number}.{key}", value)


@guarded
def take_initial():
    if S.initial is not None or S.rows:
        return
    initial = S.initial = Initial()
    optimizers = living()
    for module in root_modules({id(p) for optimizer in optimizers for p in parameters_of(optimizer)}):
        initial.modules[id(module)] = weakref.ref(module)
        for walk in (S.torch.nn.Module.named_parameters, S.torch.nn.Module.named_buffers):
            for name, tensor in walk(module):
                initial.weight((id(module), name), tensor)
    for optimizer in optimizers:
        take_optimizer(initial, optimizer)
    add_random(initial)
    add_auxiliary(initial, 0)
    initial.send()
    called(S.lib.reprise_keep_initial())


def living():
    return [optimizer for optimizer in (reference() for reference in S.made) if optimizer is not None]


def named(number, name):
    called(S.lib.reprise_name_initial(number, number_of(name)))


def send_first_row(optimizer, owned):
    """Row 0: what was kept, under its names now; what was not there then, as it is now."""
    unhook()
    words, initial = Words(), S.initial
    if initial is None:
        add_weights(words, owned)
        add_optimizer(words, optimizer, owned)
        add_random(words)
        add_auxiliary(words, 0)
        words.send()
        note_late(owned)
        return
    seen = set()
    for reference, prefix, wrapped in owned.models:
        module = reference()
        if module is None:
            continue
        for walk in (S.torch.nn.Module.named_parameters, S.torch.nn.Module.named_buffers):
            for name, tensor in walk(module):
                if id(tensor) not in seen:
                    seen.add(id(tensor))
                    name_weight(words, initial.of_tensor(module, name, tensor), prefix + clean(name, wrapped), tensor)
    for parameter in owned.parameters:
        if id(parameter) not in seen:
            name_weight(words, initial.of_tensor(None, "", parameter), owned.names[id(parameter)], parameter)
    name_optimizer(words, initial, optimizer, owned)
    for (stage, key), number in initial.numbers.items():
        if stage == AUXILIARY:
            named(number, key)
    words.send()
    S.initial = False


def name_weight(words, number, name, tensor):
    if number is None:
        words.tensor(WEIGHTS, name, tensor)
    else:
        named(number, name + shard_of(tensor)[1])
        rows, part = S.initial.parts.get(number, (None, ""))
        if rows is not None:
            named(rows, name + part)


def name_optimizer(words, initial, optimizer, owned):
    reference, parameters = initial.optimizers.get(id(optimizer), (lambda: None, []))
    if reference() is not optimizer:
        add_optimizer(words, optimizer, owned)
        return
    for (stage, key), number in initial.numbers.items():
        if stage != OPTIMIZER:
            continue
        which, index, path = key.split(":", 2)
        if which != str(id(optimizer)):
            continue
        parameter = parameters[int(index)]() if index else None
        if not index:
            named(number, owned.prefix() + path)
        elif parameter is not None and id(parameter) in owned.names:
            named(number, owned.prefix() + owned.names[id(parameter)] + path)


def note_late(owned):
    """A backward pass came before: so did the forward pass that the initial state should have been taken before."""
    modules = [reference() for reference, _, _ in owned.models]
    written = any(True for module in modules if module is not None for _ in module.buffers())
    if written and any(parameter.grad is not None for parameter in owned.parameters):
        S.notes.append(
            "the state before training was taken at the first step, since no forward pass was seen after the optimizer "
            "was made: what that pass wrote (running statistics) counts as before training"
        )


@guarded
def see_call(module, *_):
    """The forward pass of something that is to be trained, with gradients on."""
    if not S.torch.is_grad_enabled():
        return
    if next(iter(module.parameters()), None) is None:
        return
    wanted = {id(p) for optimizer in living() for p in parameters_of(optimizer)}
    if any(id(parameter) in wanted for parameter in module.parameters()):
        unhook()
        take_initial()


@guarded
def see_compiling():
    """What is compiled must not see the hook; and the first pass is about to begin."""
    if S.hook is not None:
        unhook()
        take_initial()


HOOKS_WARNING = r"Using `torch\.compile\(module\)` when there are global hooks"


@guarded
def see_made(optimizer):
    S.made.append(weakref.ref(optimizer))
    S.walk_due = True
    if S.rows or S.initial is not None or S.hook is not None:
        return
    S.hook = S.torch.nn.modules.module.register_module_forward_pre_hook(see_call)
    # torch would tell the script about a hook that is not its own.
    warnings.filterwarnings("ignore", message=HOOKS_WARNING)
    S.hook_warning = warnings.filters[0]


def unhook():
    hook, S.hook = S.hook, None
    if hook is None:
        return
    hook.remove()
    if S.hook_warning in warnings.filters:
        warnings.filters.remove(S.hook_warning)


def before_compiling(module):
    """Of torch._dynamo.callback, once it is imported."""
    handler = getattr(module, "callback_handler", None)
    if handler is not None and hasattr(handler, "register_start_callback"):
        handler.register_start_callback(lambda *_: see_compiling())
