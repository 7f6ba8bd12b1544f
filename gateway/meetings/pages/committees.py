"""Committees: who is a member until when, and the register of their meetings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from gateway.core import backend, xlsx
from gateway.core.auth import signed_in
from gateway.core.format import SEOUL, moment
from gateway.core.page import show
from gateway.meetings import words
from shared.errors import Problem
from shared.ids import new_id

bp = Blueprint("committees", __name__, url_prefix="/committees")

Answer = str | tuple[str, int] | Response
Doc = dict[str, Any]
_REFUSED = (403, 412, 422, 503)
_MOST = 100


@bp.get("")
@signed_in
def committees() -> str:
    """Every committee of the organisation."""
    return show("meetings/committees.html", also={"page": ("meetings", "committees", {"limit": _MOST})})


@bp.get("/new")
@signed_in
def new() -> str:
    """A committee to be founded."""
    form = {"name": "", "purpose": "", "quorum": "majority", "closed": False, "agenda": [], "members": []}
    return _form(form, {}, None)


@bp.get("/<uuid:id>")
@signed_in
def committee(id: UUID) -> str:  # noqa: A002
    """A committee with the register of a year."""
    year = request.args.get("year", type=int) or datetime.now(SEOUL).year
    return show(
        "meetings/committee.html",
        needs={"found": ("meetings", "committee", {"id": str(id)})},
        also={"register": ("meetings", "register", {"id": str(id), "year": year, "limit": _MOST})},
        year=year,
    )


@bp.get("/<uuid:id>/edit")
@signed_in
def edit(id: UUID) -> Answer:  # noqa: A002
    """A committee, to be changed by who runs it."""
    found = backend.call("meetings", "committee", {"id": str(id)})
    if not found["may_change"]:
        return redirect(f"/committees/{id}")
    return _form(found, {}, found)


def _form(form: Doc, errors: Doc, found: Doc | None, problem: Problem | None = None) -> str:
    values: Doc = {"form": form, "errors": errors, "found": found, "problem": problem, "key": new_id()}
    return show("meetings/committee_form.html", today=f"{datetime.now(SEOUL):%Y-%m-%d}", **values)


@bp.post("")
@signed_in
def found_one() -> Answer:
    """Founds it; a refusal shows the form with what was typed."""
    return _save(None)


@bp.post("/<uuid:id>/edit")
@signed_in
def save(id: UUID) -> Answer:  # noqa: A002
    """Keeps the change; a refusal shows the form with what was typed."""
    return _save(backend.call("meetings", "committee", {"id": str(id)}, idempotent=False))


def _save(found: Doc | None) -> Answer:
    data = posted()
    if found:
        data |= {"id": found["id"], "version": request.form.get("version", 0, type=int)}
    try:
        saved = backend.call("meetings", "save_committee", data)
    except Problem as problem:
        if problem.status not in _REFUSED:
            raise
        errors = {name.partition(".")[0]: code for name, code in problem.fields.items()}
        shown = {**data, "members": _named(data["members"])}
        return _form(shown, errors, found, problem), problem.status
    flash(gettext("저장했습니다."))
    return redirect(f"/committees/{saved['id']}", 303)


def posted() -> Doc:
    """The form, as the service takes it: who is left out is a member no longer."""
    form = request.form
    members = [
        {
            "person": form.get(f"person_{n}", ""),
            "role": form.get(f"role_{n}", "member"),
            "from": form.get(f"from_{n}", ""),
            "until": form.get(f"until_{n}") or None,
        }
        for n in form.getlist("member")
        if form.get(f"person_{n}")
    ]
    needed = form.get("needed", "").strip()
    return {
        "name": form.get("name", ""),
        "purpose": form.get("purpose", ""),
        "quorum": needed if form.get("quorum") == "number" else "majority",
        "closed": "closed" in form,
        "agenda": [line.strip() for line in form.get("agenda", "").splitlines() if line.strip()],
        "members": members,
    }


def _named(members: list[Doc]) -> list[Doc]:
    """Members of a refused form, with their names."""
    ids = [each["person"] for each in members]
    known = backend.call("directory", "people_by_ids", {"ids": ids}, idempotent=False) if ids else {}
    return [{**each, "person": known[each["person"]]} for each in members if each["person"] in known]


@bp.get("/<uuid:id>/<int(min=1990, max=2100):year>.xlsx")
@signed_in
def export(id: UUID, year: int) -> Response:  # noqa: A002
    """The register of a year as a file."""
    found = backend.call("meetings", "committee", {"id": str(id)})
    head = [gettext("번호"), gettext("제목"), gettext("일시"), gettext("장소"), gettext("상태"), gettext("주최")]
    title = f"{found['name']} {year}"
    return xlsx.answer(f"{title}.xlsx", xlsx.Sheet(gettext("회의 등록대장"), head, _cells(str(id), year)))


def _cells(id_: str, year: int) -> Iterator[list[xlsx.Cell]]:
    asked: Doc = {"id": id_, "year": year, "limit": _MOST}
    while True:
        page = backend.call("meetings", "register", asked, idempotent=False)
        for row in page["items"]:
            state = words.meeting_state(row["state"])
            starts = moment(row["starts_at"])
            yield [row["number"], row["title"], starts, row["place"], state, row["organiser"]["name"]]
        if page["next"] is None:
            return
        asked["cursor"] = page["next"]
