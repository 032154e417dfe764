# SPDX-License-Identifier: Apache-2.0
"""Which files a process opens, and what each held when it was first opened: the evidence of how a run started.

One line of JSON per file goes to files-PID.jsonl as soon as it is seen, from forked children too (the workers of
a DataLoader), so that nothing is lost with a process that is killed. A file that the run changes later has the
digest of what was there at first. What compiled code and other programs open is noted by recorder/opened.
"""
import hashlib
import json
import os
import sys
import threading
import time

from .state import FOLDER, HASH_ALL_FILES, S, trouble

HERE = os.path.dirname(os.path.abspath(__file__))
LARGEST_FILE = 64 << 20  # bytes of a file that is still digested
DIGESTED, MOST, NAMES = 10000, 200000, 2000  # files with digests, files at all, names of a folder told one by one
NO_DATA = ("/proc/", "/sys/", "/dev/", "/etc/", "/usr/", "/tmp/tmp", "/tmp/torchinductor", "/tmp/pymp")
CACHES = ("/.cache/reprise/", "/.cache/matplotlib/", "/.cache/pip/", "/.cache/fontconfig/", "/.nv/", "/.triton/")
OUTSIDE = (sys.prefix + os.sep, sys.base_prefix + "/lib/", FOLDER + os.sep, os.path.dirname(HERE) + os.sep)
NOT_LISTED = ("__pycache__", os.path.basename(os.path.dirname(os.path.dirname(FOLDER))))  # and the folder of runs
VIEW = os.path.join(FOLDER, "fresh") + os.sep  # a copy of the working folder, if the run has one
SETTLED = 2.0  # seconds: a file younger than that may change again without a trace in its times

ROOT = "/proc/self/root" if os.path.isdir("/proc/self/root/") else ""

seen = {}  # path -> what is known of it
beside = threading.local()


def opened_unseen(path):
    """By a way that the notes of all opened files (recorder/opened) leave out: the script does not read it."""
    try:
        return open(ROOT + os.path.abspath(path), "rb")
    except OSError:
        return open(path, "rb")


def sha256_of(path):
    digest = hashlib.sha256()
    with opened_unseen(path) as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def names_in(path):
    return sorted(name for name in os.listdir(path) if name not in NOT_LISTED)


def state_of(path, digested=True):
    """What a path holds now: {"absent": true}, or bytes with a digest, or with what tells the file from others."""
    try:
        facts = os.stat(path)
    except OSError:
        return {"absent": True}
    if os.path.isdir(path):
        return {"folder": True}
    if not os.path.isfile(path):
        return {"special": True}
    state = {"bytes": facts.st_size, "identity": f"{facts.st_size} {facts.st_mtime_ns} {facts.st_ino}"}
    if time.time() - max(facts.st_ctime, facts.st_mtime) > SETTLED:
        state["settled"] = f"{facts.st_dev} {facts.st_ino} {facts.st_size} {facts.st_mtime_ns} {facts.st_ctime_ns}"
    if HASH_ALL_FILES or (digested and facts.st_size <= LARGEST_FILE):
        try:
            state["sha256"] = sha256_of(path)
        except OSError:
            state["unreadable"] = True
    return state


def listing_of(path):
    try:
        names = names_in(path)
    except OSError:
        return {"absent": True}
    digest = hashlib.sha256("\n".join(names).encode("utf-8", "surrogateescape")).hexdigest()
    return {"listing": digest, "names": names if len(names) <= NAMES else None}


def write_line(words):
    place = os.path.join(FOLDER, f"files-{os.getpid()}.jsonl")
    file = os.open(place, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(file, (json.dumps(words) + "\n").encode("utf-8", "replace"))
    finally:
        os.close(file)


def is_data(path):
    return not (
        path.startswith(NO_DATA)
        or "site-packages" in path
        or "dist-packages" in path
        or any(place in path for place in CACHES)
    )


def source_of(path):
    """The source that a compiled module stands for."""
    folder, name = os.path.split(path)
    if os.path.basename(folder) == "__pycache__":
        return os.path.join(os.path.dirname(folder), name.split(".")[0] + ".py")
    return path[:-1]


def note(kind, path):
    """Remembers that a path was read, written or listed."""
    if isinstance(path, bytes):
        path = os.fsdecode(path)
    if not isinstance(path, str):
        path = os.fspath(path)
    path = os.path.abspath(path)
    if path.endswith(".pyc"):
        if kind != "read":
            return
        path = source_of(path)
    if (path.startswith(OUTSIDE) and not path.startswith(VIEW)) or not is_data(path):
        return
    known = seen.get(path)
    if known is None:
        if len(seen) >= MOST:
            if len(seen) == MOST:
                seen[""] = {}
                write_line({"path": "", "first": "beyond"})
            return
        state = listing_of(path) if kind == "list" else state_of(path, len(seen) < DIGESTED)
        seen[path] = known = {"kinds": {kind}, "state": state}
        write_line({"path": path, "first": kind, "at": time.monotonic_ns()} | state)
    elif kind not in known["kinds"]:
        known["kinds"].add(kind)
        words = {"path": path, "also": kind}
        write_line(words | listing_of(path) if kind == "list" else words)


def note_quietly(kind, path):
    """The same from within a hook: what it opens itself is not seen, and nothing it does wrong gets out."""
    if getattr(beside, "busy", False):
        return
    beside.busy = True
    try:
        note(kind, path)
    except Exception as error:
        trouble(f"a file that was opened: {type(error).__name__}")
    finally:
        beside.busy = False


def opened(arguments):
    path, mode, flags = (tuple(arguments) + (None, None))[:3]
    if isinstance(path, int) or path is None:
        return
    if mode is None:
        writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)
        reads = not isinstance(flags, int) or not flags & os.O_WRONLY
        if isinstance(flags, int) and (flags & os.O_TRUNC or (flags & os.O_CREAT and flags & os.O_EXCL)):
            reads = False
    else:
        writes = set(mode) & set("wax+")
        reads = "r" in mode or not writes or {"a", "+"} <= set(mode)
    if reads:
        # A folder is opened to be listed: os.listdir(descriptor).
        note_quietly("list" if mode is None and os.path.isdir(path) else "read", path)
    if writes:
        note_quietly("write", path)


def looks_for_programs(frame):
    """Python's own look for modules, and torch's for its libraries: no look at data."""
    for _ in range(8):
        if frame is None:
            return False
        place = frame.f_code.co_filename
        if "importlib" in place or place.endswith(("/torch/__init__.py", "/pkgutil.py")):
            return True
        frame = frame.f_back
    return False


def listed(arguments):
    if looks_for_programs(sys._getframe(2)):
        return
    path = arguments[0] if arguments and arguments[0] is not None else "."
    if not isinstance(path, int):
        note_quietly("list", path)


def renamed(arguments):
    note_quietly("write", arguments[1])
    note_quietly("write", arguments[0])


EVENTS = {
    "open": opened,
    "os.listdir": listed,
    "os.scandir": listed,
    "os.rename": renamed,
    "os.link": lambda arguments: note_quietly("write", arguments[1]),
    "os.symlink": lambda arguments: note_quietly("write", arguments[1]),
    "os.remove": lambda arguments: note_quietly("write", arguments[0]),
    "os.truncate": lambda arguments: isinstance(arguments[0], int) or note_quietly("write", arguments[0]),
    "sqlite3.connect": lambda arguments: note_quietly("read", arguments[0]),
}


def see_file(event, arguments):
    work = EVENTS.get(event)
    if work is None or S.finished:
        return
    try:
        work(arguments)
    except Exception:  # a hook that raises would stop the script's own call
        pass


def note_modules():
    """The script's own modules, those that were imported late among them; and which packages are installed."""
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        if isinstance(path, str) and os.path.isabs(path) and os.path.isfile(path):
            note_quietly("read", path)


def note_packages():
    from importlib import metadata

    for package in metadata.distributions():
        place = getattr(package, "_path", None)
        if place is not None and os.path.isfile(os.path.join(place, "METADATA")):
            path = os.path.abspath(os.path.join(place, "METADATA"))
            seen[path] = {"kinds": {"package"}, "state": {}}
            write_line({"path": path, "first": "package", "at": time.monotonic_ns()} | state_of(path))


def watch_saving(torch):
    """torch.save() hands a file's name to C++, where no audit hook sees it."""
    import functools

    for name in ("_open_zipfile_writer_file", "_open_zipfile_reader"):
        kind = getattr(torch.serialization, name, None)
        original = getattr(kind, "__init__", None)
        if original is None:
            continue

        def begin(self, place, *args, _original=original, _kind="write" if "writer" in name else "read", **kwargs):
            if isinstance(place, (str, bytes, os.PathLike)):
                note_quietly(_kind, place)
            return _original(self, place, *args, **kwargs)

        kind.__init__ = functools.wraps(original)(begin)


def data_files():
    """What was read and is no part of a program, for observed.json."""
    files = []
    for path, known in sorted(seen.items()):
        state = known.get("state", {})
        if "read" not in known.get("kinds", ()) or path.endswith((".py", ".so", ".pth")) or "bytes" not in state:
            continue
        files.append({key: state[key] for key in ("bytes", "sha256") if key in state} | {"path": path})
    return files
