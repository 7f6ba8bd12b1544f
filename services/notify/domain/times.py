"""When something is told: at once, after the quiet hours, or with the digest. Days and hours are Seoul's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from services.notify.domain.levels import DIGEST
from shared.calendar import SEOUL

DIGEST_HOUR = 9
"""Where the tenant has somebody told who takes no digest."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """A person's quiet hours in minutes of the day, over midnight where they end before they begin; the digest's hour.

    The same beginning and end are no quiet hours. Without `digest` the person takes none.
    """

    quiet_from: int | None = None
    quiet_until: int | None = None
    digest: int | None = DIGEST_HOUR

    def quiet_end(self, moment: datetime) -> datetime:
        """When the quiet hours that hold at a moment are over: the moment itself where none do."""
        start, end = self.quiet_from, self.quiet_until
        if start is None or end is None or start == end:
            return moment
        here = moment.astimezone(SEOUL)
        minute = here.hour * 60 + here.minute
        quiet = start <= minute < end if start < end else minute >= start or minute < end
        if not quiet:
            return moment
        day = here.date() + _DAY if start > end and minute >= start else here.date()
        return datetime.combine(day, time(end // 60, end % 60), SEOUL).astimezone(UTC)

    def next_digest(self, moment: datetime) -> datetime:
        """The next hour of the digest, later than the moment."""
        hour = DIGEST_HOUR if self.digest is None else self.digest
        here = moment.astimezone(SEOUL)
        found = datetime.combine(here.date(), time(hour), SEOUL)
        return (found if found > here else found + _DAY).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Due:
    """When something is told, and whether together with what else is due for the person then."""

    at: datetime
    grouped: bool


def due(level: str, hours: Hours, moment: datetime, *, urgent: bool) -> Due:
    """When something that came up at a moment is told by a level that is not `never`.

    | level | in the quiet hours | otherwise |
    | --- | --- | --- |
    | now, urgent | at once | at once |
    | now | at their end, with what else waits | at once |
    | digest | at the digest's hour, or at the end of the quiet hours it is in | at the digest's hour |
    """
    if urgent:
        return Due(moment, False)
    if level == DIGEST:
        return Due(hours.quiet_end(hours.next_digest(moment)), True)
    end = hours.quiet_end(moment)
    return Due(end, end > moment)
