"""The executives' day on one sheet (간부 일정), with where they are; and who reads and enters it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from gateway.core import backend, receivers
from gateway.core.auth import principal, signed_in
from gateway.core.page import ask, is_fragment, local_path, show
from gateway.schedule.pages.calendar import asked_day, worded
from gateway.schedule.words import refused as words
from gateway.schedule.words import times
from shared.contracts.schedule import PRESENCES
from shared.errors import Problem

bp = Blueprint("schedule_executives", __name__, url_prefix="/schedule")

Answer = str | tuple[str, int] | Response
# The parts of a day, by the hour after which the next one begins.
PARTS = (("morning", 12), ("afternoon", 18), ("evening", 24))


@bp.get("/executives")
@signed_in
def sheet() -> str:
    """Their day, to look at and to print on one page."""
    day = asked_day()
    found = backend.call("schedule", "executives", {})["items"]
    people = [each["person"]["id"] for each in found]
    asked = {"from": day.isoformat(), "to": (day + timedelta(days=1)).isoformat(), "people": people}
    window = ask(also={"window": ("schedule", "entries", asked)})["window"] if people else {"items": [], "days": []}
    return show(
        "schedule/_sheet.html" if is_fragment() else "schedule/executives.html",
        executives=found,
        window=window,
        parts=parted(window["items"], people) if window else None,
        part_names={"morning": gettext("오전"), "afternoon": gettext("오후"), "evening": gettext("저녁")},
        may_set={each["person"]["id"] for each in found if _enters(each)},
        day=day,
        today=times.today(),
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        now=datetime.now(UTC),
        presences=PRESENCES,
        worded=worded,
        administers="tenant_admin" in principal().roles,
    )


def _enters(executive: dict[str, Any]) -> bool:
    """Whether the reader says where they are: themselves, or who enters for them."""
    return executive["person"]["id"] == principal().person or executive["access"] in ("write", "own")


def parted(lines: list[dict[str, Any]], people: list[str]) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """What each has in each part of the day; what takes all day or began before it is in the first."""
    found: dict[str, dict[str, list[dict[str, Any]]]] = {person: {name: [] for name, _ in PARTS} for person in people}
    for line in lines:
        if line["person"] in found:
            found[line["person"]][_part(line)].append(line)
    return found


def _part(line: dict[str, Any]) -> str:
    start = times.local(line["starts_at"])
    hour = start.hour if isinstance(start, datetime) else 0
    return next(name for name, before in PARTS if hour < before)


@bp.post("/executives/presence")
@signed_in
def set_presence() -> Response:
    """Says where the reader is, or an executive by who enters for them."""
    form = request.form
    told: dict[str, Any] = {"status": form.get("status") or None}
    told |= {"person": form["person"]} if form.get("person") else {}
    try:
        backend.call("schedule", "set_presence", told)
        flash(gettext("재실 상태를 변경했습니다."))
    except Problem as problem:
        if problem.status not in (403, 404, 422):
            raise
        flash(words.refusal_words(problem), "error")
    return redirect(local_path(form.get("back"), "/schedule/executives"), 303)


# -- for administrators -----------------------------------------------------------------------------


@bp.get("/executives/settings")
@signed_in
def settings() -> str:
    """Whose day is on the sheet."""
    return _settings()


def _settings(problem: str = "", opened: str = "", errors: Any = None) -> str:
    return show(
        "schedule/executive_settings.html",
        needs={"executives": ("schedule", "executives", {})},
        chosen=_chosen,
        problem=problem,
        opened=opened,
        errors=errors or {},
    )


def _chosen(principals: list[str]) -> list[dict[str, Any]]:
    """Readers as a picker begins with them; without anybody where everybody reads."""
    named = [each for each in principals if each != "organisation"]
    return receivers.chosen(named) if named else []


@bp.post("/executives/settings")
@signed_in
def save() -> Answer:
    """Adds an executive, or changes who reads and enters their day, or takes them off the sheet."""
    form = request.form
    viewers = [each for each in form.getlist("viewers") if each.partition(":")[0] in ("person", "department")]
    told: dict[str, Any] = {"person": form.get("person", ""), "place": form.get("place", 0, type=int)}
    told |= {"viewers": viewers or ["organisation"], "writers": form.getlist("writers")}
    told |= {"removed": form.get("removed") == "yes"}
    try:
        backend.call("schedule", "save_executive", told)
    except Problem as problem:
        if problem.status not in (404, 409, 422):
            raise
        return _settings(words.refusal_words(problem), told["person"], problem.fields), problem.status
    flash(gettext("저장했습니다."))
    return redirect("/schedule/executives/settings", 303)


@bp.get("/executives/<uuid:id>")
@signed_in
def one(id: UUID) -> Response:  # noqa: A002
    """An executive's own day, beside the reader's."""
    return redirect(f"/schedule/team?people={id}")
