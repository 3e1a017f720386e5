"""A program that reads the stream as it grows. What it writes to its own file `out` is what it saw."""

import os
import re
import signal
import subprocess
import threading

from stream import number

#: What README can say of a reader, as the findings (see report.py) that bear it out.
ONCE = {"once"}
AT_LEAST_ONCE = {"once", "repeats"}
#: It must not be down while a file is renamed.
WHILE_UP = {"once", "repeats", "loses while down"}
#: Not to be used so. A version that reads well shows as a difference: README is then to be changed.
LOSES = {"loses while down", "loses", "damages"}

#: Between two calls of a reader that cron calls.
CALL_PAUSE_SECONDS = 0.2


class Follower:
    """One reader with a folder for its memory. `command()` says how it is started, for the first time or after its death."""

    name = "?"
    #: What README says of it: the findings that bear it out.
    promise = ONCE

    def __init__(self, stream, tools, folder):
        self.stream = stream
        self.tools = tools
        self.folder = folder / re.sub(r"\W+", "-", self.name)
        self.folder.mkdir()
        self.out = self.folder / "out"
        self.out.touch()
        self.process = None
        self.prepare()

    # For subclasses

    def prepare(self):
        """Writes the reader's settings."""

    def command(self):
        raise NotImplementedError

    def version(self):
        raise NotImplementedError

    # Running

    def start(self):
        self.drop_torn_line()
        self.process = self.spawn(self.command())

    def spawn(self, command):
        # A group of its own: a reader may have children.
        with open(self.out, "ab") as out, open(self.folder / "errors", "ab") as errors:
            return subprocess.Popen(
                command, stdout=out, stderr=errors, stdin=subprocess.DEVNULL, cwd=self.folder, start_new_session=True,
                env=os.environ | self.tools.environment)

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.kill()

    def pause(self):
        """Makes it slow: it gets no time until `go_on`."""
        os.killpg(self.process.pid, signal.SIGSTOP)

    def go_on(self):
        os.killpg(self.process.pid, signal.SIGCONT)

    def drop_torn_line(self):
        """The line that the killed reader was writing: whoever takes its lines has not got that one."""
        written = self.out.read_bytes()
        if written and not written.endswith(b"\n"):
            os.truncate(self.out, written.rfind(b"\n") + 1)

    # What it saw

    def lines(self):
        return self.out.read_bytes().split(b"\n")[:-1]

    def last(self):
        """The newest change of which it saw the whole line."""
        return max((n for line in self.lines() if (n := number(line))), default=0)

    def reached(self):
        """The newest change of which it saw anything: the lines of some readers lack their start."""
        return max(map(int, re.findall(rb'"id":"([0-9]+)"', self.out.read_bytes())), default=0)


def first_line(command, environment=None):
    answer = subprocess.run(command, capture_output=True, text=True, env=os.environ | (environment or {}))
    return (answer.stdout + answer.stderr).strip().splitlines()[0]


class CalledAgain(Follower):
    """A reader that prints what is new and ends: called again and again, as by cron."""

    def start(self):
        self.drop_torn_line()
        self.is_ended = threading.Event()
        self.lock = threading.Lock()
        self.thread = threading.Thread(target=self.call, daemon=True)
        self.thread.start()

    def call(self):
        while True:
            with self.lock:
                if self.is_ended.wait(CALL_PAUSE_SECONDS):
                    return
                self.process = self.spawn(self.command())
            self.process.wait()

    def kill(self):
        self.is_ended.set()
        with self.lock:
            pass  # no other process begins
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.thread.join()

    stop = kill

    def pause(self):
        self.lock.acquire()

    def go_on(self):
        self.lock.release()
