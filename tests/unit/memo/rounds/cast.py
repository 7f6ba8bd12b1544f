"""Who asks and who is asked, and rounds of theirs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from services.memo.service import MemoService
from shared.context import Context
from shared.testing import LocalService, context, new_person

Doc = dict[str, Any]
ME = context()
# 2026-06-30 09:00 in Seoul.
START = datetime(2026, 6, 30, 0, tzinfo=UTC)
# 2026-07-01 18:00 in Seoul.
CLOSES = datetime(2026, 7, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
CHOICE = {"kind": "choice", "words": "찬성하십니까?", "options": ["찬성", "반대"]}
WHY = {"kind": "text", "words": "이유를 적어 주십시오.", "required": False}


def opened() -> LocalService:
    """The service at nine in the morning, with a directory that knows whom `hire` hired."""
    service = LocalService(MemoService)
    service.now = START
    service.answers[("directory", "expand")] = lambda _, asked: expanded(service, asked)
    return service


def hire(service: LocalService, count: int) -> list[Doc]:
    """People to be asked."""
    people = [new_person(f"직원{number}") for number in range(count)]
    service.people |= {person["id"]: person for person in people}
    return people


def expanded(service: LocalService, asked: Doc) -> Doc:
    """As `directory.expand` answers."""
    known = [service.people[each] for each in asked["people"] if each in service.people]
    through = [{"kind": "person", "id": each["id"], "name": each["name"]} for each in known]
    here = [{**each, "absent": None, "through": [way]} for each, way in zip(known, through, strict=True)]
    unknown = [{"kind": "person", "id": each} for each in asked["people"] if each not in service.people]
    return {
        "people": [each for each in here if each["active"]],
        "left": [each for each in here if not each["active"]],
        "unknown": unknown,
        "dissolved": [],
    }


def as_(person: Doc) -> Context:
    """Somebody, signed in."""
    names = ("name", "position", "department", "department_id")
    return context(person=person["id"], **{name: person[name] for name in names})


def start(service: LocalService, of: list[Doc], **changes: Any) -> str:
    """A round of mine, asked of these people."""
    asked = {
        "title": "점심시간 조정",
        "questions": [CHOICE, WHY],
        "people": [person["id"] for person in of],
        "closes_at": CLOSES.isoformat(),
    }
    return str(service.call("start_round", ME, {**asked, **changes})["id"])


def answer(service: LocalService, round_: str, person: Doc, choice: str = "찬성", why: str = "", **more: Any) -> Doc:
    """Somebody's answers."""
    answers = [{"question": 0, "value": [choice]}] + ([{"question": 1, "value": [why]}] if why else [])
    found: Doc = service.call("answer_round", as_(person), {"id": round_, "answers": answers, **more})
    return found
