# SPDX-License-Identifier: Apache-2.0
"""Where in the script something is called from: the script's own line, and the library's through which it came."""
import os
import sys
import sysconfig

from .lines import FOLDER_AT_START, file_text

HIDDEN = [os.path.dirname(os.path.abspath(__file__)) + os.sep]
LIBRARY = [os.path.join(sysconfig.get_path(name), "") for name in ("stdlib", "platstdlib")]


def is_library(path):
    return "site-packages" in path or "dist-packages" in path or path.startswith((*LIBRARY, "<frozen"))


def place_of_call(most=60):
    """("train.py:4", "transformers/trainer_utils.py:92"): the second is "" where the script calls by itself."""
    frame, through = sys._getframe(1), ""
    for _ in range(most):
        if frame is None:
            break
        path = frame.f_code.co_filename
        if not path.startswith("<"):
            path = os.path.join(FOLDER_AT_START, path)
        if not path.startswith(tuple(HIDDEN)):
            where = f"{file_text(frame.f_code)}:{frame.f_lineno}"
            if not is_library(path):
                return where, through
            through = through or where
        frame = frame.f_back
    return "", through
