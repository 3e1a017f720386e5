"""Parts of an administrator's ordinary day: installation, settings, readers, upgrade, removal."""

import pathlib
import shutil
import sqlite3

from service import FOLDERS, STATE, Service

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


def install(package):
    """README: the second command."""
    def part(t):
        service = Service(t.machine)
        shutil.copy(package, t.machine.path("/root"))
        t.claim("there is no Swift", t.machine.run("find / -xdev -name 'libswift*'").output == "")
        t.run(f"apt install ./{package.name}", says=["Setting up tidings"])
        t.wait("the service is ready", service.is_active, 5)
        t.run("systemctl is-enabled tidings", says=["enabled"])
        t.run("systemctl status --no-pager tidings", says=["active (running)", "0 sources"], shows=-7)
        t.run("tidings check", says=["nothing is wrong", STATE], shows=2)
        t.run("dpkg --verify tidings")
    return part


def watch_a_folder(t):
    service = Service(t.machine)
    shutil.copytree(REPOSITORY / "seeds", t.machine.path("/srv/articles"))
    t.run("groupadd editors && chown root:editors /srv/articles && chmod 750 /srv/articles")
    service.set_sources(folders=FOLDERS)
    t.run("systemctl reload tidings")
    t.wait("it may not be read", lambda: service.source("articles").get("state") == "failing")
    t.run("adduser --quiet tidings editors && systemctl restart tidings")
    t.wait("every file is announced", lambda: len(service.lines()) >= 26)
    t.claim("each change is there once", service.is_whole(), service.lines())
    exposure = t.run("systemd-analyze security --no-pager tidings | tail -n 1", shows=1).split(": ")[1].split()[0]
    t.claim("the exposure is at most 1.2", float(exposure) <= 1.2)
    memory = t.machine.path(f"/proc/{service.pid()}/smaps_rollup").read_text().splitlines()
    kibibytes = {line.split(":")[0]: line.split()[1] for line in memory[1:]}
    t.line(f"  memory: Rss {kibibytes['Rss']} KiB, Pss {kibibytes['Pss']} KiB, Private_Dirty {kibibytes['Private_Dirty']} KiB")


def readers(t):
    t.run("useradd --create-home --groups tidings monitor; useradd --create-home outsider")
    for user in ("root", "tidings"):
        t.run("tidings status", user, says=["running, pid", "articles"], shows=-4)
    t.run("tidings tail -n 2 --format pretty", "monitor", says=["created"], shows=2)
    t.run("tail -n 1 /var/lib/tidings/stream/changes.ndjson", "monitor", says=['"sequence"'])
    t.run("tidings tail -n 2", "outsider", status=77, says=["group", "tidings"], shows=2)
    t.run("head -c 1 /var/lib/tidings/db/tidings.db", "monitor", status=1, says=["Permission denied"])


def journal(t):
    service = Service(t.machine)
    t.claim("nothing about the priority of threads is in the journal", "thread priority" not in service.journal(), service.journal())
    warnings = t.run("journalctl --quiet --no-pager --unit=tidings --priority=warning", shows=5)
    t.claim("they are about the folder that could not be read", all("/srv/articles" in line for line in warnings.splitlines()), warnings)
    since = service.now()
    service.set_sources(folders="[{ name: articles, path: /srv/articles }, { name: home, path: /home/monitor }]")
    t.run("systemctl reload tidings")
    t.wait("the hidden folder fails", lambda: service.source("home").get("state") == "failing")
    t.claim("journalctl -p warning shows it", "/home/monitor" in service.journal(since, "--priority=warning"), service.journal(since))
    service.change_unit("ProtectHome=tmpfs\nBindReadOnlyPaths=/home/monitor")
    t.run("systemctl restart tidings")
    t.wait("with BindReadOnlyPaths= it is well", lambda: service.source("home").get("state") == "ok")
    service.change_unit("")
    service.set_sources(folders=FOLDERS)
    t.run("systemctl restart tidings")


def wrong_settings(t):
    service = Service(t.machine)
    file = t.machine.path("/etc/tidings/tidings.yaml")
    good, pid, since = file.read_text(), service.pid(), service.now()
    file.write_text(good.replace("fetch:\n", "fetsh:\n"))
    t.run("systemctl reload tidings", status=1)
    said = t.wait("the mistake is in the journal", lambda: "fetsh" in service.journal(since) and service.journal(since))
    t.line("  " + next(line for line in said.splitlines() if "fetsh" in line))
    t.claim("the daemon goes on", service.is_active() and service.pid() == pid, service.journal(since))
    t.run("tidings status", says=["running, pid"])
    t.run("tidings tail -n 1", "monitor", says=["sequence"])
    file.write_text(good)
    t.run("systemctl reload tidings")


def stop_and_copy(t):
    """What a backup with `cp` gets after a clean stop."""
    t.run("systemctl stop tidings")
    log = t.machine.path(f"{STATE}/db/tidings.db-wal")
    t.claim("nothing is left in the write-ahead log", not log.exists() or log.stat().st_size == 0, log)
    copy = t.machine.folder / "copy.db"
    shutil.copy(t.machine.path(f"{STATE}/db/tidings.db"), copy)
    database = sqlite3.connect(copy)
    count = database.execute("SELECT count(*) FROM changes").fetchone()[0]
    database.close()
    t.claim("a copy of tidings.db alone has all changes", count == len(Service(t.machine).lines()), count)


def root_repairs(t):
    t.run("systemctl stop tidings")
    t.run("tidings verify --repair", shows=3)
    foreign = t.machine.run(f"find {STATE} ! -user tidings -o ! -group tidings").output
    t.claim("root leaves nothing that the daemon may not write", foreign == "", foreign)
    t.run("systemctl start tidings")
    t.wait("the service is ready", Service(t.machine).is_active, 5)


def one_user(t):
    """The unit of the user's own service manager, with settings and state in the home folder."""
    t.run("loginctl enable-linger monitor")
    machine = t.machine
    bus = f"XDG_RUNTIME_DIR=/run/user/{machine.run('id -u monitor').output.strip()}"
    t.wait("the user's manager is up", lambda: machine.run(f"{bus} systemctl --user is-system-running", "monitor").status == 0)
    t.run(f"{bus} systemctl --user start tidings", "monitor", status=1)
    t.run("mkdir -p news .config/tidings && echo 'folders: [{ name: news, path: ~/news }]' >.config/tidings/tidings.yaml", "monitor")
    t.run(f"{bus} systemctl --user reset-failed tidings; {bus} systemctl --user start tidings", "monitor")
    t.run("tidings status", "monitor", says=["running, pid", "/home/monitor/.local/state/tidings"], shows=-4)
    t.run(f"{bus} systemctl --user reload tidings", "monitor")
    t.run(f"{bus} systemctl --user stop tidings", "monitor")
    t.run("tidings status --config /etc/tidings/tidings.yaml", says=["running, pid"])


def upgrade(package):
    def part(t):
        service = Service(t.machine)
        pid, settings = service.pid(), t.machine.path("/etc/tidings/tidings.yaml").read_text()
        shutil.copy(package, t.machine.path("/root"))
        t.run(f"apt install ./{package.name}", says=["Setting up tidings"])
        t.wait("a new daemon is ready", lambda: service.is_back(pid), 5)
        t.claim("the settings are kept", t.machine.path("/etc/tidings/tidings.yaml").read_text() == settings)
        service.write_article("upgrade.txt", "Another pier\n\nThis pier has been there since the upgrade of the harbour.\n")
        t.wait("a new article is announced", lambda: service.has_article("upgrade.txt"), 5)
        t.claim("each change is there once", service.is_whole(), service.lines())
    return part


def remove(package):
    def part(t):
        t.run("apt remove --yes tidings")
        t.run("systemctl is-active tidings", status=3)
        t.run(f"test -e /etc/tidings/tidings.yaml -a -e {STATE}/db/tidings.db -a ! -e /usr/bin/tidings")
        count = len(Service(t.machine).lines())
        t.run(f"apt install ./{package.name}", says=["Setting up tidings"])
        t.wait("the service is ready again", Service(t.machine).is_active, 5)
        t.claim("the stream goes on", Service(t.machine).is_whole() and len(Service(t.machine).lines()) >= count)
    return part


def purge(package):
    def part(t):
        t.run("apt purge --yes tidings", says=[f"kept the articles in {STATE}"])
        t.run(f"test ! -e /etc/tidings -a -e {STATE}/db/tidings.db")
        t.run("systemctl list-unit-files --no-legend 'tidings*'", status=1)
        t.run(f"apt install ./{package.name}", says=["Setting up tidings"])
        t.run("TIDINGS_PURGE_STATE=yes apt purge --yes tidings")
        t.run(f"test ! -e {STATE} -a ! -e /etc/tidings")
    return part
