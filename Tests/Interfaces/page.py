#!/usr/bin/env python3
"""Looks at every view of the page as a browser does, and as a program does.

    page.py BASE FOLDER     BASE: http://127.0.0.1:8477; FOLDER: of a source, in which a file is written to see it come

Says what is wrong, one line each, and exits with 1 if something is.
"""
import http.client
import json
import os
import sys
import urllib.parse
import xml.etree.ElementTree as ElementTree

from browser import Browser

POLICY = ("default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; "
          "base-uri 'none'; frame-ancestors 'none'")
HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
# At the first, all views are looked at; at the other, those that are laid out otherwise there.
WIDTHS = (360, 1280)
WIDE_VIEWS = ("overview", "changes", "folder")
# What the article of the test writes where it could become markup, and what of a source is not to be shown.
FORBIDDEN = ("<script>document.title", "<img src=x", "onmouseover=alert(2)>", "SECRET", 'href="javascript:')
wrong = []


def check(holds, *words):
    if not holds:
        wrong.append(" ".join(str(word) for word in words))


class Server:
    def __init__(self, base):
        self.connection = http.client.HTTPConnection(urllib.parse.urlsplit(base).netloc, timeout=30)

    def get(self, path, **headers):
        self.connection.request("GET", path, headers={**HTML, **{name.replace("_", "-"): value for name, value in headers.items()}})
        answer = self.connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()


def views(server):
    """The paths of all views, those of articles by what they say."""
    paths = {
        "overview": "/", "changes": "/changes", "updates": "/changes?type=article.updated&source=news&class=", "sources": "/sources",
        "folder": "/sources/news", "feed": "/sources/wire", "search": "/search", "found": "/search?q=script+harbour",
    }
    for line in server.get("/v1/articles", Accept="application/x-ndjson")[2].splitlines():
        article = json.loads(line)
        key = json.dumps(article["id"])[1:-1]
        paths["article " + key] = f"/articles/{key}"
        if article.get("version", article.get("versions", 1)) > 1:
            paths["one text " + key] = f"/articles/{key}/diff"
            paths["side by side " + key] = f"/articles/{key}/diff?from=1&to=2&view=side&whole=1"
    return paths


def check_answers(server, paths, folder):
    for name, path in paths.items():
        status, headers, text = server.get(path)
        check(status == 200, name, "status", status)
        check(headers["Content-Security-Policy"] == POLICY, name, "policy", headers["Content-Security-Policy"])
        check(headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "no-referrer", name, "headers")
        check(headers["Cache-Control"] == "no-cache" and headers["ETag"].startswith('"'), name, "validators")
        for piece in FORBIDDEN + (os.path.dirname(folder),):
            check(piece not in text, name, "has", piece)
        try:
            ElementTree.fromstring(text.removeprefix("<!DOCTYPE html>"))
        except ElementTree.ParseError as error:
            check(False, name, "is not well-formed:", error)
    style = server.get("/")[2].split('rel="stylesheet" href="')[1].split('"')[0]
    status, headers, _ = server.get(style)
    check(status == 200 and "immutable" in headers["Cache-Control"], "stylesheet", status, headers["Cache-Control"])
    check(server.get(style, If_None_Match=headers["ETag"])[0] == 304, "stylesheet is sent again")
    for path, expected in (("/nothing", 404), ("/articles/none", 404), ("/sources/none", 404), ("/changes?type=nonsense", 400)):
        status, headers, text = server.get(path)
        check(status == expected and headers["Content-Type"].startswith("text/html"), path, status, headers["Content-Type"])
        check(headers["Content-Security-Policy"] == POLICY, path, "policy")
        status, headers, _ = server.get(path, Accept="*/*")
        check(status == expected and headers["Content-Type"] == "application/problem+json", path, "for a program", headers["Content-Type"])


def check_feed(server):
    status, headers, text = server.get("/feed.atom")
    check(status == 200 and headers["Content-Type"].startswith("application/atom+xml"), "feed", status)
    atom = "{http://www.w3.org/2005/Atom}"
    entries = ElementTree.fromstring(text).findall(atom + "entry")
    ids = [entry.find(atom + "id").text for entry in entries]
    check(len(set(ids)) == len(ids) > 5, "feed has the ids", ids)
    check(any("<ins>" in entry.find(atom + "content").text for entry in entries), "feed shows no difference")
    times = [entry.find(atom + "updated").text for entry in entries]
    check(times == sorted(times, reverse=True), "feed is not in order")
    check(server.get("/feed.atom", If_None_Match=headers["ETag"])[0] == 304, "feed is sent again")
    text = server.get("/feed.atom?type=updated&source=news&class=substantive")[2]
    terms = {e.get("term") for e in ElementTree.fromstring(text).iter(atom + "category")}
    check(terms == {"tidings.article.updated", "substantive"}, "filtered feed has", terms)


STRUCTURE = """(() => {
    const wrong = [];
    const levels = [...document.querySelectorAll("h1, h2, h3")].map((h) => Number(h.tagName[1]));
    if (levels[0] !== 1 || levels.filter((l) => l === 1).length !== 1) wrong.push("headings " + levels);
    levels.forEach((l, i) => { if (i > 0 && l > levels[i - 1] + 1) wrong.push("heading level left out"); });
    for (const name of ["header", "nav", "main", "footer"]) if (!document.querySelector(name)) wrong.push("no " + name);
    const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
    if (new Set(ids).size !== ids.length) wrong.push("ids twice: " + ids);
    for (const e of document.querySelectorAll("input, select")) if (e.labels.length === 0) wrong.push("no label: " + e.name);
    for (const e of document.querySelectorAll("[aria-labelledby]"))
        if (!document.getElementById(e.getAttribute("aria-labelledby"))) wrong.push("labelled by nothing");
    for (const e of document.links) {
        if (!["http:", "https:"].includes(e.protocol)) wrong.push("leads to " + e.href);
        if (e.host !== location.host && e.rel !== "noreferrer noopener") wrong.push("leads out without rel: " + e.href);
    }
    if (document.title === "owned" || document.querySelectorAll("script").length !== 1) wrong.push("became markup");
    return wrong;
})()"""

# Becomes true when the list shows the text; false after ten seconds.
APPEARS = """new Promise((resolve) => {
    const look = () => document.getElementById("live-content").textContent.includes(%s);
    if (look()) return resolve(true);
    const observer = new MutationObserver(() => { if (look()) { observer.disconnect(); resolve(true); } });
    observer.observe(document.body, { childList: true, subtree: true, characterData: true });
    setTimeout(() => resolve(false), 10000);
})"""

LIVE = """new Promise((resolve) => {
    const status = document.getElementById("live");
    if (status.textContent === "Live") return resolve(true);
    new MutationObserver(() => { if (status.textContent === "Live") resolve(true); })
        .observe(status, { childList: true, subtree: true, characterData: true });
    setTimeout(() => resolve(false), 10000);
})"""


def check_views(browser, base, paths):
    for width in WIDTHS:
        browser.size(width)
        browser.scheme("dark" if width == 360 else "light")
        for name, path in paths.items():
            if width == WIDTHS[1] and name not in WIDE_VIEWS and not name.startswith("side by side"):
                continue
            browser.go(base + path)
            pixels, wide = browser.overflow()
            check(pixels == 0 and not wide, name, "at", width, "is wider by", pixels, wide)
            for text in browser.value(STRUCTURE):
                check(False, name, text)
            for text in browser.complaints():
                check(False, name, "complaint:", text)


def check_live(browser, base, folder):
    browser.go(base + "/changes?source=news")
    check(browser.value(LIVE), "the list of changes is not live")
    title = "Ferry to Osk sails again on Sundays"
    with open(os.path.join(folder, "ferry.txt"), "w", encoding="utf-8") as file:
        file.write(f"{title}\n\nThe ferry carried nobody for a year. It sails at nine and at four.\n")
    check(browser.value(APPEARS % json.dumps(title)), "a change did not appear by itself")
    # And again, after the view took the place of itself.
    check(browser.value(LIVE), "the list of changes is not live any more")
    with open(os.path.join(folder, "ferry.txt"), "a", encoding="utf-8") as file:
        file.write("\nDogs travel free.\n")
    check(browser.value(APPEARS % '"updated"'), "a second change did not appear")
    for text in browser.complaints():
        check(False, "live: complaint:", text)


def check_keyboard(browser, base):
    browser.go(base + "/changes")

    def press(key):
        for kind in ("rawKeyDown", "char", "keyUp"):
            text = {"Enter": "\r"}.get(key, "") if kind == "char" else ""
            if kind != "char" or text:
                browser.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, text=text, windowsVirtualKeyCode={"Tab": 9, "Enter": 13}[key])

    press("Tab")
    check(browser.value("document.activeElement.className") == "skip", "the first stop is no skip link")
    check(browser.value("document.activeElement.getBoundingClientRect().top >= 0"), "the skip link is not seen")
    press("Enter")
    check(browser.value("document.activeElement.id") == "content", "the skip link leads nowhere")


def main():
    base, folder = sys.argv[1].rstrip("/"), sys.argv[2]
    server = Server(base)
    paths = views(server)
    check(sum(name.startswith("side by side") for name in paths) >= 2, "there is nothing to compare:", list(paths))
    check_answers(server, paths, folder)
    check_feed(server)
    with Browser() as browser:
        check_views(browser, base, paths)
        check_live(browser, base, folder)
        check_keyboard(browser, base)
    for line in wrong:
        print(line)
    sys.exit(1 if wrong else 0)


main()
