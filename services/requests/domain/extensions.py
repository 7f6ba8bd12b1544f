"""A later date: asked for also after the date, granted or refused; what was late stays on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from services.requests.domain import due as dues
from services.requests.domain.due import Due
from services.requests.domain.request import Extension, Moved, Request, Who
from services.requests.domain.states import HANDED_IN, WORKED_ON
from shared.errors import Conflict, Forbidden, Invalid, Problem


def ask(request: Request, who: Who, now: datetime, due: Due, reason: str, id_: str) -> Moved:
    """An assignee asks for a later date, one at a time. Raises `Conflict` (`handed-in`, `already-asked`), `Invalid`."""
    _require_open(request)
    mine = request.held_by(who)
    if mine is None or mine.state not in WORKED_ON:
        raise Forbidden("not an assignee")
    if request.due is None:
        raise Conflict("no-due-date")
    if request.extension is not None:
        raise Conflict("already-asked")
    if due.at <= request.due.at:
        raise Invalid({"due": "not_later"})
    extension = Extension(id_, who.ref, now, due, request.due, reason)
    detail = {"due": due.told, "reason": reason}
    return Moved(replace(request, extension=extension), "extension_asked", detail)


def answer(request: Request, who: Who, now: datetime, granted: bool, due: Due | None, reason: str) -> Moved:
    """Who has asked grants it, or another date, or refuses. What was late until then is in the history.

    Raises `Conflict`: `handed-in`, or `already-answered` where none is open.
    """
    if not request.is_asked_by(who):
        raise Forbidden("not who asked")
    _require_open(request)
    extension = request.extension
    if extension is None:
        raise Conflict("already-answered")
    told = (str(extension.asker["id"]),)
    if not granted:
        return Moved(replace(request, extension=None), "extension_refused", {"reason": reason}, told)
    due = due or extension.due
    if due.at <= now:
        raise Invalid({"due": "past"})
    before = request.due
    detail: dict[str, Any] = {"due": due.told, "reason": reason, "before": before.told if before else None}
    detail |= {"late": dues.late(before.at if before else None, now)}
    return Moved(replace(request, extension=None, due=due), "extension_granted", detail, told)


def _require_open(request: Request) -> None:
    if request.state == HANDED_IN:
        raise Conflict("handed-in")
    if request.is_finished:
        raise Conflict("finished", state=request.state)


def require_within(due: Due | None, parent: Due | None) -> None:
    """A part of something is not due after the whole. Raises a `Problem` (422) that names the parent's date."""
    if due and parent and due.at > parent.at:
        raise Problem(
            422,
            "after-parent",
            "The request it belongs to is due before",
            parent.told,
            {"due": "after_parent"},
            parent_due=parent.told,
        )
