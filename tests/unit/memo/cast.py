"""The people and memos of the memo service's tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema
from sqlalchemy import text

from services.memo.service import MemoService
from shared.context import Context
from shared.contracts import memo_views as views
from shared.errors import Problem
from shared.events import Event
from shared.ids import new_id
from shared.testing import LocalService, context, new_person

Doc = dict[str, Any]
ME = context()
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
AUDITOR = context(person=new_id(), name="감사관", roles=frozenset({"auditor"}))


def opened() -> LocalService:
    """The service, whose time stands still, with a directory that knows who was hired, `departments` and `heads`."""
    service = LocalService(MemoService)
    service.now = AT
    office = Office(service)
    service.answers["directory", "expand"] = office.expand
    service.answers["directory", "superiors"] = office.superiors
    service.office = office  # type: ignore[attr-defined]
    return service


class Office:
    """What the directory answers of departments, groups and superiors."""

    def __init__(self, service: LocalService) -> None:
        self.service = service
        self.parts: dict[str, tuple[str, list[str]]] = {}
        self.dissolved: dict[str, str] = {}
        self.above: dict[str, Doc] = {}

    def part(self, name: str, *people: Doc) -> str:
        """A department or group of these people."""
        id_ = new_id()
        self.parts[id_] = (name, [person["id"] for person in people])
        return id_

    def expand(self, ctx: Context, asked: Doc) -> Doc:
        """As the directory's `expand`."""
        through: dict[str, list[Doc]] = {}
        unknown, dissolved = [], []
        for person in asked["people"]:
            if person in self.service.people:
                name = self.service.people[person]["name"]
                through.setdefault(person, []).append({"kind": "person", "id": person, "name": name})
            else:
                unknown.append({"kind": "person", "id": person})
        for kind in ("department", "group"):
            for id_ in asked[f"{kind}s"]:
                if id_ in self.dissolved:
                    dissolved.append({"id": id_, "name": self.dissolved[id_]})
                elif id_ not in self.parts:
                    unknown.append({"kind": kind, "id": id_})
                else:
                    name, people = self.parts[id_]
                    for person in people:
                        through.setdefault(person, []).append({"kind": kind, "id": id_, "name": name})
        known = [self.service.people[person] | {"through": ways} for person, ways in through.items()]
        return {
            "people": [person | {"absent": person.get("absent")} for person in known if person["active"]],
            "left": [person for person in known if not person["active"]],
            "unknown": unknown,
            "dissolved": dissolved,
        }

    def superiors(self, ctx: Context, asked: Doc) -> Doc:
        """As the directory's `superiors`."""
        return self.above.get(asked["person"], {"deputy": None, "absent": None, "heads": []})


def office(service: LocalService) -> Office:
    """The directory behind the service."""
    found: Office = service.office  # type: ignore[attr-defined]
    return found


def hire(service: LocalService, name: str, **changes: Any) -> Doc:
    """Somebody who works here."""
    person = new_person(name, **changes)
    service.people[person["id"]] = person
    return person


def head(person: Doc, **changes: Any) -> Doc:
    """Somebody as a head above others."""
    return {**person, "absent": None, "deputy": None, **changes}


def as_(person: Doc, **changes: Any) -> Context:
    """The person, signed in."""
    fields = {name: person[name] for name in ("name", "position", "department", "department_id")}
    return context(**{"person": person["id"], "login": "x", **fields, **changes})


def holds(schema: type[Schema], data: Any) -> None:
    """The data is a view of this schema: nothing missing, nothing unknown, nothing of another type."""
    assert schema().validate(data) == {}


def send(service: LocalService, *to: Doc | str, who: Context = ME, **content: Any) -> str:
    """Sends a memo to people, or to what is named; its id."""
    return str(sent(service, *to, who=who, **content)["id"])


def sent(service: LocalService, *to: Doc | str, who: Context = ME, **content: Any) -> Doc:
    """What sending a memo answers."""
    named = [each if isinstance(each, str) else each["id"] for each in to]
    given = {"to": named, "title": "청사 점검 결과", "body": "<p>이상 없습니다.</p>", **content}
    found: Doc = service.call("send_memo", who, given)
    holds(views.SendResult, found)
    return found


def draft(service: LocalService, *to: Doc | str, **content: Any) -> Doc:
    """Makes a draft; what that answers."""
    named = [each if isinstance(each, str) else each["id"] for each in to]
    found: Doc = service.call("create_draft", ME, {"to": named, "title": "초안", **content})
    holds(views.DraftResult, found)
    return found


def seen(service: LocalService, memo: str, ctx: Context = ME) -> Doc:
    """The memo as it is shown."""
    found: Doc = service.call("memo", ctx, {"id": memo})
    holds(views.MemoView, found)
    return found


def read(service: LocalService, person: Doc, memo: str, **data: Any) -> Doc:
    """Somebody reads it."""
    found: Doc = service.call("read", as_(person), {"id": memo, **data})
    holds(views.ReadResult, found)
    return found


def answer(service: LocalService, person: Doc, memo: str, word: str = "noted", **data: Any) -> Doc:
    """Somebody answers it."""
    found: Doc = service.call("answer", as_(person), {"id": memo, "answer": word, **data})
    holds(views.AnswerResult, found)
    return found


def forward(service: LocalService, ctx: Context, memo: str, *to: Doc, **data: Any) -> Doc:
    """Somebody passes it on."""
    found: Doc = service.call("forward", ctx, {"id": memo, "to": [person["id"] for person in to], **data})
    holds(views.ForwardResult, found)
    return found


def receipts(service: LocalService, memo: str, which: str = "all", ctx: Context = ME) -> list[Doc]:
    """The receipts, page by page."""
    found: list[Doc] = []
    cursor = None
    while True:
        page = service.call("receipts", ctx, {"id": memo, "which": which, "limit": 2, "cursor": cursor})
        holds(views.Receipts, page)
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            return found


def box(service: LocalService, who: Doc | Context, name: str = "inbox", **asked: Any) -> list[str]:
    """The ids of the memos in a box, page by page."""
    return [row["id"] for row in rows(service, who, name, **asked)]


def rows(service: LocalService, who: Doc | Context, name: str = "inbox", **asked: Any) -> list[Doc]:
    """The rows of a box, page by page."""
    ctx = who if isinstance(who, Context) else as_(who)
    found: list[Doc] = []
    cursor = None
    while True:
        page = service.call("box", ctx, {"box": name, "limit": 3, "cursor": cursor, **asked})
        holds(views.MemoPage, page)
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            return found


def refusal(service: LocalService, method: str, ctx: Context, **data: Any) -> Problem:
    """The problem with which a call is refused."""
    try:
        service.call(method, ctx, data)
    except Problem as problem:
        return problem
    raise AssertionError("it was not refused")


def desk(service: LocalService, memo: str = "") -> dict[str, Doc]:
    """What is on whose desk of the one memo there is, or of this one, as it was told, the later over the earlier."""
    return on_desks([event for event in service.events if memo in ("", event.subject)])


def on_desks(events: Sequence[Event]) -> dict[str, Doc]:
    """What these events leave on whose desk."""
    found: dict[str, Doc] = {}
    for event in events:
        if event.type == "memo.desk":
            found |= {slot["person"]: slot["todo"] for slot in event.data["slots"]}
    return {person: todo for person, todo in found.items() if todo}


def notices(service: LocalService, person: str) -> list[tuple[str, Doc]]:
    """What somebody was told, oldest first."""
    told = [event.data for event in service.events if event.type == "memo.desk"]
    return [(n["code"], n["params"]) for data in told for n in data["notices"] if n["person"] == person]


def item(service: LocalService, memo: str) -> Doc:
    """What the catalogue knows last of a memo."""
    found: Doc = [e.data for e in service.events if e.type == "memo.item" and e.subject == memo][-1]
    return found


def audited(service: LocalService, memo: str) -> list[str]:
    """What is on the record of it, oldest first."""
    with service.tx() as tx:
        found = tx.all(text("SELECT action FROM audit WHERE subject = :s ORDER BY id").bindparams(s=memo))
    return [row.action for row in found]
