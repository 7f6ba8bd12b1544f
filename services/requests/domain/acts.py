"""The acts of those who are asked: take, decline, report, hand in, pass on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from services.requests.domain import due as dues
from services.requests.domain import states
from services.requests.domain.request import Moved, Part, Ref, Request, Who
from services.requests.domain.states import ASKED, BEGUN, DECLINED, HANDED_IN, WITHDRAWN
from shared.errors import Conflict, Forbidden, Invalid, NotFound


def accept(request: Request, who: Who, now: datetime) -> Moved:
    """Takes what one was asked; whoever has taken it already has done so once.

    Raises `Conflict` (`taken`, `by`: who took it) where somebody else of several was first.
    """
    _require_running(request)
    mine = request.held_by(who)
    if mine is not None:
        if mine.state in BEGUN | {HANDED_IN}:
            return Moved(request)
        return _accepted(request, mine, who, now)
    open_ = next((part for part in request.parts if part.is_open and part.is_offered_to(who)), None)
    if open_ is not None:
        return _accepted(request, replace(open_, person=who.ref), who, now)
    taken = next((part for part in request.parts if part.person and part.is_offered_to(who)), None)
    if taken is not None and taken.person is not None:
        raise taken_by(taken.person)
    raise Forbidden("not asked")


def taken_by(person: Ref) -> Conflict:
    """Somebody else was first; the refusal names who."""
    return Conflict("taken", str(person["name"]), by=dict(person))


def _accepted(request: Request, part: Part, who: Who, now: datetime) -> Moved:
    state = states.moved(part.state, "accept")
    # Who else was offered it stays known: whoever comes later hears who was first.
    accepted = request.with_part(replace(part, state=state, since=now))
    return Moved(accepted, "accepted", {"part": part.number}, (str(request.asker["id"]),))


def decline(request: Request, who: Who, now: datetime, reason: str) -> Moved:
    """Says no, with the reason. Of several who were offered it one steps back; the last of them declines it."""
    _require_running(request)
    _require(reason, "reason")
    part = request.held_by(who)
    if part is None:
        part = next((p for p in request.parts if p.is_open and p.is_offered_to(who) and not p.department), None)
        left = tuple(each for each in part.candidates if each["id"] != who.id) if part else ()
        if part and left:
            stepped = request.with_part(replace(part, candidates=left), former=_with(request.former, who.id))
            return Moved(stepped, "stepped_back", {"part": part.number, "reason": reason})
        part = part or next((p for p in request.parts if p.is_open and p.is_assigned_by(who)), None)
    if part is None:
        raise Forbidden("not asked")
    state = states.moved(part.state, "decline")
    after = replace(part, state=state, since=now, person=part.person or who.ref, candidates=(), offers="")
    return Moved(request.with_part(after), "declined", {"part": part.number, "reason": reason})


def progress(request: Request, who: Who, now: datetime, percent: int, text: str) -> Moved:
    """Reports how far it is, in whole percents below 100, with a line."""
    part = _begun(request, who)
    state = states.moved(part.state, "progress")
    since = part.since if part.state == state else now
    after = replace(part, state=state, since=since, percent=percent)
    return Moved(request.with_part(after), "progressed", {"part": part.number, "percent": percent, "text": text})


def hand_in(request: Request, who: Who, now: datetime, text: str) -> Moved:
    """Hands in what was done. The lead's concludes: what the others do has to be in before.

    Raises `Conflict` (`parts-open`, `waiting_for`: their names).
    """
    part = _begun(request, who)
    state = states.moved(part.state, "hand_in")
    if part.lead and (open_ := request.waiting_for()):
        raise Conflict("parts-open", waiting_for=[holder(each) for each in open_])
    detail: dict[str, Any] = {"part": part.number, "text": text}
    after = request.with_part(replace(part, state=state, since=now))
    if part.lead:
        detail |= lateness(request, now)
        # An extension nobody answered has no object any more.
        after = replace(after, handed_in_at=now, extension=None)
    return Moved(after, "handed_in" if part.lead else "part_handed_in", detail)


def holder(part: Part) -> str:
    """Whose part it is, by name."""
    named = part.person or part.department
    return str(named["name"]) if named else ", ".join(str(each["name"]) for each in part.candidates)


def lateness(request: Request, now: datetime) -> dict[str, int]:
    """How late it is, in seconds, against the date that holds and against the first one."""
    against = {"late": request.due, "late_first": request.first_due}
    return {name: dues.late(due.at if due else None, now) for name, due in against.items()}


def hand_over(request: Request, who: Who, now: datetime, to: Ref, reason: str) -> Moved:
    """Passes one's part on to a colleague (인계), who is asked in turn."""
    part = _held(request, who)
    return _passed(request, part, now, to, "hand_over", "handed_over", reason)


def assign(request: Request, who: Who, now: datetime, to: Ref, number: int | None) -> Moved:
    """Gives what a department was asked to one of its people, by its distributor. Raises `Invalid`, `Forbidden`."""
    _require_running(request)
    mine = [part for part in request.parts if part.state == ASKED and part.is_assigned_by(who)]
    part = next((part for part in mine if number in (None, part.number)), None)
    if part is None or part.department is None:
        if any(part.is_assigned_by(who) for part in request.parts):
            raise Conflict("not-now", "assign", state=request.state)
        raise Forbidden("not a distributor of this department")
    if to["department_id"] != part.department["id"]:
        raise Invalid({"to.person": "not_of_department"})
    return _passed(request, part, now, to, "assign", "assigned", "")


def reassign(request: Request, who: Who, now: datetime, number: int | None, to: Part, reason: str) -> Moved:
    """Gives a part to somebody else, by who has asked; `to` says whom, as a new part."""
    _require_asker(request, who)
    _require_running(request)
    if request.state == HANDED_IN:
        raise Conflict("handed-in")
    part = request.lead if number is None else request.part(number)
    if part is None:
        raise NotFound("part")
    state = states.moved(part.state, "reassign")
    if to.person is not None:
        if part.state == state and part.person is not None and part.person["id"] == to.person["id"]:
            # It would change nothing, and ask for the same anew.
            raise Invalid({"to.person": "same_person"})
        _require_nobody_twice(request, part, to.person)
    after = replace(to, number=part.number, lead=part.lead, state=state, since=now)
    detail = {"part": part.number, "from": holder(part), "to": holder(after), "reason": reason}
    return _with_another(request, part, after, "reassigned", detail)


def _passed(request: Request, part: Part, now: datetime, to: Ref, act: str, action: str, reason: str) -> Moved:
    state = states.moved(part.state, act)
    if part.is_held_by(to["id"]):
        raise Invalid({"to.person": "same_person"})
    _require_nobody_twice(request, part, to)
    after = replace(part, person=to, state=state, since=now, candidates=(), offers="")
    detail = {"part": part.number, "from": holder(part), "to": str(to["name"]), "reason": reason}
    return _with_another(request, part, after, action, detail)


def _with_another(request: Request, before: Part, after: Part, action: str, detail: dict[str, Any]) -> Moved:
    left = before.person["id"] if before.person else ""
    former = _with(request.former, left) if left else request.former
    return Moved(request.with_part(after, former=former), action, detail, (left,) if left else ())


def _with(former: tuple[str, ...], person: str) -> tuple[str, ...]:
    return former if person in former else (*former, person)


def _require_nobody_twice(request: Request, part: Part, to: Ref) -> None:
    if to["id"] == request.asker["id"]:
        raise Invalid({"to.person": "oneself"})
    if any(p.number != part.number and p.is_active and p.is_held_by(to["id"]) for p in request.parts):
        raise Invalid({"to.person": "twice"})


# -- by who has asked ---------------------------------------------------------------------------------


def close(request: Request, who: Who, now: datetime, text: str) -> Moved:
    """What was handed in is good: the request is done."""
    _require_asker(request, who)
    _require_running(request)
    if request.state != HANDED_IN:
        raise Conflict("not-handed-in", state=request.state)
    parts = tuple(
        replace(p, state=states.moved(p.state, "close"), since=now) if p.is_active else p for p in request.parts
    )
    told = tuple(str(p.person["id"]) for p in parts if p.is_active and p.person)
    done = replace(request, parts=parts, state=states.DONE, ended_at=now)
    return Moved(done, "closed", {"text": text}, told)


def send_back(request: Request, who: Who, now: datetime, reason: str, number: int | None) -> Moved:
    """Sends back what was handed in, with the reason: who asked the whole, the lead a part before concluding."""
    _require_running(request)
    _require(reason, "reason")
    if request.is_asked_by(who) and (request.state == HANDED_IN or number is None):
        if request.state != HANDED_IN:
            raise Conflict("not-handed-in", state=request.state)
        return _sent_back(request, request.lead, now, reason)
    mine = request.held_by(who)
    if mine is None or not mine.lead:
        raise Forbidden("neither who asked nor the lead")
    part = request.part(number) if number is not None else None
    if part is None or part.lead:
        raise NotFound("part")
    if request.state == HANDED_IN:
        raise Conflict("handed-in")
    return _sent_back(request, part, now, reason)


def _sent_back(request: Request, part: Part, now: datetime, reason: str) -> Moved:
    after = replace(part, state=states.moved(part.state, "send_back"), since=now)
    changes: dict[str, Any] = {"handed_in_at": None} if part.lead else {}
    return Moved(request.with_part(after, **changes), "sent_back", {"part": part.number, "reason": reason})


def withdraw(request: Request, who: Who, now: datetime, reason: str) -> Moved:
    """Takes the request back."""
    _require_asker(request, who)
    if request.state == WITHDRAWN:
        return Moved(request)
    _require_running(request)
    told = tuple(str(p.person["id"]) for p in request.parts if p.person and p.state != DECLINED)
    after = replace(request, state=WITHDRAWN, ended_at=now, extension=None, unconfirmed=False)
    return Moved(after, "withdrawn", {"reason": reason}, told)


def confirm(request: Request, who: Who) -> Moved:
    """Says that a spoken instruction was given so."""
    _require_asker(request, who)
    if request.entered_by is None:
        raise Conflict("not-spoken")
    if not request.unconfirmed:
        return Moved(request)
    told = (str(request.entered_by["id"]),)
    return Moved(replace(request, unconfirmed=False), "confirmed", {}, told)


def reopened(request: Request, now: datetime) -> Request:
    """What was done is not any more: something new belongs to it."""
    parts = tuple(
        replace(p, state=states.IN_PROGRESS, since=now) if p.state in (states.DONE, HANDED_IN) else p
        for p in request.parts
    )
    return replace(request, parts=parts, state=states.IN_PROGRESS, ended_at=None, handed_in_at=None)


# -- what they have in common -------------------------------------------------------------------------


def _require_running(request: Request) -> None:
    if request.is_finished:
        raise Conflict("finished", state=request.state)


def _require_asker(request: Request, who: Who) -> None:
    if not request.is_asked_by(who):
        raise Forbidden("not who asked")


def _require(text: str, field: str) -> None:
    if not text:
        raise Invalid({field: "required"})


def _held(request: Request, who: Who) -> Part:
    _require_running(request)
    part = request.held_by(who)
    if part is None:
        raise Forbidden("not an assignee")
    return part


def _begun(request: Request, who: Who) -> Part:
    part = _held(request, who)
    if part.state == ASKED:
        raise Conflict("not-accepted", state=part.state)
    return part
