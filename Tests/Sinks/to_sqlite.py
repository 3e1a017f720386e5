#!/usr/bin/env python3
"""A command sink of Tidings: keeps every change in a table of SQLite, each once, whatever dies when."""
import json, sqlite3, sys

db = sqlite3.connect(sys.argv[1])
db.execute("CREATE TABLE IF NOT EXISTS changes (stream TEXT, seq INTEGER, line TEXT, PRIMARY KEY (stream, seq))")
last = db.execute("SELECT stream, seq FROM changes ORDER BY seq DESC LIMIT 1").fetchone()
print(json.dumps({"stream": last[0], "after": last[1]} if last else {}), flush=True)
for line in sys.stdin:
    if not line.endswith("\n"):
        break  # the daemon was killed in the middle of a line
    change = json.loads(line)
    with db:
        db.execute("INSERT OR IGNORE INTO changes VALUES (?, ?, ?)", (change["source"], int(change["id"]), line.rstrip("\n")))
    print(json.dumps({"confirmed": int(change["id"])}), flush=True)
