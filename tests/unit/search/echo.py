"""A process in place of the morphemes': a text's words are what blanks part; `die` ends it."""

from __future__ import annotations

import json
import os
import sys


def main() -> None:
    """Answers line by line."""
    sys.stdout.write("[]\n")
    sys.stdout.flush()
    for line in sys.stdin.buffer:
        texts = json.loads(line)
        if any("die" in text for text in texts):
            os._exit(1)
        sys.stdout.write(json.dumps([text.split() for text in texts]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
