"""The people and submissions of the approval service's tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema

from shared.context import Context
from shared.contracts import approval as contract
from shared.contracts.documents import Submitted
from shared.ids import new_id
from shared.testing import LocalService, context, new_person

Doc = dict[str, Any]
ME = context()
HASH = "a" * 64


def hire(service: LocalService, name: str, **changes: Any) -> Doc:
    """Somebody who works here."""
    person = new_person(name, **changes)
    service.people[person["id"]] = person
    return person


def ref(person: Doc) -> Doc:
    """The person as a `PersonRef`."""
    return {name: person[name] for name in ("id", "name", "position", "department", "department_id")}


def as_(person: Doc, **changes: Any) -> Context:
    """The person, signed in."""
    fields = {name: person[name] for name in ("name", "position", "department", "department_id")}
    return context(**{"person": person["id"], "login": "x", **fields, **changes})


def stranger(**changes: Any) -> Context:
    """Somebody of another department who is on no line."""
    return context(**{"person": new_id(), "department": "세무과", "department_id": new_id(), **changes})


def holds(schema: type[Schema], data: Any) -> None:
    """The data is a view of this schema: nothing missing, nothing unknown, nothing of another type."""
    assert schema().validate(data) == {}


def step(person: Doc, role: str, parallel: bool = False) -> Doc:
    """One step of a submitted line."""
    return {"person": ref(person), "role": role, "parallel": parallel}


def submission(*line: Doc, **changes: Any) -> Doc:
    """What the documents service tells of a submission along this line."""
    told = {
        "document": new_id(),
        "submission": 1,
        "version": 2,
        "content_hash": HASH,
        "title": "청사 보수 계획",
        "drafter": ME.person_ref,
        "reading_scope": "organisation",
        "disclosure": {"class": "open", "clauses": [], "reason": ""},
        "line": list(line),
        "submitted_at": datetime.now(UTC).isoformat(),
    }
    told |= changes
    holds(Submitted, told)
    return told


def submit(service: LocalService, *line: Doc, **changes: Any) -> str:
    """Delivers a submission; the document's id."""
    told = submission(*line, **changes)
    service.deliver("documents.submitted", told, subject=told["document"])
    return str(told["document"])


def resubmit(service: LocalService, document: str, *line: Doc, **changes: Any) -> str:
    """The second submission of a document, with the version and hash that go with it."""
    again = {"submission": 2, "version": 3, "content_hash": "b" * 64, **changes}
    return submit(service, *line, document=document, **again)


def decide(
    service: LocalService,
    who: Doc | Context,
    document: str,
    action: str = "approve",
    key: str | None = None,
    **asked: Any,
) -> Doc:
    """A decision."""
    ctx = who if isinstance(who, Context) else as_(who)
    result: Doc = service.call("decide", ctx, {"document": document, "action": action, **asked}, key=key)
    holds(contract.DecisionResult, result)
    return result


def send_back(service: LocalService, who: Doc, document: str) -> Doc:
    """A return with an opinion."""
    return decide(service, who, document, "return", opinion="고쳐 주세요")


def withdraw(service: LocalService, ctx: Context, document: str, **asked: Any) -> Doc:
    """A withdrawal."""
    result: Doc = service.call("withdraw", ctx, {"document": document, **asked})
    holds(contract.DecisionResult, result)
    return result


def route(service: LocalService, document: str, ctx: Context = ME, **asked: Any) -> Doc:
    """The route."""
    found: Doc = service.call("route", ctx, {"document": document, **asked})
    holds(contract.Route, found)
    return found


def states(service: LocalService, document: str, run: int = 0) -> list[str]:
    """The states of the line's steps of a run; 0 is the present one."""
    return [s["state"] for s in route(service, document)["submissions"][run]["steps"] if s["role"] != "draft"]


def box(service: LocalService, ctx: Context, name: str, **asked: Any) -> list[Doc]:
    """All rows of a box, page by page."""
    found: list[Doc] = []
    cursor = None
    while True:
        page = service.call("box", ctx, {"box": name, "limit": 3, "cursor": cursor, **asked})
        holds(contract.ApprovalPage, page)
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            return found


def todo(service: LocalService, person: Doc) -> list[str]:
    """The documents whose turn it is for this person."""
    return [row["document"] for row in box(service, as_(person), "received")]


def on_desks(service: LocalService) -> list[Doc]:
    """What the desks were told, one after the other; each change of a process once."""
    return [told.data for told in service.events if told.type == "approval.desk"]


def ends(service: LocalService) -> list[Doc]:
    """What was told of runs that ended."""
    return [told.data for told in service.events if told.type != "approval.desk"]


def asked(told: Doc) -> list[tuple[str, str]]:
    """Whom a desk event asks for what."""
    return [(slot["person"], slot["todo"]["role"]) for slot in told["slots"]]
