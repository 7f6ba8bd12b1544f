"""The people of the desk's tests, and what services tell of a subject."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema

from services.desk.domain import age
from shared.context import Context
from shared.contracts import desk as contract
from shared.events import Event
from shared.ids import new_id
from shared.testing import LocalService, context, new_person

Doc = dict[str, Any]
START = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
OPERATOR = context(person="", roles=frozenset({"platform_operator"}))


def ref(name: str) -> Doc:
    return {key: value for key, value in new_person(name).items() if key != "active"}


DRAFTER, REVIEWER, COOPERATOR, DECIDER = (ref(name) for name in ("홍기안", "김검토", "박협조", "이결정"))
EVERYBODY = (DRAFTER, REVIEWER, COOPERATOR, DECIDER)


def as_(person: Doc) -> Context:
    return context(person=person["id"], name=person["name"], login="x")


def holds(schema: type[Schema], data: Any) -> None:
    """The data is a view of this schema: nothing missing, nothing unknown, nothing of another type."""
    assert schema().validate(data) == {}


def slot(person: Doc, kind: str = "approval", *, since: datetime = START, **changes: Any) -> Doc:
    """A slot with a to-do in it."""
    todo = {"role": "review", "since": since.isoformat(), "due": None, "urgency": 0, "sender": DRAFTER}
    todo |= {"dismissible": kind == "returned", "params": {}}
    return {"person": person["id"], "kind": kind, "todo": todo | changes}


def empty(person: Doc, kind: str = "approval") -> Doc:
    """A slot with nothing in it."""
    return {"person": person["id"], "kind": kind, "todo": None}


def notice(person: Doc, code: str = "returned", occasion: int = 1, at: datetime | None = None, **params: Any) -> Doc:
    """Something that happened, today unless told."""
    when = (at or datetime.now(UTC)).isoformat()
    return {"person": person["id"], "code": code, "occasion": occasion, "at": when, "params": params}


def told(subject: str, sequence: int, *slots: Doc, clear: int | None = -1, **changes: Any) -> Doc:
    """What a service tells; the slots given are all there are, unless `clear` says otherwise."""
    data = {"subject": subject, "noun": "documents", "sequence": sequence, "title": "청사 보수 계획"}
    data |= {"clear": sequence if clear == -1 else clear, "slots": list(slots)}
    data |= {"notices": [], "watchers": [], "ended": False, **changes}
    holds(contract.Told, data)
    return data


def tell(service: LocalService, data: Doc, source: str = "approval", **fields: str) -> Event:
    """Delivers it, by an id with which nothing is forgotten unless told."""
    ids = iter(new_id, None)
    fields.setdefault("id", next(found for found in ids if not age.is_time_to_forget(found)))
    return service.deliver(f"{source}.desk", data, **fields)


def waiting(service: LocalService, *people: Doc, **changes: Any) -> str:
    """A new subject on these people's desks."""
    subject = new_id()
    tell(service, told(subject, 1, *(slot(person) for person in people), **changes))
    return subject


def returned(service: LocalService, since: datetime = START, subject: str = "", sequence: int = 1) -> str:
    """A document that came back to its drafter."""
    subject = subject or new_id()
    item = slot(DRAFTER, "returned", since=since, role="revise", sender=REVIEWER)
    tell(service, told(subject, sequence, item, notices=[notice(DRAFTER, occasion=sequence)], ended=True))
    return subject


def todos(service: LocalService, person: Doc, **asked: Any) -> list[Doc]:
    page = service.call("todos", as_(person), asked)
    holds(contract.TodoPage, page)
    return list(page["items"])


def counts(service: LocalService, person: Doc) -> Doc:
    found: Doc = service.call("counts", as_(person))
    holds(contract.Counts, found)
    return found


def notices(service: LocalService, person: Doc) -> list[Doc]:
    page = service.call("notices", as_(person))
    holds(contract.NoticePage, page)
    return list(page["items"])


def looking(service: LocalService, topic: str = "desk") -> set[str]:
    """Whose parts of this topic were told to ask anew since the last call of this for it."""
    found = [message for message in service.told if message["topic"] == topic]
    service.told[:] = [message for message in service.told if message["topic"] != topic]
    return {person for message in found for person in message["people"]}


def ids(*people: Doc) -> set[str]:
    return {person["id"] for person in people}
