# SPDX-License-Identifier: Apache-2.0
"""Files that a script looks at without opening them: `os.path.getsize`, `os.stat`, `Path.stat`.

No audit event tells of them. A file whose size was asked for counts as read; a bare question whether there is one
counts as nothing, since nearly every script asks that of the folders it is about to make.
"""
import functools
import os
import stat
import sys

from .files import note_quietly
from .state import S

QUESTIONS = {"exists", "isfile", "isdir", "lexists", "ismount", "samefile", "is_file", "is_dir", "is_mount", "_samefile"}
LIBRARY = (os.path.dirname(os.__file__) + os.sep, "<frozen ")


def asks_only_whether(frame):
    """Whether the call comes from a function of the library that answers yes or no: Path.exists by way of Path.stat."""
    for _ in range(3):
        if frame is None or "site-packages" in frame.f_code.co_filename:
            return False
        if frame.f_code.co_name in QUESTIONS and frame.f_code.co_filename.startswith(LIBRARY):
            return True
        frame = frame.f_back
    return False


def watch_sizes():
    original = os.stat

    @functools.wraps(original)
    def seen(path, *args, **kwargs):
        found = original(path, *args, **kwargs)
        if not S.finished and not isinstance(path, int) and stat.S_ISREG(found.st_mode):
            if not kwargs.get("dir_fd") and not asks_only_whether(sys._getframe(1)):
                note_quietly("read", path)
        return found

    seen.__module__ = "os"  # where it is found again, by its name
    # Tables of what each of these functions can do: shutil looks it up there before it calls.
    for table in (os.supports_fd, os.supports_dir_fd, os.supports_follow_symlinks):
        if original in table:
            table.add(seen)
    os.stat = seen
