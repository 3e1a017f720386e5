"""Programs that read whole files: each gives a row of fields for each change, and the rows are compared with the lines themselves.

As a program of its own, `files.py TOOL FILE…`, it runs one that is a Python package, under a Python that has it.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

from follower import LOSES, ONCE

#: The fields that a row has, by their way in the line.
FIELDS = [
    ("id",), ("sequence",), ("type",), ("time",), ("subject",), ("data", "class"), ("data", "changed"), ("data", "reason"),
    ("data", "content_hash"), ("data", "item", "title"), ("data", "item", "tags"), ("data", "item", "date_published")]


def row(change):
    """The row of one change; None for what is absent."""
    values = []
    for way in FIELDS:
        value = change
        for key in way:
            value = value.get(key) if isinstance(value, dict) else None
        values.append(value)
    return values


class FileReader:
    name = "?"
    promise = ONCE

    def __init__(self, tools):
        self.tools = tools

    def version(self):
        raise NotImplementedError

    def command(self, files):
        raise NotImplementedError

    def rows(self, files):
        """A list of values for each change, in the order of FIELDS. An empty list if the program fails; why is in `error`."""
        answer = subprocess.run(self.command(files), capture_output=True)
        self.error = answer.stderr.decode(errors="replace").strip()
        return [json.loads(line) for line in answer.stdout.split(b"\n") if line] if answer.returncode == 0 else []


class Jq(FileReader):
    name = "jq"

    def version(self):
        return subprocess.run([self.tools.path("jq"), "--version"], capture_output=True, text=True).stdout.strip()

    def command(self, files):
        fields = ", ".join("." + ".".join(way) for way in FIELDS)
        return [self.tools.path("jq"), "-c", f"select(.sequence) | [{fields}]", *files]


class SQLite(FileReader):
    """A table with one column, which takes the lines as they are; tabs do not occur in them."""

    name = "sqlite3"

    def version(self):
        return "sqlite3 " + subprocess.run([self.tools.path("sqlite3"), "--version"], capture_output=True, text=True).stdout.split()[0]

    def command(self, files):
        # `->` gives JSON, and so keeps text and number apart; a missing field is NULL.
        fields = " || ',' || ".join(f"ifnull(line -> '$.{'.'.join(way)}', 'null')" for way in FIELDS)
        return [
            self.tools.path("sqlite3"), ":memory:", "CREATE TABLE changes (line)", ".mode tabs",
            *(f".import '{file}' changes" for file in files), ".mode list",
            f"SELECT '[' || {fields} || ']' FROM changes WHERE line ->> 'sequence' IS NOT NULL"]


class PythonReader(FileReader):
    package = "?"
    function = "?"

    def version(self):
        code = f"import {self.package}; print('{self.package}', {self.package}.__version__)"
        answer = subprocess.run([self.tools.path("python"), "-c", code], capture_output=True, text=True)
        if answer.returncode != 0:
            raise FileNotFoundError(f"{self.package} is not here; --setup brings it")
        return answer.stdout.strip()

    def command(self, files):
        return [self.tools.path("python"), __file__, self.function, *files]


class Polars(PythonReader):
    name = "polars"
    package = "polars"
    function = "polars"


class PolarsAsItComes(Polars):
    name = "polars, defaults"
    function = "polars_defaults"
    promise = LOSES


class PolarsScan(Polars):
    """Of several files it takes the schema of the first, and says nothing of the fields that only later ones have."""

    name = "polars, several files"
    function = "polars_scan"
    promise = LOSES


class Pandas(PythonReader):
    name = "pandas"
    package = "pandas"
    function = "pandas"


class PandasAsItComes(Pandas):
    name = "pandas, defaults"
    function = "pandas_defaults"
    promise = LOSES


class DuckDB(PythonReader):
    name = "duckdb"
    package = "duckdb"
    function = "duckdb"


class DuckDBAsItComes(DuckDB):
    name = "duckdb, defaults"
    function = "duckdb_defaults"
    promise = LOSES


class DuckDBObjects(DuckDB):
    name = "duckdb, objects"
    function = "duckdb_objects"


FILE_READERS = [
    Jq, SQLite, Polars, PolarsScan, PolarsAsItComes, Pandas, PandasAsItComes, DuckDB, DuckDBObjects, DuckDBAsItComes]


def polars(files):
    import polars
    frames = [polars.scan_ndjson(file, infer_schema_length=None) for file in files]
    return whole(polars.concat(frames, how="diagonal_relaxed"))


def polars_scan(files):
    import polars
    return whole(polars.scan_ndjson(files, infer_schema_length=None))


def polars_defaults(files):
    import polars
    return whole(polars.concat([polars.scan_ndjson(file) for file in files], how="diagonal_relaxed"))


def whole(frame):
    import polars
    return frame.filter(polars.col("sequence").is_not_null()).collect().to_dicts()


def pandas(files, dtype=False):
    import pandas
    frame = pandas.concat([pandas.read_json(file, lines=True, dtype=dtype) for file in files])
    frame = frame[frame["sequence"].notna()]
    # What a line lacks is NaN, which does not equal itself.
    return [{key: value for key, value in change.items() if value == value} for change in frame.to_dict("records")]


def pandas_defaults(files):
    return pandas(files, dtype=None)


def duckdb(files, settings=", sample_size = -1, union_by_name = true"):
    import duckdb
    duckdb.sql("SET TimeZone = 'UTC'")
    table = duckdb.sql(f"SELECT * FROM read_ndjson({files}{settings}) WHERE sequence IS NOT NULL")
    changes = [dict(zip(table.columns, values)) for values in table.fetchall()]
    for change in changes:
        # Times and dates have become such; they are the same.
        change["time"] = change["time"].isoformat(timespec="milliseconds").replace("+00:00", "Z")
        item = change["data"].get("item") or {}
        if date := item.get("date_published"):
            item["date_published"] = date.isoformat()
    return changes


def duckdb_defaults(files):
    """Of several files it looks at each, so it takes a long one to lose something."""
    with tempfile.NamedTemporaryFile(suffix=".ndjson") as joined:
        for file in files:
            joined.write(pathlib.Path(file).read_bytes())
        joined.flush()
        return duckdb([joined.name], settings="")


def duckdb_objects(files):
    import duckdb
    fields = ", ".join(f"json -> '$.{'.'.join(way)}'" for way in FIELDS)
    rows = duckdb.sql(f"SELECT {fields} FROM read_ndjson_objects({files}) WHERE json ->> '$.sequence' IS NOT NULL").fetchall()
    return [change_of([json.loads(value) if value else None for value in values]) for values in rows]


def change_of(values):
    """A change that has only the fields of a row."""
    change = {}
    for way, value in zip(FIELDS, values):
        place = change
        for key in way[:-1]:
            place = place.setdefault(key, {})
        place[way[-1]] = value
    return change


if __name__ == "__main__":
    for change in globals()[sys.argv[1]](sys.argv[2:]):
        print(json.dumps(row(change), default=str))
