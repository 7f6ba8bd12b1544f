"""What an instance that differs takes over when its series changes."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from shared.ical import addresses, events, series, values
from shared.ical.content import Attendee, Content
from shared.ical.lines import Node
from shared.ical.objects import Object
from shared.ical.values import Moment

# What makes people look again (RFC 5546, 2.1.4): when it is, whether it is, and where.
SIGNIFICANT = (*series.TIMES, "exdates", "status", "place")
OF_SERIES = ("rrule", "rdates", "exdates")
_OWN = ("start", "end", "zone", "all_day", "recurrence_id", "sequence", *OF_SERIES)
SHARED = tuple(field.name for field in fields(Content) if field.name not in _OWN)


def differs(old: Content, new: Content, names: tuple[str, ...]) -> bool:
    """Whether two contents differ in some fields."""
    return any(getattr(old, name) != getattr(new, name) for name in names)


def has_own_time(master: Content, own: Content) -> bool:
    """Whether an instance is at another time than its series says."""
    assert own.recurrence_id is not None
    plain = series.instance(master, own.recurrence_id)
    return differs(plain, own, ("start", "end", "all_day"))


def follows(
    obj: Object, old: Content, new: Content, own: Content, rid: Moment, now: datetime, moves: bool
) -> list[Node]:
    """The instance that differs, after its series has changed; none where it differs no longer."""
    assert own.recurrence_id is not None
    base = obj.nodes[values.rid(own.recurrence_id)]
    plain = series.instance(new, rid)
    same: dict[str, Any] = {name: getattr(new, name) for name in SHARED if getattr(own, name) == getattr(old, name)}
    timing: dict[str, Any] = {"start": plain.start, "end": plain.end, "zone": plain.zone} if moves else {}
    same["attendees"] = _guests(old, new, own)
    after = replace(own, **same, **timing, recurrence_id=rid, sequence=max(own.sequence, new.sequence))
    if moves and not differs(plain, after, ("start", "end", *SHARED)):
        return []
    return [events.node_of(after, obj.uid, now, base)]


def _guests(old: Content, new: Content, own: Content) -> tuple[Attendee, ...]:
    """The guests of an instance: who left or joined the series left or joined it too; answers of its own stay."""
    if own.attendees == old.attendees:
        return new.attendees
    before, after, here = ({addresses.normal(who.address) for who in each.attendees} for each in (old, new, own))
    stay = [who for who in own.attendees if addresses.normal(who.address) not in before - after]
    return (*stay, *(who for who in new.attendees if addresses.normal(who.address) not in before | here))
