"""A daemon of its own in a temporary folder, and the changes that it is made to announce.

The truth about the stream is what its files hold, which the product's own tests hold against the database: here only that the numbers
are 1, 2, 3 … once each.
"""

import json
import os
import pathlib
import re
import subprocess
import time

#: Longest wait for anything. Nothing here takes a tenth of it on an idle machine.
PATIENCE_SECONDS = 60
#: How many tags make a line of more than 8 KiB, where rsyslog cuts.
LONG_LINE_TAGS = 150


def wait_until(condition, what, patience=PATIENCE_SECONDS):
    """Polls until `condition()` is true, and gives its value."""
    deadline = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {patience} s in vain: {what}")
        time.sleep(0.02)


def number(line):
    """The number of a change's line; None for a header or for what is no line of the stream."""
    found = re.match(rb'\{"specversion":"1.0","id":"([0-9]+)"', line)
    return int(found[1]) if found else None


class Stream:
    """The daemon's files, its process, and the articles it watches."""

    def __init__(self, tidings, folder):
        self.tidings = tidings
        self.folder = pathlib.Path(folder)
        self.articles = self.folder / "articles"
        self.articles.mkdir()
        self.settings = self.folder / "tidings.yaml"
        self.settings.write_text(
            "state: state\n"
            "folders:\n  - { name: articles, path: articles, settle: 0ms }\n"
            "stream: { rotate_spacing: 1s }\n"
            "log_level: warning\n")
        self.live = self.folder / "state/stream/changes.ndjson"
        self.log = open(self.folder / "daemon.log", "ab")
        self.process = None
        self.written = 0

    # The process

    def start(self):
        self.process = subprocess.Popen([self.tidings, "run", "--config", self.settings], stdout=self.log, stderr=self.log)
        wait_until(self.is_running, "the daemon runs")

    def is_running(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"tidings run ended with {self.process.returncode}:\n{(self.folder / 'daemon.log').read_text()}")
        return self.status().get("daemon", {}).get("running")

    def status(self):
        answer = subprocess.run([self.tidings, "status", "--json", "--config", self.settings], capture_output=True)
        return json.loads(answer.stdout) if answer.returncode == 0 else {}

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(PATIENCE_SECONDS)
        self.log.close()

    def rotate(self):
        """Renames the live file. The daemon puts that off within `rotate_spacing` of the last time, and its answer is 75 then."""
        before = len(self.sealed())

        def is_done():
            answer = subprocess.run([self.tidings, "rotate", "--config", self.settings], capture_output=True, text=True)
            if answer.returncode not in (0, os.EX_TEMPFAIL):
                raise RuntimeError(f"tidings rotate ended with {answer.returncode}: {answer.stderr}")
            return len(self.sealed()) > before

        wait_until(is_done, "a new change file")

    # What it announces

    def write(self, count, until=None):
        """Writes `count` new articles, and waits for their changes, or for the first `until` of them."""
        before = self.last()
        for _ in range(count):
            self.written += 1
            self.write_article(self.written, "first")
        self.wait_for(before + (until or count))

    def write_article(self, which, text):
        tags = ["news", "12345678901234567890", "2026-01-02"]
        # What breaks readers of lines and guessers of types: a long line, separators of lines in Unicode, numbers and dates as text.
        if which % 40 == 7:
            tags += [f"{place:04} {'very ' * 12}long" for place in range(LONG_LINE_TAGS)]
        title = [f"Article {which} \u2028 of\u0085many: “\U0001f6a2”", f"20{which:06}", "2026-11-28T12:00:00Z", "-1.50e3"][which % 4]
        matter = json.dumps({"title": title, "tags": tags, "date": "2026-11-28", "language": "en"}, ensure_ascii=False)
        path = self.articles / f"{which:05}.md"
        path.write_text(f"{matter}\n\nThe {text} text of article {which}.\n", encoding="utf-8")

    def edit(self, numbers):
        expected = self.last() + len(numbers)
        for which in numbers:
            self.write_article(which, "second, which is longer,")
        self.wait_for(expected)

    def remove(self, numbers):
        expected = self.last() + len(numbers)
        for which in numbers:
            (self.articles / f"{which:05}.md").unlink()
        self.wait_for(expected)

    def wait_for(self, expected):
        wait_until(lambda: self.last() >= expected, f"change {expected} (of {self.last()}) in the file")

    # The files

    def sealed(self):
        """The files that are no longer written, oldest first."""
        return sorted(self.live.parent.glob("changes-*.ndjson"))

    def files(self):
        return [*self.sealed(), self.live]

    def lines(self):
        """Every change's line by its number, without the newline."""
        lines = {}
        for path in self.files():
            for line in path.read_bytes().split(b"\n"):
                if (n := number(line)) is not None:
                    assert n not in lines, f"change {n} stands in the files twice"
                    lines[n] = line
        assert sorted(lines) == list(range(1, len(lines) + 1)), "the files have a hole"
        return lines

    def last(self):
        """The newest number in the live file; that before it while it has none."""
        try:
            lines = self.live.read_bytes().split(b"\n")[:-1]
        except FileNotFoundError:
            return 0
        if not lines:
            return 0
        return number(lines[-1]) or json.loads(lines[-1])["data"]["first"] - 1
