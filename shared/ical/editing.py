"""An object changed by its owner: all of it, one instance, or an instance and those that follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from shared.ical import events, following, recurrence, rules, series, values
from shared.ical.content import Content
from shared.ical.lines import Node
from shared.ical.objects import Object
from shared.ical.values import Moment

SCOPES = ("all", "this", "following")


class NoSuchInstance(LookupError):
    """The series has no instance of this address."""


def change(
    obj: Object,
    changes: Mapping[str, Any],
    now: datetime,
    scope: str = "all",
    rid: str | None = None,
    new_uid: str = "",
) -> tuple[Object, Object | None]:
    """The object after a change of fields of its `Content`; with `following` also the object that goes on from there.

    `all`: with `rid` the times are those of that instance, and the series moves as far as it does; without, those of
    the series. A field that an instance had like its series follows it. Where the times of the series change, its
    rule, the days taken out and the instances that differ move with its first start, by the clock; what is then no
    day of the series goes; an instance that had a time of its own takes that of the series again (`loses` tells which,
    before), and what else it has of its own stays. `this`: the instance `rid` differs from then on. `following`: the
    old series ends before `rid`, a new one of UID `new_uid` begins with its share.

    SEQUENCE rises where people have to look again: time, recurrence, place, status. Raises `NoSuchInstance`;
    `ValueError` for fields of a series on one instance.
    """
    if obj.master is None:
        return _each(obj, dict(changes), now, rid), None
    wanted = _wanted(obj, obj.master, changes, rid if scope == "all" else None)
    if scope == "all" or not obj.is_recurring:
        return _all(obj, wanted, now), None
    moment = _moment(obj, obj.master, rid)
    if scope == "this":
        return _this(obj, obj.master, moment, wanted, now), None
    first, second = series.parted(obj.master, moment)
    if first is None:
        return _all(obj, wanted, now), None
    if not new_uid:
        raise ValueError("new_uid")
    begun = _part(obj, replace(second, sequence=0), now, from_=moment, uid=new_uid)
    return _part(obj, first, now, before=moment), _all(begun, wanted, now, sequence=0)


def remove(obj: Object, scope: str, rid: str | None, now: datetime) -> Object | None:
    """The object without an instance, or without it and those that follow; None where nothing is left of it.

    Raises `NoSuchInstance`.
    """
    if scope == "all" or not obj.is_recurring:
        return None
    if obj.master is None:
        left = [node for address, node in obj.nodes.items() if address != rid]
        if len(left) == len(obj.nodes):
            raise NoSuchInstance(rid)
        return Object.of_events(left) if left and scope == "this" else None
    moment = _moment(obj, obj.master, rid)
    if scope == "this":
        master = replace(obj.master, exdates=(*obj.master.exdates, moment), sequence=obj.sequence + 1)
        kept = [node for address, node in obj.nodes.items() if address != rid]
        left_over = _put(obj, master, kept, now)
        return left_over if kept or recurrence.next_dates(master, 1) else None
    first, _ = series.parted(obj.master, moment)
    return None if first is None else _part(obj, first, now, before=moment)


def loses(obj: Object, changes: Mapping[str, Any], rid: str | None = None) -> tuple[str, ...]:
    """The instances whose own time a change of the whole series takes away; who calls is asked before."""
    if obj.master is None:
        return ()
    new = series.changed(obj.master, _wanted(obj, obj.master, changes, rid))
    if not following.differs(obj.master, new, series.TIMES):
        return ()
    return tuple(rid for rid, own in obj.overrides.items() if following.has_own_time(obj.master, own))


def _wanted(obj: Object, master: Content, changes: Mapping[str, Any], rid: str | None) -> dict[str, Any]:
    """The changes of a series, from those of one of its instances; a rule that says the same is none."""
    wanted = dict(changes)
    if "rrule" in wanted and rules.alike(wanted["rrule"], master.rrule, master.start):
        del wanted["rrule"]
    if rid is None or not obj.is_recurring:
        return wanted
    moment = _moment(obj, master, rid)
    before = obj.overrides.get(rid) or series.instance(master, moment)
    times: dict[str, Any] = {name: wanted.pop(name) for name in ("start", "end", "zone", "all_day") if name in wanted}
    after = series.changed(before, times)
    if following.differs(before, after, ("start", "end", "zone", "all_day")):
        start = series.mover(before, after)(master.start)
        wanted |= {"start": start, "end": events.later(start, after.length), "zone": after.zone}
    return wanted


def _moment(obj: Object, master: Content, rid: str | None) -> Moment:
    if rid is None or not recurrence.has(obj, rid):
        raise NoSuchInstance(rid)
    return values.like(values.moment_of(rid), master.start)


def _all(obj: Object, changes: dict[str, Any], now: datetime, sequence: int | None = None) -> Object:
    old = obj.master
    assert old
    new = series.changed(old, changes)
    moves = following.differs(old, new, series.TIMES)
    if moves:
        new = series.followed(old, new)
    rises = following.differs(old, new, following.SIGNIFICANT)
    new = replace(new, sequence=obj.sequence + rises if sequence is None else sequence)
    moved = series.mover(old, new)
    rids = tuple(moved(own.recurrence_id) for own in obj.overrides.values() if own.recurrence_id is not None)
    there = series.addresses(new, rids) if moves else set(map(values.rid, rids))
    kept = []
    for own, rid in zip(obj.overrides.values(), rids, strict=True):
        if values.rid(rid) in there:
            kept += following.follows(obj, old, new, own, rid, now, moves)
    return _put(obj, new, kept, now)


def _this(obj: Object, master: Content, moment: Moment, changes: dict[str, Any], now: datetime) -> Object:
    if any(name in changes for name in following.OF_SERIES):
        raise ValueError("of a series")
    rid = values.rid(moment)
    before = obj.overrides.get(rid) or series.instance(master, moment)
    after = replace(series.changed(before, changes), recurrence_id=moment)
    rises = following.differs(before, after, following.SIGNIFICANT)
    after = replace(after, sequence=obj.sequence + 1 if rises else before.sequence)
    node = events.node_of(after, obj.uid, now, obj.nodes.get(rid) or obj.master_node)
    others = [other for address, other in obj.nodes.items() if address != rid]
    return Object.of_events([*([obj.master_node] if obj.master_node else []), *others, node])


def _each(obj: Object, changes: dict[str, Any], now: datetime, rid: str | None) -> Object:
    """Single instances of a series that is not known: the one that is meant, or all alike in what is no time."""
    if rid is not None and rid not in obj.nodes:
        raise NoSuchInstance(rid)
    told = changes if rid else {name: value for name, value in changes.items() if name in following.SHARED}
    made = []
    for address, own in obj.overrides.items():
        after = series.changed(own, told) if rid in (None, address) else own
        rises = following.differs(own, after, following.SIGNIFICANT)
        node = events.node_of(replace(after, sequence=own.sequence + rises), obj.uid, now, obj.nodes[address])
        made.append(node if after != own else obj.nodes[address])
    return Object.of_events(made)


def _part(
    obj: Object,
    master: Content,
    now: datetime,
    before: Moment | None = None,
    from_: Moment | None = None,
    uid: str = "",
) -> Object:
    """The object of a part of a series, with the instances that differ in it."""
    kept = []
    for rid, node in obj.nodes.items():
        at = values.clock(values.like(values.moment_of(rid), master.start))
        earlier = before is not None and at < values.clock(before)
        later = from_ is not None and at >= values.clock(from_)
        if earlier:
            kept.append(node)
        elif later:
            kept.append(events.node_of(replace(obj.overrides[rid], sequence=0), uid, now, node))
    sequence = obj.sequence + 1 if before is not None else master.sequence
    return _put(obj, replace(master, sequence=sequence), kept, now, uid)


def _put(obj: Object, master: Content, overrides: list[Node], now: datetime, uid: str = "") -> Object:
    return Object.of_events([events.node_of(master, uid or obj.uid, now, obj.master_node), *overrides])
