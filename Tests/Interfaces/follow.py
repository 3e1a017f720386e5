#!/usr/bin/env python3
"""Follows the stream over HTTP and prints its lines, as a careful consumer does that may be killed at any moment, and whose daemon may.

    follow.py SOCKET parts  SINCE     /v1/changes with `wait`, a part after a part
    follow.py SOCKET events SINCE     /v1/changes/stream: server-sent events, coming again with Last-Event-ID

SOCKET is the path of a Unix socket, or HOST:PORT. A line is printed when it is there whole. What the daemon says of a number that it
does not have any more goes to standard error, and is the end: 65.
"""

import http.client
import socket
import sys
import time

#: Between two tries while there is no daemon.
PAUSE_SECONDS = 0.05


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost")
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


def connection(place):
    if "/" in place:
        return UnixConnection(place)
    host, port = place.rsplit(":", 1)
    return http.client.HTTPConnection(host, int(port))


def number(line):
    return int(line[len(b'{"specversion":"1.0","id":"'):].split(b'"', 1)[0])


def show(line):
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()


def refuse(answer):
    if answer.status in (409, 410):
        sys.stderr.write(answer.read().decode())
        sys.exit(65)
    answer.read()


def parts(place, since):
    """Asks for a part after a part. A part that breaks off counts as far as its lines are whole."""
    while True:
        try:
            link = connection(place)
            while True:
                link.request("GET", f"/v1/changes?since={since}&wait=20s")
                answer = link.getresponse()
                if answer.status != 200:
                    refuse(answer)
                    time.sleep(PAUSE_SECONDS)
                    continue
                for line in answer:
                    if line.endswith(b"\n"):
                        show(line[:-1])
                        since = number(line)
        except (OSError, http.client.HTTPException):
            time.sleep(PAUSE_SECONDS)


def events(place, since):
    """HTML standard, "Server-sent events", 9.2.6: what has no blank line behind it is no event."""
    while True:
        try:
            link = connection(place)
            link.request("GET", "/v1/changes/stream", headers={"Accept": "text/event-stream", "Last-Event-ID": str(since)})
            answer = link.getresponse()
            if answer.status != 200:
                refuse(answer)
                time.sleep(PAUSE_SECONDS)
                continue
            data, last = [], since
            for line in answer:
                field, _, value = line.rstrip(b"\n").partition(b": ")
                if not line.endswith(b"\n"):
                    break
                if line == b"\n":
                    if data:
                        show(b"\n".join(data))
                    data, since = [], last
                elif field == b"data":
                    data.append(value)
                elif field == b"id":
                    last = int(value)
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    place, how, since = sys.argv[1:]
    {"parts": parts, "events": events}[how](place, int(since))
