"""Problems a caller can do something about (RFC 9457), the same on the bus, at the API and in the pages."""

from __future__ import annotations

from typing import Any


class Problem(Exception):
    """Something the caller is told: `status` (HTTP), a stable `slug`, a short `title`, and the bad `fields`."""

    def __init__(
        self, status: int, slug: str, title: str, detail: str = "", fields: dict[str, Any] | None = None, **extra: Any
    ) -> None:
        super().__init__(title, detail)
        self.status = status
        self.slug = slug
        self.title = title
        self.detail = detail
        self.fields = fields or {}
        self.extra = extra

    def to_wire(self) -> dict[str, Any]:
        """The problem as the bus carries it."""
        return {
            "status": self.status,
            "slug": self.slug,
            "title": self.title,
            "detail": self.detail,
            "fields": self.fields,
            "extra": self.extra,
        }

    @staticmethod
    def from_wire(data: dict[str, Any]) -> Problem:
        """The problem that `to_wire` described."""
        return Problem(
            data["status"],
            data["slug"],
            data["title"],
            data.get("detail", ""),
            data.get("fields"),
            **data.get("extra", {}),
        )


class Invalid(Problem):
    """422: `fields` names each bad field by its path (`line.1.person`) with a code."""

    def __init__(self, fields: dict[str, Any], detail: str = "") -> None:
        super().__init__(422, "invalid", "Some fields are not valid", detail, fields)


class Unauthorized(Problem):
    """401: nobody is signed in, or the credentials are wrong."""

    def __init__(self, slug: str = "unauthorized", detail: str = "") -> None:
        super().__init__(401, slug, "Sign in first", detail)


class Forbidden(Problem):
    """403: the caller is known but may not."""

    def __init__(self, detail: str = "", slug: str = "forbidden") -> None:
        super().__init__(403, slug, "You may not do this", detail)


class NotFound(Problem):
    """404: there is no such thing for this caller."""

    def __init__(self, what: str = "") -> None:
        super().__init__(404, "not-found", "There is no such thing", what)


class Conflict(Problem):
    """409: the present state does not allow it."""

    def __init__(self, slug: str = "conflict", detail: str = "", **extra: Any) -> None:
        super().__init__(409, slug, "The present state does not allow this", detail, **extra)


class Unsettled(Conflict):
    """409 of a state that an event on its way may end: the request waits a little for that before it is refused."""


class Stale(Problem):
    """412: the caller changed an old version; `current` is the present one."""

    def __init__(self, current: int) -> None:
        super().__init__(412, "stale", "Somebody has changed this meanwhile", current=current)


class TooLarge(Problem):
    """413: more than `limit` bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(413, "too-large", "This is too large", limit=limit)


class Unworkable(Problem):
    """422: what was sent takes too long to work on (`too-slow`), or more memory than there is for it (`too-hard`)."""

    def __init__(self, slug: str) -> None:
        super().__init__(422, slug, "This takes too much work")


class TooMany(Problem):
    """429: try again after `retry_after` seconds."""

    def __init__(self, retry_after: int, slug: str = "too-many") -> None:
        super().__init__(429, slug, "Too many attempts", retry_after=retry_after)


class Unavailable(Problem):
    """503: `service` does not answer in time; try again after `retry_after` seconds."""

    def __init__(self, service: str, retry_after: int = 5) -> None:
        super().__init__(503, "unavailable", "A part of the system does not answer", service, retry_after=retry_after)


class Poison(Exception):
    """An event that can never be handled: it is parked in the dead letters at once."""


class Refused(Exception):
    """A message whose signature or context does not hold."""


class Expired(Refused):
    """A message that is signed as it must be, but not within its time: it waited too long, or clocks differ."""
