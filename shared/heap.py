"""The objects of a process, and when Python looks through them for what nobody needs any more."""

from __future__ import annotations

import gc


def settle() -> None:
    """To be called once a process has started: what is there then stays, and is not looked through again.

    A service begins with some 150,000 objects, and Python stops everything for a tenth of a second to look through
    them, every so many answers.
    """
    gc.collect()
    gc.freeze()
