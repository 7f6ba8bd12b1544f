"""Who is told, what services tell of, and couriers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from shared.context import Context, system
from shared.ids import new_id
from shared.testing import TENANT, LocalService, context

Doc = dict[str, Any]
# Ten in the morning of Seoul.
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ME, OTHER = context(), context(person="01900000-0000-7000-8000-000000000002", name="김검토")
ADMIN = context(roles=frozenset({"tenant_admin"}))
COURIER = system(TENANT)
SENDER = ME.person_ref
AT_ONCE = {"approval": {"mail": "now"}}
HOURS = {"quiet_from": None, "quiet_until": None, "digest_hour": 9}
QUIET = {"quiet_from": 22 * 60, "quiet_until": 7 * 60, "digest_hour": 9}


def slot(person: Context = ME, kind: str = "approval", *, since: datetime | None = None, **changes: Any) -> Doc:
    """A slot with a to-do in it."""
    todo = {"role": "review", "since": (since or MONDAY).isoformat(), "due": None, "urgency": 0, "sender": SENDER}
    return {
        "person": person.person,
        "kind": kind,
        "todo": {**todo, "dismissible": False, "params": {}, **changes},
    }


def empty(person: Context = ME, kind: str = "approval") -> Doc:
    return {"person": person.person, "kind": kind, "todo": None}


def notice(person: Context = ME, code: str = "returned", occasion: int = 1, at: datetime | None = None) -> Doc:
    when = (at or MONDAY).isoformat()
    return {"person": person.person, "code": code, "occasion": occasion, "at": when, "params": {"name": "비밀"}}


def told(subject: str, sequence: int, *slots: Doc, clear: int | None = -1, **changes: Any) -> Doc:
    data: Doc = {"subject": subject, "noun": "documents", "sequence": sequence, "title": "비밀 계획"}
    data |= {"clear": sequence if clear == -1 else clear, "slots": list(slots)}
    return data | {"notices": [], "watchers": [], "ended": False, **changes}


def tell(service: LocalService, data: Doc, source: str = "approval", **fields: str) -> None:
    service.deliver(f"{source}.desk", data, subject=data["subject"], **fields)


def waits(service: LocalService, *people: Context, **changes: Any) -> str:
    """A new subject before these people, or me."""
    subject = new_id()
    tell(service, told(subject, 1, *(slot(person, **changes) for person in people or (ME,))))
    return subject


def set_(service: LocalService, levels: Doc, who: Context = ME, **hours: Any) -> Doc:
    saved: Doc = service.call("save_settings", who, {"levels": levels, **HOURS, **hours})
    return saved


def minimum(service: LocalService, levels: Doc, *, titles: bool = False) -> None:
    service.call("save_minimum", ADMIN, {"levels": levels, "titles": titles})


def device(service: LocalService, who: Context = ME) -> str:
    keys = {"p256dh": "B" * 87, "auth": "a" * 22}
    made = service.call("subscribe", who, {"endpoint": f"https://push.example/{new_id()}", **keys, "name": "휴대폰"})
    return str(made["id"])


def claims(service: LocalService, channel: str = "mail", **more: Any) -> Doc:
    found: Doc = service.call("claim", COURIER, {"channel": channel, **more})
    return found


def claimed(service: LocalService, channel: str = "mail", **more: Any) -> list[Doc]:
    return list(claims(service, channel, **more)["items"])


def report(service: LocalService, message: Doc, outcome: str = "sent", **more: Any) -> int:
    result = {"id": message["id"], "lease": message["lease"], "outcome": outcome, **more}
    answer = service.call("report", COURIER, {"channel": message["channel"], "results": [result]})
    return int(answer["taken"])


def subjects(messages: list[Doc]) -> list[list[str]]:
    return [[thing["subject"] for thing in message["things"]] for message in messages]


def when_next(service: LocalService, channel: str = "mail") -> datetime | None:
    found = claims(service, channel)["next"]
    return datetime.fromisoformat(found) if found else None
