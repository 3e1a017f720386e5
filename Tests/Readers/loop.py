"""Follows the stream in a folder, and prints each change after a number once: `loop.py FOLDER LAST`.

The shortest reader that loses nothing. The program that takes the lines keeps the number of the last one that it has dealt with.
"""

import json
import os
import pathlib
import sys
import time

folder, last = pathlib.Path(sys.argv[1]), int(sys.argv[2])
live = folder / "changes.ndjson"


def file_of(number):
    """The open file that holds the change, or will: that with the largest first number not above it."""
    newest = open(live, "rb")
    if json.loads(newest.readline())["data"]["first"] <= number:
        return newest
    newest.close()
    # Listed after that: what stood before the file that was opened has its name by then.
    sealed = sorted(path for path in folder.glob(f"changes-{'?' * 19}.ndjson") if path.stem <= f"changes-{number:019}")
    if not sealed:
        sys.exit(f"change {number} is no longer kept: begin again with `tidings snapshot`")
    return open(sealed[-1], "rb")


while True:
    with file_of(last + 1) as file:
        is_replaced = False
        torn = b""
        while True:
            if line := torn + file.readline():
                torn = b""
                if not line.endswith(b"\n"):
                    torn = line  # the rest comes
                elif "sequence" in (change := json.loads(line)) and int(change["id"]) > last:
                    last = int(change["id"])
                    sys.stdout.buffer.write(line)
                    sys.stdout.buffer.flush()
                if not torn:
                    continue
            # Looked at before the last read: what came before the file was replaced is in it by then.
            if is_replaced:
                break
            try:
                is_replaced = os.stat(live).st_ino != os.fstat(file.fileno()).st_ino
            except FileNotFoundError:
                pass  # somebody moved it; a new one comes
            if not is_replaced:
                time.sleep(0.1)
