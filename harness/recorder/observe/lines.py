# SPDX-License-Identifier: Apache-2.0
"""The places in the script where its operators are called, in words: the library knows them as addresses."""
import ctypes
import os
import sysconfig

from .models import clean
from .sources import qualified, source_at, span_of
from .state import S, trouble

# In the order of PythonFunctions, in harness/record/operators/python_functions.h.
FUNCTIONS = ("PyGILState_GetThisThreadState", "PyGILState_Ensure", "PyGILState_Release", "PyEval_GetFrame", "PyFrame_GetBack",
             "PyFrame_GetCode", "PyObject_GetAttrString", "PyMapping_GetItemString", "PyLong_AsLong", "PyUnicode_AsEncodedString",
             "PyBytes_AsString", "PyWeakref_NewRef", "Py_IncRef", "Py_DecRef", "PyErr_Occurred", "PyErr_Clear")  # fmt: skip
FOLDER_AT_START = os.getcwd() + os.sep
RECORDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
LONGEST = 300  # characters of a line

known = {}  # code (which the library keeps) and position -> what is said of it


def folders(*paths):
    return "\n".join(os.path.join(path, "") for path in dict.fromkeys(filter(None, paths))).encode("utf-8", "surrogateescape")


def watch_lines(lib, torch):
    """Hands Python's functions over. Places are asked for only while an operator window is open."""
    functions = (ctypes.c_void_p * len(FUNCTIONS))(
        *(ctypes.cast(getattr(ctypes.pythonapi, name), ctypes.c_void_p).value for name in FUNCTIONS)
    )
    home = os.path.dirname(os.path.dirname(os.path.abspath(torch.__file__)))
    hidden = [os.path.join(home, name) for name in ("torch", "functorch", "torchgen")] + [RECORDER]
    # The library's own folder may hold that of installed packages, which are named by how they lie in it.
    library = [sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")]
    lib.reprise_lines.argtypes = (ctypes.c_void_p, *[ctypes.c_char_p] * 5)
    lib.reprise_lines.restype = lib.reprise_places.restype = ctypes.c_int64
    lib.reprise_place.argtypes = (ctypes.c_int64, ctypes.c_void_p)
    lib.reprise_name_place.argtypes = (ctypes.c_int64, ctypes.c_int64, ctypes.c_void_p)
    lib.reprise_place.restype = lib.reprise_name_place.restype = None
    call = torch.nn.Module.__call__.__code__
    S.lines = bool(
        lib.reprise_lines(
            functions,
            folders(*hidden),
            folders(*library),
            folders(os.environ.get("TORCHINDUCTOR_CACHE_DIR")),
            call.co_filename.encode("utf-8", "surrogateescape"),
            call.co_name.encode(),
        )
    )


def file_text(code):
    path = code.co_filename
    if path.startswith("<"):
        return path
    path = os.path.normpath(os.path.join(FOLDER_AT_START, path))
    if path.startswith(FOLDER_AT_START):
        return path[len(FOLDER_AT_START) :]
    for folder in (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}"):
        if folder in path:
            return path.rsplit(folder, 1)[1]
    return path


class Namer:
    """For the places of one step."""

    def __init__(self):
        self.modules = None

    def paths_of_modules(self):
        """id of a module -> itself and its names in the models that are trained."""
        if self.modules is None:
            self.modules = {}
            for place, reference in enumerate(S.models):
                root = reference()
                if root is None:
                    continue
                wrapped = type(root).__name__ in ("DistributedDataParallel", "DataParallel", "FullyShardedDataParallel")
                prefix = "" if place == 0 else f"model{place + 1}."
                for name, module in S.torch.nn.Module.named_modules(root, remove_duplicate=False):
                    name = clean(f"{name}.", wrapped)[:-1] if name else ""
                    names = self.modules.setdefault(id(module), (module, []))[1]
                    if prefix + name not in names:
                        names.append(prefix + name)
        return self.modules

    def module_text(self, reference):
        module = reference()
        if module is None:
            return ""
        kind = type(module).__name__
        if type(module).__module__.startswith("torch.fx"):  # what a compiler made of it
            return ""
        known = self.paths_of_modules().get(id(module))
        names = " or ".join(name.rstrip(".") for name in known[1] if name) if known else ""
        return f"{names} ({kind})" if names else f"({kind})"

    def spot(self, code, position):
        """File, line, function, source and part of it."""
        key = (id(code), position)
        if key not in known:
            line, *rest = span_of(code, position)
            source, part = map(shortened, source_at(code, line, *rest))
            known[key] = (file_text(code), line, qualified(code), source, part)
        return known[key]

    def texts(self, words):
        code, position, compiled, module, own_code, own_position = words
        code = ctypes.cast(code, ctypes.py_object).value
        file, line, function, source, part = self.spot(code, position)
        if compiled:
            line, source, part = 0, "", ""
        module = self.module_text(ctypes.cast(module, ctypes.py_object).value) if module else ""
        through = ""
        if own_code:
            where = self.spot(ctypes.cast(own_code, ctypes.py_object).value, own_position)
            through = f"{where[0]}:{where[1]}" + (f": {where[3]}" if where[3] else "")
        return line, (file, function, source, part, module, through)


def shortened(text):
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def as_bytes(text):
    """Names of files need not be text."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace").encode("utf-8", "replace")


def name_lines():
    """Says what the places are called that have no words yet. One that fails stays unknown."""
    if not S.lines:
        return
    words = (ctypes.c_int64 * 6)()
    namer = Namer()
    for which in range(S.lib.reprise_places()):
        try:
            S.lib.reprise_place(which, words)
            line, texts = namer.texts(list(words))
            S.lib.reprise_name_place(which, line, (ctypes.c_char_p * 6)(*map(as_bytes, texts)))
        except Exception as error:
            trouble(f"a place in the script: {type(error).__name__}: {error}")
