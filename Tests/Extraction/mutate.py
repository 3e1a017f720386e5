"""Versions that should not be, and versions that are missing: pairs of looks at a page, with the whole program between them.

    mutate.py --tidings ../../.build/release/tidings --cases ../corpus

300 pairs differ around the article only, 300 in the article only. All pages lie in a watched folder, the daemon makes a pass, the
changed pages take their places, and the daemon makes another. What it announces then is counted.
"""

import argparse
import collections
import copy
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import zlib

import around
import cases
import within
from likeness import words
from pages import block_of, remove, texts
from stability import chosen

#: Attributes that hold a token or a number of one request on pages that have them.
TOKEN_ATTRIBUTES = {"nonce", "data-token", "data-id", "data-csrf", "data-ad-slot", "data-key", "integrity"}
#: So many of the pieces around an article are others at another look.
CHANGED_SHARE = 0.25
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-ÞА-Я])")


# Around the article. Each takes a copy of a page, another page and a random source.

def some(random, pieces, share=CHANGED_SHARE):
    return random.sample(pieces, min(len(pieces), max(1, round(share * len(pieces))))) if pieces else []


def replaced(page, other, random):
    """Pieces of boilerplate are those of another page: other teasers, another advertisement."""
    theirs = [unit for unit in other.units if words(unit.text_content())]
    touched = []
    for unit in some(random, page.units):
        if not theirs:
            return False
        new = copy.deepcopy(random.choice(theirs))
        new.tail, unit.tail = unit.tail, None
        touched += words(unit.text_content()) + words(new.text_content())
        unit.getparent().replace(unit, new)
    return touched


def tokens(page, other, random):
    """Forms, scripts and elements have the tokens of another request; comments and class names are others."""
    def token():
        return "".join(random.choice("0123456789abcdef") for _ in range(32))

    for element in page.root.iter():
        if not isinstance(element.tag, str):
            continue
        for name in element.attrib:
            if name in TOKEN_ATTRIBUTES:
                element.set(name, token())
        if element.tag == "input" and element.get("type") == "hidden":
            element.set("value", token())
        if element.tag in ("form", "div", "script") and random.random() < 0.3:
            element.set("data-request", token())
    around.hashes_changed(page, other, random)
    return []


def list_of_others(page, other, random):
    """A list of other articles, with its heading, stands beside the article where it did not, or in another piece's place."""
    import lxml.html

    sentences = [part for part in SENTENCE_END.split(" ".join(other.case.text.split())) if 4 <= len(words(part)) <= 25][:12]
    if not sentences or not page.units:
        return False
    links = "".join(f"<li><a href='/{random.randrange(10**6)}'></a></li>" for _ in sentences[:6])
    box = lxml.html.fragment_fromstring(f"<div class='related-list'><h3>More</h3><ul>{links}</ul></div>")
    for link, sentence in zip(box.iter("a"), sentences):
        link.text = sentence
    around.put_behind(random.choice(page.units), box)
    return words(box.text_content())


AROUND = {
    "taken away": around.taken_away(CHANGED_SHARE),
    "added": around.added,
    "replaced": replaced,
    "reordered": around.reordered,
    "digits": around.digits_changed,
    "teasers": around.teasers_changed,
    "tokens": tokens,
    "list of others": list_of_others,
}


# Within the article.

def sentences(page):
    """Where a text of the article has a sentence with others beside it: element, part, where it begins and ends."""
    for block in page.article_blocks:
        if len(page.blocks[block]) < within.PARAGRAPH_WORDS:
            continue
        for element, part in texts(block):
            owner = element if part == "text" else element.getparent()
            if block_of(owner) is not block:
                continue
            text = getattr(element, part)
            cuts = [0, *(cut.end() for cut in SENTENCE_END.finditer(text)), len(text)]
            for start, end in zip(cuts, cuts[1:]):
                if len(cuts) > 2 and len(words(text[start:end])) >= 4:
                    yield element, part, start, end


def sentence_removed(page, other, random):
    found = list(sentences(page))
    if not found:
        return False
    element, part, start, end = random.choice(found)
    text = getattr(element, part)
    setattr(element, part, text[:start] + text[end:])
    return True


def sentence_added(page, other, random):
    found, theirs = list(sentences(page)), list(sentences(other))
    if not found or not theirs:
        return False
    element, part, start, _ = random.choice(found)
    whose, which, first, last = random.choice(theirs)
    text = getattr(element, part)
    setattr(element, part, text[:start] + getattr(whose, which)[first:last].strip() + " " + text[start:])
    return True


WITHIN = {
    "digit": within.EDITS["digit"],
    "word": within.EDITS["word"],
    "sign": within.EDITS["sign (5.0 to 50)"],
    "sentence added": sentence_added,
    "sentence removed": sentence_removed,
    "paragraph added": within.EDITS["paragraph added"],
    "paragraph removed": within.EDITS["paragraph removed"],
    "headline": within.EDITS["headline"],
}


def around_only(page):
    """A copy of which only those pieces count as boilerplate that are certainly around the article: they stand before its first block or
    behind its last, and say nothing of its authors. What stands within it is often text that the expected one leaves out."""
    order = {element: at for at, element in enumerate(page.root.iter())}
    first, last = order[page.article_blocks[0]], order[page.article_blocks[-1]]
    names = [words(author) for author in page.case.authors if words(author)]

    def is_around(unit):
        said = f" {' '.join(words(unit.text_content()))} "
        return not first < order[unit] < last and not any(f" {' '.join(name)} " in said for name in names)

    outer = page.copy()
    outer.units = [unit for unit, original in zip(outer.units, page.units) if is_around(original)]
    return outer if outer.units else None


class Pair:
    def __init__(self, name, case, before, now):
        self.name, self.case, self.before, self.now = name, case, before, now


def pairs(pages, changes, most):
    """One change of each page, in turn; where it is not possible, the next."""
    names = list(changes)
    made = []
    for at, page in enumerate(pages):
        before = page.bytes()
        for step in range(len(names)):
            name = names[(at + step) % len(names)]
            other = page.copy()
            said = changes[name](other, pages[(at + 7) % len(pages)], random.Random(zlib.crc32(f"{name} {page.case.id}".encode())))
            now = other.bytes()
            if said is not False and now != before:
                made.append(Pair(name, page.case, before, now))
                break
        if len(made) == most:
            break
    return made


class Daemon:
    """A folder of pages, and what a pass over it announces."""

    def __init__(self, program, folder):
        self.program, self.folder = program, pathlib.Path(folder)
        self.pages = self.folder / "pages"
        self.pages.mkdir()
        self.settings = self.folder / "tidings.yaml"
        self.settings.write_text("state: state\nfolders:\n  - { name: pages, path: pages }\n")
        self.seen = 0

    def look(self, files):
        for name, data in files.items():
            (self.pages / name).write_bytes(data)
        run = subprocess.run([self.program, "run", "--once", "--config", self.settings], capture_output=True)
        if run.returncode not in (0, 1):
            raise SystemExit(run.stderr.decode())
        lines = []
        for file in sorted((self.folder / "state/stream").glob("*.ndjson")):
            lines += [json.loads(line) for line in file.read_bytes().splitlines()]
        lines = sorted((line for line in lines if line["id"].isdigit()), key=lambda line: int(line["id"]))
        new, self.seen = lines[self.seen :], len(lines)
        return new

    def difference(self, line):
        """The lines that differ."""
        run = subprocess.run(
            [self.program, "diff", "--config", self.settings, line["subject"]], capture_output=True, text=True)
        return "\n".join(text[:300] for text in run.stdout.splitlines() if "[-" in text or "{+" in text)


def announced(program, made, shows):
    """The pairs of which each has its list of announcements, in order."""
    with tempfile.TemporaryDirectory() as folder:
        daemon = Daemon(program, folder)
        names = [f"{at:04}.html" for at in range(len(made))]
        daemon.look(dict(zip(names, (pair.before for pair in made))))
        found = collections.defaultdict(list)
        for line in daemon.look(dict(zip(names, (pair.now for pair in made)))):
            if line["type"].startswith("tidings.article."):
                found[line["data"]["origin"]["key"]].append(line)
        for name, pair in zip(names, made):
            yield pair, found[name], (daemon.difference(found[name][0]) if shows and found[name] else "")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tidings", required=True, metavar="PATH")
    parser.add_argument("--cases", required=True, metavar="FOLDER")
    parser.add_argument("--pairs", type=int, default=300)
    parser.add_argument("--kind", nargs="*", default=["article"], help="kinds of pages; a suite without kinds has articles")
    parser.add_argument("--show", action="store_true", help="what failed, and the difference that was announced")
    parser.add_argument("--write", metavar="FOLDER", help="write the pairs that fail there")
    options = parser.parse_args()

    pages = chosen(cases.load(options.cases), options.pairs * 2, options.kind)
    print(f"{len(pages)} pages", file=sys.stderr)
    outer = [page for page in map(around_only, pages) if page]
    for title, some_pages, changes, is_right in [
        ("around the article: false versions", outer, AROUND, lambda lines: not lines),
        ("beside its expected text, in its midst too: false versions", pages, AROUND, lambda lines: not lines),
        ("within the article: missed versions", pages, WITHIN, bool),
    ]:
        made = pairs(some_pages, changes, options.pairs)
        wrong, count = collections.Counter(), collections.Counter(pair.name for pair in made)
        for at, (pair, lines, difference) in enumerate(announced(options.tidings, made, options.show)):
            if is_right(lines):
                continue
            wrong[pair.name] += 1
            if options.show:
                kinds = " ".join(f"{line['type']}:{line['data'].get('class', '')}{line['data'].get('changed', '')}" for line in lines)
                print(f"--- {pair.name} | {pair.case.id} | {kinds}\n{difference}")
            if options.write:
                stem = pathlib.Path(options.write) / f"{title.split()[0]}-{at:03}"
                stem.with_suffix(".before.html").write_bytes(pair.before)
                stem.with_suffix(".now.html").write_bytes(pair.now)
        print(f"{title}: {sum(wrong.values())} of {len(made)}")
        for name in changes:
            print(f"  {name:<24}{wrong[name]:>4} of {count[name]}", flush=True)


if __name__ == "__main__":
    main()
