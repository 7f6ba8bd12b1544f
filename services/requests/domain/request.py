"""A request with its parts: who holds what, and what each may do with it now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from services.requests.domain import states
from services.requests.domain.due import Due
from services.requests.domain.states import ASKED, DECLINED, DONE, FINISHED, HANDED_IN, WITHDRAWN, WORKED_ON
from shared.progress import WHOLE, Share, rolled

Ref = Mapping[str, Any]
"""A PersonRef, or `{id, name}` of a department."""

ASSIGN, ACCEPT = "assign", "accept"
LATE_STATES = WORKED_ON | {DECLINED}


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts, from the context."""

    ref: Ref
    roles: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """The person's id."""
        return str(self.ref["id"])

    @property
    def department(self) -> str:
        """The id of the person's department."""
        return str(self.ref["department_id"])


@dataclass(frozen=True, slots=True)
class Part:
    """What one assignee is to do. Nobody holds (`person`) one that is open to several `candidates`.

    These either take it (`offers` is `accept`: a pool, a department without a distributor) or give it to somebody of
    the `department` (`assign`: its distributors). `percent` is what was reported, `since` when it came to this state.
    """

    number: int
    lead: bool
    state: str
    since: datetime
    person: Ref | None = None
    department: Ref | None = None
    candidates: tuple[Ref, ...] = ()
    offers: str = ""
    percent: int = 0
    tenant: str = ""

    @property
    def is_active(self) -> bool:
        """Whether it was not declined."""
        return self.state != DECLINED

    @property
    def is_open(self) -> bool:
        """Whether somebody has yet to take it, or to be given it."""
        return self.person is None and self.state == ASKED

    @property
    def tenths(self) -> int:
        """How far it is: all of it once it is handed in."""
        return WHOLE if self.state in (HANDED_IN, DONE) else self.percent * 10

    def is_held_by(self, person: str) -> bool:
        """Whether this person is to do it."""
        return self.person is not None and self.person["id"] == person

    def is_offered_to(self, who: Who) -> bool:
        """Whether this person may take it; also after somebody else has."""
        of_department = self.department is not None and self.department["id"] == who.department
        return of_department or any(each["id"] == who.id for each in self.candidates)

    def is_assigned_by(self, who: Who) -> bool:
        """Whether this person gives it to somebody: a distributor of the department (업무분장 담당)."""
        if self.department is None:
            return False
        named = self.offers == ASSIGN and any(each["id"] == who.id for each in self.candidates)
        return named or ("requests_distributor" in who.roles and self.department["id"] == who.department)


@dataclass(frozen=True, slots=True)
class Extension:
    """A later date that was asked for. `due` is the one asked for, `before` the one that held then."""

    id: str
    asker: Ref
    at: datetime
    due: Due
    before: Due | None
    reason: str


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it stands. `unconfirmed`: spoken, entered by who received it, not yet confirmed by who gave it."""

    id: str
    kind: str
    asker: Ref
    state: str
    parts: tuple[Part, ...]
    due: Due | None = None
    first_due: Due | None = None
    urgency: int = 0
    entered_by: Ref | None = None
    unconfirmed: bool = False
    extension: Extension | None = None
    asked_at: datetime | None = None
    handed_in_at: datetime | None = None
    ended_at: datetime | None = None
    former: tuple[str, ...] = ()

    @property
    def is_finished(self) -> bool:
        """Whether nothing more is expected."""
        return self.state in FINISHED

    @property
    def lead(self) -> Part:
        """The part whose holder concludes."""
        return next(part for part in self.parts if part.lead)

    @property
    def own(self) -> int:
        """How far its own parts are, in tenths of a percent."""
        return rolled((Share(1, part.tenths, part.is_active) for part in self.parts), 0)

    def is_asked_by(self, who: Who) -> bool:
        """Whether this person has asked, and decides."""
        return bool(self.asker["id"] == who.id)

    def held_by(self, who: Who) -> Part | None:
        """The part this person is to do."""
        return next((p for p in self.parts if p.is_active and p.is_held_by(who.id)), None)

    def part(self, number: int) -> Part | None:
        """A part by its number."""
        return next((part for part in self.parts if part.number == number), None)

    def rest(self) -> list[Part]:
        """The active parts beside the lead's."""
        return [part for part in self.parts if part.is_active and not part.lead]

    def waiting_for(self) -> list[Part]:
        """The parts beside the lead's that are not handed in."""
        return [part for part in self.rest() if part.state not in (HANDED_IN, DONE)]

    def with_part(self, part: Part, **changes: Any) -> Request:
        """The request with this part changed, and its state as it follows from them all."""
        parts = tuple(part if each.number == part.number else each for each in self.parts)
        state = states.overall((each.lead, each.state) for each in parts)
        return replace(self, parts=parts, state=state, **changes)


@dataclass(frozen=True, slots=True)
class Moved:
    """What an act brought about: the request after it, and what the history says; none (`action`) of a repeat."""

    request: Request
    action: str = ""
    detail: dict[str, Any] = field(default_factory=dict)
    told: tuple[str, ...] = ()
    """Who is told beside those who now have something to do."""


def is_late(request: Request, now: datetime) -> bool:
    """Overdue is a view, not a state: work that was not handed in by its due time."""
    return request.state in LATE_STATES and request.due is not None and request.due.at <= now


def may(request: Request, who: Who) -> list[str]:
    """The acts this person can do now."""
    return [] if request.state == WITHDRAWN else [*_as_asker(request, who), *_as_assignee(request, who)]


def _as_asker(request: Request, who: Who) -> Iterator[str]:
    if not request.is_asked_by(who):
        return
    if request.unconfirmed:
        yield "confirm"
    if request.state == HANDED_IN:
        yield from ("close", "send_back")
    if not request.is_finished:
        yield from ("change", "withdraw")
        if request.state != HANDED_IN:
            yield "reassign"
        if request.extension:
            yield "answer_extension"


def _as_assignee(request: Request, who: Who) -> Iterator[str]:
    if request.is_finished:
        return
    mine = request.held_by(who)
    if mine is not None:
        for act in ("accept", "decline", "progress", "hand_in", "hand_over"):
            if mine.state in states.MOVES[act]:
                yield act
        if request.state in WORKED_ON and mine.state in WORKED_ON and request.due and not request.extension:
            yield "extend"
        if mine.lead and request.state != HANDED_IN and any(p.state == HANDED_IN for p in request.rest()):
            yield "send_back"
    else:
        if any(part.is_open and part.is_offered_to(who) for part in request.parts):
            yield "accept"
        if any(part.is_open and (_is_pooled(part, who) or part.is_assigned_by(who)) for part in request.parts):
            yield "decline"
    if any(part.state == ASKED and part.is_assigned_by(who) for part in request.parts):
        yield "assign"


def _is_pooled(part: Part, who: Who) -> bool:
    return part.department is None and part.is_offered_to(who)
