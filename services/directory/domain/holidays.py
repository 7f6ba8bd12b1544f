"""Days on which an organisation works otherwise than the country does."""

from __future__ import annotations

from datetime import date

from shared.calendar import is_working_day

# The years of which public holidays are known.
FIRST, LAST = date(1948, 1, 1), date(2100, 12, 31)


def problems(day: date, kind: str, name: str) -> dict[str, str]:
    """What is wrong with a day off (`off`) or a day of work (`working`): codes by field, empty if nothing.

    Only what differs from the public calendar is entered: everything else would say the same twice.
    """
    found: dict[str, str] = {}
    if not FIRST <= day <= LAST:
        found["day"] = "out_of_range"
    elif kind == "off" and not is_working_day(day):
        found["day"] = "off_anyway"
    elif kind == "working" and is_working_day(day):
        found["day"] = "working_anyway"
    if kind == "off" and not name:
        found["name"] = "required"
    return found
