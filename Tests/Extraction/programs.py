"""The programs that are compared: Tidings, its peers from the Python package index, and texts that lie in a folder.

Each gives a `Reading` for each case. What it gives is kept in a cache folder by program and version, because peers are slow and pinned.
"""

import concurrent.futures
import hashlib
import importlib.metadata
import json
import pathlib
import signal
import subprocess
import tempfile
from dataclasses import asdict, dataclass, field

PAGE_LIMIT_SECONDS = 60
WORKERS = 2
#: How many files one process of tidings gets: a crash costs these and no others.
FILES_A_PROCESS = 100


@dataclass
class Reading:
    """What a program makes of one page."""

    text: str = ""
    title: str | None = None
    date: str | None = None
    authors: list[str] = field(default_factory=list)
    error: str | None = None


class Tidings:
    """`tidings parse` over many files at once; `_tidings.file` of a document says which file it is of.

    With `passes_urls` each page has a process of its own, because `--base-url` is one for all files of a call.
    """

    def __init__(self, path, passes_urls=False, cache=None):
        self.path = path
        self.passes_urls = passes_urls
        executable = hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()[:16]
        self.cache = Cache(cache, f"tidings-{executable}" + ("-urls" if passes_urls else ""))

    def readings(self, cases):
        return self.cache.readings(cases, lambda missing: self.readings_of_pages([(case.html, case.url) for case in missing]))

    def readings_of_pages(self, pages):
        """`pages` are pairs of bytes and address."""
        with tempfile.TemporaryDirectory() as folder:
            files = []
            for number, (html, _) in enumerate(pages):
                file = pathlib.Path(folder) / f"{number}.html"
                file.write_bytes(html)
                files.append(str(file))
            if self.passes_urls:
                calls = [(["--base-url", url] if url else [], [file]) for file, (_, url) in zip(files, pages)]
            else:
                calls = [([], files[start : start + FILES_A_PROCESS]) for start in range(0, len(files), FILES_A_PROCESS)]
            documents = {}
            with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
                for found in pool.map(lambda call: self.documents(*call), calls):
                    documents.update(found)
        return [tidings_reading(documents.get(file)) for file in files]

    def readings_after(self, looks):
        """`looks` are pairs of bytes: the page at an earlier look, and the page now. A process for each."""
        with tempfile.TemporaryDirectory() as folder:
            def read(number):
                before, now = pathlib.Path(folder) / f"{number}-before.html", pathlib.Path(folder) / f"{number}.html"
                before.write_bytes(looks[number][0])
                now.write_bytes(looks[number][1])
                return tidings_reading(self.documents(["--after", str(before)], [str(now)]).get(str(now)))

            with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
                return list(pool.map(read, range(len(looks))))

    def documents(self, options, files):
        run = subprocess.run(
            [self.path, "parse", *options, *files], capture_output=True, timeout=PAGE_LIMIT_SECONDS * len(files))
        # 65: one of the files could not be read; the others are there.
        if run.returncode not in (0, 65) and len(files) > 1:
            return {name: one for file in files for name, one in self.documents(options, [file]).items()}
        return {one["_tidings"]["file"]: one for one in map(json.loads, run.stdout.splitlines())}


def tidings_reading(document):
    if document is None:
        return Reading(error="not read")
    items = document["items"]
    first = items[0] if items else {}
    return Reading(
        text="\n\n".join(item.get("content_text") or "" for item in items),
        title=first.get("title"),
        date=first.get("date_published"),
        authors=[author["name"] for author in first.get("authors", []) if author.get("name")],
    )


class Texts:
    """A folder that holds `ID.txt` for each case, with `__` for the slashes of the id."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def readings(self, cases):
        return [self.reading(self.folder / f"{case.file_name}.txt") for case in cases]

    @staticmethod
    def reading(file):
        return Reading(text=file.read_text(encoding="utf-8")) if file.exists() else Reading(error="no text given")


def trafilatura_reading(html, url, **options):
    import trafilatura

    document = trafilatura.bare_extraction(html, url=url, with_metadata=True, **options)
    if document is None:
        return Reading(error="nothing extracted")
    text = "\n".join(part for part in (document.text, document.comments) if part)
    authors = document.author.split("; ") if document.author else []
    return Reading(text=text, title=document.title, date=document.date, authors=authors)


def readability_reading(html, url):
    import lxml.html
    import readability

    document = readability.Document(html, url=url)
    article = lxml.html.fromstring(document.summary(html_partial=True))
    # The text of neighbouring blocks must not run together.
    for block in article.iter("p", "div", "br", "li", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "td", "th", "pre", "blockquote"):
        block.text = "\n" + (block.text or "")
        block.tail = "\n" + (block.tail or "")
    return Reading(text=article.text_content(), title=document.short_title())


def resiliparse_reading(html, url):
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import detect_encoding
    from resiliparse.parse.html import HTMLTree

    tree = HTMLTree.parse_from_bytes(html, detect_encoding(html))
    return Reading(text=extract_plain_text(tree, main_content=True), title=tree.title or None)


def trafilatura_bare(html, url):
    return trafilatura_reading(html, url, include_comments=False)


def trafilatura_recall(html, url):
    return trafilatura_reading(html, url, include_comments=False, favor_recall=True)


#: Name: distribution, and what reads a page.
PEERS = {
    "trafilatura": ("trafilatura", trafilatura_reading),
    "trafilatura-nc": ("trafilatura", trafilatura_bare),
    "trafilatura-recall": ("trafilatura", trafilatura_recall),
    "readability-lxml": ("readability-lxml", readability_reading),
    "resiliparse": ("Resiliparse", resiliparse_reading),
}


class Cache:
    """What one version of a program made of pages, in a file of the folder; kept only in memory if there is no folder."""

    def __init__(self, folder, program):
        self.file = pathlib.Path(folder) / f"{program}.jsonl" if folder else None

    def readings(self, cases, read):
        """`read` gives one reading after the other for the cases that are not in the cache."""
        known = dict(self.kept())
        missing = [case for case in cases if page_key(case) not in known]
        for case, reading in zip(missing, read(missing) if missing else []):
            known[page_key(case)] = reading
            self.keep(case, reading)
        return [known[page_key(case)] for case in cases]

    def kept(self):
        if self.file and self.file.exists():
            with self.file.open(encoding="utf-8") as lines:
                for line in lines:
                    kept = json.loads(line)
                    yield kept["page"], Reading(**kept["reading"])

    def keep(self, case, reading):
        if self.file:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with self.file.open("a", encoding="utf-8") as lines:
                print(json.dumps({"id": case.id, "page": page_key(case), "reading": asdict(reading)}), file=lines)


class Peer:
    """A package of the Python package index."""

    def __init__(self, name, cache):
        self.name = name
        self.cache = Cache(cache, f"{name}-{importlib.metadata.version(PEERS[name][0])}")

    def readings(self, cases):
        return self.cache.readings(cases, self.read)

    def read(self, cases):
        with concurrent.futures.ProcessPoolExecutor(WORKERS) as pool:
            yield from pool.map(read_by_peer, [(self.name, case.html, case.url) for case in cases], chunksize=4)


def page_key(case):
    return hashlib.sha256(case.html + b"\n" + (case.url or "").encode()).hexdigest()


def read_by_peer(call):
    name, html, url = call

    def overdue(*_):
        raise TimeoutError(f"longer than {PAGE_LIMIT_SECONDS} s")

    signal.signal(signal.SIGALRM, overdue)
    signal.alarm(PAGE_LIMIT_SECONDS)
    try:
        return PEERS[name][1](html, url)
    except Exception as error:  # Whatever a peer raises, it has not read the page.
        return Reading(error=f"{type(error).__name__}: {error}")
    finally:
        signal.alarm(0)
