# SPDX-License-Identifier: Apache-2.0
"""Python imports this by itself when it starts, because `reprise` puts its folder first on PYTHONPATH.

It waits for `import torch`, loads the recorder and hands over what only Python knows: names, optimizer
state, gradients, losses, batches. The script is not changed and must not notice: whatever goes wrong here is
counted and written to observed.json, never raised, never printed.
"""
import sys


def _chain():
    """Runs the sitecustomize that this one hides."""
    import importlib.machinery
    import importlib.util
    import os

    here = os.path.dirname(os.path.abspath(__file__))
    places = [place for place in sys.path if os.path.abspath(place or ".") != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", places)
    if spec is None or spec.loader is None:
        return
    module = importlib.util.module_from_spec(spec)
    own, sys.modules["sitecustomize"] = sys.modules.get("sitecustomize"), module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        if own is not None:
            sys.modules["sitecustomize"] = own
        raise


def _begin():
    import os

    place = os.path.join(os.path.dirname(os.path.abspath(__file__)), "begin.py")
    with open(place, encoding="utf-8") as file:
        text = file.read()
    exec(compile(text, place, "exec"), {"__file__": place, "__name__": "_reprise_begin"})


try:
    _begin()
except Exception:  # the script must run, whatever becomes of the recording; no trace will say that it failed
    pass
_chain()
