# SPDX-License-Identifier: Apache-2.0
"""Where this process stands among those that the command starts, and how those that it started ended.

Runs are compared process by process, so each must be known again in another run: by its rank, its arguments, or its
place in the tree of starts ("1.2": the second start of the first start of the command).
"""
import json
import os
import shlex
import sys

from .state import FOLDER, PID, RANK, S

PLACE = os.environ.get("REPRISE_PLACE", "")
starts = 0
LONGEST_ARGUMENTS = 400  # characters that a trace keeps of them


def next_place():
    global starts
    starts += 1
    return f"{PLACE}.{starts}" if PLACE else str(starts)


def note_replaced():
    """Another program takes this one's place, and what was seen of it ends without a word."""
    if S.steps == 0 or os.getpid() != PID:
        return
    try:
        with open(os.path.join(FOLDER, f"replaced-{PID}.json"), "w", encoding="utf-8") as file:
            json.dump({"steps": S.steps}, file)
    except Exception:
        pass


def see_start(event, arguments):
    """Hands a child its place in its environment, just before it is started."""
    if event == "subprocess.Popen":
        environment = arguments[3]
    elif event == "os.posix_spawn":
        environment = arguments[2]
    elif event == "os.system":
        environment = None
    elif event == "os.exec":
        note_replaced()
        return
    else:
        return
    try:
        if os.getpid() != PID:
            return
        where = os.environ if environment is None else environment
        if "REPRISE_FOLDER" in where:
            where["REPRISE_PLACE"] = next_place()
    except Exception:  # an environment that cannot be written to: the child is told by its arguments
        pass


def place():
    """The place in the tree of starts; of a process that multiprocessing started, with its number there."""
    process = sys.modules.get("multiprocessing.process")
    identity = getattr(process.current_process(), "_identity", ()) if process is not None else ()
    return PLACE + "".join(f"/{number}" for number in identity)


def rank():
    distributed = sys.modules.get("torch.distributed")
    if distributed is not None and distributed.is_available() and distributed.is_initialized():
        return str(distributed.get_rank())
    return RANK or ""


def words():
    """The command's words without the run's own folder, which is another in every run."""
    text = shlex.join(sys.argv).replace(FOLDER, "{run}")
    return text if len(text) <= LONGEST_ARGUMENTS else text[:LONGEST_ARGUMENTS] + "..."


def facts():
    return {"process.rank": rank(), "process.place": place(), "process.arguments": words()}


def watch_ends():
    """How a child that trained ended is known to its parent alone."""
    original = os.waitpid

    def waitpid(pid, options):
        ended, status = original(pid, options)
        if ended > 0 and status != 0 and not S.finished and os.getpid() == PID:
            try:
                if os.path.isdir(os.path.join(FOLDER, f"process-{ended}")):
                    code = os.waitstatus_to_exitcode(status)
                    with open(os.path.join(FOLDER, f"process-{ended}", "ended.txt"), "w", encoding="utf-8") as file:
                        file.write(f"signal {-code}" if code < 0 else f"exit code {code}")
            except Exception:
                pass
        return ended, status

    os.waitpid = waitpid
