"""Compares what a reader saw with the stream, and prints the table."""

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
        self.add(follower, seen.total(), missing, again, damaged, finding, lost_in)

    @staticmethod
    def finding(missing, again, damaged, lost_in):
        if damaged:
            return "cuts"
        if missing:
            return "alone" if all("while down" in name for name in lost_in) else "loses"
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
        words = reader.error.splitlines()[-1][:80] if not rows and reader.error else ""
        self.add(reader, seen.total(), missing, again, damaged, finding, {words} - {""})

    def add(self, reader, lines, missing, again, damaged, finding, where):
        allowed = {
            "once": {"once"}, "repeats": {"once", "repeats"}, "alone": {"once", "alone"}, "repeats alone": {"once", "repeats", "alone"},
            "loses": {"loses", "alone", "cuts"}, "cuts": {"cuts"}}[reader.promise]
        is_true = finding in allowed
        self.has_failed = self.has_failed or not is_true
        verdict = finding + (f" ({', '.join(sorted(where))})" if where else "") + ("" if is_true else f"  ← README says: {reader.promise}")
        self.rows.append((reader.name, reader.label, str(lines), str(len(missing)), str(again), str(damaged), verdict))

    def print(self, count, parts):
        """Gives the exit code."""
        print(f"{count} changes: " + ", ".join(f"{name} {numbers.start}–{numbers.stop - 1}" for name, numbers in parts.items() if numbers))
        widths = [max(len(row[column]) for row in [HEADINGS, *self.rows]) for column in range(len(HEADINGS))]
        for row in [HEADINGS, *self.rows]:
            cells = [cell.rjust(width) if 2 <= column <= 5 else cell.ljust(width) for column, (cell, width) in enumerate(zip(row, widths))]
            print("  ".join(cells).rstrip())
        return 1 if self.has_failed else 0
