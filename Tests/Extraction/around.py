"""Changes of a page around its article. Each takes a copy of a page, another page and a random source, and changes the copy.

It gives back the words that it took away or put in: what a text may rightly differ in if it had a part of the surroundings in it.
"""

import copy
import re

from likeness import words
from pages import block_of, remove, texts

#: The part of a class name behind its last - or _ that a build tool made: letters and digits, or what two common tools make.
CLASS_HASH = re.compile(
    r"(?<=[-_])(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[A-Za-z0-9]{5,10}(?=$|[-_])|(?<=^css-)[a-z0-9]{5,10}$|(?<=^sc-)[A-Za-z]{5,8}$")
#: A linked text or a heading of so many words is a teaser.
TEASER_WORDS = 4
#: How many blocks a subtree that is added may have.
ADDED_BLOCKS = range(2, 40)


def taken_away(share):
    def change(page, other, random):
        units = page.units
        gone = random.sample(units, min(len(units), max(1, round(share * len(units)))))
        touched = [word for unit in gone for word in words(unit.text_content())]
        for unit in gone:
            remove(unit)
        return touched

    return change


def added(page, other, random):
    """Three subtrees of another page: one before the main area, one behind it, one beside a piece of boilerplate."""
    theirs = [unit for unit in other.whole_units if sum(one in other.blocks for one in unit.iter()) in ADDED_BLOCKS] or other.units
    units, area = page.units, page.main_area
    beside = random.choice(units) if units else None
    new = [copy.deepcopy(random.choice(theirs)) for _ in range(3)]
    for one in new:
        one.tail = None
    if area is page.body:
        area.insert(0, new[0])
        area.append(new[1])
    else:
        put_before(area, new[0])
        put_behind(area, new[1])
    if beside is not None:
        put_behind(beside, new[2])
    return [word for one in new for word in words(one.text_content())]


def put_before(element, new):
    element.getparent().insert(element.getparent().index(element), new)


def put_behind(element, new):
    # lxml's addnext would put it before the text behind the element, and move that text.
    new.tail, element.tail = element.tail, None
    element.getparent().insert(element.getparent().index(element) + 1, new)


def reordered(page, other, random):
    """Pieces of boilerplate with the same parent change places."""
    families = {}
    for unit in page.units:
        families.setdefault(unit.getparent(), []).append(unit)
    touched = []
    for parent, units in families.items():
        places = [parent.index(unit) for unit in units]
        tails = [unit.tail for unit in units]
        shuffled = random.sample(units, len(units))
        children = list(parent)
        for place, unit, tail in zip(places, shuffled, tails):
            children[place] = unit
            unit.tail = tail
        parent[:] = children
        if len(units) > 1:
            touched += [word for unit in units for word in words(unit.text_content())]
    return touched


def digits_changed(page, other, random):
    """Dates, counters and prices: every digit becomes another one."""
    return rewrite(page, lambda text: re.sub("[0-9]", lambda found: str((int(found[0]) + random.randint(1, 9)) % 10 or 1), text))


def teasers_changed(page, other, random):
    """Headlines and links of other articles name others: the words are those of another page's article."""
    stock = words(other.case.text) or ["word"]

    def change(text):
        if len(words(text)) < TEASER_WORDS:
            return text
        return re.sub(r"[^\W\d_]+", lambda found: like(found[0], random.choice(stock)), text)

    return rewrite(page, change, where=is_teaser)


def is_teaser(element):
    return any(one.tag in {"a", "h2", "h3", "h4", "h5", "h6"} for one in [element, *element.iterancestors()])


def like(old, new):
    return new.upper() if old.isupper() and len(old) > 1 else new.capitalize() if old[0].isupper() else new.lower()


def rewrite(page, change, where=lambda element: True):
    touched = []
    for unit in page.units:
        for element, part in list(texts(unit)):
            old = getattr(element, part)
            owner = element if part == "text" else element.getparent()
            new = change(old) if where(owner) else old
            if new != old:
                block = block_of(owner)
                touched += words(block.text_content())
                setattr(element, part, new)
                touched += words(block.text_content())
    return touched


def hashes_changed(page, other, random):
    """The page was built anew: the made-up parts of class names are others, the same one everywhere."""
    names = {}

    def renamed(found):
        return names.setdefault(found[0], "".join(other_sign(sign, random) for sign in found[0]))

    for element in page.root.iter():
        value = element.get("class") if isinstance(element.tag, str) else None
        if value:
            element.set("class", " ".join(CLASS_HASH.sub(renamed, name) for name in value.split()))
    return []


def other_sign(sign, random):
    kinds = ["0123456789", "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    return next((random.choice(kind) for kind in kinds if sign in kind), sign)


CHANGES = {
    "10 % taken away": taken_away(0.1),
    "30 % taken away": taken_away(0.3),
    "60 % taken away": taken_away(0.6),
    "another page's added": added,
    "reordered": reordered,
    "digits changed": digits_changed,
    "teasers changed": teasers_changed,
    "class hashes changed": hashes_changed,
}
