"""One entry, or one of a series: what is known of it, its diary, and what is done with it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from gateway.core import backend, nouns, objects
from gateway.core.auth import signed_in
from gateway.core.page import Call, is_fragment, local_path, show
from gateway.schedule.pages.writing import flat
from gateway.schedule.words import refused as words
from gateway.schedule.words import times
from shared.contracts.schedule import SCOPES
from shared.errors import Problem
from shared.ids import new_id

bp = Blueprint("schedule_card", __name__, url_prefix="/schedule")

Answer = str | tuple[str, int] | Response
# What is made from an entry, in this order, where there is such a noun.
_MAKES = ("meetings", "memo", "requests")


@bp.get("/<uuid:id>")
@signed_in
def card(id: UUID) -> Answer:  # noqa: A002
    """The entry; of a series the one that `rid` names."""
    return _page(str(id), request.args.get("rid", ""))


def _page(id_: str, rid: str, refused: Problem | None = None) -> str:
    found = backend.call("schedule", "entry", {"id": id_, **({"rid": rid} if rid else {})})
    also: dict[str, Call] = {}
    if deputy := (found["absence"] or {}).get("deputy"):
        also["deputies"] = ("directory", "people_by_ids", {"ids": [deputy]})
    return show(
        "schedule/_card.html" if is_fragment() else "schedule/card.html",
        also=also,
        entry=found,
        rid=rid,
        refused=refused,
        said=words.refusal_words(refused) if refused else "",
        errors=flat(refused.fields) if refused else {},
        typed=request.form if refused else {},
        begun=has_begun(found["starts_at"]),
        address=f"/schedule/{id_}" + (f"?{urlencode({'rid': rid})}" if rid else ""),
        made_from=_made_from(),
        origin=_origin(found["source"]),
        key=new_id(),
        limit=backend.backend().settings.attachment_limit,
    )


def _origin(source: dict[str, str] | None) -> dict[str, Any] | None:
    """What has filled the entry, where that has a page."""
    href = objects.url(source) if source else ""
    return {"href": href, "label": objects.label(source)} if source and href else None


def has_begun(starts: str) -> bool:
    """Whether it has begun by now."""
    begins, now = times.local(starts), datetime.now(UTC)
    return begins <= now if isinstance(begins, datetime) else times.today() >= begins


def _made_from() -> list[Any]:
    """What can be made from an entry: a meeting, a memo, a request."""
    creates = {noun.name: noun.creates for noun in nouns.all_nouns()}
    return [creates[name][0] for name in _MAKES if creates.get(name)]


@bp.post("/<uuid:id>/diary")
@signed_in
def diary(id: UUID) -> Answer:  # noqa: A002
    """Keeps what came of it."""
    form, rid = request.form, request.form.get("rid", "")
    told: dict[str, Any] = {"id": str(id), "text": form.get("text", "")} | ({"rid": rid} if rid else {})
    if form.get("progress", "").strip().isdecimal():
        told["progress"] = int(form["progress"])
    return _done(str(id), rid, "write_diary", told, gettext("일지를 저장했습니다."))


@bp.post("/<uuid:id>/remove")
@signed_in
def remove(id: UUID) -> Answer:  # noqa: A002
    """Takes it out; of a series as far as was said."""
    rid, scope = request.form.get("rid", ""), request.form.get("scope", "all")
    told: dict[str, Any] = {"id": str(id), "scope": scope if scope in SCOPES else "all"} | ({"rid": rid} if rid else {})
    day = request.form.get("day", "")
    back = local_path(request.form.get("back"), f"/schedule?date={day}" if day else "/schedule")
    return _done(str(id), rid, "remove", told, gettext("삭제했습니다."), back)


def _done(id_: str, rid: str, method: str, told: dict[str, Any], said: str, to: str = "") -> Answer:
    try:
        backend.call("schedule", method, told)
    except Problem as problem:
        if problem.status not in (403, 409, 412, 422, 503):
            raise
        return _page(id_, rid, problem), problem.status
    flash(said)
    return redirect(to or f"/schedule/{id_}" + (f"?{urlencode({'rid': rid})}" if rid else ""), 303)
