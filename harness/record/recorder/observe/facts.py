# SPDX-License-Identifier: Apache-2.0
"""Which programs and files take part: packages, the script's own modules, the data that it reads."""
import hashlib
import os
import sys

from .state import FOLDER, HASH_ALL_FILES, PID, S, called

HERE = os.path.dirname(os.path.abspath(__file__))
LARGEST_FILE = 64 << 20  # bytes of a data file that is still digested
NO_DATA = ("/proc/", "/sys/", "/dev/", "/etc/", "/usr/", "/tmp/tmp", "/tmp/torchinductor", "/tmp/pymp")
OUTSIDE = (sys.prefix + os.sep, sys.base_prefix + "/lib/", FOLDER + os.sep, HERE + os.sep)


def sha256_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def add_facts():
    facts = {"python.version": sys.version.split()[0], "python.executable": sys.executable}
    from importlib import metadata

    for package in metadata.distributions():
        name = package.metadata["Name"]
        if name:
            facts[f"package.{name.lower()}"] = package.version
    inside = (sys.prefix, sys.base_prefix, HERE)
    for name, module in sorted(sys.modules.items()):
        path = getattr(module, "__file__", None)
        if not path or "site-packages" in path or "dist-packages" in path:
            continue
        path = os.path.abspath(path)
        if path.startswith(tuple(place + os.sep for place in inside)) and "/lib/python" in path:
            continue
        if path.startswith(HERE + os.sep) or not os.path.isfile(path):
            continue
        facts[f"module.{name}"] = sha256_of(path)
    for name, value in facts.items():
        called(S.lib.reprise_fact(name.encode(), value.encode("utf-8", "replace")))


def see_file(event, arguments):
    if event != "open" or S.finished or os.getpid() != PID:
        return
    path, mode = arguments[0], arguments[1]
    if isinstance(path, bytes):
        path = os.fsdecode(path)
    if not isinstance(path, str) or (mode is not None and set(mode) & set("wax+")):
        return
    if mode is None and len(arguments) > 2 and isinstance(arguments[2], int) and arguments[2] & 3:
        return
    path = os.path.abspath(path)
    if path.startswith(OUTSIDE) or path.startswith(NO_DATA):
        return
    if path.endswith((".py", ".pyc", ".so", ".pth")) or "site-packages" in path or "/.cache/" in path:
        return
    if path not in S.files and len(S.files) < 10000:
        S.files[path] = {}


def digest_files():
    for path, facts in S.files.items():
        try:
            facts["bytes"] = os.stat(path).st_size
            if HASH_ALL_FILES or facts["bytes"] <= LARGEST_FILE:
                facts["sha256"] = sha256_of(path)
        except OSError:
            facts["bytes"] = None
