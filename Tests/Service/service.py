"""What the parts ask the machine about its service."""

import json
import sqlite3

STATE = "/var/lib/tidings"
FOLDERS = "[{ name: articles, path: /srv/articles }]"
DROP_IN = "/etc/systemd/system/tidings.service.d/test.conf"
ARTICLE = "The harbour of the test\n\nThe pier is open again from {} on, the harbour office says. It was closed for a week.\n"


class Service:
    def __init__(self, computer):
        self.machine = computer

    def show(self, name, unit="tidings"):
        return self.machine.run(f"systemctl show {unit} --property={name} --value").output.strip()

    def pid(self):
        return int(self.show("MainPID") or 0)

    def is_active(self):
        return self.show("ActiveState") == "active"

    def is_back(self, former):
        """Whether another daemon than the one with the pid `former` is ready."""
        return self.is_active() and self.pid() not in (0, former)

    def status(self):
        """`tidings status`, as data."""
        result = self.machine.run("tidings status --json")
        return json.loads(result.output) if result.status == 0 else {}

    def source(self, name):
        return next((source for source in self.status().get("sources", []) if source["name"] == name), {})

    def lines(self):
        """The changes of all change files, in their order."""
        folder = self.machine.path(f"{STATE}/stream")
        sealed = sorted(folder.glob("changes-*.ndjson"), key=lambda file: int(file.stem.split("-")[1]))
        text = b"".join(file.read_bytes() for file in [*sealed, folder / "changes.ndjson"])
        changes = [json.loads(line) for line in text.split(b"\n")[:-1]]
        return [change for change in changes if change["type"] != "tidings.stream.header"]

    def is_whole(self):
        """Whether each change is there once, in order."""
        return [change["id"] for change in self.lines()] == [str(number) for number in range(1, len(self.lines()) + 1)]

    def write_article(self, name, text):
        """A file in the watched folder, which is there at once and as a whole."""
        folder = self.machine.path("/srv/articles")
        (folder / f".{name}").write_text(text)
        (folder / f".{name}").rename(folder / name)

    def has_article(self, name):
        return any(change["data"].get("origin", {}).get("key") == name for change in self.lines())

    def set_sources(self, folders="[]", feeds="[]"):
        """Writes the lists of the installed settings, in YAML's short form."""
        file = self.machine.path("/etc/tidings/tidings.yaml")
        lists = {"folders:": folders, "feeds:": feeds}
        lines = file.read_text().splitlines()
        words = [line.split(" ")[0] for line in lines]
        file.write_text("".join(
            f"{word} {lists[word]}\n" if word in lists else f"{line}\n" for word, line in zip(words, lines)))

    def change_unit(self, settings):
        """A drop-in with `settings` for [Service]; none if they are empty."""
        file = self.machine.path(DROP_IN)
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"[Service]\n{settings}\n")
        self.machine.run("systemctl daemon-reload; systemctl reset-failed tidings")

    def recover(self):
        """Takes back what a part that failed has left."""
        self.machine.run(f"umount {STATE}")
        self.change_unit("")
        self.set_sources(FOLDERS)
        self.machine.run("systemctl restart tidings")

    def journal(self, since=None, options=""):
        """Entries of the service and about it since a moment that now() gave. (A cursor would not do: with a filter, `--after-cursor`
        of systemd 252 leaves out one entry too many.)"""
        since = f"--since={since}" if since else ""
        return self.machine.run(f"journalctl --quiet --no-pager --output=cat --unit=tidings {since} {options}").output

    def now(self):
        return self.machine.run("date +@%s.%6N").output.strip()

    def lock_database(self):
        """A transaction that keeps all others out, until it is closed."""
        # Not through machine.path: SQLite follows /proc/…/root like any symbolic link, to this machine's own folder.
        database = sqlite3.connect(f"{self.machine.root}{STATE}/db/tidings.db", isolation_level=None)
        database.execute("BEGIN EXCLUSIVE")
        return database
