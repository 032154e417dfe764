# SPDX-License-Identifier: Apache-2.0
"""Begins the watching of this process: loads the package observe, under a name that no script imports. Run by
sitecustomize.py, or by the library that LD_PRELOAD brings in."""


def _begin():
    import importlib.util
    import os
    import sys

    if "REPRISE_FOLDER" not in os.environ or "_reprise_recorder" in sys.modules:
        return
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    folder = os.path.join(here, "observe")
    spec = importlib.util.spec_from_file_location(
        "_reprise_recorder", os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules["_reprise_recorder"] = module
    spec.loader.exec_module(module)


_begin()
