"""Entries of one day placed beside each other: which quarters of an hour each takes, and in which lane it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from gateway.core.format import SEOUL
from gateway.schedule.words import times

Told = Mapping[str, Any]
QUARTERS = 4
_DAY = 24 * QUARTERS
# The hours that are shown though nothing is in them.
_OPENS, _CLOSES = 8, 19


@dataclass(slots=True)
class Placed:
    """An entry on a day: its first quarter of 96 and the one after its last, its lane and how many there are."""

    line: Told
    first: int
    after: int
    lane: int = 0
    lanes: int = 1


def quarters(line: Told, day: date) -> tuple[int, int]:
    """The quarters of the day that something takes: at least one, and none of other days."""
    start, end = times.local(line["starts_at"]), times.local(line["ends_at"])
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return 0, _DAY
    midnight = datetime.combine(day, time(), SEOUL)
    first = max(0, int((start - midnight) / timedelta(minutes=15)))
    after = min(_DAY, -int((midnight - end) / timedelta(minutes=15) // 1))
    return min(first, _DAY - 1), max(after, first + 1)


def placed(lines: Iterable[Told], day: date) -> list[Placed]:
    """Those that have a time, each in the first lane that is free; what overlaps shares the width."""
    found = [Placed(line, *quarters(line, day)) for line in lines if not line["all_day"]]
    found.sort(key=lambda each: (each.first, -each.after))
    group: list[Placed] = []
    for each in found:
        if group and each.first >= max(one.after for one in group):
            _share(group)
            group = []
        taken = {one.lane for one in group if one.after > each.first}
        each.lane = next(lane for lane in range(len(group) + 1) if lane not in taken)
        group.append(each)
    _share(group)
    return found


def _share(group: Sequence[Placed]) -> None:
    for each in group:
        each.lanes = max(one.lane for one in group) + 1


def columns(lines: Sequence[Told], people: Sequence[str], day: date) -> list[dict[str, Any]]:
    """For each of the people what takes all day (`whole`) and what has a time (`timed`)."""
    by_person = {person: [line for line in lines if line["person"] == person] for person in people}
    return [
        {"person": person, "whole": [line for line in own if line["all_day"]], "timed": placed(own, day)}
        for person, own in by_person.items()
    ]


def hours(timed: Iterable[Placed]) -> range:
    """The hours to be shown: those of the office, and more where something is earlier or later."""
    found = list(timed)
    first = min([_OPENS, *(each.first // QUARTERS for each in found)])
    after = max([_CLOSES, *(-(-each.after // QUARTERS) for each in found)])
    return range(first, after)


def cells(lines: Sequence[Told], day: date, shown: range) -> list[dict[str, Any]]:
    """A day as a row of half hours: `{line, span}` where something is, `{start, span: 1}` where nothing is."""
    slots, at = [], shown.start * 2
    for each in placed(lines, day):
        first, after = max(each.first // 2, at), min(-(-each.after // 2), shown.stop * 2)
        if after <= first:
            continue
        slots += [_empty(slot) for slot in range(at, first)]
        slots.append({"line": each.line, "span": after - first})
        at = after
    return slots + [_empty(slot) for slot in range(at, shown.stop * 2)]


def _empty(slot: int) -> dict[str, Any]:
    return {"line": None, "span": 1, "start": f"{slot // 2:02}:{slot % 2 * 30:02}"}
