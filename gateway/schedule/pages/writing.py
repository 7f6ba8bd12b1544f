"""Entering something and changing it: a short form first; what stands against it is said while one types."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from gateway.core import backend, sources
from gateway.core.auth import signed_in
from gateway.core.page import Call, local_path, show
from gateway.schedule import forms
from gateway.schedule.words import refused as words
from shared.contracts.schedule import KINDS, SCOPES, SHOWN_AS, VISIBILITIES
from shared.errors import Problem
from shared.ids import new_id

bp = Blueprint("schedule_writing", __name__, url_prefix="/schedule")

Answer = str | tuple[str, int] | Response
_SHOWN_AGAIN = (403, 404, 409, 412, 422, 503)


@bp.get("/new")
@signed_in
def new() -> str:
    """A new entry: at a time of the address, or from something else (`from=<noun>:<id>`)."""
    args = request.args.to_dict()
    form, source = forms.fresh(args), None
    form["people"] = request.args.getlist("people")
    if args.get("from"):
        source = sources.quoted(args["from"])
        form |= {"title": form["title"] or source["title"], "source": args["from"]}
    return _page(form, {}, source=source)


def _page(form: dict[str, Any], errors: dict[str, Any], **values: Any) -> str:
    also: dict[str, Call] = {
        "calendars": ("schedule", "calendars", {}),
        "rooms": ("schedule", "rooms", {}),
    }
    people = [*form["people"], *([form["deputy"]] if form.get("deputy") else [])]
    if people:
        also["named"] = ("directory", "people_by_ids", {"ids": people})
    given = {"entry": None, "source": None, "problem": None, "rid": "", "scope": ""} | values
    return show(
        "schedule/write.html",
        also=also,
        form=form,
        errors=flat(errors),
        kinds=KINDS,
        visibilities=VISIBILITIES,
        shares=SHOWN_AS,
        reminders=sorted({*forms.REMINDERS, *form["reminders"]}),
        key=request.form.get("idempotency_key") or new_id(),
        back=local_path(request.values.get("back"), ""),
        limit=backend.backend().settings.attachment_limit,
        **given,
    )


def flat(fields: dict[str, Any]) -> dict[str, Any]:
    """Codes by the names of the form's fields: of `absence.deputy` the last part, of `people.0` the first."""
    found: dict[str, Any] = {}
    for path, code in fields.items():
        name = path.partition(".")[2] if path.startswith("absence.") else path.partition(".")[0]
        found.setdefault(name, code)
    return found


@bp.post("")
@signed_in
def create() -> Answer:
    """Enters it; a refusal shows the form with what was typed."""
    typed = forms.typed(request.form)
    data = forms.data(typed)
    if typed.get("calendar"):
        data["calendar"] = typed["calendar"]
    if typed.get("room"):
        data |= {"room": typed["room"], "skip": request.form.get("skip") == "yes"}
    noun, _, subject = typed.get("source", "").partition(":")
    if subject:
        data["source"] = {"noun": noun, "subject": subject}
    try:
        made = backend.call("schedule", "create", data)
    except Problem as problem:
        return _again(problem, typed, source=sources.quoted(typed["source"]) if subject else None)
    flash(_made_words(made))
    # The page's script sends files after it, which need to know where to.
    if request.accept_mimetypes.best == "application/json":
        return jsonify(id=made["id"])
    return redirect(local_path(request.form.get("back"), f"/schedule/{made['id']}"), 303)


def _made_words(made: dict[str, Any]) -> str:
    booking = made.get("booking") or {}
    if booking.get("skipped"):
        return gettext("등록했습니다. 회의실은 %(n)d건을 제외하고 예약했습니다.", n=len(booking["skipped"]))
    if booking.get("state") == "asked":
        return gettext("등록했습니다. 회의실은 승인을 기다립니다.")
    return gettext("일정을 등록했습니다.")


def _again(problem: Problem, typed: dict[str, Any], **values: Any) -> Answer:
    if problem.status not in _SHOWN_AGAIN:
        raise problem
    page = _page(typed, problem.fields, problem=problem, said=words.refusal_words(problem), **values)
    return page, problem.status


@bp.get("/<uuid:id>/edit")
@signed_in
def edit(id: UUID) -> Answer:  # noqa: A002
    """An entry, to be changed; one of a series by `rid`."""
    rid = request.args.get("rid", "")
    entry = _entry(str(id), rid)
    if "change" not in entry["may"]:
        return redirect(_card(str(id), rid))
    scope = "this" if rid and entry["recurring"] else "all"
    return _page(forms.shown(entry), {}, entry=entry, rid=rid, scope=scope)


@bp.post("/<uuid:id>/edit")
@signed_in
def change(id: UUID) -> Answer:  # noqa: A002
    """Keeps what differs; a refusal shows the form with what was typed."""
    rid, scope = request.form.get("rid", ""), request.form.get("scope", "all")
    scope = scope if scope in SCOPES else "all"
    entry, typed = _entry(str(id), rid), forms.typed(request.form)
    told: dict[str, Any] = {"id": str(id), "scope": scope, **forms.changed(typed, entry, scope)}
    if scope == "all" and rid:
        told = forms.of_series(told, entry, _entry(str(id), ""))
    elif rid:
        told["rid"] = rid
    if typed.get("calendar") and typed["calendar"] != entry["calendar"]:
        told["calendar"] = typed["calendar"]
    if str(typed.get("version", "")).isdecimal():
        told["version"] = int(typed["version"])
    try:
        done = backend.call("schedule", "change", told)
    except Problem as problem:
        return _again(problem, typed, entry=entry, rid=rid, scope=scope)
    flash(gettext("변경했습니다."))
    return redirect(local_path(request.form.get("back"), f"/schedule/{done['also'] or done['id']}"), 303)


def _entry(id_: str, rid: str) -> dict[str, Any]:
    found: dict[str, Any] = backend.call("schedule", "entry", {"id": id_, **({"rid": rid} if rid else {})})
    return found


def _card(id_: str, rid: str) -> str:
    return f"/schedule/{id_}?{urlencode({'rid': rid})}" if rid else f"/schedule/{id_}"


# -- while one types --------------------------------------------------------------------------------


@bp.get("/preview")
@signed_in
def preview() -> str:
    """What the form comes to, in words: the next dates, who or what is taken, holidays, what would be refused."""
    form = forms.typed(request.args)
    asked = forms.spans(form) | {"people": form["people"]}
    asked |= {name: form[name] for name in ("room", "entry") if form.get(name)}
    try:
        found, problem = backend.call("schedule", "preview", asked), None
    except Problem as refused:
        if refused.status != 422:
            raise
        found, problem = None, refused
    return render_template("schedule/_preview.html", found=found, problem=problem, asked=asked)


@bp.get("/free")
@signed_in
def free() -> str:
    """Three times at which everybody is free, as buttons; a page of any noun may ask for them."""
    args = request.args
    people = [each for given in args.getlist("people") for each in given.split(",") if each]
    if not people:
        return render_template("schedule/_free.html", found=None, people=[], minutes=0, named={})
    length = args.get("minutes", type=int) or forms.minutes(forms.typed(args))
    asked: dict[str, Any] = {"people": people, "minutes": length}
    asked |= {"from": day} if (day := args.get("day") or args.get("start_day", "")) else {}
    asked |= {"room": args["room"]} if args.get("room") else {}
    found = backend.call("schedule", "free", asked)
    standing = [*found["busiest"], *(each for item in found["items"] for each in item["tentative"])]
    named = backend.call("directory", "people_by_ids", {"ids": standing}) if standing else {}
    return render_template("schedule/_free.html", found=found, people=people, minutes=length, named=named)
