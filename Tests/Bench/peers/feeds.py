"""Reads feeds with other parsers and writes what each gives in the corpus's words, for tidings-bench.

    feeds.py --check PARSER              exit 0 if it is installed
    feeds.py --time PARSER FILE ROUNDS   the median seconds of one parse
    feeds.py PARSER LIST SECONDS         one JSON line for each line of LIST: {"file", "content_type"?, "base_url"?}

A file that takes more than SECONDS ends the program with SIGALRM; the caller starts it again after that file.
"""

import calendar
import datetime
import importlib
import json
import signal
import statistics
import sys
import time


def feedparser_reader():
    import feedparser

    def read(data, content_type, base_url):
        headers = {}
        if content_type:
            headers["content-type"] = content_type
        if base_url:
            headers["content-location"] = base_url
        return dictionaries(feedparser.parse(data, response_headers=headers))

    return read


def feedparser_rs_reader():
    import feedparser_rs

    def read(data, content_type, base_url):
        return dictionaries(feedparser_rs.parse(data))

    return read


def fastfeedparser_reader():
    import fastfeedparser

    def read(data, content_type, base_url):
        return dictionaries(fastfeedparser.parse(data))

    return read


READERS = {
    "feedparser": feedparser_reader,
    "feedparser-rs": feedparser_rs_reader,
    "fastfeedparser": fastfeedparser_reader,
}


def member(value, name):
    """A key or an attribute: feedparser gives dictionaries, feedparser-rs objects."""
    try:
        found = value.get(name) if hasattr(value, "get") else getattr(value, name, None)
    except (AttributeError, KeyError):
        return None
    return found() if callable(found) and not hasattr(found, "get") else found


def date(value, name):
    parsed = member(value, name + "_parsed")
    if parsed is not None:
        try:
            seconds = calendar.timegm(tuple(parsed)[:9])
            moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
            return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment.year >= 1000 else None
        except (TypeError, ValueError, OverflowError):
            return None
    text = member(value, name)
    if hasattr(text, "isoformat"):
        text = text.isoformat()
    if not text:
        return None
    try:
        moment = datetime.datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        return str(text)
    if moment.tzinfo:
        moment = moment.astimezone(datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def string(value):
    return None if value is None or value == "" else str(value)


def detail_language(value, *names):
    """feedparser keeps xml:lang with the text it was on."""
    for name in names:
        detail = member(value, name)
        if isinstance(detail, (list, tuple)):
            detail = detail[0] if detail else None
        language = member(detail, "language") if detail is not None else None
        if language:
            return str(language)
    return None


def author(value):
    detail = member(value, "author_detail")
    name = member(detail, "name") if detail is not None else None
    email = member(detail, "email") if detail is not None else None
    if not name:
        text = member(value, "author")
        name = None if text and email and str(text) == str(email) else text
    return string(name), string(email)


def categories(value):
    found = []
    for tag in member(value, "tags") or []:
        text = tag if isinstance(tag, str) else member(tag, "term") or member(tag, "label")
        if text:
            found.append(str(text))
    return found or None


def without_nothing(values):
    return {name: value for name, value in values.items() if value is not None}


def entry(value):
    name, email = author(value)
    content = member(value, "content")
    if isinstance(content, (list, tuple)):
        content = member(content[0], "value") if content else None
    enclosures = [
        {"url": string(member(one, "href") or member(one, "url")), "type": string(member(one, "type")),
         "length": string(member(one, "length"))}
        for one in member(value, "enclosures") or []
    ]
    return without_nothing({
        "id": string(member(value, "id")),
        "title": string(member(value, "title")),
        "link": string(member(value, "link")),
        "published": date(value, "published"),
        "updated": date(value, "updated"),
        "summary": string(member(value, "summary") or member(value, "description")),
        "content": string(content),
        "author": name,
        "author_email": email,
        "language": string(member(value, "language"))
        or detail_language(value, "title_detail", "content", "summary_detail"),
        "categories": categories(value),
        "enclosures": enclosures or None,
        "rights": string(member(value, "rights")),
        "comments": string(member(value, "comments")),
    })


def dictionaries(parsed):
    feed = member(parsed, "feed")
    if feed is None:
        feed = parsed
    name, email = author(feed)
    image = member(feed, "image")
    image = image if isinstance(image, str) else member(image, "href") or member(image, "url") if image else None
    entries = [entry(one) for one in member(parsed, "entries") or []]
    if not entries and not member(parsed, "version") and member(parsed, "bozo_exception"):
        return {"error": str(member(parsed, "bozo_exception"))}
    return without_nothing({
        "feed": without_nothing({
            "title": string(member(feed, "title")),
            "link": string(member(feed, "link")),
            "subtitle": string(member(feed, "subtitle") or member(feed, "description")),
            "language": string(member(feed, "language")),
            "id": string(member(feed, "id")),
            "updated": date(feed, "updated"),
            "published": date(feed, "published"),
            "author": name,
            "author_email": email,
            "categories": categories(feed),
            "image": string(image or member(feed, "logo") or member(feed, "icon")),
            "rights": string(member(feed, "rights")),
            "generator": string(member(feed, "generator")),
        }),
        "entries": entries,
        "entry_count": len(entries),
        "malformed": bool(member(parsed, "bozo")),
        "encoding": string(member(parsed, "encoding")),
        "version": string(member(parsed, "version")),
    })


def seconds_to_parse(name, path, rounds):
    """Of the parser alone: what it gives is not looked at."""
    parse = importlib.import_module(name.replace("-", "_")).parse
    with open(path, "rb") as file:
        data = file.read()
    times = []
    for _ in range(int(rounds)):
        start = time.perf_counter()
        parse(data)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main():
    if sys.argv[1] == "--check":
        READERS[sys.argv[2]]()
        return
    if sys.argv[1] == "--time":
        print(seconds_to_parse(*sys.argv[2:5]))
        return
    read = READERS[sys.argv[1]]()
    seconds = int(sys.argv[3])
    with open(sys.argv[2], encoding="utf-8") as requests:
        for line in requests:
            request = json.loads(line)
            with open(request["file"], "rb") as file:
                data = file.read()
            signal.alarm(seconds)
            try:
                answer = read(data, request.get("content_type"), request.get("base_url"))
            except Exception as error:  # Whatever a parser raises, it has not read the file.
                answer = {"error": f"{type(error).__name__}: {error}"}
            signal.alarm(0)
            print(json.dumps(answer), flush=True)


main()
