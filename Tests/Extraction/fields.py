"""Whether a title, a date and authors are the expected ones. Each answer is True, False, or None if nothing is expected."""

import datetime
import re
import unicodedata

ALIKE = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "«": '"', "»": '"',
                       "–": "-", "—": "-", "‑": "-", "…": "..."})
BETWEEN_AUTHORS = re.compile(r"[,;|&\n]|\s(?:and|und|et|y|e)\s")
BEFORE_AUTHOR = re.compile(r"^(?:written |edited |posted )?(?:by|von|par|por)\s+")


def folded(text):
    """Without what is a matter of typography: case, kind of quotes and dashes, runs of white space."""
    text = unicodedata.normalize("NFC", text).translate(ALIKE)
    return " ".join(text.split()).casefold()


def title_is_right(expected, found):
    return folded(expected) == folded(found or "") if expected else None


def date_is_right(expected, found):
    """The same day as written, or the same instant."""
    if not expected:
        return None
    if not found:
        return False
    return expected[:10] == found[:10] or (instant(expected) is not None and instant(expected) == instant(found))


def instant(text):
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def authors_are_right(expected, found):
    """The same set of names. Both sides are split where several names are written as one."""
    return names(expected) == names(found) if names(expected) else None


def names(authors):
    parts = (folded(part) for author in authors for part in BETWEEN_AUTHORS.split(author))
    return {BEFORE_AUTHOR.sub("", part) for part in parts} - {""}
