"""Where the readers are. `--setup` brings those that the machine lacks into a folder, and changes nothing else: Debian's packages are
unpacked there and not installed, because two loggers exclude one another, and a reader must not become the machine's logger.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

DEBIAN = ["rust-coreutils", "rsyslog", "syslog-ng-core", "logtail"]
PYTHON = ["polars", "pandas", "duckdb", "pygtail"]

#: Tells logtail2 the name of a sealed file: the newest one.
LOGTAIL_RULE = r"""sub {
    my ($live) = @_;
    return if $live !~ m{^(.*/)changes\.ndjson$};
    my %first = map { m{changes-(\d+)\.ndjson$} ? ($_ => $1) : () } glob("$1changes-*.ndjson");
    return (sort { $first{$a} <=> $first{$b} } keys %first)[-1];
}
"""


class Tools:
    def __init__(self, folder):
        self.home = pathlib.Path(folder)
        self.root = self.home / "root"

    @property
    def environment(self):
        """With the libraries of the unpacked programs."""
        libraries = [*self.root.glob("lib/*-linux-gnu"), *self.root.glob("usr/lib/*-linux-gnu"), self.root / "usr/lib/syslog-ng"]
        return {"LD_LIBRARY_PATH": ":".join(map(str, libraries))} if self.root.exists() else {}

    def path(self, program):
        """The program's path; FileNotFoundError if it is not there."""
        own = {
            "uutils-tail": self.home / "bin/tail", "logtail2-tidings": self.home / "bin/logtail2-tidings",
            "pygtail": self.home / "venv/bin/pygtail", "python": self.home / "venv/bin/python"}
        if program in own:
            candidates = [own[program]]
        else:
            candidates = [self.root / "usr/sbin" / program, shutil.which(program)]
        for candidate in candidates:
            if candidate and pathlib.Path(candidate).exists():
                return str(candidate)
        raise FileNotFoundError(f"{program} is not here; --setup brings it, or Debian's package")

    def folder(self, package):
        """The folder of a logger's modules."""
        pattern = {"rsyslog": "usr/lib/*/rsyslog", "syslog-ng": "usr/lib/syslog-ng/[0-9]*"}[package]
        for root in (self.root, pathlib.Path("/")):
            if found := [path for path in root.glob(pattern) if path.is_dir()]:
                return found[0]
        raise FileNotFoundError(f"{package} is not here; --setup brings it")

    def package(self, name):
        """Name and version of an unpacked package."""
        found = [path.name for path in (self.home / "packages").glob(f"{name}_*.deb")]
        return f"{name} {re.split('[_-]', found[0])[1]}" if found else name

    def setup(self):
        packages = self.home / "packages"
        packages.mkdir(parents=True, exist_ok=True)
        wanted = []
        for name in DEBIAN:
            # What it needs and the machine has not.
            answer = subprocess.run(
                ["apt-get", "install", "--simulate", "--no-install-recommends", name], capture_output=True, text=True,
                env=os.environ | {"LC_ALL": "C"})
            missing = re.findall(r"^Inst (\S+)", answer.stdout, re.MULTILINE)
            wanted += [*missing, *([] if name in missing else [name])]
        # As root, apt-get would give the download to a user that may not write here.
        subprocess.run(["apt-get", "-o", "APT::Sandbox::User=root", "download", *dict.fromkeys(wanted)], cwd=packages, check=True)
        for package in packages.glob("*.deb"):
            subprocess.run(["dpkg", "--extract", package, self.root], check=True)

        programs = self.home / "bin"
        programs.mkdir(exist_ok=True)
        tail = programs / "tail"
        if not tail.is_symlink():
            tail.symlink_to("../root/usr/bin/coreutils")
        self.make_logtail(programs)

        subprocess.run([sys.executable, "-m", "venv", self.home / "venv"], check=True)
        subprocess.run([self.home / "venv/bin/pip", "install", "--quiet", *PYTHON], check=True)

    def make_logtail(self, programs):
        """logtail2 finds its rules in /usr/share: two copies look in folders of their own, one of them with ours."""
        source = (self.root / "usr/sbin/logtail2").read_text()
        rules = self.root / "usr/share/logtail/detectrotate"
        ours = self.home / "detectrotate"
        shutil.copytree(rules, ours, dirs_exist_ok=True)
        (ours / "05-tidings.dtr").write_text(LOGTAIL_RULE)
        for program, folder in ((self.root / "usr/sbin/logtail2", rules), (programs / "logtail2-tidings", ours)):
            program.write_text(re.sub(r'glob\("[^"]*/\*\.dtr"\)', f'glob("{folder}/*.dtr")', source))
            program.chmod(0o755)
