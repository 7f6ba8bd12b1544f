"""What people do while something goes wrong, each from its beginning to its end, and what they were told was done.

Each takes the work it is part of, whose `act` repeats a command until it is acknowledged, and keeps what it was told in
the form of `tests.support.accounts`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import uuid4

from tests.integration.product.cast import BODY

# Who reads no memo.
LATE = "executive"
WELL = {"door": {"result": "normal"}}
# Seconds after which a memo goes out by itself: whatever happens meanwhile, once.
_HOLD = 1
_MEETINGS_FROM = datetime(2090, 1, 2, tzinfo=UTC)
_QUESTIONS = [{"kind": "choice", "words": "점심시간을 옮길까요?", "options": ["예", "아니오"]}]


class Acting(Protocol):
    """What a journey needs of the work."""

    title: str
    journal: str
    place: str
    room: str
    line: list[dict[str, Any]]
    ids: dict[str, str]
    told: dict[str, dict[str, Any]]

    def act(self, role: str, path: str, body: Any, method: str = "POST") -> dict[str, Any]:
        """One command of the person in this role, acknowledged."""

    def another(self) -> int:
        """A number that no other journey has."""


def document(work: Acting) -> None:
    """An official document: written, submitted, approved by two, registered."""
    id_ = work.act("drafter", "/documents", {"title": work.title, "body": BODY})["id"]
    work.act("drafter", f"/documents/{id_}/submission", {"line": work.line})
    for role in ("reviewer", "decider"):
        work.act(role, f"/documents/{id_}/decisions", {"action": "approve"})
    work.told["documents"][id_] = {}


def memo(work: Acting) -> None:
    """A memo to three: it goes out by itself, is read by two, answered by one, and left by one, who is told by mail."""
    people = [work.ids[role] for role in ("reviewer", "decider", LATE)]
    title = f"{work.title} {uuid4()}"
    id_ = work.act("drafter", "/memos", {"to": people, "title": title, "body": BODY, "hold": _HOLD})["id"]
    for role in ("reviewer", "decider"):
        work.act(role, f"/memos/{id_}/reading", {"channel": "web"})
    work.act("reviewer", f"/memos/{id_}/answers", {"answer": "agreed"})
    told = {"title": title, "to": people, "read": people[:2], "answered": people[:1], "whole": True}
    work.told["memos"][id_] = told


def entry(work: Acting) -> None:
    """An entry of a journal, verified. Each is of two minutes before: within one minute they were one visit."""
    id_, at = str(uuid4()), datetime.now(UTC)
    body = {"journal": work.journal, "place": work.place, "values": WELL, "sent_at": at.isoformat()}
    body["written_at"] = (at - timedelta(minutes=2 * work.another())).isoformat()
    # Before it is sent: of what is not acknowledged there may be one, and no more.
    told = work.told["entries"][id_] = {"journal": work.journal, "saved": 0, "verified": 0}
    work.act("drafter", f"/journals/entries/{id_}", body, "PUT")
    told["saved"] = 1
    work.act("reviewer", f"/journals/entries/{id_}/decisions", {"version": 1, "act": "verify"})
    told["verified"] = 1


def request(work: Acting) -> None:
    """A request: asked, accepted, reported on, handed in, closed."""
    title, done = f"{work.title} {uuid4()}", ["accept", "progress", "hand_in", "close"]
    asked = {"title": title, "assignees": [{"person": work.ids["reviewer"]}], "days": 3}
    id_ = work.act("drafter", "/requests", asked)["id"]
    path = f"/requests/{id_}/acts"
    work.act("reviewer", path, {"act": "accept"})
    work.act("reviewer", path, {"act": "progress", "percent": 50, "text": "절반"})
    work.act("reviewer", path, {"act": "hand_in", "text": "냅니다"})
    work.act("drafter", path, {"act": "close"})
    work.told["requests"][id_] = {"title": title, "done": done}


def opinions(work: Acting) -> None:
    """An opinion round that both who are asked answer."""
    roles = ("reviewer", "decider")
    asked = {"title": f"{work.title} {uuid4()}", "questions": _QUESTIONS, "people": [work.ids[role] for role in roles]}
    asked["closes_at"] = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    id_ = work.act("drafter", "/rounds", asked)["id"]
    for role in roles:
        work.act(role, f"/rounds/{id_}/answers", {"answers": [{"question": 0, "value": ["예"]}]})
    work.told["rounds"][id_] = {"title": asked["title"], "answered": len(roles)}


def meeting(work: Acting) -> None:
    """A meeting in a room, to which one comes and the other does not. Each is at an hour of its own."""
    begins = _MEETINGS_FROM + timedelta(hours=work.another())
    times = {"starts_at": begins.isoformat(), "ends_at": (begins + timedelta(hours=1)).isoformat()}
    title, invite = f"{work.title} {uuid4()}", [work.ids[role] for role in ("reviewer", "decider")]
    id_ = work.act("drafter", "/meetings", {"title": title, "invite": invite, "room": work.room, **times})["id"]
    work.act("reviewer", f"/meetings/{id_}/answers", {"answer": "yes"})
    work.act("decider", f"/meetings/{id_}/answers", {"answer": "no"})
    work.told["meetings"][id_] = {"title": title, "come": sorted(work.ids[role] for role in ("drafter", "reviewer"))}


# In turns, one after the other.
TURNS: tuple[Callable[[Acting], None], ...] = (document, memo, entry, document, request, meeting, opinions)
