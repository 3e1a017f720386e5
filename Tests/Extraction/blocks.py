"""What Tidings knows of the blocks of pages, and which of them are the article's: what a model is trained from.

A block's label is the share of its shingles that the expected text has too. A block of few words has no shingles that tell: it is
the article's if the expected text has its words in a row, at a place between those of the long blocks before and behind it.
"""

import bisect
import collections
import concurrent.futures
import json
import pathlib
import subprocess
import tempfile
from dataclasses import dataclass

import numpy

from likeness import SHINGLE_WORDS, shingles, words

LONG_WORDS = 8
#: How many words before the first long block or behind the last one a short one may be.
REACH_WORDS = 60
#: How far the places of two blocks may overlap.
SLACK_WORDS = 6
FILES_A_PROCESS = 100
WORKERS = 2


@dataclass
class LabelledPage:
    case: object
    texts: list
    #: One row for each block.
    features: numpy.ndarray
    #: For each block the share of it that is the article's; -1 for one without words.
    labels: numpy.ndarray
    #: For each block.
    words: numpy.ndarray
    page_features: numpy.ndarray


@dataclass
class Names:
    features: list
    page_features: list


def load(tidings, pages):
    """`pages` are pairs of case and bytes. The labelled pages, without those that show no text, and the names of the features."""
    names, found = None, []
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, (_, html) in enumerate(pages):
            files.append(str(pathlib.Path(folder) / f"{number}.html"))
            pathlib.Path(files[-1]).write_bytes(html)
        calls = [range(start, min(start + FILES_A_PROCESS, len(files))) for start in range(0, len(files), FILES_A_PROCESS)]
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            runs = pool.map(lambda call: explain(tidings, [files[number] for number in call]), calls)
            for call, output in zip(calls, runs):
                explained = {one["file"]: one for one in map(json.loads, output.splitlines()) if "blocks" in one}
                for number in call:
                    page = explained.get(files[number])
                    if page and page["blocks"]:
                        names = names or Names(page["feature_names"], page["page_feature_names"])
                        found.append(labelled(pages[number][0], page))
    return names, found


def explain(tidings, files):
    return subprocess.run([tidings, "parse", "--explain", "--json", *files], capture_output=True).stdout


def labelled(case, page):
    texts = [block["text"] for block in page["blocks"]]
    block_words = [words(text.lower()) for text in texts]
    return LabelledPage(
        case, texts,
        numpy.array([block["features"] for block in page["blocks"]], dtype=numpy.float32),
        numpy.array(labels(block_words, words(case.text.lower())), dtype=numpy.float32),
        numpy.array([len(one) for one in block_words]),
        numpy.array(page["page_features"], dtype=numpy.float32))


def labels(blocks, expected):
    places = collections.defaultdict(list)
    for place, shingle in enumerate(shingles(expected)):
        places[shingle].append(place)
    anchors = [anchor(block, places) for block in blocks]
    before, behind = nearest(anchors), nearest(anchors[::-1])[::-1]
    text = " " + " ".join(expected) + " "
    starts = [1]
    for word in expected:
        starts.append(starts[-1] + len(word) + 1)
    found = []
    for number, block in enumerate(blocks):
        if not block:
            found.append(-1)
        elif len(block) >= LONG_WORDS:
            found.append(sum(shingle in places for shingle in shingles(block)) / len(shingles(block)))
        else:
            low = before[number][1] - SLACK_WORDS if before[number] else behind[number][0] - REACH_WORDS if behind[number] else 0
            high = behind[number][0] + SLACK_WORDS if behind[number] else before[number][1] + REACH_WORDS if before[number] else len(expected)
            found.append(float(stands_within(block, text, starts, low, high)))
    return found


def anchor(block, places):
    """Where a long block begins and ends in the expected text."""
    if len(block) < LONG_WORDS:
        return None
    hits = [places[shingle] for shingle in shingles(block) if shingle in places]
    if len(hits) < 0.6 * len(shingles(block)):
        return None
    sure = [hit[0] for hit in hits if len(hit) == 1] or [hit[0] for hit in hits]
    return min(sure), max(sure) + SHINGLE_WORDS


def nearest(anchors):
    found, last = [], None
    for one in anchors:
        found.append(last)
        last = one or last
    return found


def stands_within(block, text, starts, low, high):
    sought = " " + " ".join(block) + " "
    at = text.find(sought)
    while at >= 0:
        if low <= bisect.bisect_left(starts, at + 1) <= high:
            return True
        at = text.find(sought, at + 1)
    return False
