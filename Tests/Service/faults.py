"""Parts of an administrator's bad days: each ends with the service running, and with every change in the stream once."""

import fcntl
import os
import shutil
import sys
import time

from ordinary import REPOSITORY
from service import ARTICLE, FOLDERS, STATE, Service

# RestartSec= is 2 s; this leaves time for a start on a slow machine.
RESTART = 8


def ends_well(t, service, name):
    """An article that is written now is announced."""
    service.write_article(f"{name}.txt", ARTICLE.format(name))
    t.wait("a new article is announced", lambda: service.has_article(f"{name}.txt"), 10)
    t.claim("each change is there once", service.is_whole(), service.lines())


def dies(signal):
    def part(t):
        service = Service(t.machine)
        pid = service.pid()
        service.write_article(f"{signal}-before.txt", ARTICLE.format(f"{signal} before"))
        t.run(f"kill -{signal} {pid}")
        t.wait("the daemon is ready again", lambda: service.is_back(pid), RESTART)
        ends_well(t, service, signal)
        t.machine.run("systemctl reset-failed tidings")
    return part


def hangs(t):
    """A stopped process stands for one that hangs. The watchdog's usual minute is shortened."""
    service = Service(t.machine)
    service.change_unit("WatchdogSec=4s")
    t.run("systemctl restart tidings")
    pid, since = service.pid(), service.now()
    t.run(f"kill -STOP {pid}")
    t.wait("the watchdog barks", lambda: "Watchdog timeout" in service.journal(since), 8)
    t.wait("the daemon is ready again", lambda: service.is_back(pid), RESTART)
    ends_well(t, service, "hang")
    service.change_unit("")


def full_disk(t):
    """A state folder of its own, of 8 MiB."""
    service = Service(t.machine)
    t.run("systemctl stop tidings")
    t.run(f"mount -t tmpfs -o size=8m,mode=0750,uid=tidings,gid=tidings tmpfs {STATE}")
    t.run("systemctl start tidings")
    t.wait("all files are read", lambda: len(service.lines()) >= 26)
    pid, since = service.pid(), service.now()
    t.run(f"dd if=/dev/zero of={STATE}/ballast bs=4k", status=1, says=["No space left"])
    service.write_article("disk.txt", ARTICLE.format("disk"))
    t.wait("`systemctl status` names the disk", lambda: "full" in service.show("StatusText"), 20)
    t.line(f"    {service.show('StatusText')}")
    t.run("tidings status", says=["full"])
    t.claim("a warning is in the journal", "full" in service.journal(since, "--priority=warning"), service.journal(since))
    t.claim("the daemon waits", service.is_active() and service.pid() == pid)
    t.run(f"rm {STATE}/ballast")
    t.wait("the article is announced", lambda: service.has_article("disk.txt"))
    t.wait("`systemctl status` says so no longer", lambda: "full" not in service.show("StatusText"), 15)
    ends_well(t, service, "space")
    t.run(f"systemctl stop tidings && umount {STATE} && systemctl start tidings")
    ends_well(t, service, "old-disk")


def waits_for(t, release):
    """The service does not start while something is locked, nor fail; it does once release() is called."""
    service = Service(t.machine)
    service.change_unit("TimeoutStartSec=5s")
    since = service.now()
    t.run("systemctl start --no-block tidings")
    try:
        text = t.wait("the daemon says what it waits for", lambda: "lock" in service.show("StatusText") and service.show("StatusText"), 10)
        t.line(f"    {text}")
        start = time.monotonic()
        t.wait("it still waits after twice its timeout", lambda: time.monotonic() - start > 10, 20)
        t.claim("it has not failed", (service.show("ActiveState"), service.show("NRestarts")) == ("activating", "0"), service.journal(since))
        t.claim("a warning names the lock", "lock" in service.journal(since, "--priority=warning"), service.journal(since))
    finally:
        release()
    t.wait("free: the service is ready", service.is_active, 8)
    ends_well(t, service, f"lock-{len(service.lines())}")
    service.change_unit("")


def locked_state(t):
    """As another daemon has it."""
    t.run("systemctl stop tidings")
    folder = os.open(t.machine.path(f"{STATE}/db"), os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    waits_for(t, lambda: os.close(folder))


def locked_database(t):
    """As a person has it with sqlite3's shell."""
    t.run("systemctl stop tidings")
    waits_for(t, Service(t.machine).lock_database().close)


def no_network(t):
    """The machine has no network at all when the daemon starts; then it comes up."""
    service = Service(t.machine)
    document = t.machine.folder / "feed.xml"
    shutil.copy(REPOSITORY / "seeds" / "feed-rss.xml", document)
    service.set_sources(
        FOLDERS, '[{ name: wire, url: "http://192.0.2.10:8080/feed.xml", every: 15m, private_network: true }]')
    t.run("systemctl restart tidings")
    wire = lambda: service.source("wire")
    t.wait("the feed was tried", lambda: wire().get("detail"), 10)
    t.run("tidings status | grep -A 1 wire", shows=2)
    t.claim("it does not count as failing", wire().get("state") != "failing", wire())
    t.claim("it is not said to be well either", wire().get("state") != "ok", wire())
    start = time.monotonic()
    t.wait("some seconds pass", lambda: time.monotonic() - start > 8)
    t.machine.in_network("ip", "address", "add", "192.0.2.10/32", "dev", "lo").wait()
    server = t.machine.in_network(sys.executable, "-m", "http.server", "--directory", document.parent, "--bind", "192.0.2.10", "8080")
    try:
        t.wait("with the network the feed is read soon", lambda: any(
            change["data"].get("origin", {}).get("source") == "wire" and "article" in change["type"] for change in service.lines()), 60)
    finally:
        server.terminate()
    t.claim("the stream never called it failing", not any(
        change["type"] == "tidings.source.state" and change["data"]["origin"]["source"] == "wire" for change in service.lines()))
    service.set_sources(FOLDERS)
    t.run("systemctl reload tidings")
