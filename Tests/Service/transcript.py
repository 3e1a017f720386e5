"""What is done in the machine, what came of it, and how many seconds it took: for a person to read."""

import textwrap

import machine
from service import Service

WIDTH = 118


class Failed(Exception):
    """A claim does not hold."""


class Transcript:
    def __init__(self, computer, keeps_going):
        self.machine, self.keeps_going = computer, keeps_going
        self.failures = []

    def part(self, title, function):
        """Carries out one part; what fails in it ends it."""
        print(f"\n== {title}", flush=True)
        try:
            function(self)
        except (Failed, machine.Expired) as failure:
            print(f"FAILED: {failure}", flush=True)
            self.failures.append(f"{title}: {str(failure).splitlines()[0]}")
            if not self.keeps_going:
                raise SystemExit(1)
            Service(self.machine).recover()

    def run(self, command, user="root", status=0, says=(), shows=0):
        """Runs a line of shell in the machine, and returns what it printed. `status`: what it must exit with. `says`: what it must
        print. `shows`: how many of its last lines the reader gets to see; the first ones if negative."""
        result = self.machine.run(command, user)
        prompt = "#" if user == "root" else f"{user}$"
        self.line(f"{prompt} {command}", result.seconds)
        lines = result.output.splitlines()
        for line in lines[-shows:] if shows > 0 else lines[:-shows]:
            print("  " + (line if len(line) < WIDTH - 2 else line[: WIDTH - 4] + " …"))
        self.claim(f"it exits with {status}", result.status == status, f"exit status {result.status}\n{result.output}", quietly=True)
        for words in says:
            self.claim(f"it says '{words}'", words in result.output, result.output, quietly=True)
        return result.output

    def wait(self, what, condition, seconds=30):
        """Waits until a condition holds, and says when it did."""
        value, passed = machine.wait(what, condition, seconds)
        self.line(f"  {what}", passed)
        return value

    def claim(self, what, holds, seen="", quietly=False):
        if not holds:
            raise Failed(f"expected: {what}\n" + textwrap.indent(str(seen)[-4000:], "    "))
        if not quietly:
            self.line(f"  {what}")

    def line(self, text, seconds=None):
        time = "" if seconds is None else f"{seconds:8.2f} s"
        print(f"{text:<{WIDTH - 10}}{time}".rstrip(), flush=True)
