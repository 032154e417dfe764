# SPDX-License-Identifier: Apache-2.0
"""One day with a card: where the programs are, how they are started, how much time is left."""
import dataclasses
import json
import os
import pathlib
import shutil
import signal
import subprocess
import threading
import time

step_seconds = 60


class Untested(Exception):
    """Cannot be done here; the message says why, in a sentence."""


class Failed(Exception):
    """Was tried and went wrong."""


class OutOfTime(Failed):
    """Did not end in the time it was given."""


@dataclasses.dataclass
class Done:
    out: str
    code: int
    last_line: str  # of standard error


def python_named(text):
    """Its links are not followed: by one a virtual environment is known."""
    found = shutil.which(text)
    if found is None:
        raise Failed(f"wanted a Python, found no {text}; PYTHON names one")
    return os.path.abspath(found)


def torch_folder(python):
    """Of the torch that this Python would import, without importing it; None if it has none."""
    tell = "import importlib.util as u; s = u.find_spec('torch'); print(s.submodule_search_locations[0] if s else '')"
    done = subprocess.run([python, "-c", tell], capture_output=True, text=True, cwd="/")
    found = done.stdout.strip()
    return pathlib.Path(found) if done.returncode == 0 and found else None


class Day:
    def __init__(self, home, python, number, out, seconds, fake=None):
        self.home, self.python, self.number, self.out, self.fake = home, python, number, out, fake
        self.dry = fake is not None
        self.device = "cpu" if self.dry else f"cuda:{number}"
        self.began, self.seconds = time.monotonic(), seconds
        self.step_ends = self.began + seconds
        self.torch = torch_folder(python)
        self.log, self.writing = None, threading.Lock()
        self.here = pathlib.Path(__file__).resolve().parent

    # --- time

    def left(self):
        return self.began + self.seconds - time.monotonic()

    def begin_step(self, name, seconds=step_seconds):
        self.step_ends = time.monotonic() + max(1, min(seconds * (5 if self.dry else 1), self.left()))
        self.log = self.out / f"{name}.log"
        self.log.unlink(missing_ok=True)

    # --- programs

    def bench(self, name):
        """A bench program beside reprise; a bundle has them only if somebody has put them there."""
        file = self.home / "bin" / (name + "_ptx" if self.dry and name == "cuda_bench" else name)
        if not os.access(file, os.X_OK):
            raise Untested(f"no {file.name} in {file.parent} (built where there is an nvcc)")
        return file

    def script(self, name):
        for folder in (self.here.parent.parent / "bench/scripts", self.here / "scripts"):
            if (folder / name).is_file():
                return folder / name
        raise Untested(f"no bench/scripts/{name} beside scripts/gpu_day")

    def python_to_watch(self):
        if self.torch is None:
            raise Untested(f"{self.python} has no torch; PYTHON names another")
        recorder = self.home / "share/reprise/recorder"
        if not (recorder / "kit.toml").exists() and not (recorder / "carried").exists():
            raise Untested(f"no recorder of scripts in {self.home} (a bundle made --with-recorder has one)")
        return self.python

    def environment(self):
        """A worker finds its libraries through reprise; a bench program is told here."""
        variables = dict(os.environ)
        if self.torch is not None:
            variables.setdefault("LIBTORCH_DIR", str(self.torch))
        return variables

    def bench_environment(self, without_torch):
        variables = self.environment()
        folders = [self.home / "lib"]
        if without_torch and self.dry:
            folders = [self.fake]
        elif self.torch is not None:
            folders += [self.torch / "lib", *sorted(self.torch.parent.glob("nvidia/*/lib"))]
        if (self.home / "lib/torch/libtorch_cpu.so").exists():
            # A build folder has both libraries by links: nothing goes before what it was built with.
            folders = [self.fake] if without_torch and self.dry else []
        given = [text for text in [variables.get("LD_LIBRARY_PATH")] if text]
        variables["LD_LIBRARY_PATH"] = ":".join([*map(str, folders), *given])
        return variables

    def start(self, words, environment=None):
        """A group of its own, which ends when the step's time is up. What it said goes into the step's log."""
        limit = max(1, self.step_ends - time.monotonic())
        words = [str(word) for word in words]
        child = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                                 env=environment or self.environment(), start_new_session=True, cwd=self.empty_folder())
        said = b""
        try:
            out, said = child.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            out, said = end_group(child)
            raise OutOfTime(f"{pathlib.Path(words[0]).name} was ended after {limit:.0f} s") from None
        except KeyboardInterrupt:
            out, said = end_group(child)
            raise
        finally:
            self.keep(words, said)
        return Done(out.decode(errors="replace"), child.returncode, last_line(said.decode(errors="replace")))

    def empty_folder(self):
        """What is started is started here, so that no file of somebody else's is a part of a run."""
        if self.out is None:
            return None
        (self.out / "empty").mkdir(exist_ok=True)
        return self.out / "empty"

    def keep(self, words, said):
        if self.log is None:  # before the first step
            return
        with self.writing, open(self.log, "ab") as log:
            log.write(("$ " + " ".join(words) + "\n").encode() + said)

    def json_of(self, words, codes=(0, 1), environment=None):
        done = self.start(words, environment)
        try:
            result = json.loads(done.out)
        except ValueError:
            raise Failed(f"exit code {done.code}: {done.last_line}") from None
        if done.code not in codes:
            raise Failed(f"exit code {done.code}: {reason_in(result) or done.last_line}")
        return result

    def reprise(self, verb, *words, codes=(0, 1)):
        """A difference (exit 1) is a result. Behind `--` stands a command, before which the options must come."""
        words = list(words)
        command = words[words.index("--"):] if "--" in words else []
        words = words[: len(words) - len(command)]
        return self.json_of([self.home / "bin/reprise", verb, *words, "--json", "--runs", self.out / "runs", *command], codes)

    def measure(self, name, *words):
        return self.json_of([self.bench("cuda_bench"), name, "--device", self.number, *words,
                             *(["--dry"] if self.dry else [])], environment=self.bench_environment(True))

    def torch_measure(self, name, *recipe):
        program = self.bench("cuda_torch_bench")
        plan = self.start([self.home / "bin/reprise", "run", *recipe, "--set", f"device={self.device}", "--plan"])
        if plan.code != 0:
            raise Failed(f"no plan: {plan.last_line}")
        file = self.out / f"{name}.plan.toml"
        file.write_text(plan.out)
        try:
            return self.json_of([program, name, file], environment=self.bench_environment(False))
        finally:
            file.unlink()

    def list_of(self, shelf):
        return self.json_of([self.home / "bin/reprise", "list", shelf, "--json"])[shelf]

    def fresh_folder(self, name):
        folder = self.out / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder


def end_group(child):
    """Some seconds to end by itself: reprise ends its workers then. What it said until then."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(child.pid, sign)
        except ProcessLookupError:
            pass
        try:
            return child.communicate(timeout=3)
        except subprocess.TimeoutExpired:
            continue
    return b"", b""


def last_line(said):
    lines = [line for line in said.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"


def reason_in(result):
    """Why runs of a `run --json` were not made, or what a bisection says of itself."""
    reasons = [run["reason"] for run in result.get("runs", []) if isinstance(run, dict) and "reason" in run]
    return "; ".join(dict.fromkeys(reasons)) or result.get("sentence", "")
