"""Compares what a reader saw with the stream, and prints the table. The findings:

once               each line once, byte for byte; of a program for whole files, each field of each line
repeats            none missing, some again
loses while down   only what stood in a file that was renamed while the reader was down is missing
loses              others are missing, or fields of them
damages            lines came in pieces or changed
"""

import json
from collections import Counter

from files import row
from stream import number

HEADINGS = ("reader", "version", "lines", "missing", "again", "damaged", "verdict")


class Report:
    def __init__(self):
        self.rows = []
        self.has_failed = False

    def missing(self, reader, missing):
        self.rows.append((reader.name, "–", "", "", "", "", f"not tried: {missing}"))

    def followed(self, follower, truth, parts):
        """`truth`: each change's line by its number; `parts`: the numbers of each part of the run."""
        lines = [line for line in follower.lines() if not line.startswith(b'{"specversion":"1.0","id":"header-')]
        seen = Counter(n for line in lines if (n := number(line)) and line == truth.get(n))
        damaged = len(lines) - seen.total()
        missing = sorted(truth.keys() - seen.keys())
        lost_in = {name for name, numbers in parts.items() for n in missing if n in numbers}
        again = seen.total() - len(seen)
        finding = self.finding(missing, again, damaged, lost_in)
        where = ", ".join(name for name in parts if name in lost_in) if not damaged else ""
        self.add(follower, seen.total(), missing, again, damaged, finding, where)

    @staticmethod
    def finding(missing, again, damaged, lost_in):
        if damaged:
            return "damages"
        if missing:
            return "loses while down" if all("while down" in name for name in lost_in) else "loses"
        return "repeats" if again else "once"

    def read(self, reader, files, truth):
        expected = {n: row(json.loads(line)) for n, line in truth.items()}
        try:
            rows = reader.rows([str(file) for file in files])
        finally:
            reader.label = reader.version()
        seen = Counter()
        damaged = 0
        for values in rows:
            n = int(str(values[0])) if str(values[0]).isdigit() else None
            if n in expected:
                seen[n] += 1
            if values != expected.get(n):
                damaged += 1
        missing = sorted(expected.keys() - seen.keys())
        again = seen.total() - len(seen)
        finding = "loses" if missing or damaged else "repeats" if again else "once"
        why = reader.error.splitlines()[-1][:80] if not rows and reader.error else ""
        self.add(reader, seen.total(), missing, again, damaged, finding, why)

    def add(self, reader, lines, missing, again, damaged, finding, where):
        is_true = finding in reader.promise
        self.has_failed = self.has_failed or not is_true
        verdict = finding + (f" ({where})" if where else "")
        if not is_true:
            verdict += f"  ← README says: {' or '.join(sorted(reader.promise))}"
        self.rows.append((reader.name, reader.label, str(lines), str(len(missing)), str(again), str(damaged), verdict))

    def print(self, count, parts):
        """Gives the exit code."""
        spans = [f"{name} {numbers.start}–{numbers.stop - 1}" for name, numbers in parts.items()]
        print(f"{count} changes: {', '.join(spans)}")
        table = [HEADINGS, *self.rows]
        widths = [max(map(len, column)) for column in zip(*table)]
        for line in table:
            cells = [cell.rjust(width) if 2 <= column <= 5 else cell.ljust(width) for column, (cell, width) in enumerate(zip(line, widths))]
            print("  ".join(cells).rstrip())
        return 1 if self.has_failed else 0
