"""A daemon of its own in a temporary folder, with articles that are made and edited, and a port."""

import os
import pathlib
import socket
import subprocess
import time
import urllib.error
import urllib.request

PATIENCE_SECONDS = 60


def wait_until(condition, what, patience=PATIENCE_SECONDS):
    """Polls until `condition()` is true, and gives its value."""
    deadline = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {patience} s in vain: {what}")
        time.sleep(0.01)


def free_port():
    with socket.socket() as link:
        link.bind(("127.0.0.1", 0))
        return link.getsockname()[1]


class Daemon:
    def __init__(self, tidings, folder, connections=2048):
        self.tidings = tidings
        self.folder = pathlib.Path(folder)
        self.articles = self.folder / "articles"
        self.articles.mkdir()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.state = self.folder / "state"
        self.settings = self.folder / "tidings.yaml"
        self.settings.write_text(
            "state: state\n"
            f'http: {{ listen: "127.0.0.1:{self.port}", public_url: "{self.url}/", max_connections: {connections} }}\n'
            "folders:\n  - { name: articles, path: articles, settle: 0ms }\n"
            "log_level: warning\n")
        self.log = open(self.folder / "daemon.log", "ab")
        self.process = None

    def start(self):
        self.process = subprocess.Popen([self.tidings, "run", "--config", self.settings], stdout=self.log, stderr=self.log)
        wait_until(self.answers, "the daemon answers")

    def answers(self):
        if self.process.poll() is not None:
            raise RuntimeError("the daemon ended: " + self.messages())
        try:
            return urllib.request.urlopen(self.url + "/healthz", timeout=5).status == 200
        except (urllib.error.URLError, OSError):
            return False

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        """TERM, and the seconds that it takes."""
        start = time.monotonic()
        self.process.terminate()
        if self.process.wait(30) != 0:
            raise RuntimeError("the daemon ended badly: " + self.messages())
        return time.monotonic() - start

    def messages(self):
        return (self.folder / "daemon.log").read_text()

    def write(self, name, text):
        """As an editor does it: whole, under its name at once."""
        draft = self.articles / f".{name}.tmp"
        draft.write_text(text)
        os.replace(draft, self.articles / name)

    def lines(self):
        """The changes of all change files, without headers and half lines."""
        files = sorted((self.state / "stream").glob("changes-*.ndjson")) + [self.state / "stream/changes.ndjson"]
        lines = []
        for file in files:
            whole = file.read_bytes().rpartition(b"\n")[0]
            lines += [line for line in whole.split(b"\n") if b'"type":"tidings.stream.header"' not in line[:200]]
        return lines

    def wait_for_changes(self, count):
        wait_until(lambda: len(self.lines()) >= count, f"{count} changes")

    def memory(self):
        """Bytes that are the process's own, and bytes that are resident."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        field = lambda name: int(status.split(name + ":")[1].split()[0]) << 10
        return field("RssAnon"), field("VmRSS")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))
