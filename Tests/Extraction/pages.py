"""A page as a tree in which it is known what is the article and what stands around it, so that either can be changed alone."""

import copy
import functools

import lxml.etree
import lxml.html
from resiliparse.parse.encoding import bytes_to_str, detect_encoding

from likeness import words

BLOCKS = set(
    "address article aside blockquote body button center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 "
    "h4 h5 h6 header hr label legend li main menu nav ol option p pre search section summary table tbody td tfoot th thead tr ul".split())
SILENT = {"script", "style", "noscript", "template", "svg", "head", "iframe", "textarea", "select"}
#: What may take a block before or after one of its children without being torn apart by a parser.
CONTAINERS = {"article", "aside", "body", "div", "footer", "header", "main", "nav", "section"}

#: A text of so many words is no coincidence.
LONG_WORDS = 4
#: How far up a short text may have a long one of the article to be of the article itself.
SHORT_TEXT_REACH = 3
#: A unit with more blocks is taken apart.
UNIT_BLOCKS = 8


class Page:
    def __init__(self, case):
        self.case = case
        text = bytes_to_str(case.html, detect_encoding(case.html))
        parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
        self.root = lxml.html.document_fromstring(text.encode(), parser=parser)
        declare_utf8(self.root)
        self.expected = " " + " ".join(words(case.text)) + " "

    def copy(self):
        """Another page of the same case, to be changed once: what is known of this page is known of the copy as it was before."""
        other = copy.copy(self)
        other.root = copy.deepcopy(self.root)
        twin = dict(zip(self.root.iter(), other.root.iter()))
        other.blocks = {twin[block]: text for block, text in self.blocks.items()}
        for name in ("article_blocks", "headlines", "units", "whole_units"):
            setattr(other, name, [twin[element] for element in getattr(self, name)])
        other.main_area = twin[self.main_area]
        return other

    def bytes(self):
        return b"<!DOCTYPE html>\n" + lxml.html.tostring(self.root, encoding="utf-8", method="html")

    @property
    def body(self):
        return self.root.body

    @functools.cached_property
    def blocks(self):
        """Elements that have text of their own, with its words: one for each run of inline elements and text."""
        found = {}
        for element, part in texts(self.body):
            block = block_of(element if part == "text" else element.getparent())
            found.setdefault(block, []).append(getattr(element, part))
        return {block: words(" ".join(runs)) for block, runs in found.items()}

    def is_expected(self, text_words):
        return f" {' '.join(text_words)} " in self.expected

    @functools.cached_property
    def article_blocks(self):
        """Blocks whose text is expected; of short ones those that stand by a long one. In document order."""
        blocks = self.blocks
        expected = [block for block, text in blocks.items() if self.is_expected(text)]
        long = [block for block in expected if len(blocks[block]) >= LONG_WORDS]
        near = set()
        for block in long:
            near.update([block, *upward(block, SHORT_TEXT_REACH)])
        return [block for block in expected if len(blocks[block]) >= LONG_WORDS or not near.isdisjoint(upward(block, SHORT_TEXT_REACH))]

    @functools.cached_property
    def headlines(self):
        title = words(self.case.title or "")
        return [block for block, text in self.blocks.items() if block.tag == "h1" or (title and text == title)]

    @functools.cached_property
    def whole_units(self):
        """Boilerplate: the largest elements that hold text, but nothing of the article, its headline or a part of its text."""
        return self.boilerplate(limit=None)

    @functools.cached_property
    def units(self):
        """The same, with those taken apart that have many blocks: a page has more than "the header" and "the footer"."""
        return self.boilerplate(limit=UNIT_BLOCKS)

    def boilerplate(self, limit):
        partly = [block for block, text in self.blocks.items() if shares_shingle(self.expected, text)]
        protected, count = set(), {}
        for block in [*self.article_blocks, *self.headlines, *partly]:
            protected.update([block, *block.iterancestors()])
        for block in self.blocks:
            for element in [block, *block.iterancestors()]:
                count[element] = count.get(element, 0) + 1
        units, waiting = [], [self.body]
        while waiting:
            element = waiting.pop()
            if element not in count:
                continue
            is_large = limit is not None and count[element] > limit and element not in self.blocks
            if element in protected or is_large:
                waiting.extend(reversed(list(element)))
            elif element.tag in BLOCKS:
                units.append(element)
        return units

    @functools.cached_property
    def main_area(self):
        """The smallest container of every long block of the article that may have neighbours."""
        paths = [[*reversed([block, *block.iterancestors()])] for block in self.article_blocks]
        area = self.body
        for level in zip(*paths):
            if any(element is not level[0] for element in level):
                break
            area = level[0]
        while area is not self.body and area.getparent().tag not in CONTAINERS:
            area = area.getparent()
        return area


def declare_utf8(root):
    """Whatever the page said: it is written as UTF-8."""
    for meta in root.xpath("//meta[@charset or translate(@http-equiv, 'CONTEYP', 'conteyp') = 'content-type']"):
        meta.getparent().remove(meta)
    head = root.find("head")
    if head is None:
        head = lxml.html.Element("head")
        root.insert(0, head)
    meta = lxml.html.Element("meta")
    meta.set("charset", "utf-8")
    head.insert(0, meta)


def has_words(text):
    return bool(text) and not text.isspace() and bool(words(text))


def block_of(element):
    while element.tag not in BLOCKS and element.getparent() is not None:
        element = element.getparent()
    return element


def upward(element, levels):
    for _ in range(levels):
        element = element.getparent()
        if element is None or element.tag == "body":
            return
        yield element


def shares_shingle(expected, text_words):
    return any(f" {' '.join(text_words[start:start + LONG_WORDS])} " in expected for start in range(len(text_words) - LONG_WORDS + 1))


def remove(element):
    """Takes the element out and leaves the text behind it."""
    tail, previous, parent = element.tail, element.getprevious(), element.getparent()
    if tail and previous is not None:
        previous.tail = (previous.tail or "") + tail
    elif tail:
        parent.text = (parent.text or "") + tail
    element.tail = None
    parent.remove(element)


def texts(element):
    """Where the element holds words, in document order: pairs of an element and "text" or "tail"."""
    silent = 0
    for event, one in lxml.etree.iterwalk(element, events=("start", "end", "comment", "pi")) if element is not None else ():
        is_silent = one.tag in SILENT
        if event == "start":
            silent += is_silent
            if not silent and has_words(one.text):
                yield one, "text"
        else:
            silent -= is_silent
            if not silent and one is not element and has_words(one.tail):
                yield one, "tail"
