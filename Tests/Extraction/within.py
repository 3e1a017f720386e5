"""Edits of the article on a page. Each takes a copy of a page, another page and a random source, and changes the copy; False where
the article has no place for such an edit."""

import copy
import re

from likeness import words
from pages import block_of, remove, texts

#: An edit is made in a text with so many words, which is no caption or label.
EDITED_WORDS = 6
PARAGRAPH_WORDS = 8
DECIMAL = re.compile(r"(?<![\d.,])\d+[.,]\d{1,2}(?![\d.,])")
LOWER_WORD = re.compile(r"(?<=\s)[^\W\d_]{4,}(?=\s)")


def places(page, pattern):
    """Where the article's text has what is looked for: element, part, match."""
    for block in page.article_blocks:
        if len(page.blocks[block]) < EDITED_WORDS:
            continue
        for element, part in texts(block):
            # Not of another block inside, nor behind the block.
            owner = element if part == "text" else element.getparent()
            if block_of(owner) is block:
                for found in pattern.finditer(getattr(element, part)):
                    yield element, part, found


def replaced(pattern, new):
    def change(page, other, random):
        found = list(places(page, pattern))
        if not found:
            return False
        element, part, match = random.choice(found)
        text = getattr(element, part)
        setattr(element, part, text[: match.start()] + new(match[0], random) + text[match.end() :])
        return True

    return change


def other_word(word, random):
    return word[::-1] if word[::-1] != word else word + "s"


def other_digit(digit, random):
    return str((int(digit) + random.randint(1, 9)) % 10)


def paragraphs(page):
    return [block for block in page.article_blocks if block.tag == "p" and len(page.blocks[block]) >= PARAGRAPH_WORDS]


def paragraph_removed(page, other, random):
    found = paragraphs(page)
    if len(found) < 2:
        return False
    remove(random.choice(found))
    return True


def paragraph_added(page, other, random):
    """Between or behind the others: a part of another article."""
    found, theirs = paragraphs(page), paragraphs(other)
    if not found or not theirs:
        return False
    place = random.choice(found)
    new = copy.deepcopy(place)
    for child in list(new):
        new.remove(child)
    new.text = " ".join(random.choice(theirs).text_content().split())
    new.tail, place.tail = place.tail, None
    place.getparent().insert(place.getparent().index(place) + 1, new)
    return True


def headline_everywhere(page, other, random):
    """In the page's heading, title, metadata and JSON-LD alike, as a publisher's system does."""
    title = page.case.title
    if not title or not words(title):
        return False
    edited = edited_title(title)
    hits = 0
    for element in page.root.iter():
        if not isinstance(element.tag, str):
            continue
        for part in ("text", "tail"):
            text = getattr(element, part)
            if text and title in text:
                setattr(element, part, text.replace(title, edited))
                hits += 1
        for name, value in element.attrib.items():
            if title in value:
                element.set(name, value.replace(title, edited))
                hits += 1
    return hits > 0


def headline_shown(page, other, random):
    """Only what readers see: metadata stays."""
    for headline in page.headlines:
        for element, part in texts(headline):
            text = getattr(element, part)
            if page.case.title and page.case.title in text:
                setattr(element, part, text.replace(page.case.title, edited_title(page.case.title)))
                return True
    return False


def edited_title(title):
    """One word in the middle is another."""
    parts = title.split(" ")
    at = len(parts) // 2
    parts[at] = other_word(parts[at], None)
    return " ".join(parts)


EDITS = {
    "word": replaced(LOWER_WORD, other_word),
    "digit": replaced(re.compile("[0-9]"), other_digit),
    "sign (5.0 to 50)": replaced(DECIMAL, lambda number, random: re.sub("[.,]", "", number)),
    '"not" added': replaced(LOWER_WORD, lambda word, random: "not " + word),
    "paragraph removed": paragraph_removed,
    "paragraph added": paragraph_added,
    "headline": headline_everywhere,
    "headline, metadata as before": headline_shown,
}
