# SPDX-License-Identifier: Apache-2.0
"""Which random generators the script seeds itself, where, and whether they were drawn from before or after. A generator was
drawn from if its state is another than the one it was last seeded with. All of it goes on in forked children too, whose
memory is their own: see children.py."""
import ast
import ctypes
import functools
import hashlib
import itertools
import linecache
import sys
import threading

from .places import is_library, place_of_call
from .state import S, trouble

MOST_EVENTS = 16  # calls told apart
TORCH_CPU, TORCH_CUDA, NUMPY, PYTHON = "torch.cpu", "torch.cuda", "numpy.random", "python.random"
NUMBER, ENTROPY, STATE = "number", "entropy", "state"
inside = threading.local()


def digest_of(state):
    return None if state is None else hashlib.sha256(state if isinstance(state, bytes) else repr(state).encode()).hexdigest()[:16]


def row():
    """The row that what happens now belongs to."""
    return S.steps + 1 if S.rows else 0


class Generator:
    """One generator of this process."""

    def __init__(self, read, seed=None):
        self.read = read
        self.seed = seed  # asks what it was seeded with, where it can tell
        self.forget()

    def forget(self):
        """From here on, as if nothing had happened before."""
        self.mark, self.mark_seed = self.read(), self.seed and self.seed()
        self.undo = []  # of the first and the last seeding: the state before it, the mark and the events then
        self.events = []
        self.drawn_row, self.drawn_from = None, None
        self.drawn_first = False  # from before it was seeded; None: not known

    def drawn(self, state):
        if self.mark is None and state is not None:  # of CUDA: seeded before it began, so its offsets tell
            return any(state[8:16] != bytes(8) for state in state)
        return state != self.mark

    def look(self):
        if self.seed and self.seed() != self.mark_seed:  # by a call that is not watched
            if not self.events and not self.drawn_first:
                self.drawn_first = None
            self.mark_seed = self.seed()
            self.add("", NUMBER, str(self.mark_seed), ("", ""))
        if self.drawn_row is not None and (self.events or self.drawn_first):
            return
        state = self.read()
        if state is None:
            return
        if self.drawn_row is None and self.drawn(state):
            self.drawn_row, self.drawn_from = row(), digest_of(self.mark)
        if not self.events and self.drawn(state):
            self.drawn_first = True

    def add(self, call, kind, value, place):
        for event in self.events:
            if (event["call"], event["kind"], event["place"], event["through"]) == (call, kind, *place):
                event["count"] += 1
                event["same"] = event["same"] and event["value"] == value
                return
        if len(self.events) < MOST_EVENTS:
            event = {"call": call, "kind": kind, "value": value, "place": place[0], "through": place[1]}
            self.events.append(event | {"row": row(), "count": 1, "same": True})

    def seeded(self, call, kind, value, place, before):
        state = self.read()
        if kind == STATE and state == self.mark:
            return
        for earlier, mark, events in self.undo if kind == STATE else ():
            if earlier == state:  # what was seeded is put back as it was (fork_rng)
                self.mark, self.events, self.mark_seed = mark, list(events), self.seed and self.seed()
                self.undo = self.undo[:1] if events else []
                return
        self.undo = self.undo[:1] + [(before, self.mark, [dict(event) for event in self.events])]
        self.add(call, kind, value, place)
        self.mark, self.mark_seed = state, self.seed and self.seed()

    def told(self):
        return {
            "drawn": self.drawn_row is not None,
            "drawn_by_row": self.drawn_row,
            "drawn_from": self.drawn_from,
            "drawn_before_seeding": self.drawn_first,
            "seedings": self.events,
        }


generators = {}
by_chance = set()  # generators whose first state came from the operating system
unseeded = []  # generators of the script's own that were made without a seed


def look():
    """Before every row, and at the end."""
    for name, generator in generators.items():
        try:
            generator.look()
        except Exception as error:
            trouble(f"the state of {name}: {type(error).__name__}: {error}")


def is_idle(name):
    """Its state came from the operating system, nobody seeded it since, and nothing was drawn from it: it is another in
    every run and tells nothing."""
    generator = generators.get(name)
    if generator is None or name not in by_chance:
        return False
    return generator.drawn_row is None and not generator.events and generator.drawn_first is False


def value_text(value):
    if isinstance(value, (bool, int, float, str)):
        text = str(value)
        return text if len(text) <= 40 else "sha256 " + hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    if type(value).__module__ == "numpy" and hasattr(value, "tobytes"):
        return str(value) if getattr(value, "ndim", 1) == 0 else "sha256 " + hashlib.sha256(value.tobytes()).hexdigest()[:16]
    return ""


def watch_call(owner, name, call, names, kind):
    """`kind`: of the argument, if it is not always the same."""
    original = getattr(owner, name, None)
    if original is None:
        return

    @functools.wraps(original)
    def seed(*args, **kwargs):
        if getattr(inside, "call", False):
            return original(*args, **kwargs)
        inside.call, before = True, None
        try:
            before = looked(names)
            result = original(*args, **kwargs)
            note(names, call, kind, (*args, *kwargs.values())[:1], before)
            return result
        finally:
            inside.call = False

    take_place(owner, name, seed)


def take_place(owner, name, function):
    """Under the name by which it can be pickled: as the initializer of a pool, say."""
    function.__module__, function.__qualname__ = owner.__name__, name
    setattr(owner, name, function)


def looked(names):
    try:
        look()
        return {name: generators[name].read() for name in names if name in generators}
    except Exception as error:
        trouble(f"a seeding of the script: {type(error).__name__}: {error}")
        return {}


def note(names, call, kind, values, before):
    try:
        if kind is None:
            kind = ENTROPY if not values or values[0] is None else NUMBER
        value = value_text(values[0]) if values and kind == NUMBER else ""
        place = place_of_call()
        for name in names:
            if name in generators:
                generators[name].seeded(call, kind, value, place, before.get(name))
    except Exception as error:
        trouble(f"a seeding of the script: {type(error).__name__}: {error}")


def watch_making(owner, name, call):
    """Of generators of the script's own: one made without a seed gives other numbers in every run."""
    original = getattr(owner, name, None)
    if original is None:
        return

    @functools.wraps(original)
    def make(*args, **kwargs):
        outer, inside.making = getattr(inside, "making", ""), call
        try:
            return original(*args, **kwargs)
        finally:
            inside.making = outer

    take_place(owner, name, make)


def note_unseeded(call, asker=None):
    """`asker`: the function of a library that the script itself must have called."""
    try:
        entry = {"call": call} | dict(zip(("place", "through"), place_of_call()))
        if asker is not None:
            caller = sys._getframe(2)
            while caller is not None and caller.f_code.co_filename == asker:
                caller = caller.f_back
            if caller is None or is_library(caller.f_code.co_filename):
                return
            entry["through"] = ""
        if entry["place"] and entry not in unseeded and len(unseeded) < MOST_EVENTS:
            unseeded.append(entry)
    except Exception as error:
        trouble(f"a generator of the script: {type(error).__name__}: {error}")


@functools.lru_cache(maxsize=1000)
def is_bare_call(code, instruction):
    """Whether the call there is written without arguments, or with None alone; False where the source is not known."""
    positions = getattr(code, "co_positions", None)  # since Python 3.11
    if positions is None:
        return False
    first, last, begin, end = next(itertools.islice(positions(), instruction // 2, None))
    lines = linecache.getlines(code.co_filename)[first - 1 : last] if first and last else []
    if not lines or begin is None or end is None:
        return False
    lines = [line.encode() for line in lines]
    lines[-1] = lines[-1][:end]
    lines[0] = lines[0][begin:]
    call = ast.parse(b"".join(lines).decode(), mode="eval").body
    given = [*call.args, *(word.value for word in call.keywords)] if isinstance(call, ast.Call) else [call]
    return all(isinstance(value, ast.Constant) and value.value is None for value in given)


def was_bare_call(frame):
    try:
        return is_bare_call(frame.f_code, frame.f_lasti)
    except (SyntaxError, StopIteration, UnicodeError):
        return False


def watch_entropy(bit_generator):
    """NumPy asks the operating system here for the seed of whatever is made without one, default_rng(), RandomState(),
    PCG64(), SeedSequence(), and for RandomState(3) too, which then forgets it."""
    original = getattr(bit_generator, "randbits", None)
    if original is None:
        return

    @functools.wraps(original)
    def randbits(count):
        making = getattr(inside, "making", "")
        # numpy.random.seed() is told of the global generator.
        if making or (not getattr(inside, "call", False) and was_bare_call(sys._getframe(1))):
            note_unseeded(making or "numpy.random")
        return original(count)

    bit_generator.randbits = randbits


def watch_own_python_generators(random):
    """random.Random() without a seed. Libraries make such for names of temporary files, so the script's own alone."""
    original = random.Random.seed

    @functools.wraps(original)
    def seed(self, a=None, version=2):
        if a is None and type(self).random is random.Random.random and not getattr(inside, "call", False):
            note_unseeded("random.Random", random.__file__)
        return original(self, a, version)

    random.Random.seed = seed


def watch_torch_seeds(torch):
    default = torch.default_generator

    def cpu_state():
        state = default.get_state()
        return ctypes.string_at(state.data_ptr(), state.numel())

    def cuda_states():
        if not torch.cuda.is_initialized():
            return None
        states = (torch.cuda.get_rng_state(device) for device in range(torch.cuda.device_count()))
        return [ctypes.string_at(state.data_ptr(), state.numel()) for state in states]

    generators[TORCH_CPU] = Generator(cpu_state, default.initial_seed)
    generators[TORCH_CUDA] = Generator(cuda_states)
    both = (TORCH_CPU, TORCH_CUDA)
    for name, kind, of in (("manual_seed", NUMBER, both), ("seed", ENTROPY, both), ("set_rng_state", STATE, (TORCH_CPU,))):
        watch_call(torch.random, name, f"torch.{name}", of, kind)
        setattr(torch, name, getattr(torch.random, name))
    for name in ("manual_seed", "manual_seed_all", "seed", "seed_all", "set_rng_state", "set_rng_state_all"):
        kind = NUMBER if name.startswith("manual") else STATE if name.startswith("set") else ENTROPY
        watch_call(torch.cuda.random, name, f"torch.cuda.{name}", (TORCH_CUDA,), kind)
        if hasattr(torch.cuda, name):
            setattr(torch.cuda, name, getattr(torch.cuda.random, name))


def watch_numpy_seeds(numpy):
    random = numpy.random

    def state():
        _, keys, *rest = random.mtrand._rand.get_state(legacy=True)
        return keys.tobytes() + repr(rest).encode()

    generators[NUMPY] = Generator(state)
    watch_call(random, "seed", "numpy.random.seed", (NUMPY,), None)
    watch_call(random, "set_state", "numpy.random.set_state", (NUMPY,), STATE)
    watch_making(random, "default_rng", "numpy.random.default_rng")
    watch_entropy(getattr(random, "bit_generator", None))


def watch_python_seeds(random):
    get = random.getstate
    generators[PYTHON] = Generator(get)
    watch_call(random, "seed", "random.seed", (PYTHON,), None)
    watch_call(random, "setstate", "random.setstate", (PYTHON,), STATE)
    watch_own_python_generators(random)


def forget():
    """In a forked child: what comes from here on is its own."""
    for generator in generators.values():
        try:
            generator.forget()
        except Exception:
            pass
    unseeded.clear()


def told():
    look()
    return {name: generator.told() for name, generator in generators.items() if name != TORCH_CUDA or generator.read() is not None}
