"""Scores the article texts of Tidings and of other programs on pages with known texts: README.md says how.

    score.py --tidings ../../.build/release/tidings --cases ../corpus --cache /tmp/peers --losses 20
"""

import argparse
import json
import pathlib
import sys
from dataclasses import dataclass

import numpy

import cases
import fields
import programs
from likeness import characters_beyond, compare, words

RESAMPLES = 2_000
SEED = 20_120
BETTER_BY = 0.05

LIKENESS = ["precision", "recall", "f1", "word_f1"]
FIELDS = ["title", "date", "authors"]


@dataclass
class Score:
    """Of one page by one program. What the case does not state is NaN."""

    values: dict[str, float]
    missing: int
    extra: int


def score(case, expected, reading, knows_fields):
    """`expected` are the words of the case's text."""
    found = words(reading.text)
    text = fields.folded(reading.text)
    values = vars(compare(expected, found)) | {
        "with": share([fields.folded(phrase) in text for phrase in case.phrases_with]),
        "without": share([fields.folded(phrase) not in text for phrase in case.phrases_without]),
    }
    right = {
        "title": fields.title_is_right(case.title, reading.title),
        "date": fields.date_is_right(case.date, reading.date),
        "authors": fields.authors_are_right(case.authors, reading.authors),
    }
    for name, is_right in right.items():
        values[name] = float("nan") if is_right is None or not knows_fields else float(is_right)
    return Score(values, characters_beyond(expected, found), characters_beyond(found, expected))


def share(claims):
    return sum(claims) / len(claims) if claims else float("nan")


def groups(pages):
    """Name and page numbers: all, each suite, each kind of a suite that has several."""
    yield "all", list(range(len(pages)))
    for suite in sorted({case.suite for case in pages}):
        yield suite, [at for at, case in enumerate(pages) if case.suite == suite]
        kinds = sorted({case.kind for case in pages if case.suite == suite and case.kind})
        for kind in kinds if len(kinds) > 1 else []:
            yield f"{suite}/{kind}", [at for at, case in enumerate(pages) if case.suite == suite and case.kind == kind]


def interval(values):
    """The mean, and where it is in 95 of 100 draws of as many pages (bootstrap, percentiles)."""
    # The same draws for every program and difference.
    draws = numpy.random.default_rng(SEED).integers(0, len(values), (RESAMPLES, len(values)))
    low, high = numpy.percentile(values[draws].mean(axis=1), [2.5, 97.5])
    return float(values.mean()), float(low), float(high)


def rows(pages, scores):
    """One row for each group and program; the first program is what the others are compared with."""
    reference = next(iter(scores))
    f1 = {name: numpy.array([one.values["f1"] for one in of]) for name, of in scores.items()}
    for group, members in groups(pages):
        for name, of in scores.items():
            row = {"group": group, "pages": len(members), "program": name}
            row |= {key: mean(of[at].values[key] for at in members) for key in of[0].values}
            _, row["f1_low"], row["f1_high"] = interval(f1[name][members])
            if name != reference:
                difference = interval((f1[name] - f1[reference])[members])
                row |= dict(zip(["f1_more", "f1_more_low", "f1_more_high"], difference))
            yield row


def mean(values):
    known = [value for value in values if value == value]
    return sum(known) / len(known) if known else None


def show(table, reference):
    head = f"{'group':<20}{'pages':>6}  {'program':<19}{'P':>6}{'R':>7}{'F1':>7}{'95 %':>16}"
    print(head + f"{'more than ' + reference:>26}{'word F1':>9}{'with':>7}{'without':>8}{'title':>7}{'date':>7}{'authors':>8}")
    group = None
    for row in table:
        if len(table) > len(set(one["group"] for one in table)) and group not in (None, row["group"]):
            print()
        group = row["group"]
        more = ""
        if "f1_more" in row:
            more = f"{row['f1_more']:+.3f} [{row['f1_more_low']:+.3f} {row['f1_more_high']:+.3f}]"
        print(
            f"{group:<20}{row['pages']:>6}  {row['program']:<19}{row['precision']:>6.3f}{row['recall']:>7.3f}{row['f1']:>7.3f}"
            f"  [{row['f1_low']:.3f} {row['f1_high']:.3f}]{more:>26}{row['word_f1']:>9.3f}"
            + "".join(f"{figure(row[key]):>{width}}" for key, width in
                      [("with", 7), ("without", 8), ("title", 7), ("date", 7), ("authors", 8)]))


def figure(value):
    return "–" if value is None else f"{value:.3f}"


def show_losses(pages, scores, count):
    reference, *others = scores
    ours = scores[reference]
    worst = sorted(range(len(pages)), key=lambda at: ours[at].values["f1"])[:count]
    print(f"\nworst of {reference}: F1, characters missing, characters too many")
    for at in worst:
        show_loss(pages[at], ours[at])
    for name in others:
        theirs = scores[name]
        lead = [theirs[at].values["f1"] - ours[at].values["f1"] for at in range(len(pages))]
        better = sorted((at for at in range(len(pages)) if lead[at] > BETTER_BY), key=lambda at: -lead[at])
        behind = sum(one < -BETTER_BY for one in lead)
        print(f"\n{name} is better than {reference} by more than {BETTER_BY} on {len(better)} pages, worse on {behind}:")
        for at in better[:count]:
            show_loss(pages[at], ours[at], f"  {name}: {theirs[at].values['f1']:.3f}")


def show_loss(case, one, note=""):
    print(f"  {one.values['f1']:.3f} {one.missing:>6} {one.extra:>6}  {case.id:<48} {case.kind or ''}{note}")


def show_empty(empty, readings):
    if empty:
        print(f"\n{len(empty)} pages are not in the table because no text is expected of them; characters given:")
        for name, of in readings.items():
            print(f"  {name:<19}" + " ".join(str(len(of[case.id].text)) for case in empty))


def named(argument, default):
    """`NAME=VALUE`, or a value called `default`."""
    name, separator, value = argument.partition("=")
    return (name, value) if separator else (default, argument)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tidings", action="append", default=[], metavar="[NAME=]PATH", help="a tidings executable; may be repeated")
    parser.add_argument("--texts", action="append", default=[], metavar="[NAME=]FOLDER",
                        help="texts of any other program, ID.txt with __ for the slashes of the id; may be repeated")
    parser.add_argument("--cases", required=True, metavar="FOLDER", help="a corpus, a folder of cases, or a list of cases")
    parser.add_argument("--case", default="", metavar="PART", help="only cases with this in their id")
    parser.add_argument("--only", nargs="*", choices=list(programs.PEERS), metavar="PEER",
                        help="only these peers, or none: " + ", ".join(programs.PEERS))
    parser.add_argument("--cache", metavar="FOLDER", help="where answers are kept")
    parser.add_argument("--urls", action="store_true", help="give tidings the address of each page; a process for each")
    parser.add_argument("--json", action="store_true", help="one JSON object for each row")
    parser.add_argument("--losses", type=int, default=0, metavar="N", help="show the N worst pages, and where a peer is better")
    parser.add_argument("--write-texts", metavar="FOLDER", help="write FOLDER/PROGRAM/ID.txt, and the expected texts")
    return parser.parse_args()


def all_readings(options, pages):
    """What each program makes of each page; the first program is the one that others are compared with."""
    compared = {}
    for argument in options.tidings:
        name, path = named(argument, "tidings")
        compared[name] = programs.Tidings(path, passes_urls=options.urls, cache=options.cache)
    for argument in options.texts:
        name, folder = named(argument, pathlib.Path(argument).name)
        compared[name] = programs.Texts(folder)
    for name in programs.PEERS if options.only is None else options.only:
        compared[name] = programs.Peer(name, options.cache)
    readings = {}
    for name, program in compared.items():
        print(f"{name}: {len(pages)} pages …", file=sys.stderr)
        readings[name] = dict(zip((case.id for case in pages), program.readings(pages)))
    return readings, {name for name, program in compared.items() if not isinstance(program, programs.Texts)}


def write_texts(folder, pages, readings):
    texts = {name: [(case, of[case.id].text) for case in pages] for name, of in readings.items()}
    for name, of in {**texts, "expected": [(case, case.text) for case in pages]}.items():
        below = pathlib.Path(folder) / name
        below.mkdir(parents=True, exist_ok=True)
        for case, text in of:
            (below / f"{case.file_name}.txt").write_text(text, encoding="utf-8")


def main():
    options = arguments()
    pages = [case for case in cases.load(options.cases) if options.case in case.id]
    readings, with_fields = all_readings(options, pages)
    if options.write_texts:
        write_texts(options.write_texts, pages, readings)
    expected = {case.id: words(case.text) for case in pages}
    scored = [case for case in pages if expected[case.id]]
    scores = {name: [score(case, expected[case.id], of[case.id], name in with_fields) for case in scored]
              for name, of in readings.items()}
    table = list(rows(scored, scores))
    if options.json:
        for row in table:
            print(json.dumps(row))
        return
    show(table, next(iter(scores)))
    show_empty([case for case in pages if not expected[case.id]], readings)
    if options.losses:
        show_losses(scored, scores, options.losses)


if __name__ == "__main__":
    main()
