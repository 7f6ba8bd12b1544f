"""What the tests of a document's pages play on: people, a card, routes, the services as the gateway sees them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask.testing import FlaskClient

from shared.errors import Problem, Unavailable

Doc = dict[str, Any]
TOKEN = "ow1.city." + "a" * 32
DOCUMENT = "01900000-0000-7000-8000-0000000000d1"
OTHER = "01900000-0000-7000-8000-0000000000d2"
FILE = "01900000-0000-7000-8000-0000000000e1"
FOLDER = "01900000-0000-7000-8000-0000000000a1"
HOSTILE = "<script>alert(1)</script>"
OPEN = {"class": "open", "clauses": [], "reason": ""}


def ref(number: int, name: str, position: str) -> Doc:
    id_ = f"01900000-0000-7000-8000-00000000000{number}"
    return {"id": id_, "name": name, "position": position, "department": "총무과", "department_id": id_}


DRAFTER, REVIEWER = ref(1, "홍길동", "주무관"), ref(2, "김검토", "팀장")
ONE, ANOTHER = ref(3, "박협조", "팀장"), ref(4, "최협조", "주무관")
DECIDER = ref(5, "이결정", "과장")


def session(person: Doc, *roles: str) -> Doc:
    names = {key: person[key] for key in ("name", "position", "department", "department_id")}
    who = {"tenant": "city", "session": person["id"], "person": person["id"], "login": "x", "roles": list(roles)}
    return {**names, **who, "clearance": 0, "locale": "ko", "expires_at": "2999-01-01T00:00:00+00:00"}


def step(order: int, role: str, person: Doc, state: str = "waiting", **changes: Any) -> Doc:
    reached = state != "waiting"
    decided = state in ("approved", "returned")
    found = {"order": order, "role": role, "parallel": False, "person": person, "state": state, "opinion": ""}
    found |= {"active_at": "2026-03-02T00:00:00+00:00" if reached else None, "read_at": None}
    found |= {"decided_at": "2026-03-02T03:00:00+00:00" if decided else None, "version": 3, "content_hash": "f" * 64}
    return found | changes


def line(*states: str) -> list[Doc]:
    """The drafter, a reviewer, two who cooperate at the same time, and who decides; the states of the latter four."""
    reviewer, one, another, decider = states
    return [
        step(0, "draft", DRAFTER, "approved"),
        step(1, "review", REVIEWER, reviewer),
        step(2, "cooperate", ONE, one),
        step(3, "cooperate", ANOTHER, another, parallel=True),
        step(4, "decide", DECIDER, decider),
    ]


def run(steps: list[Doc], state: str = "in_approval", number: int = 1, **changes: Any) -> Doc:
    found = {"submission": number, "version": 3, "content_hash": "f" * 64, "state": state, "reason": "", "steps": steps}
    return {**found, "submitted_at": "2026-03-02T00:00:00+00:00", "ended_at": None, **changes}


def route(steps: list[Doc], state: str = "in_approval", may: Sequence[str] = (), earlier: Sequence[Doc] = ()) -> Doc:
    runs = [run(steps, state, len(earlier) + 1), *earlier]
    return {"document": DOCUMENT, "state": state, "submissions": runs, "may": list(may)}


def card(state: str = "in_approval", **changes: Any) -> Doc:
    file = {"id": FILE, "name": "계획서.pdf", "size": 24000, "type": "application/pdf", "sha256": "0" * 64}
    folder = {"id": FOLDER, "title": "청사 관리", "unit_task": "청사", "year": 2026, "retention": "5", "likely": False}
    drafted = {"at": "2026-03-01T00:00:00+00:00", "action": "drafted", "person": DRAFTER, "version": 1, "detail": {}}
    found: Doc = {"id": DOCUMENT, "state": state, "version": 3, "title": "청사 보수 계획", "body": "<p>본문입니다</p>"}
    found |= {"summary": "청사를 고친다", "keywords": ["청사", "보수"], "form": "general", "retention": "5"}
    found |= {"disclosure": OPEN, "reading_scope": "department", "folder": folder, "recipients": [], "sender_name": ""}
    found |= {
        "attachments": [file],
        "drafter": DRAFTER,
        "department": "총무과",
        "sources": [],
        "number": None,
        "content_hash": "f" * 64,
    }
    found |= {"line": [{"person": REVIEWER, "role": "review", "parallel": False}], "history": [drafted], "may": []}
    times = {"created_at": drafted["at"], "updated_at": drafted["at"], "submitted_at": "2026-03-02T00:00:00+00:00"}
    return {**found, **times, "registered_at": None, "decision": None, **changes}


class Services:
    """Stands for the bus: answers by method, and remembers what was asked, with the key of the writes."""

    connected = True

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any, str | None]] = []
        self.answers: Doc = {"session": session(REVIEWER), "counts": {"total": 0}, "card": card(), "route": None}

    def on_live(self, *listeners: Any) -> None:
        """The live channel is of no use here."""

    def call(
        self, service: str, method: str, context: Any, data: Any = None, idempotency_key: str | None = None, **_: Any
    ) -> Any:
        self.asked.append((method, data, idempotency_key))
        answer = self.answers.get(method, Unavailable(service))
        if isinstance(answer, Problem):
            raise answer
        return dict(answer) if isinstance(answer, dict) else answer

    def call_many(self, calls: Sequence[tuple[str, str, Any]], context: Any, spare: int = 0) -> list[Any]:
        def one(call: tuple[str, str, Any]) -> Any:
            try:
                return self.call(call[0], call[1], context, call[2])
            except Problem as problem:
                return problem

        return [one(call) for call in calls]

    def last(self, method: str) -> tuple[Any, str | None]:
        """What the method was last called with, and its key."""
        return next((data, key) for name, data, key in reversed(self.asked) if name == method)


def page(browser: FlaskClient, path: str = "") -> str:
    answer = browser.get(f"/documents/{DOCUMENT}{path}")
    assert answer.status_code == 200
    return answer.text


def hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found, name
    return found[1]


def press(browser: FlaskClient, path: str, **form: Any) -> Any:
    token = browser.get("/session").get_json()["csrf_token"]
    return browser.post(f"/documents/{DOCUMENT}/{path}", data={"csrf_token": token, **form})


def my_turn(services: Services, **changes: Any) -> None:
    services.answers["route"] = route(line("active", "waiting", "waiting", "waiting"), may=["decide"], **changes)


def ended(services: Services, **changes: Any) -> None:
    """The document is decided and registered."""
    given = {"number": "총무과-12", "registered_at": "2026-03-02T03:00:00+00:00", **changes}
    services.answers["card"] = card("approved", **given)
    services.answers["route"] = route(line("approved", "approved", "approved", "approved"), "approved")
