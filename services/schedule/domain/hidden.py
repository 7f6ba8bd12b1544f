"""Entries for whoever sees only that somebody is busy."""

from __future__ import annotations

from shared.ical.feeds import feed
from shared.ical.lines import Line
from shared.ical.objects import Object


def private(obj: Object) -> Object:
    """The entry with all of its instances private."""
    return Object.of_events(node.setting(Line("CLASS", "PRIVATE")) for node in obj.events)


def busy_only(obj: Object) -> Object:
    """When it is, and nothing else of it; under its own UID."""
    return Object.of_text(feed([private(obj)], "", str).decode())
