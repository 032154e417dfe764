# SPDX-License-Identifier: Apache-2.0
"""Which programs take part: packages, the script's own modules."""
import os
import sys

from .files import HERE, sha256_of
from .state import S, called


def watches(package, name):
    """Whether this watching came in the package: a machine that has it is no other machine."""
    if name.lower() != "reprise":
        return False
    return os.path.realpath(HERE).startswith(os.path.realpath(package.locate_file("reprise")) + os.sep)


def add_facts():
    facts = {"python.version": sys.version.split()[0], "python.executable": sys.executable}
    from importlib import metadata

    for package in metadata.distributions():
        name = package.metadata["Name"]
        if name and not watches(package, name):
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
