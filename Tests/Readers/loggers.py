"""The loggers of Debian, with the least settings that do."""

import re

from follower import AT_LEAST_ONCE, LOSES, WHILE_UP, Follower, first_line


class SyslogNg(Follower):
    name = "syslog-ng"
    promise = WHILE_UP

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


class SyslogNgAsItComes(SyslogNg):
    """It takes the start of a line for the header of syslog."""

    name = "syslog-ng, defaults"
    promise = LOSES

    def prepare(self):
        super().prepare()
        conf = self.folder / "cfgfile"
        conf.write_text(conf.read_text().replace("flags(no-parse)", ""))


class SyslogNgWildcard(SyslogNg):
    """A sealed file is the live one under a new name: it is read again."""

    name = "syslog-ng, all files"
    promise = AT_LEAST_ONCE

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
    promise = WHILE_UP
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
    promise = LOSES


class RsyslogWildcard(Rsyslog):
    name = "rsyslog, all files"
    file = "changes*.ndjson"
    promise = AT_LEAST_ONCE
