"""Imports feeds with reader (https://github.com/lemon24/reader), for tidings-bench.

    import.py LIST DATABASE    the seconds of one import of the feeds whose addresses LIST has, one a line

Ends with 3 if reader is not installed.
"""

import sys
import time

try:
    from reader import make_reader
except ImportError:
    sys.exit(3)

addresses = open(sys.argv[1]).read().split()
reader = make_reader(sys.argv[2])
start = time.monotonic()
for address in addresses:
    reader.add_feed(address)
reader.update_feeds(workers=8)
print(time.monotonic() - start)
assert sum(1 for _ in reader.get_feeds(broken=True)) == 0, "some feeds were not read"
