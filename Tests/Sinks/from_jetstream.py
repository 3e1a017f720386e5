"""Fills a table with the changes of a JetStream stream: from_jetstream.py SERVERS DATABASE. Needs nats-py."""
import asyncio, sqlite3, sys
import nats
from nats.js.api import ConsumerConfig

async def main(servers: str, database: str) -> None:
    table = sqlite3.connect(database)
    table.execute("CREATE TABLE IF NOT EXISTS changes (seq INTEGER PRIMARY KEY, line TEXT)")
    stream = (await nats.connect(servers.split(","), max_reconnect_attempts=-1)).jetstream()
    # The server remembers how far "table" is. With one message in flight they come in order.
    changes = await stream.pull_subscribe("tidings.changes", "table", "TIDINGS", ConsumerConfig(max_ack_pending=1))
    while True:
        try:
            [change] = await changes.fetch(1, timeout=5)
        except nats.errors.Error:       # nothing new, or no server
            continue
        with table:                     # one that comes again changes nothing
            table.execute("INSERT OR IGNORE INTO changes VALUES (?, ?)", (int(change.headers["ce-id"]), change.data.decode()))
        await change.ack()

asyncio.run(main(*sys.argv[1:]))
