"""What may be wrong with a calendar of somebody else, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass

WARNING, HELD, SKIPPED = "warning", "held", "skipped"
# What may be wrong with an entry or a file, for pages to have words for.
CODES = (
    *("class_trimmed", "class_unknown", "duplicate", "ends_before_start", "no_event", "no_uid", "not_a_calendar"),
    *("not_a_date", "not_a_duration", "not_a_reply", "not_an_event", "not_readable", "period_shortened"),
    *("range_not_supported", "rule_not_supported", "several_rules", "several_uids"),
    *("too_deep", "too_large", "too_many", "unknown_zone", "until_is_a_date", "year_out_of_range"),
)


@dataclass(frozen=True)
class Problem:
    """What is wrong with an entry: which, at which property, a code; and what came of it.

    `severity`: `warning` (kept all the same), `held` (waits for a person), `skipped`.
    """

    uid: str
    summary: str
    property: str
    code: str
    severity: str


class Unkept(Exception):
    """The entry cannot be kept: the property and a code; `severity` tells whether it waits."""

    def __init__(self, prop: str, code: str, severity: str = SKIPPED) -> None:
        super().__init__(prop, code)
        self.property, self.code, self.severity = prop, code, severity
