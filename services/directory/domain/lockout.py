"""Lock-out after failed sign-ins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

ALLOWED = 5
FIRST_LOCK = timedelta(minutes=5)
LONGEST_LOCK = timedelta(hours=24)
FORGOTTEN = timedelta(hours=24)


@dataclass(frozen=True)
class Attempts:
    """Failures in a row for one login, the time of the last one, and until when it is locked."""

    failures: int = 0
    last_at: datetime | None = None
    locked_until: datetime | None = None

    def locked(self, now: datetime) -> bool:
        """Whether a sign-in is refused whatever the password."""
        return self.locked_until is not None and now < self.locked_until

    def wait(self, now: datetime) -> int:
        """Whole seconds until the lock opens; 0 where there is none."""
        return 0 if self.locked_until is None else max(0, -int(-(self.locked_until - now).total_seconds() // 1))

    def failed(self, now: datetime) -> Attempts:
        """After one more failure: each fifth in a row locks, 5 minutes the first time and twice as long each time.

        Failures are forgotten a day after the last one, or after the lock where that ends later.
        """
        remembered = max(filter(None, (self.last_at, self.locked_until)), default=None)
        start = Attempts() if remembered is not None and now - remembered >= FORGOTTEN else self
        failures = start.failures + 1
        counted = replace(start, failures=failures, last_at=now)
        if failures % ALLOWED:
            return counted
        doublings = min(failures // ALLOWED - 1, 10)
        return replace(counted, locked_until=now + min(FIRST_LOCK * 2**doublings, LONGEST_LOCK))
