"""One VEVENT of somebody else in our form: zones by their IANA names, moments that are some, a rule that can be used.

What is wrong and harmless becomes a warning; what cannot be kept is skipped and named; what needs a person's word (a
zone that nobody knows) is held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from shared.ical import content as contents
from shared.ical import events, rules, values, zones
from shared.ical.faults import HELD, SKIPPED, WARNING, Problem, Unkept
from shared.ical.lines import Line, Node

MOST_OF_AN_EVENT = 1_000_000
MOST_ZONES = 200
_MOMENTS = ("DTSTART", "DTEND", "RECURRENCE-ID", "RDATE", "EXDATE")
_CLASSES = ("", "PUBLIC", "PRIVATE", "CONFIDENTIAL")


@dataclass
class Cleaner:
    """Cleans the events of one calendar, and keeps what was said of them."""

    vtimezones: tuple[Node, ...] = ()
    zone_for_unknown: ZoneInfo | None = None
    problems: list[Problem] = field(default_factory=list)
    _zones: dict[str, ZoneInfo | None] = field(default_factory=dict)
    _named: dict[str, Node] = field(default_factory=dict)

    def tell(self, node: Node, prop: str, code: str, severity: str = WARNING) -> None:
        """Notes what is wrong with an entry."""
        uid, summary = (values.text(node.value(name))[:200] for name in ("UID", "SUMMARY"))
        self.problems.append(Problem(uid, summary, prop, code, severity))

    def event(self, node: Node, master: Node | None = None) -> Node | None:
        """The event in our form, an instance in that of its series; None, and told, where it cannot be kept."""
        try:
            return self._event(node, master)
        except Unkept as why:
            self.tell(node, why.property, why.code, why.severity)
        except (ValueError, KeyError, OverflowError):
            self.tell(node, "", "not_readable", SKIPPED)
        return None

    def _event(self, node: Node, master: Node | None) -> Node:
        if _size(node) > MOST_OF_AN_EVENT:
            raise Unkept("", "too_large")
        node = replace(node, lines=tuple(self.zoned(line) for line in _without_empty(node.lines)))
        node = _with_times(node)
        _require_moments(node)
        for step in (self._rule, self._class, self._dates):
            node = step(node)
        return self._address(node, master) if node.first("RECURRENCE-ID") else node

    def zoned(self, line: Line) -> Line:
        """The property with its zone by its IANA name. Raises `Unkept`."""
        tzid = line.param("TZID")
        if line.name not in _MOMENTS or not tzid:
            return line
        if (
            line.value.strip()[-1:] in ("Z", "z")
            or line.param("VALUE").upper() == "DATE"
            or len(line.value.strip()) == 8
        ):
            return line.with_params(tzid=None)
        if tzid not in self._zones:
            self._zones[tzid] = zones.resolve(tzid, self._told(tzid))
        zone = self._zones[tzid] or self.zone_for_unknown
        if zone is None:
            raise Unkept(line.name, "unknown_zone", HELD)
        return (
            line.with_params(tzid=None if zone.key == "UTC" else zone.key, value=None)
            if zone.key != "UTC"
            else _zulu(line)
        )

    def _told(self, tzid: str) -> tuple[Node, ...]:
        """The VTIMEZONE of a TZID: of the first of many, as no honest calendar has more."""
        if not self._named:
            self._named = {zones.bare(node.value("TZID")): node for node in self.vtimezones[:MOST_ZONES]}
        node = self._named.get(zones.bare(tzid))
        return (node,) if node else ()

    def _rule(self, node: Node) -> Node:
        found = node.all("RRULE")
        if not found:
            return node
        if len(found) > 1:
            self.tell(node, "RRULE", "several_rules")
        start, written = _moment(node, "DTSTART"), found[0].value.strip()
        if not rules.is_supported(written):
            self.tell(node, "RRULE", "rule_not_supported")
            return node.setting(Line("RRULE", written))
        until = rules.split(written).get("UNTIL", "")
        if len(until) == 8 and isinstance(start, datetime):
            self.tell(node, "RRULE", "until_is_a_date")
        return node.setting(Line("RRULE", rules.normal(written, start)))

    def _class(self, node: Node) -> Node:
        line = node.first("CLASS")
        if line is None:
            return node
        trimmed = line.value.strip().upper()
        if trimmed not in _CLASSES:
            self.tell(node, "CLASS", "class_unknown")
        elif line.value != line.value.strip():
            self.tell(node, "CLASS", "class_trimmed")
        return node.setting(line._replace(value=trimmed or "PUBLIC"))

    def _dates(self, node: Node) -> Node:
        """RDATE and EXDATE in the form of the start; a period keeps its start and lasts as long as the others."""
        for name in ("RDATE", "EXDATE"):
            lines = node.all(name)
            if sum(line.value.count(",") + 1 for line in lines) > contents.MOST_DATES:
                raise Unkept(name, "too_many")
            if any("/" in line.value for line in lines):
                self.tell(node, name, "period_shortened")
            if lines:
                start = _moment(node, "DTSTART")
                each = [values.like(moment, start) for line in lines for moment in _read(line, events.moments)]
                if not all(map(values.in_years, each)):
                    raise Unkept(name, "year_out_of_range")
                node = node.setting(values.moment_line(name, *each))
        return node

    def _address(self, node: Node, master: Node | None) -> Node:
        """The instance addressed in the form of its series, from which UTC, local times and dates are told apart."""
        line = node.first("RECURRENCE-ID")
        assert line
        if line.param("RANGE"):
            self.tell(node, "RECURRENCE-ID", "range_not_supported")
        moment = _read(line, events.moment)
        model = _moment(master, "DTSTART") if master else moment
        return node.without("RRULE", "RDATE", "EXDATE").setting(
            values.moment_line(line.name, values.like(moment, model))
        )


def _zulu(line: Line) -> Line:
    """A time whose zone is called UTC, as a time in UTC."""
    each = (text if text.strip().upper().endswith("Z") else f"{text.strip()}Z" for text in line.value.split(","))
    return line.with_params(tzid=None)._replace(value=",".join(each))


def _without_empty(lines: Iterable[Line]) -> Iterable[Line]:
    return (line for line in lines if line.name not in ("RDATE", "EXDATE", "RRULE", "DURATION") or line.value.strip())


def _size(node: Node) -> int:
    own = sum(len(line.value) + len(line.name) for line in node.lines)
    params = sum(len(key) + 1 + sum(map(len, each)) for line in node.lines for key, each in line.params)
    return own + params + sum(map(_size, node.children))


def _read(line: Line, how: Callable[[Line], Any]) -> Any:
    try:
        return how(line)
    except ValueError as error:
        raise Unkept(line.name, "not_a_date") from error


def _moment(node: Node, name: str) -> values.Moment:
    line = node.first(name)
    if line is None:
        raise Unkept(name, "not_a_date")
    found: values.Moment = _read(line, events.moment)
    return found


def _with_times(node: Node) -> Node:
    """The event with its start and end as they are written here, and an end of the kind of its start.

    A date as the end of a time is the midnight before it. A day that ends when it begins, as some programs write it,
    lasts a day.
    """
    start, line = _moment(node, "DTSTART"), node.first("DTEND")
    node = node.setting(_written(node, "DTSTART", start))
    if line is None and node.first("DURATION") and not isinstance(start, datetime):
        return node.setting(values.moment_line("DTEND", _ended(node, start))).without("DURATION")
    if line is None:
        return node
    end = _read(line, events.moment)
    if isinstance(start, datetime) and not isinstance(end, datetime):
        end = datetime.combine(end, time(), start.tzinfo)
    elif not isinstance(start, datetime):
        end = values.like(end, start)
        end = start + events.A_DAY if end == start else end
    return node.setting(_written(node, "DTEND", end)).without("DURATION")


def _ended(node: Node, start: values.Moment) -> values.Moment:
    try:
        end = events.end(node, start)
    except ValueError as error:
        raise Unkept("DURATION", "not_a_duration") from error
    return start + events.A_DAY if end == start else end


def _written(node: Node, name: str, moment: values.Moment) -> Line:
    """The property of a moment, with what further parameters it has."""
    line, made = node.first(name), values.moment_line(name, moment)
    further = tuple(param for param in line.params if param[0] not in ("TZID", "VALUE")) if line else ()
    return made._replace(params=(*made.params, *further))


def _require_moments(node: Node) -> None:
    start = _moment(node, "DTSTART")
    if not values.in_years(start):
        raise Unkept("DTSTART", "year_out_of_range")
    prop = "DURATION" if node.first("DURATION") and not node.first("DTEND") else "DTEND"
    try:
        end = events.end(node, start)
    except ValueError as error:
        raise Unkept(prop, "not_a_duration" if prop == "DURATION" else "not_a_date") from error
    if not values.in_years(end):
        raise Unkept(prop, "year_out_of_range")
    if values.instant(end, values.ZULU) < values.instant(start, values.ZULU):
        raise Unkept(prop, "ends_before_start")
