# SPDX-License-Identifier: Apache-2.0
"""Names of the script's threads, by which those of two runs are matched."""
import functools
import threading

from .state import S, guarded


@guarded
def name_thread(number, name):
    if S.lib is not None and number is not None:
        S.lib.reprise_thread(number, name.encode("utf-8", "replace"))


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
