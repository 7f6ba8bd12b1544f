"""What an import does with an object that may be there already (RFC 5545, 3.8.7.4)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from shared.ical.objects import Object


class Version(NamedTuple):
    """What is kept of an object to compare the next with it: SEQUENCE, DTSTAMP (aware), the digest of what it says."""

    sequence: int
    stamp: datetime
    digest: str


def version(obj: Object) -> Version:
    """The version of an object."""
    return Version(obj.sequence, obj.stamp, obj.digest)


def decide(existing: tuple[int, datetime, str] | None, incoming: Object) -> str:
    """`new`, `changed`, `same` or `older`: by SEQUENCE, then by DTSTAMP.

    What says the same is the same whenever it was written. Of one version, that says something else, the incoming
    counts: programs forget to raise it.
    """
    if existing is None:
        return "new"
    sequence, stamp, digest = existing
    if digest == incoming.digest:
        return "same"
    return "older" if (incoming.sequence, incoming.stamp) < (sequence, stamp) else "changed"
