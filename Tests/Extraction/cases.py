"""Pages with the text that an extractor should give of them, as the corpus has them.

A folder of cases is one that holds `cases.jsonl` or `cases.jsonl.gz` (one object a line) and the pages that these name. A corpus
is a folder that holds such folders.
"""

import gzip
import json
import pathlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    id: str
    #: "fundus", "readability", "wcxb": where the case is from.
    suite: str
    #: "article", "forum", …; None where the suite has articles only.
    kind: str | None
    html: bytes
    url: str | None
    text: str
    title: str | None
    authors: tuple[str, ...]
    date: str | None
    #: Phrases that must be in the text, and that must not.
    phrases_with: tuple[str, ...]
    phrases_without: tuple[str, ...]

    @property
    def group(self):
        return f"{self.suite}/{self.kind}" if self.kind else self.suite

    @property
    def file_name(self):
        """The id without slashes: what files about this case are called."""
        return self.id.replace("/", "__")


def load(path):
    """Every case in the folder `path` or in the folders below it, in a fixed order; `path` may be a list of cases itself."""
    path = pathlib.Path(path)
    lists = [path] if path.is_file() else sorted({*path.glob("cases.jsonl*"), *path.glob("extract*/cases.jsonl*")})
    cases = [case for one in lists for case in load_list(one)]
    if not cases:
        raise SystemExit(f"{path}: no cases.jsonl here, nor in a folder extract* below it")
    return cases


def load_list(path):
    for line in read(path).split(b"\n"):
        if line:
            yield from_json(json.loads(line), path.parent)


def from_json(line, folder):
    meta = line.get("meta") or line
    author = line.get("author")
    return Case(
        id=line["id"],
        suite=line["suite"],
        kind=line.get("kind"),
        html=read(folder / line["html_file"]),
        url=line.get("url"),
        text=line["expected_text"],
        title=meta.get("title"),
        authors=(author,) if author else tuple(meta.get("authors") or ()),
        date=meta.get("date"),
        phrases_with=tuple(line.get("with") or ()),
        phrases_without=tuple(line.get("without") or ()),
    )


def read(path):
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data
