"""Rules of recurrence between the selects of a form and RFC 5545. What the selects cannot say is kept as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from gateway.core.format import SEOUL

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WORKDAYS = DAYS[:5]
PATTERNS = (
    "",
    "daily",
    "workdays",
    "weekly",
    "monthly_day",
    "monthly_nth",
    "monthly_last",
    "monthly_end",
    "monthly_workday",
    "yearly",
)
KEPT = "kept"
"""What stands for a rule that the selects cannot say."""
_ALL = ",".join(WORKDAYS)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A rule as the form's selects say it: a pattern, every how many, days of the week, and how long (`ends`)."""

    pattern: str = ""
    every: int = 1
    weekdays: tuple[str, ...] = ()
    ends: str = ""
    until: str = ""
    count: str = ""
    kept: str = ""


def parts(rrule: str) -> dict[str, str]:
    """`{FREQ: WEEKLY, …}` of `FREQ=WEEKLY;…`."""
    pairs = (each.partition("=") for each in rrule.upper().split(";") if each)
    return {name: value for name, _, value in pairs}


def chosen(rrule: str | None, start: date, until: date | None) -> Chosen:
    """How the selects stand for a rule of what begins on `start`; `until` is its last day in Seoul."""
    if not rrule:
        return Chosen(weekdays=(DAYS[start.weekday()],))
    rule = parts(rrule)
    every = rule.get("INTERVAL", "1")
    found = Chosen(every=int(every) if every.isdecimal() else 1, weekdays=(DAYS[start.weekday()],), kept=rrule)
    if "COUNT" in rule:
        found = replace(found, ends="count", count=rule["COUNT"])
    elif "UNTIL" in rule:
        found = replace(found, ends="until", until=until.isoformat() if until else "")
    core = {name: value for name, value in rule.items() if name not in ("INTERVAL", "COUNT", "UNTIL", "WKST")}
    if core.get("FREQ") == "WEEKLY" and core.keys() == {"FREQ", "BYDAY"}:
        days = tuple(core["BYDAY"].split(","))
        if set(days) <= set(DAYS):
            workdays = set(days) == set(WORKDAYS) and found.every == 1
            return replace(found, pattern="workdays" if workdays else "weekly", weekdays=days, kept="")
    for pattern in PATTERNS[1:]:
        if _core(pattern, start, found.weekdays) == core:
            return replace(found, pattern=pattern, kept="")
    # As what begins on the day says by itself.
    plain = {"WEEKLY": "weekly", "MONTHLY": "monthly_day"}.get(core.get("FREQ", "")) if len(core) == 1 else None
    return replace(found, pattern=plain, kept="") if plain else replace(found, pattern=KEPT)


def _core(pattern: str, start: date, weekdays: Iterable[str]) -> dict[str, str]:
    name = DAYS[start.weekday()]
    monthly = {"FREQ": "MONTHLY"}
    table = {
        "daily": {"FREQ": "DAILY"},
        "workdays": {"FREQ": "WEEKLY", "BYDAY": _ALL},
        "weekly": {"FREQ": "WEEKLY", "BYDAY": ",".join(weekdays) or name},
        "monthly_day": monthly | {"BYMONTHDAY": str(start.day)},
        "monthly_nth": monthly | {"BYDAY": f"{(start.day - 1) // 7 + 1}{name}"},
        "monthly_last": monthly | {"BYDAY": f"-1{name}"},
        "monthly_end": monthly | {"BYMONTHDAY": "-1"},
        "monthly_workday": monthly | {"BYDAY": _ALL, "BYSETPOS": "-1"},
        "yearly": {"FREQ": "YEARLY"},
    }
    return table.get(pattern, {})


def built(form: Mapping[str, str], weekdays: list[str], start: date | None, all_day: bool) -> str | None:
    """The rule that a form says (`repeat`, `every`, `ends`, `until`, `count`); None without one.

    A number or day that is none goes into the rule as it is: the service names what is wrong with it.
    """
    pattern = form.get("repeat", "")
    if pattern == KEPT:
        return form.get("kept_rule") or None
    if not pattern or start is None:
        return None
    core = _core(pattern, start, [day for day in DAYS if day in weekdays])
    if not core:
        return None
    every = form.get("every", "1").strip() or "1"
    # Each working day is no interval of weeks.
    rule = core | ({"INTERVAL": every} if every != "1" and pattern != "workdays" else {})
    if form.get("ends") == "count" and form.get("count"):
        rule["COUNT"] = form["count"].strip()
    elif form.get("ends") == "until" and form.get("until"):
        rule["UNTIL"] = _until(form["until"], all_day)
    return ";".join(f"{name}={value}" for name, value in rule.items())


def _until(text: str, all_day: bool) -> str:
    """The last day as RFC 5545 has it: a day where it begins with days, else its last second in UTC."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    if all_day:
        return f"{day:%Y%m%d}"
    end = datetime.combine(day, time(23, 59, 59), SEOUL).astimezone(UTC)
    return f"{end:%Y%m%dT%H%M%SZ}"


def last_day(ends: str) -> str:
    """The day before an exclusive end (`YYYY-MM-DD`), which is what a form shows."""
    return (date.fromisoformat(ends) - timedelta(days=1)).isoformat()
