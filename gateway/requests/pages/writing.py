"""Writing a request: one line and a date; how the date was counted is said while one chooses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from gateway.core import backend, sources
from gateway.core.auth import signed_in
from gateway.core.format import SEOUL
from gateway.core.page import Call, show
from gateway.requests import words
from shared.errors import Problem
from shared.ids import new_id
from shared.receivers import KINDS, by_kind

bp = Blueprint("request_writing", __name__, url_prefix="/requests")

Answer = str | tuple[str, int] | Response
# What may be chosen at once: so many working days.
DAYS = (1, 3, 5)


def reckoned(**asked: Any) -> dict[str, Any]:
    """How a due day is counted by the organisation's calendar."""
    found: dict[str, Any] = backend.call("requests", "reckon", asked)
    return found


@bp.get("/new")
@signed_in
def new() -> str:
    """A new request: empty, from something else (`from=<noun>:<id>`), or within another request (`parent=<id>`)."""
    args = request.args
    form: dict[str, Any] = {"kind": args.get("kind", "request"), "due": "3", "assignees": args.getlist("to")}
    named_source, source = args.get("from", ""), None
    if named_source:
        source = sources.quoted(named_source)
        form |= {"title": source["title"], "source": named_source}
    form["parent"] = args.get("parent", "")
    return _page(form, {}, source=source)


def _page(form: dict[str, Any], errors: dict[str, Any], *, source: Any = None, problem: Any = None) -> str:
    parent = backend.call("requests", "card", {"id": form["parent"]}) if form.get("parent") else None
    also: dict[str, Call] = {}
    if form["assignees"]:
        also["chosen"] = ("directory", "expand", named(form["assignees"]))
    if form.get("waits_for"):
        also["waits_for"] = ("requests", "card", {"id": form["waits_for"]})
    return show(
        "requests/write.html",
        also=also,
        form=form,
        errors=errors,
        source=source,
        problem=problem,
        parent=parent,
        recurrences=words.recurrences(),
        days=[(str(n), reckoned(days=n)["due"]) for n in DAYS],
        today=datetime.now(UTC).astimezone(SEOUL).date(),
        key=request.form.get("idempotency_key") or new_id(),
        limit=backend.backend().settings.attachment_limit,
    )


def named(principals: list[str]) -> dict[str, list[str]]:
    """What the form names (`person:<id>`, …), as the directory takes it."""
    return by_kind(each for each in principals if each.partition(":")[0] in KINDS)


@bp.get("/reckon")
@signed_in
def reckon() -> str:
    """How the date of the form is counted, in words; nothing where it is none."""
    try:
        due = chosen(request.args.get("due", ""), request.args.get("due_date", ""), request.args.get("due_hour", ""))
        asked = {"days": due["days"]} if "days" in due else {"due": str(due.get("due", ""))[:10]}
        found = reckoned(**asked) if any(asked.values()) or "days" in due else None
        problem = None
    except Problem as refused:
        if refused.status != 422:
            raise
        found, problem = None, refused
    return render_template("requests/_reckoned.html", found=found, problem=problem)


def chosen(due: str, day: str, hour: str) -> dict[str, Any]:
    """The date of the form, as the service takes it: so many working days, a day, a day with an hour, or none."""
    if due.isdecimal():
        return {"days": int(due)} if due != "0" else {"due": _today().isoformat()}
    if due == "tomorrow":
        return {"due": (_today() + timedelta(days=1)).isoformat()}
    if due != "date" or not day:
        return {}
    return {"due": f"{day}T{hour}:00+09:00" if hour else day}


def _today() -> date:
    return datetime.now(UTC).astimezone(SEOUL).date()


@bp.post("")
@signed_in
def create() -> Answer:
    """Asks; a refusal shows the form with what was typed."""
    form = request.form
    typed: dict[str, Any] = {name: form.get(name, "") for name in form}
    typed |= {name: form.getlist(name) for name in ("assignees", "source_files")}
    data = _data(typed)
    try:
        made = backend.call("requests", "create", data)
    except Problem as problem:
        if problem.status not in (403, 409, 422, 503):
            raise
        source = sources.quoted(typed["source"]) if typed.get("source") else None
        return _page(typed, flat(problem.fields), source=source, problem=problem), problem.status
    if sources.bring_files(typed.get("source", ""), typed["source_files"], "requests", made["id"]):
        flash(gettext("가져오지 못한 첨부가 있습니다. 직접 추가해 주세요."), "error")
    day_off = next((warning for warning in made["warnings"] if warning["code"] == "day_off"), None)
    if day_off:
        flash(gettext("요청했습니다. 기한이 쉬는 날(%(name)s)입니다.", name=day_off["name"] or gettext("주말")))
    else:
        flash(gettext("요청했습니다."))
    # The page's script sends files after it, which need to know where to.
    if request.accept_mimetypes.best == "application/json":
        return jsonify(id=made["id"])
    return redirect(f"/requests/{made['id']}", 303)


def _data(typed: dict[str, Any]) -> dict[str, Any]:
    """What the form says, as the service takes it."""
    data: dict[str, Any] = {
        "kind": typed.get("kind", "request"),
        "title": typed.get("title", ""),
        "body": typed.get("body", ""),
        "urgency": int(typed["urgency"]) if typed.get("urgency", "").isdecimal() else 0,
        "pool": typed.get("pool") == "yes",
        "assignees": [{kind: id_} for kind, _, id_ in (p.partition(":") for p in typed["assignees"]) if kind in KINDS],
    }
    noun, _, subject = typed.get("source", "").partition(":")
    if subject:
        data["sources"] = [{"noun": noun, "subject": subject}]
    if typed.get("waits_for"):
        data["waits_for"] = typed["waits_for"]
    if typed.get("parent"):
        data["parent"] = typed["parent"]
        data["weight"] = int(typed["weight"]) if typed.get("weight", "").isdecimal() else 1
    if typed.get("asker"):
        data["asker"] = typed["asker"]
    if typed.get("every") and typed.get("until"):
        every, _, weekday = typed["every"].partition(":")
        on = weekday or typed.get("on", "")
        data["recurs"] = {"every": every, "on": int(on) if on.lstrip("-").isdecimal() else 0}
        data["recurs"]["until"] = typed["until"]
    else:
        data |= chosen(typed.get("due", ""), typed.get("due_date", ""), typed.get("due_hour", ""))
    return data


def flat(fields: dict[str, Any]) -> dict[str, Any]:
    """Codes by the names of the form's fields: of `assignees.0.person` the first part, of `recurs.until` the last."""
    found: dict[str, Any] = {}
    for path, code in fields.items():
        name = path.partition(".")[2] if path.startswith("recurs.") else path.partition(".")[0]
        found.setdefault("due" if name == "days" else name, code)
    return found
