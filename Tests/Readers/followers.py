"""The readers that follow the stream, but for the loggers."""

import pathlib
import shlex
import subprocess
import sys

from follower import AT_LEAST_ONCE, LOSES, WHILE_UP, CalledAgain, Follower, first_line
from loggers import Rsyslog, RsyslogAsItComes, RsyslogWildcard, SyslogNg, SyslogNgAsItComes, SyslogNgWildcard

HERE = pathlib.Path(__file__).parent


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
    promise = WHILE_UP

    def command(self):
        return [self.program, "-n", "+1", "-F", self.stream.live]


class UutilsTail(Tail):
    """It leaves a file that was replaced without reading it to its end."""

    name = "tail -F of uutils"
    promise = LOSES

    def prepare(self):
        self.program = self.tools.path("uutils-tail")

    def version(self):
        return "uutils " + first_line([self.program, "--version"]).split()[-1]


class TidingsTail(Follower):
    name = "tidings tail"
    promise = AT_LEAST_ONCE

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


class Logtail2(CalledAgain):
    name = "logtail2"
    promise = LOSES

    def command(self):
        return [self.tools.path("logtail2"), "-f", self.stream.live, "-o", "offset"]

    def version(self):
        self.tools.path("logtail2")
        return self.tools.package("logtail")


class Logtail2WithRule(Logtail2):
    """With a file that tells it the name of a sealed file."""

    name = "logtail2, with our rule"
    promise = WHILE_UP

    def command(self):
        return [self.tools.path("logtail2-tidings"), *super().command()[1:]]


class Pygtail(CalledAgain):
    name = "pygtail"
    promise = LOSES
    options = []

    def command(self):
        return [self.tools.path("pygtail"), "--full_lines", *self.options, "-o", "offset", self.stream.live]

    def version(self):
        return first_line([self.tools.path("pygtail"), "--version"]).replace(" version", "")


class PygtailWithPattern(Pygtail):
    """`%.0s` takes the name that the pattern is filled with, and leaves nothing of it."""

    name = "pygtail, with pattern"
    promise = WHILE_UP
    options = ["--log-pattern", "changes-*.ndjson%.0s"]


FOLLOWERS = [
    Tail, TailAgain, UutilsTail, TidingsTail, TidingsExec, Loop,
    SyslogNg, SyslogNgAsItComes, SyslogNgWildcard, Rsyslog, RsyslogAsItComes, RsyslogWildcard,
    Logtail2, Logtail2WithRule, Pygtail, PygtailWithPattern]
