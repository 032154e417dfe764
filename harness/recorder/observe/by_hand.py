# SPDX-License-Identifier: Apache-2.0
"""Training without an optimizer of torch: weights that are written by hand after a backward pass, or replaced by others of the
same name. A step is one or several such passes after which some weight has other content; it ends where the next pass or batch
begins, or the script. It is looked for as long as no torch.optim.Optimizer was made."""
import gc
import weakref

from .auxiliary import add_auxiliary, see_trained, variables
from .models import add_random, add_weights, clean, model_prefix, root_modules
from .rows import begin_rows, end_row, leave_if_done
from .state import S, called, guarded
from .words import GRADIENTS, Words, handles_of, number_of

KIND = "updates by hand"
NOTE = (
    "no optimizer of torch was made: a step is what writes weights after a backward pass; what the update keeps for itself "
    "(momentum, learning rate) is not observed"
)


class Hand:
    """What is trained by hand, as an optimizer would hold it."""

    def __init__(self):
        self.weights = {}  # name -> weak reference
        self.models = []
        self.passes = 0  # backward passes so far
        self.pending = False  # a pass has ended, and nobody has looked for a step since
        self.held = ()  # weights and models until then: the function that trains may be left before anybody looks
        self.kept = False  # the state before the first update

    def alive(self):
        found = [(name, reference()) for name, reference in self.weights.items()]
        return [(name, tensor) for name, tensor in found if tensor is not None]

    @property
    def parameters(self):
        return [tensor for _, tensor in self.alive()]

    @property
    def names(self):
        return {id(tensor): name for name, tensor in self.alive()}


HAND = Hand()


def wanted():
    return not S.made and (not S.optimizers or KIND in S.optimizers.values())


def is_leaf(thing):
    plain = type(thing) in (S.torch.Tensor, S.torch.nn.Parameter)
    return plain and thing.requires_grad and thing.is_leaf


def leaves_of_variables():
    """[(name, leaf)] of the script's variables, and of the lists and dicts that they are."""
    found = []
    for name, value in variables():
        parts = value.items() if type(value) is dict else enumerate(value) if type(value) in (list, tuple) else ()
        for place, part in [("", value), *((f".{key}", part) for key, part in list(parts)[:1000])]:
            if is_leaf(part):
                found.append((name + place, part))
    return found


def meet(leaves):
    """Names for those that are new: what models call them, else what the script's variables do."""
    known = {id(tensor) for tensor in HAND.parameters}
    new = {id(leaf): leaf for leaf in leaves if id(leaf) not in known}
    if not new:
        return
    names = {}
    for module in root_modules(new.keys()):
        prefix = model_prefix(module)
        HAND.models.append((weakref.ref(module), prefix, False))
        for name, parameter in S.torch.nn.Module.named_parameters(module):
            names.setdefault(id(parameter), prefix + clean(name, False))
    for name, leaf in leaves_of_variables():
        names.setdefault(id(leaf), name)
    for place, leaf in new.items():
        HAND.weights[names.get(place, f"weight.{len(HAND.weights)}")] = weakref.ref(leaf)


def renew():
    """A variable may hold another leaf by now: the next state of the same weight."""
    for name, leaf in leaves_of_variables():
        if name in HAND.weights and HAND.weights[name]() is not leaf:
            HAND.weights[name] = weakref.ref(leaf)


def changed():
    named = HAND.alive()
    packed = handles_of([(number_of(name), tensor) for name, tensor in named])
    return S.lib.reprise_changed(packed.buffer_info()[0], len(packed) // 2) == 1


def keep_first():
    """The state before the first update: the passes so far wrote none of it but running statistics."""
    HAND.kept = True
    words = Words()
    add_weights(words, HAND)
    add_random(words)
    words.send()
    called(S.lib.reprise_keep_initial())
    changed()  # from here on
    S.before_end.append(last_settle)


@guarded
def after_pass(gradients=None):
    """`gradients`: [(leaf, gradient)] of torch.autograd.grad(); none: they lie in the leaves themselves."""
    if not wanted():
        return
    HAND.passes += 1
    if gradients is None:
        if HAND.passes & (HAND.passes - 1) == 0 or not HAND.alive():
            meet([thing for thing in gc.get_objects() if is_leaf(thing) and thing.grad is not None])
        gradients = [(tensor, tensor.grad) for tensor in HAND.parameters if tensor.grad is not None]
    else:
        meet([leaf for leaf, _ in gradients])
    if not HAND.weights:
        return
    if not HAND.kept:
        keep_first()
    called(S.lib.reprise_forget_stage(GRADIENTS))
    words, names = Words(), HAND.names
    for leaf, gradient in gradients:
        if id(leaf) in names:
            words.tensor(GRADIENTS, names[id(leaf)], gradient)
    words.send()
    HAND.pending, HAND.held = True, (HAND.parameters, [reference() for reference, _, _ in HAND.models])


@guarded
def settle():
    """Ends the step, if there was one."""
    if not HAND.pending:
        return
    HAND.pending = False
    held, HAND.held = HAND.held, ()  # noqa: F841
    renew()
    if not changed():
        return
    if not S.rows:
        first_row()
    words = Words()
    add_weights(words, HAND)
    add_random(words)
    see_trained(HAND, S.steps + 1)
    add_auxiliary(words, S.steps + 1)
    end_row(words)
    changed()  # a fault that was injected is no step of the script's
    leave_if_done()


@guarded
def give_way():
    """An optimizer is about to be made: its steps are the rows from there on, and its own first state is row 0."""
    if S.made or not HAND.kept:
        return
    settle()
    HAND.kept = False
    called(S.lib.reprise_forget_stage(GRADIENTS))
    if S.rows:
        S.notes.append("an optimizer was made after updates by hand: from there on its steps are the rows")
    else:
        called(S.lib.reprise_forget_initial())


def last_settle():
    pending, steps = HAND.pending, S.steps
    settle()
    if pending and S.rows and S.steps == steps and wanted():
        S.notes.append(
            "not observed: what followed the last backward pass, where it put other tensors in the place of weights whose "
            "variables are gone at the end"
        )


def first_row():
    S.rows = True
    S.optimizers[0] = KIND
    S.notes.append(NOTE)
    for name in list(S.names):
        called(S.lib.reprise_name_initial(S.names[name], S.names[name]))
    begin_rows()
