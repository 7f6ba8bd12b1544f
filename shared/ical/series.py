"""A series and its parts: moved as a whole with what differs from it, and parted in two at an instance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from shared.ical import events, rules, unfolding, values
from shared.ical.content import Content
from shared.ical.recurrence import slots
from shared.ical.values import Moment

TIMES = ("start", "end", "zone", "all_day", "rrule", "rdates")
_FIRST, _LAST = datetime(values.FIRST_YEAR, 1, 1), datetime(values.LAST_YEAR, 12, 31, 23, 59, 59)
_OF_SERIES: dict[str, Any] = {"rrule": None, "rdates": (), "exdates": ()}


def end_of(content: Content, start: Moment) -> Moment:
    """The end of the instance of a series that begins then."""
    if isinstance(start, datetime) and start.tzinfo is not None:
        return (start.astimezone(values.ZULU) + content.length).astimezone(start.tzinfo)
    return start + content.length


def instance(master: Content, moment: Moment) -> Content:
    """What the series says of its instance at an original start."""
    return replace(master, start=moment, end=end_of(master, moment), recurrence_id=moment, **_OF_SERIES)


def changed(content: Content, changes: dict[str, Any]) -> Content:
    """The content with fields changed; where the start moves and no end is given, it lasts as long as before."""
    if "start" in changes and "end" not in changes:
        moved = replace(content, start=changes["start"], end=changes["start"], zone=changes.get("zone", content.zone))
        length = content.length
        if moved.all_day and not content.all_day:
            length = timedelta(days=max(1, -(-length // timedelta(days=1))))
        if content.all_day and not moved.all_day:
            length = timedelta(hours=1)
        changes = {**changes, "end": events.later(moved.start, length)}
    return replace(content, **changes)


def mover(old: Content, new: Content) -> Callable[[Moment], Moment]:
    """Where an original start of the old series is in the new one: as far off by the clock as its first start."""
    by = values.clock(new.start) - values.clock(old.start)
    return lambda moment: values.from_clock(values.clock(values.like(moment, old.start)) + by, new.start)


def followed(old: Content, new: Content) -> Content:
    """The new series with the rule and the dates of the old one moved along, where the change did not give others.

    Its weekday, its day of the month and its last day move with the first start; days taken out and added move too.
    A day taken out that is none of the new series goes.
    """
    moved = mover(old, new)
    if new.rrule == old.rrule and old.rrule and rules.is_supported(old.rrule):
        new = replace(new, rrule=_moved_rule(old, new, moved))
    if new.rdates == tuple(values.like(each, new.start) for each in old.rdates):
        new = replace(new, rdates=tuple(map(moved, old.rdates)))
    if new.exdates == tuple(values.like(each, new.start) for each in old.exdates):
        gone = tuple(map(moved, old.exdates))
        there = addresses(replace(new, exdates=()), gone)
        new = replace(new, exdates=tuple(each for each in gone if values.rid(each) in there))
    return new


def addresses(content: Content, near: tuple[Moment, ...]) -> set[str]:
    """The addresses of the instances of a series from the first of some moments to the last."""
    shown = [values.clock(moment) for moment in near]
    return {values.rid(slot) for slot in slots(content, min(shown), max(shown))} if shown else set()


def _moved_rule(old: Content, new: Content, moved: Callable[[Moment], Moment]) -> str:
    assert old.rrule
    parts = rules.split(old.rrule)
    last = rules.until(parts, old.start)
    if last is not None:
        until = moved(last)
        aware = isinstance(until, datetime) and until.tzinfo is not None
        parts["UNTIL"] = values.written_moment(values.instant(until, values.ZULU) if aware else until)
    before, after = values.clock(old.start), values.clock(new.start)
    if before.date() != after.date() and rules.describe(old.rrule).complete:
        parts |= _moved_days(parts, before, after)
    return rules.joined(parts)


def _moved_days(parts: dict[str, str], before: datetime, after: datetime) -> dict[str, str]:
    """The days of a rule, moved as its first start was."""
    found: dict[str, str] = {}
    days = rules.listed(parts, "BYDAY")
    if parts["FREQ"] == "WEEKLY" and days:
        by = (after.date() - before.date()).days
        found["BYDAY"] = ",".join(rules.WEEKDAYS[(rules.WEEKDAYS.index(day[-2:]) + by) % 7] for day in days)
    elif parts["FREQ"] in ("MONTHLY", "YEARLY") and len(days) == 1 and len(days[0]) > 2:
        last = days[0].startswith("-1") and (after + timedelta(days=7)).month != after.month
        found["BYDAY"] = f"{-1 if last else (after.day - 1) // 7 + 1}{rules.WEEKDAYS[after.weekday()]}"
    if parts.get("BYMONTHDAY") == str(before.day):
        found["BYMONTHDAY"] = str(after.day)
    if parts.get("BYMONTH") == str(before.month):
        found["BYMONTH"] = str(after.month)
    return found


def parted(master: Content, moment: Moment) -> tuple[Content | None, Content]:
    """The series before an original start and the one from it on, which share its rule, its count and its dates.

    The first is None where nothing is before. The first ends by UNTIL; a COUNT of the second is what is left of it,
    days that were taken out counted.
    """
    at = values.clock(moment)
    old, new = _dates(master, at, earlier=True), _dates(master, at, earlier=False)
    starts = _starts(master)
    before = [shown for shown in starts if shown < at]
    after = [shown for shown in starts if shown >= at][:1]
    if not before and not old["rdates"]:
        return None, master
    first = replace(master, rrule=_until(master, before) if master.rrule else None, **old)
    begins = values.from_clock(after[0], master.start) if after else moment
    if not after or after[0] != at:
        # It was added to the series, and stays so beside the rule that goes on later.
        new["rdates"] = (moment, *new["rdates"]) if after else tuple(each for each in new["rdates"] if each != moment)
    rrule = _rest(master.rrule, len(before)) if after and master.rrule else None
    return first, replace(master, start=begins, end=end_of(master, begins), rrule=rrule, **new)


def _starts(master: Content) -> list[datetime]:
    """All that the rule of a series has, and its start."""
    first = values.clock(master.start)
    if not master.rrule or not rules.is_supported(master.rrule):
        return [first]
    return list(unfolding.starts(master.rrule, master.start, first, _LAST))


def _dates(master: Content, at: datetime, earlier: bool) -> dict[str, Any]:
    return {
        field: tuple(each for each in getattr(master, field) if (values.clock(each) < at) == earlier)
        for field in ("rdates", "exdates")
    }


def _until(master: Content, before: list[datetime]) -> str | None:
    """The rule, ended at the last start that is kept; None where that is the first alone."""
    if len(before) < 2 or not master.rrule:
        return None
    parts = rules.split(master.rrule)
    parts.pop("COUNT", None)
    last = values.from_clock(before[-1], master.start)
    aware = isinstance(last, datetime) and last.tzinfo is not None
    parts["UNTIL"] = values.written_moment(values.instant(last, values.ZULU) if aware else last)
    return rules.joined(parts)


def _rest(rrule: str, before: int) -> str:
    parts = rules.split(rrule)
    if "COUNT" in parts:
        parts["COUNT"] = str(int(parts["COUNT"]) - before)
    return rules.joined(parts)
