"""The document management card (문서관리카드): the paper, its route, and what the reader may do with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from gateway.approval.words import route as routes
from gateway.approval.words.decisions import outcome
from gateway.core import backend
from gateway.core.auth import principal, signed_in
from gateway.core.page import Call, is_fragment, show
from gateway.documents import cards
from gateway.documents.words.history import history
from shared.errors import Problem
from shared.ids import new_id

bp = Blueprint("document_pages", __name__, url_prefix="/documents")

Card = dict[str, Any]
Answer = str | tuple[str, int] | Response


@bp.get("/<uuid:id>")
@signed_in
def card(id: UUID) -> Answer:  # noqa: A002
    """The card; the drafter goes on writing a draft. After a decision (`?decided`) it names what waits next."""
    found = cards.whole(str(id))
    if found["state"] == "draft" and "edit" in found["may"]:
        return _to_writing(str(id))
    return _page(found, decided="decided" in request.args)


@bp.post("/<uuid:id>/decisions")
@signed_in
def decide(id: UUID) -> Answer:  # noqa: A002
    """Approves or returns the version that was shown. A refusal shows the card as it is now and keeps the opinion."""
    form, document = request.form, str(id)
    action = form.get("action", "")
    asked = {"document": document, "action": action, "opinion": form.get("opinion", "")}
    try:
        done = backend.call("approval", "decide", {**asked, "version": form.get("version", 0, type=int)})
    except Problem as problem:
        return _refused(document, problem)
    flash(outcome(action, done["state"]))
    return redirect(f"/documents/{id}?decided=1", 303)


@bp.post("/<uuid:id>/withdrawal")
@signed_in
def withdraw(id: UUID) -> Answer:  # noqa: A002
    """Takes a submission back (회수); the document is a draft again, and writing goes on."""
    document = str(id)
    try:
        backend.call("approval", "withdraw", {"document": document, "reason": request.form.get("reason", "")})
    except Problem as problem:
        return _refused(document, problem)
    flash(gettext("회수했습니다. 고쳐서 다시 상신할 수 있습니다."))
    return redirect(f"/documents/{id}", 303)


def _to_writing(document: str) -> Response:
    """Leads to the page where a draft is written; a live part that follows (htmx) takes the whole page there."""
    place = f"/write/{document}"
    return Response(headers={"HX-Redirect": place}) if is_fragment() else redirect(place)


def _refused(document: str, problem: Problem) -> Answer:
    """The card once more, with why nothing was done. Raises what the reader cannot know of or mend."""
    if problem.status not in (409, 422, 503):
        raise problem
    # Whether it was done before the answer was lost is not known: the same key makes the next press safe.
    key = request.form.get("idempotency_key") if problem.status == 503 else None
    page = _page(cards.whole(document), refused=problem, opinion=request.form.get("opinion", ""), key=key)
    return page, problem.status


def _page(
    found: Card, *, decided: bool = False, refused: Problem | None = None, opinion: str = "", key: str | None = None
) -> str:
    """The page of a card."""
    who, steps = principal(), routes.drawn(found, found["route"])
    waiting: dict[str, Call] = {"waiting": ("approval", "box", {"box": "received", "sort": "at", "limit": 2})}
    return show(
        "documents/card.html",
        also=waiting if decided else {},
        card=found,
        id=found["id"],
        route=found["route"],
        steps=steps,
        active=routes.active(steps),
        signers=routes.signers(steps),
        seen=routes.mark(found["route"]),
        consequence=routes.consequence(steps, who.person),
        history=history(found),
        returned=last_return(found),
        involved=is_involved(found, steps),
        decided=decided,
        refused=refused,
        opinion=opinion,
        key=key or new_id(),
    )


def last_return(found: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The step that sent a returned document back."""
    if found["state"] != "returned" or not found["route"]:
        return None
    return next((step for step in found["route"]["submissions"][0]["steps"] if step["state"] == "returned"), None)


def is_involved(found: Mapping[str, Any], steps: list[routes.Step]) -> bool:
    """Whether the reader took part, so that earlier versions are theirs to see; the documents service decides."""
    who = principal()
    people = {found["drafter"]["id"], *(step["person"]["id"] for step in steps)}
    return who.person in people or who.has("auditor")
