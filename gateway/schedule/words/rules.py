"""Rules of recurrence (RFC 5545) in words; one that is too rare for words of its own is said to be kept as it is."""

from __future__ import annotations

from datetime import UTC, date, datetime

from babel import Locale
from flask_babel import get_locale, gettext, ngettext, pgettext

from gateway.core.format import SEOUL
from gateway.schedule.rules import DAYS, WORKDAYS, parts
from gateway.schedule.words import times


def words(rrule: str | None, starts: str = "") -> str:
    """`2주마다 월·수요일 · 12. 31.(목)까지`; empty without a rule."""
    if not rrule:
        return ""
    rule = parts(rrule)
    said = _said(rule, times.day_of(starts) if starts else None) or gettext("직접 정한 반복 규칙")
    ends = _ends(rule)
    return f"{said} · {ends}" if ends else said


def _said(rule: dict[str, str], start: date | None) -> str:
    every = int(rule.get("INTERVAL", "1")) if rule.get("INTERVAL", "1").isdecimal() else 0
    known = {"FREQ", "INTERVAL", "UNTIL", "COUNT", "WKST", "BYDAY", "BYMONTHDAY", "BYSETPOS"}
    if not every or not rule.keys() <= known:
        return ""
    freq, by = rule.get("FREQ"), rule.keys() & {"BYDAY", "BYMONTHDAY", "BYSETPOS"}
    if freq == "DAILY" and not by:
        return gettext("매일") if every == 1 else ngettext("%(num)d일마다", "%(num)d일마다", every)
    if freq == "WEEKLY" and by <= {"BYDAY"}:
        return _weekly(rule.get("BYDAY", ""), every, start)
    if freq == "MONTHLY" and len(by - {"BYSETPOS"}) <= 1:
        return _monthly(rule, every, start)
    if freq == "YEARLY" and not by:
        day = f"{start.month}. {start.day}." if start else ""
        said = gettext("매년 %(day)s", day=day) if every == 1 else gettext("%(n)d년마다 %(day)s", n=every, day=day)
        return said.strip()
    return ""


def _weekly(by: str, every: int, start: date | None) -> str:
    named = by.split(",") if by else [DAYS[start.weekday()]] if start else []
    if any(name not in DAYS for name in named):
        return ""
    if set(named) == set(WORKDAYS) and every == 1:
        return gettext("평일마다(월~금)")
    days = weekdays(named)
    if every == 1:
        return gettext("매주 %(days)s", days=days).strip()
    return ngettext("%(num)d주마다 %(days)s", "%(num)d주마다 %(days)s", every, days=days).strip()


def weekdays(named: list[str]) -> str:
    """`월·수요일`, in English `Mon, Wed`, in the order of the week."""
    order = sorted({DAYS.index(name) for name in named})
    names = locale().days["format"]
    if len(order) == 1:
        return str(names["wide"][order[0]])
    short = [str(names["abbreviated"][n]) for n in order]
    return f"{'·'.join(short)}요일" if locale().language == "ko" else ", ".join(short)


def short(code: str) -> str:
    """`월`, in English `Mon`, of `MO`."""
    return str(locale().days["format"]["abbreviated"][DAYS.index(code)])


def locale() -> Locale:
    """The reader's."""
    return get_locale() or Locale("ko")


def _monthly(rule: dict[str, str], every: int, start: date | None) -> str:
    which = _of_month(rule, start)
    if not which:
        return ""
    if every == 1:
        return gettext("매월 %(which)s", which=which)
    return ngettext("%(num)d개월마다 %(which)s", "%(num)d개월마다 %(which)s", every, which=which)


def _of_month(rule: dict[str, str], start: date | None) -> str:
    by, at, month_day = rule.get("BYDAY", ""), rule.get("BYSETPOS", ""), rule.get("BYMONTHDAY", "")
    if month_day == "-1" and not at:
        return gettext("마지막 날")
    if month_day.isdecimal() and not at:
        return pgettext("매월", "%(n)d일", n=int(month_day))
    if set(by.split(",")) == set(WORKDAYS) and at in ("-1", "1"):
        return gettext("마지막 평일") if at == "-1" else gettext("첫 평일")
    name, number = by[-2:], at or by[:-2]
    if "," not in by and name in DAYS and number.lstrip("+-").isdecimal():
        return _nth(int(number), str(locale().days["format"]["wide"][DAYS.index(name)]))
    return pgettext("매월", "%(n)d일", n=start.day) if start and not by and not month_day else ""


def _nth(number: int, day: str) -> str:
    said = {
        1: gettext("첫째 %(day)s", day=day),
        2: gettext("둘째 %(day)s", day=day),
        3: gettext("셋째 %(day)s", day=day),
        4: gettext("넷째 %(day)s", day=day),
        5: gettext("다섯째 %(day)s", day=day),
        -1: gettext("마지막 %(day)s", day=day),
    }
    return said.get(number, "")


def _ends(rule: dict[str, str]) -> str:
    if count := rule.get("COUNT", ""):
        return ngettext("%(num)d회", "%(num)d회", int(count)) if count.isdecimal() else ""
    last = until(rule)
    return pgettext("반복", "%(day)s까지", day=times.day(last)) if last else ""


def until(rule: dict[str, str]) -> date | None:
    """The last day (in Seoul) of a rule; None where it has none."""
    text = rule.get("UNTIL", "")
    try:
        if len(text) == 8:
            return datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC).date()
        if text.endswith("Z"):
            return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).astimezone(SEOUL).date()
        return datetime.strptime(text, "%Y%m%dT%H%M%S").replace(tzinfo=SEOUL).date() if text else None
    except ValueError:
        return None
