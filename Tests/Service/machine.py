"""A Debian 12 with systemd as its first process: a container of systemd-nspawn, whose changes lie over a root that is kept."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
SUITE = "bookworm"
# What a Debian that was installed by its installer has besides the smallest root.
SYSTEM = ["systemd", "systemd-sysv", "dbus", "libpam-systemd", "adduser"]


class Result:
    """What a command said, and its exit status."""

    def __init__(self, status, output, seconds):
        self.status, self.output, self.seconds = status, output, seconds


class Expired(Exception):
    """A condition did not come to hold in its time."""


def wait(what, condition, seconds=30):
    """Returns the first true value of condition(), asked again and again, and after how many seconds it came."""
    start = time.monotonic()
    while True:
        value = condition()
        passed = time.monotonic() - start
        if value:
            return value, passed
        if passed > seconds:
            raise Expired(f"{what}: not within {seconds} s")
        time.sleep(0.05)


def mirror():
    """Where this machine's apt gets Debian from."""
    lists = [pathlib.Path("/etc/apt/sources.list"), *pathlib.Path("/etc/apt/sources.list.d").glob("*")]
    for file in lists:
        for line in file.read_text().splitlines() if file.is_file() else []:
            found = re.match(r"(?:deb\s+(?:\[.*?\]\s*)?|URIs:\s*)(\S+/debian/?)(?:\s|$)", line)
            if found:
                return found.group(1)
    raise SystemExit("no Debian mirror in /etc/apt")


def debian_root(dependencies):
    """The root that all machines have below their own changes, with the packages in `dependencies`. It is made if it is missing."""
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    root = cache / "tidings-debian-12"
    installed = {name.name.split(".list")[0].split(":")[0] for name in root.glob("var/lib/dpkg/info/*.list")}
    if installed.issuperset(dependencies):
        return root
    print(f"making {root}, once; it takes minutes", flush=True)
    partial = cache / "tidings-debian-12.partial"
    # debootstrap has /proc there while it works; one that was killed has left it.
    if str(partial) in pathlib.Path("/proc/mounts").read_text():
        raise SystemExit(f"something is mounted below {partial}; unmount it")
    for old in (root, partial):
        shutil.rmtree(old, ignore_errors=True)
    cache.mkdir(parents=True, exist_ok=True)
    packages = ",".join(SYSTEM + sorted(dependencies))
    command = ["debootstrap", "--variant=minbase", f"--include={packages}", SUITE, partial, mirror()]
    made = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if made.returncode != 0:
        raise SystemExit(f"{made.stdout}\ndebootstrap failed")
    partial.rename(root)
    return root


class Machine:
    def __init__(self, root):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tidings-machine-", dir=root.parent))
        self.container = None
        parts = [self.folder / name for name in ("root", "changes", "work")]
        for part in parts:
            part.mkdir()
        self.root, changes, work = parts
        options = f"lowerdir={root},upperdir={changes},workdir={work}"
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o", options, self.root], check=True)

    def boot(self):
        """Starts the machine without a network, and waits until its units are up. Returns the seconds that it took."""
        start = time.monotonic()
        console = self.folder / "console"
        with open(console, "w") as log:
            # There may be no systemd on this machine: register=no. The container then has no limits of its own.
            self.container = subprocess.Popen(
                ["systemd-nspawn", "--boot", "--directory", self.root, "--machine", f"tidings-{os.getpid()}",
                 "--private-network", "--register=no", "--keep-unit", "--console=pipe"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            self.leader, _ = wait("a first process", self.first_process)
            wait("the machine is up", lambda: self.run("systemctl is-system-running").output.strip() in ("running", "degraded"), 60)
        except Expired as error:
            raise SystemExit(f"{console.read_text()}\nthe machine does not start: {error}")
        return time.monotonic() - start

    def first_process(self):
        """The pid of the machine's systemd, as this machine counts. systemd-nspawn has another child before."""
        if self.container.poll() is not None:
            raise Expired("systemd-nspawn has ended")
        children = pathlib.Path(f"/proc/{self.container.pid}/task/{self.container.pid}/children").read_text().split()
        return next((pid for pid in children if pathlib.Path(f"/proc/{pid}/comm").read_text() == "systemd\n"), None)

    def close(self):
        if self.container and self.container.poll() is None:
            self.container.terminate()  # systemd-nspawn hands it on as an orderly shutdown.
            try:
                self.container.wait(30)
            except subprocess.TimeoutExpired:
                self.container.kill()
                self.container.wait()
        subprocess.run(["umount", self.root], check=True)
        shutil.rmtree(self.folder)

    def path(self, path):
        """A file of the machine as this machine sees it, also below what is mounted there."""
        return pathlib.Path(f"/proc/{self.leader}/root{path}")

    def run(self, command, user="root"):
        """Runs a line of shell in the machine, as somebody who has logged in there."""
        home = "/root" if user == "root" else f"/home/{user}"
        inner = ["/usr/sbin/runuser", "-u", user, "--"] if user != "root" else []
        start = time.monotonic()
        done = subprocess.run(
            ["nsenter", "-t", self.leader, "-m", "-u", "-i", "-n", "-p", "--", "/usr/bin/env", "-i", f"PATH={PATH}",
             f"HOME={home}", "LANG=C.UTF-8", *inner, "/bin/sh", "-c", f"cd {home} 2>/dev/null || cd /; {command}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        return Result(done.returncode, done.stdout, time.monotonic() - start)

    def in_network(self, *command):
        """Starts a program of this machine in the machine's network."""
        return subprocess.Popen(["nsenter", "-t", self.leader, "-n", "--", *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
