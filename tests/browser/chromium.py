# SPDX-License-Identifier: Apache-2.0
"""A headless Chromium with one page, steered by its DevTools protocol over two pipes: no port and no library."""

import fcntl
import json
import os
import select
import subprocess
import tempfile
import time

PATIENCE = 120  # seconds until an answer that does not come is trouble


class Trouble(Exception):
    """Chromium ended, or does not answer."""


class Chromium:
    def __init__(self, program):
        self.folder = tempfile.TemporaryDirectory(prefix="reprise-browser-")
        self.buffer, self.number, self.events, self.session = b"", 0, [], None
        self.requests = []  # every address that was asked for
        self.process = self._start(program)
        try:
            target = self.ask("Target.createTarget", url="about:blank")["targetId"]
            self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            for domain in ("Page", "Runtime", "Network", "Accessibility"):
                self.ask(domain + ".enable")
        except BaseException:
            self.close()
            raise

    def _start(self, program):
        flags = ["--headless", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage",
                 "--hide-scrollbars", "--disable-background-networking", "--disable-component-update",
                 "--host-resolver-rules=MAP * ~NOTFOUND",  # it finds nobody to talk to
                 "--user-data-dir=" + self.folder.name]
        if os.getuid() == 0:
            flags.append("--no-sandbox")  # it refuses to start as root else
        theirs_in, self.writes = os.pipe()
        self.reads, theirs_out = os.pipe()
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in (theirs_in, theirs_out)]

        def lay_pipes():  # Chromium wants them as 3 and 4
            os.dup2(ends[0], 3)
            os.dup2(ends[1], 4)

        with open(os.path.join(self.folder.name, "log.txt"), "wb") as log:
            process = subprocess.Popen([program, *flags], preexec_fn=lay_pipes, close_fds=False,
                                       stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                       env={**os.environ, "HOME": self.folder.name})
        for end in (theirs_in, theirs_out, *ends):
            os.close(end)
        return process

    def _trouble(self, what):
        with open(os.path.join(self.folder.name, "log.txt"), encoding="utf-8", errors="replace") as log:
            return Trouble(what + "; the end of its log:\n" + log.read()[-2000:])

    def _next_message(self, deadline):
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.reads], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise self._trouble(f"Chromium gave no answer in {PATIENCE} s")
            part = os.read(self.reads, 1 << 20)
            if not part:
                raise self._trouble("Chromium ended")
            self.buffer += part
        line, _, self.buffer = self.buffer.partition(b"\0")
        message = json.loads(line)
        if message.get("method") == "Network.requestWillBeSent":
            self.requests.append(message["params"]["request"]["url"])
        return message

    def ask(self, method, **parameters):
        self.number += 1
        question = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            question["sessionId"] = self.session
        line = json.dumps(question).encode() + b"\0"
        while line:
            line = line[os.write(self.writes, line):]
        deadline = time.monotonic() + PATIENCE
        while True:
            message = self._next_message(deadline)
            if message.get("id") == self.number:
                if "error" in message:
                    raise Trouble(f"{method}: {message['error']['message']}")
                return message["result"]
            self.events.append(message.get("method"))

    def open(self, address):
        self.events.clear()
        found = self.ask("Page.navigate", url=address)
        if "errorText" in found:
            raise Trouble(f"{address}: {found['errorText']}")
        deadline = time.monotonic() + PATIENCE
        while "Page.loadEventFired" not in self.events:
            self.events.append(self._next_message(deadline).get("method"))

    def evaluate(self, expression):
        """The value of JavaScript, after the promise that it may be."""
        found = self.ask("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in found:
            told = found["exceptionDetails"]
            raise Trouble(told.get("exception", {}).get("description", told["text"]))
        return found["result"].get("value")

    def close(self):
        # Asked to, it ends its other processes first, which else still write into the folder.
        try:
            self.session = None
            self.ask("Browser.close")
            self.process.wait(timeout=PATIENCE)
        except (Trouble, OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        os.close(self.reads)
        os.close(self.writes)
        try:
            self.folder.cleanup()
        except OSError:
            pass  # one of them was not done yet

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
