"""Programs that read the stream as it grows. What each writes to its own file `out` is what it saw."""

import os
import pathlib
import re
import shlex
import signal
import subprocess
import sys
import threading

from stream import number

#: Between two calls of a reader that cron calls.
CALL_PAUSE_SECONDS = 0.2
HERE = pathlib.Path(__file__).parent


class Follower:
    """One reader with a folder for its memory. `command()` says how it is started, for the first time or after its death."""

    name = "?"
    #: What README says of it: `once`; `repeats` (none missing, some again); `alone` (once, but what is renamed while it is down is lost).
    promise = "once"

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
        return max((n for line in self.lines() if (n := number(line))), default=0)


def first_line(command, environment=None):
    answer = subprocess.run(command, capture_output=True, text=True, env=os.environ | (environment or {}))
    return (answer.stdout + answer.stderr).strip().splitlines()[0]


class Tail(Follower):
    """It has no memory. After its death what came since is asked for with `tidings tail`."""

    name = "tail -F"
    program = "tail"

    def command(self):
        if last := self.last():
            return [self.stream.tidings, "tail", "-f", "--since", str(last), "--config", self.stream.settings]
        return [self.program, "-n", "+1", "-F", self.stream.live]

    def version(self):
        return first_line([self.program, "--version"])


class TailAgain(Tail):
    """What a shell script does without `tidings`: from the start of the live file again."""

    name = "tail -F, started again"
    promise = "repeats alone"

    def command(self):
        return [self.program, "-n", "+1", "-F", self.stream.live]


class UutilsTail(Tail):
    """It leaves a file that was replaced without reading it to its end."""

    name = "tail -F of uutils"
    promise = "loses"

    def prepare(self):
        self.program = self.tools.path("uutils-tail")

    def version(self):
        return "uutils " + first_line([self.program, "--version"]).split()[-1]


class TidingsTail(Follower):
    name = "tidings tail"
    promise = "repeats"

    def command(self):
        return [self.stream.tidings, "tail", "-f", "--cursor-file", "cursor", "--config", self.stream.settings]

    def version(self):
        return "tidings " + first_line([self.stream.tidings, "--version"])


class TidingsExec(TidingsTail):
    """The cursor moves when the program that takes the lines has ended well, so it may be killed as well."""

    name = "tidings tail --exec"

    def prepare(self):
        if "--exec" not in subprocess.run([self.stream.tidings, "tail", "--help"], capture_output=True, text=True).stdout:
            raise FileNotFoundError("this build of tidings has no tail --exec")

    def command(self):
        return [*super().command(), "--exec", f"cat >> {shlex.quote(str(self.out))}"]


class Loop(Follower):
    """The loop of a program of one's own: `loop.py`."""

    name = "a loop in Python"

    def command(self):
        return [sys.executable, HERE / "loop.py", self.stream.live.parent, str(self.last())]

    def version(self):
        return first_line([sys.executable, "--version"])


class SyslogNg(Follower):
    name = "syslog-ng"
    promise = "repeats alone"

    def prepare(self):
        (self.folder / "cfgfile").write_text(f"""@version: {self.version().split(' ')[-1].rsplit('.', 1)[0]}
source changes {{ file("{self.stream.live}" flags(no-parse) follow-freq(1)); }};
destination lines {{ file("{self.out}" template("$MSG\\n")); }};
log {{ source(changes); destination(lines); flags(flow-control); }};
""")

    def command(self):
        return [
            self.tools.path("syslog-ng"), "--foreground", "--no-caps", f"--module-path={self.tools.folder('syslog-ng')}",
            *(f"--{what}={self.folder / what}" for what in ("cfgfile", "persist-file", "pidfile", "control"))]

    def version(self):
        answer = first_line([self.tools.path("syslog-ng"), "--version"], self.tools.environment)
        return "syslog-ng " + re.search(r"\(?(\d+\.\d+\.\d+)", answer)[1]


class SyslogNgWildcard(SyslogNg):
    """A sealed file is the live one under a new name: it is read again."""

    name = "syslog-ng, all files"
    promise = "repeats"

    def prepare(self):
        super().prepare()
        conf = self.folder / "cfgfile"
        conf.write_text(conf.read_text().replace(
            f'file("{self.stream.live}"', f'wildcard-file(base-dir("{self.stream.live.parent}") filename-pattern("changes*.ndjson")'))


class Rsyslog(Follower):
    """It notes its position when it has read a line. So each must have gone through before the next is read: without a queue, and not
    in batches of 1,024, or a kill loses what was read and not yet written.
    """

    name = "rsyslog"
    promise = "repeats alone"
    #: rsyslog's own is 8k: longer lines come in pieces.
    global_settings = 'maxMessageSize="64k"'
    file = "changes.ndjson"
    ruleset_settings = 'queue.type="direct"'
    input_settings = 'maxSubmitAtOnce="1" persistStateInterval="100"'

    def prepare(self):
        (self.folder / "spool").mkdir()
        (self.folder / "conf").write_text(f"""global(workDirectory="{self.folder}/spool" {self.global_settings})
module(load="imfile")
template(name="line" type="string" string="%msg%\\n")
ruleset(name="lines" {self.ruleset_settings}) {{ action(type="omfile" file="{self.out}" template="line") }}
input(type="imfile" file="{self.stream.live.parent}/{self.file}" tag="tidings" ruleset="lines" {self.input_settings})
""")

    def command(self):
        return [self.tools.path("rsyslogd"), "-n", "-f", "conf", "-i", self.folder / "pid", "-M", self.tools.folder("rsyslog")]

    def version(self):
        return "rsyslog " + first_line([self.tools.path("rsyslogd"), "-v"], self.tools.environment).split()[1]


class RsyslogAsItComes(Rsyslog):
    name = "rsyslog, defaults"
    global_settings = ""
    ruleset_settings = ""
    input_settings = ""
    promise = "cuts"


class RsyslogWildcard(Rsyslog):
    name = "rsyslog, all files"
    file = "changes*.ndjson"
    promise = "repeats"


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


class Logtail2(CalledAgain):
    name = "logtail2"
    promise = "loses"

    def command(self):
        return [self.tools.path("logtail2"), "-f", self.stream.live, "-o", "offset"]

    def version(self):
        return self.tools.package("logtail")


class Logtail2WithRule(Logtail2):
    """With a file that tells it the name of a sealed file."""

    name = "logtail2, with our rule"
    promise = "repeats alone"

    def command(self):
        return [self.tools.path("logtail2-tidings"), *super().command()[1:]]


class Pygtail(CalledAgain):
    name = "pygtail"
    promise = "loses"
    options = []

    def command(self):
        return [self.tools.path("pygtail"), "--full_lines", *self.options, "-o", "offset", self.stream.live]

    def version(self):
        return first_line([self.tools.path("pygtail"), "--version"]).replace(" version", "")


class PygtailWithPattern(Pygtail):
    """`%.0s` takes the name that the pattern is filled with, and leaves nothing of it."""

    name = "pygtail, with pattern"
    promise = "repeats alone"
    options = ["--log-pattern", "changes-*.ndjson%.0s"]


FOLLOWERS = [
    Tail, TailAgain, UutilsTail, TidingsTail, TidingsExec, Loop, SyslogNg, SyslogNgWildcard, Rsyslog, RsyslogAsItComes, RsyslogWildcard,
    Logtail2, Logtail2WithRule, Pygtail, PygtailWithPattern]
