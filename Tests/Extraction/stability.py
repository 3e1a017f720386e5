"""Whether an article's text stays the same when only the page around it changes, and whether each edit of it is seen.

    stability.py --tidings ../../.build/release/tidings --cases ../corpus

300 pages, always the same. Each is written by lxml unchanged and changed, so that nothing but the change differs.
"""

import argparse
import json
import random
import sys
import zlib

import around
import cases
import programs
import within
from likeness import words
from pages import Page

SEED = 20_121
LEAST_WORDS = 50
LEAST_UNITS = 5
#: The share of the expected words that must be found in the tree, or the page is not one whose article is known.
LEAST_FOUND = 0.9


def chosen(all_cases, count, kinds):
    """Pages with an article that is found in the tree, and with something around it."""
    eligible = [case for case in all_cases if (case.kind or "article") in kinds and len(words(case.text)) >= LEAST_WORDS]
    random.Random(SEED).shuffle(eligible)
    pages = []
    for case in eligible:
        page = Page(case)
        found = sum(len(page.blocks[block]) for block in page.article_blocks)
        if found >= LEAST_FOUND * len(words(case.text)) and len(page.units) >= LEAST_UNITS:
            pages.append(page)
        if len(pages) == count:
            break
    return pages


def changed(pages, before, name, change):
    """Page number, bytes of the changed page and what the change said, for each page that it is possible on and changes."""
    for at, page in enumerate(pages):
        other = pages[(at + 7) % len(pages)]
        copy = page.copy()
        said = change(copy, other, random.Random(zlib.crc32(f"{name} {page.case.id}".encode())))
        html = copy.bytes()
        if said is not False and html != before[at].html:
            yield at, html, said


class Alone:
    """The changed page is read as if nobody had seen it before."""

    name = "alone"

    def __init__(self, tidings):
        self.tidings = tidings

    def readings(self, looks):
        """`looks` are pairs: the page before, the page now. What is read now."""
        return self.tidings.readings_of_pages([(now, None) for _, now in looks])


class After:
    """The changed page is read with what was decided about the page before."""

    name = "after"

    def __init__(self, tidings):
        self.tidings = tidings

    def readings(self, looks):
        return self.tidings.readings_after(looks)


#: Ways to read a page at its second look.
MODES = {mode.name: mode for mode in [Alone, After]}


def untouched(text, touched):
    """The lines of a text that hold a word besides those that a change took away or put in, in order."""
    return [line for line in text.split("\n") if not set(words(line)) <= touched]


def measure_around(pages, before, second_look):
    for name, change in around.CHANGES.items():
        changes = list(changed(pages, before, name, change))
        now = second_look([(before[at].html, html) for at, html, _ in changes])
        rows = [(before[at].reading, after, set(touched)) for (at, _, touched), after in zip(changes, now)]
        yield {
            "change": name,
            "pages": len(rows),
            "same_text": share([one.text == after.text for one, after, _ in rows]),
            "same_title": share([one.title == after.title for one, after, _ in rows]),
            "same_besides": share([untouched(one.text, t) == untouched(after.text, t) for one, after, t in rows]),
            "differ": [pages[at].case.id for (at, _, _), (one, after, _) in zip(changes, rows) if one.text != after.text],
        }


def measure_within(pages, before, second_look):
    for name, edit in within.EDITS.items():
        edits = list(changed(pages, before, name, edit))
        now = second_look([(before[at].html, html) for at, html, _ in edits])
        rows = [(before[at].reading, after) for (at, _, _), after in zip(edits, now)]
        yield {
            "edit": name,
            "pages": len(rows),
            "seen": share([(one.title, one.text) != (after.title, after.text) for one, after in rows]),
            "unseen": [pages[at].case.id for (at, _, _), (one, after) in zip(edits, rows)
                       if (one.title, one.text) == (after.title, after.text)],
        }


class Look:
    """A page as it was written, and what was read."""

    def __init__(self, html, reading):
        self.html, self.reading = html, reading


def share(claims):
    return sum(claims) / len(claims) if claims else 0.0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tidings", required=True, metavar="PATH")
    parser.add_argument("--cases", required=True, metavar="FOLDER")
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--kind", nargs="*", default=["article"], help="kinds of pages; a suite without kinds has articles")
    parser.add_argument("--mode", choices=list(MODES), default=Alone.name, help="how the changed page is read")
    parser.add_argument("--json", action="store_true", help="one JSON object for each row, with the ids of the pages that fail")
    parser.add_argument("--ids", type=int, default=0, metavar="N", help="show the ids of N pages that fail in each row")
    options = parser.parse_args()

    pages = chosen(cases.load(options.cases), options.pages, options.kind)
    print(f"{len(pages)} pages; mode {options.mode}", file=sys.stderr)
    tidings = programs.Tidings(options.tidings)
    mode = MODES[options.mode](tidings)
    first = [page.bytes() for page in pages]
    before = [Look(html, reading) for html, reading in zip(first, tidings.readings_of_pages([(html, None) for html in first]))]

    head = False
    for row in measure_around(pages, before, mode.readings):
        if options.json:
            print(json.dumps(row), flush=True)
            continue
        if not head:
            print(f"{'around the article':<32}{'pages':>6}{'same text':>11}{'same title':>12}{'same besides':>14}")
            head = True
        print(f"{row['change']:<32}{row['pages']:>6}{row['same_text']:>11.3f}{row['same_title']:>12.3f}{row['same_besides']:>14.3f}",
              *row["differ"][: options.ids], flush=True)
    head = False
    for row in measure_within(pages, before, mode.readings):
        if options.json:
            print(json.dumps(row), flush=True)
            continue
        if not head:
            print(f"\n{'edit of the article':<32}{'pages':>6}{'seen':>11}")
            head = True
        print(f"{row['edit']:<32}{row['pages']:>6}{row['seen']:>11.3f}", *row["unseen"][: options.ids], flush=True)


if __name__ == "__main__":
    main()
