#!/usr/bin/env python3
"""A command sink of Tidings with `with_text: true`: an index for retrieval, kept up to date change by change.
Texts are cut into chunks of 80 words, each with a vector. The vector here counts hashed words; put your model in its place.
Arguments: the database, and the command that gives all articles: index.db tidings snapshot --with-text"""
import hashlib, json, sqlite3, struct, subprocess, sys

def vector(words, size=64):
    counts = [0.0] * size
    for word in words:
        counts[hashlib.sha256(word.lower().encode()).digest()[0] % size] += 1.0
    return struct.pack(f"{size}f", *counts)

def index(article, data):
    db.execute("DELETE FROM chunks WHERE article = ?", (article,))
    words = (data["item"].get("title", "") + "\n" + data["item"]["content_text"]).split()
    for start in range(0, len(words), 80):
        chunk = words[start:start + 80]
        db.execute("INSERT INTO chunks VALUES (?, ?, 1, ?, ?)", (article, data["origin"]["key"], " ".join(chunk), vector(chunk)))

db = sqlite3.connect(sys.argv[1])
db.execute("CREATE TABLE IF NOT EXISTS chunks (article TEXT, place TEXT, live INTEGER, text TEXT, vector BLOB)")
db.execute("CREATE TABLE IF NOT EXISTS at (one INTEGER PRIMARY KEY, stream TEXT, seq INTEGER)")
at = db.execute("SELECT stream, seq FROM at").fetchone()
print(json.dumps({"stream": at[0], "after": at[1]} if at else {}), flush=True)
for line in sys.stdin:
    if not line.endswith("\n"): break  # the daemon was killed in the middle of a line
    change = json.loads(line)
    kind, article, data = change["type"].removeprefix("tidings."), change.get("subject"), change["data"]
    with db:  # the change and its number are one transaction: after any kill both are there, or neither
        if kind == "stream.reset":  # the database was lost or restored: all that is live, from a snapshot
            db.execute("DELETE FROM chunks")
            for event in map(json.loads, subprocess.run(sys.argv[2:], stdout=subprocess.PIPE, check=True).stdout.splitlines()):
                if event["type"] == "tidings.snapshot.article": index(event["subject"], event["data"])
        elif "content_text" in data.get("item", {}): index(article, data)  # created, updated
        elif kind in ("article.removed", "article.restored"):  # it may come back under the same id: the chunks stay
            db.execute("UPDATE chunks SET live = ? WHERE article = ?", (kind == "article.restored", article))
        elif kind == "article.moved": db.execute("UPDATE chunks SET place = ? WHERE article = ?", (data["origin"]["key"], article))
        db.execute("INSERT OR REPLACE INTO at VALUES (1, ?, ?)", (change["source"], int(change["id"])))
    print(json.dumps({"confirmed": int(change["id"])}), flush=True)
