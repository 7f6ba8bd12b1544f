"""What a request puts on whose desk: one thing for each person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from services.requests.domain.request import ASSIGN, Part, Ref, Request
from services.requests.domain.states import ASKED, DECLINED, HANDED_IN, SENT_BACK, WORKED_ON
from shared import desk

KIND = "request"
Asked = tuple[str, str, datetime, Ref | None]
"""Whom, in what role, since when, from whom."""


def slots(request: Request, waits: bool) -> list[desk.Slot]:
    """A to-do for each person who is to do something; what waits for another request says so."""
    found: dict[str, desk.Slot] = {}
    params: dict[str, Any] = {"kind": request.kind} | ({"waits": True} if waits else {})
    for person, role, since, sender in _asked(request):
        due = request.due.at if request.due else None
        kept = dict(sender) if sender else None
        todo = desk.Todo(role, since, due=due, urgency=request.urgency, sender=kept, params=params)
        found.setdefault(person, desk.Slot(person, KIND, todo))
    return list(found.values())


def _asked(request: Request) -> Iterator[Asked]:
    if request.is_finished:
        return
    yield from _of_asker(request)
    for part in request.parts:
        yield from _of_part(request, part)


def _of_asker(request: Request) -> Iterator[Asked]:
    asker, since = str(request.asker["id"]), request.asked_at
    if request.state == HANDED_IN and request.handed_in_at:
        yield asker, "review", request.handed_in_at, request.lead.person
    elif request.extension:
        yield asker, "answer_extension", request.extension.at, request.extension.asker
    elif declined := [part for part in request.parts if part.state == DECLINED]:
        yield asker, "reassign", max(part.since for part in declined), declined[-1].person
    elif request.unconfirmed and since:
        yield asker, "confirm", since, request.entered_by


def _of_part(request: Request, part: Part) -> Iterator[Asked]:
    if part.is_open:
        role = "assign" if part.offers == ASSIGN else "accept"
        yield from ((str(each["id"]), role, part.since, request.asker) for each in part.candidates)
    elif part.person and part.state in WORKED_ON:
        role = {ASKED: "accept", SENT_BACK: "redo"}.get(part.state, "do")
        rest = request.rest()
        since = part.since
        if part.lead and role == "do" and rest and not request.waiting_for():
            role, since = "conclude", max(since, *(other.since for other in rest))
        yield str(part.person["id"]), role, since, request.asker
