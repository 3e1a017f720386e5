#!/usr/bin/env python3
"""A command sink of Tidings with `with_text: true`: an index for retrieval, kept up to date change by change.

Texts are cut into chunks of some 80 words, each with a vector. The vector here counts hashed words; put your model in its place.
Arguments: the database, and the command that gives all articles: index.db tidings snapshot --with-text
"""
import hashlib, json, sqlite3, struct, subprocess, sys

def vector(text, size=64):
    counts = [0.0] * size
    for word in text.lower().split():
        counts[int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big") % size] += 1.0
    length = sum(c * c for c in counts) ** 0.5 or 1.0
    return struct.pack(f"{size}f", *(c / length for c in counts))

def chunks(text, words=80):
    every = text.split()
    return [" ".join(every[i:i + words]) for i in range(0, len(every), words)]

def index(article, data):
    db.execute("DELETE FROM chunks WHERE article = ?", (article,))
    item = data["item"]
    for n, text in enumerate(chunks(item.get("title", "") + "\n" + item["content_text"])):
        db.execute("INSERT INTO chunks VALUES (?, ?, ?, ?, 1, ?, ?)",
                   (article, n, item.get("title"), data.get("origin", {}).get("key"), text, vector(text)))

db = sqlite3.connect(sys.argv[1])
db.execute("CREATE TABLE IF NOT EXISTS chunks (article TEXT, n INTEGER, title TEXT, place TEXT, live INTEGER, text TEXT, vector BLOB)")
db.execute("CREATE TABLE IF NOT EXISTS at (one INTEGER PRIMARY KEY, stream TEXT, seq INTEGER)")
at = db.execute("SELECT stream, seq FROM at").fetchone()
print(json.dumps({"stream": at[0], "after": at[1]} if at else {}), flush=True)
for line in sys.stdin:
    if not line.endswith("\n"):
        break  # the daemon was killed in the middle of a line
    change = json.loads(line)
    kind, article, data = change["type"].removeprefix("tidings."), change.get("subject"), change["data"]
    with db:  # the change and its number are one transaction: after any kill both are there, or neither
        if kind == "stream.reset":  # the database was lost or restored: all that is live, from a snapshot
            snapshot = subprocess.run(sys.argv[2:], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
            db.execute("DELETE FROM chunks")
            for event in map(json.loads, snapshot):
                if event["type"] == "tidings.snapshot.article":
                    index(event["subject"], event["data"])
        elif "content_text" in data.get("item", {}):  # created, updated
            index(article, data)
        elif kind in ("article.removed", "article.restored"):  # it may come back under the same id: the chunks stay
            db.execute("UPDATE chunks SET live = ? WHERE article = ?", (kind == "article.restored", article))
        elif kind == "article.moved":
            db.execute("UPDATE chunks SET place = ? WHERE article = ?", (data["origin"]["key"], article))
        # article.duplicate and .duplicate_removed: the same text in one more place, or in one less; nothing to index
        db.execute("INSERT OR REPLACE INTO at VALUES (1, ?, ?)", (change["source"], int(change["id"])))
    print(json.dumps({"confirmed": int(change["id"])}), flush=True)
