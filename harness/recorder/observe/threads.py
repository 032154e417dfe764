# SPDX-License-Identifier: Apache-2.0
"""Names of the script's threads, by which those of two runs are matched, and those that an exception ended."""
import functools
import os
import threading

from .lines import file_text
from .state import PID, S, guarded


@guarded
def name_thread(number, name):
    if S.lib is not None and number is not None:
        S.lib.reprise_thread(number, name.encode("utf-8", "replace"))


@guarded
def note_end(failed):
    """A traceback on stderr is all that Python makes of it: the script goes on without that thread."""
    if os.getpid() != PID or failed.exc_type is SystemExit:
        return
    at = failed.exc_traceback
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    where = f" ({file_text(at.tb_frame.f_code)} line {at.tb_lineno})" if at is not None else ""
    S.notes.append(f"a thread of the script was ended by an exception, {failed.exc_type.__name__}{where}")


def watch_ended_threads():
    original = threading.excepthook

    @functools.wraps(original)
    def ended(failed):
        note_end(failed)
        original(failed)

    threading.excepthook = ended


def watch_threads():
    """Those that are there, and all that begin later. The main thread is known without a name."""
    for thread in threading.enumerate():
        if thread is not threading.main_thread():
            name_thread(thread.native_id, thread.name)
    original = threading.Thread._bootstrap_inner

    @functools.wraps(original)
    def begin(self):
        number = threading.get_native_id()
        name_thread(number, self.name)
        try:
            return original(self)
        finally:
            name_thread(number, "")

    threading.Thread._bootstrap_inner = begin
    watch_ended_threads()
