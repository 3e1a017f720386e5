"""How alike two texts are, by bags of shingles: the one scorer for all programs.

A shingle is four words in a row. A word is a run of letters and digits (with the marks on them); where a script writes no spaces
between words, as Chinese, Japanese and Thai, each character is one. Case counts, punctuation and white space do not.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

SHINGLE_WORDS = 4

# Thai to Lao, Myanmar, Khmer, Hiragana to Bopomofo, ideographs, half-width Katakana.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u312f\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff")
# On Latin, Hebrew, Arabic and Indic letters.
MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u0981-\u0983\u09bc-\u09cd\u0a01"
    "-\u0a4d\u0a81-\u0acd\u0b01-\u0b4d\u0b82-\u0bcd\u0c00-\u0c56\u0c81-\u0cd6\u0d00-\u0d4d")
WORD = re.compile(f"[{UNSPACED}]|[^\\W_{UNSPACED}][^\\W_{UNSPACED}{MARKS}]*(?:[{MARKS}][^\\W_{UNSPACED}]*)*")


@dataclass(frozen=True)
class Likeness:
    precision: float
    recall: float
    f1: float
    #: Of the bags of single words.
    word_f1: float


def words(text):
    return WORD.findall(unicodedata.normalize("NFC", text))


def shingles(text_words):
    """Of a text with fewer words than a shingle has, the words."""
    if len(text_words) < SHINGLE_WORDS:
        return [(word,) for word in text_words]
    return list(zip(*(text_words[start:] for start in range(SHINGLE_WORDS))))


def compare(expected, found):
    """Two lists of words. An empty one is like nothing but an empty one."""
    expected_shingles, found_shingles = shingles(expected), shingles(found)
    if (len(expected) < SHINGLE_WORDS) != (len(found) < SHINGLE_WORDS):
        # One is too short for shingles: both are compared by their words.
        expected_shingles, found_shingles = expected, found
    precision, recall, f1 = bag_likeness(expected_shingles, found_shingles)
    return Likeness(precision, recall, f1, bag_likeness(expected, found)[2])


def bag_likeness(expected, found):
    if not expected and not found:
        return 1.0, 1.0, 1.0
    common = (Counter(expected) & Counter(found)).total()
    if not common:
        return 0.0, 0.0, 0.0
    precision, recall = common / len(found), common / len(expected)
    return precision, recall, 2 * precision * recall / (precision + recall)


def characters_beyond(one, other):
    """How many characters of `one` stand in no shingle that `other` has too. Both are lists of words."""
    left = Counter(shingles(other))
    is_common = [False] * len(one)
    for start, shingle in enumerate(shingles(one)):
        if left[shingle] > 0:
            left[shingle] -= 1
            is_common[start : start + len(shingle)] = [True] * len(shingle)
    return sum(len(word) + 1 for word, common in zip(one, is_common) if not common)
