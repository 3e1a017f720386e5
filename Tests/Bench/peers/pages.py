"""Times another program over pages, for tidings-bench.

    pages.py --check PACKAGE          exit 0 if it is installed
    pages.py --time PACKAGE LIST      processor seconds for all files of LIST, a path on each line, read before
"""

import sys
import time


def trafilatura_reader():
    import trafilatura

    return lambda page: trafilatura.bare_extraction(page, with_metadata=True, include_comments=False)


READERS = {"trafilatura": trafilatura_reader}


def main():
    read = READERS[sys.argv[2]]()
    if sys.argv[1] == "--check":
        return
    with open(sys.argv[3], encoding="utf-8") as files:
        pages = [open(file.rstrip("\n"), "rb").read() for file in files]
    # Not measured: what is compiled and loaded at the first page.
    read(pages[0])
    start = time.process_time()
    for page in pages:
        try:
            read(page)
        except Exception:  # Whatever it raises, it has had the page.
            pass
    print(time.process_time() - start)


main()
