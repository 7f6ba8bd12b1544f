"""The words of an item, into the index and out of it."""

from __future__ import annotations

import hashlib

from sqlalchemy import bindparam, delete

from services.search.analysers import Read
from services.search.models import Words
from shared.db import Tx

_FORGET = delete(Words).where(Words.place == bindparam("at_place"))


def place(subject: str) -> int:
    """The number of an item in the index, of 63 bits: the same wherever its rows are carried to."""
    return int.from_bytes(hashlib.sha256(subject.encode()).digest()[:8]) >> 1


def put(tx: Tx, subject: str, read: Read) -> None:
    """Makes these the words of an item."""
    forget(tx, subject)
    words = {"analyser": read.analyser, "title": " ".join(read.title), "text": " ".join(read.text)}
    tx.insert(Words, place=place(subject), subject=subject, **words)


def forget(tx: Tx, subject: str) -> None:
    """Takes an item out of the index."""
    tx.change(_FORGET, {"at_place": place(subject)})
