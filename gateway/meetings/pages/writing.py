"""Calling and changing a meeting, on one page: who, when, where, about what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from gateway.core import backend, nouns, receivers, sources
from gateway.core.auth import signed_in
from gateway.core.format import SEOUL, moment
from gateway.core.page import Call, show
from shared.errors import Problem
from shared.ids import new_id

bp = Blueprint("meeting_writing", __name__, url_prefix="/meetings")

Answer = str | tuple[str, int] | Response
Doc = dict[str, Any]
Form = MultiDict[str, str]
_REFUSED = (403, 409, 412, 422, 503)
# Minutes that a meeting may last, to choose from.
LENGTHS = (15, 30, 45, 60, 90, 120, 180, 240, 480)
# What recurs, to choose from.
RULES = ("", "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY")


def moment_of(form: Mapping[str, str], name: str) -> Doc:
    """A moment as a field of a form has it (by the clock of Seoul); nothing where it is empty."""
    value = form.get(name, "")
    return {name: f"{value}:00+09:00" if len(value) == 16 else value} if value else {}


@bp.get("/new")
@signed_in
def new() -> str:
    """A new meeting: empty, at a time (`day`, `time`), with somebody (`to`), from something else (`from`)."""
    args = request.args
    now = datetime.now(SEOUL)
    form: Doc = {"day": args.get("day") or f"{now + timedelta(days=1):%Y-%m-%d}", "time": args.get("time") or "10:00"}
    form |= {"minutes": "60", "invite": args.getlist("to"), "committee": args.get("committee", "")}
    form |= {"room": args.get("room", ""), "source": args.get("from", ""), "rows": [{"n": 0}]}
    if form["source"]:
        form["title"] = sources.quoted(form["source"])["title"]
    return _page(form, {})


def _page(form: Doc, errors: Mapping[str, Any], *, problem: Any = None, card: Any = None) -> str:
    also: dict[str, Call] = {"committees": ("meetings", "committees", {"limit": 100})} if card is None else {}
    has_schedule = nouns.noun_of("schedule") is not None
    if has_schedule:
        also["rooms"] = ("schedule", "rooms", {})
    ids = [id_ for id_ in (*form.get("roles", {}).values(), *(row.get("presenter") for row in form["rows"])) if id_]
    if ids:
        also["known"] = ("directory", "people_by_ids", {"ids": ids})
    return show(
        "meetings/write.html",
        also=also,
        form=form,
        errors=errors,
        problem=problem,
        card=card,
        has_schedule=has_schedule,
        chosen=receivers.chosen(form["invite"]) if form["invite"] else [],
        lengths=LENGTHS,
        rules=RULES,
        key=request.form.get("idempotency_key") or new_id(),
    )


@bp.post("")
@signed_in
def create() -> Answer:
    """Calls it; a refusal shows the form with what was typed."""
    try:
        data = _data(request.form)
        if request.form.get("committee"):
            data |= {"kind": "committee", "committee": request.form["committee"]}
            # Without items it has the standing agenda.
            if not data["agenda"]:
                del data["agenda"]
        noun, _, subject = request.form.get("source", "").partition(":")
        if subject:
            data["sources"] = [{"noun": noun, "subject": subject}]
        made = backend.call("meetings", "create", data)
    except Problem as problem:
        return _refused(problem)
    if made["skipped"]:
        flash(gettext("소집했습니다. 회의실을 잡지 못한 날이 %(n)d일 있습니다.", n=len(made["skipped"])), "error")
    elif made["made"] > 1:
        flash(gettext("회의 %(n)d개를 소집했습니다.", n=made["made"]))
    else:
        flash(gettext("소집했습니다. 참석 대상자에게 알렸습니다."))
    return redirect(f"/meetings/{made['id']}", 303)


def _refused(problem: Problem, card: Any = None) -> Answer:
    if problem.status not in _REFUSED:
        raise problem
    errors = {name.partition(".")[0]: code for name, code in problem.fields.items()}
    return _page(typed(request.form), errors, problem=problem, card=card), problem.status


def typed(form: Form) -> Doc:
    """What the form says, to be shown again."""
    rows = [
        {"n": n, "id": form.get(f"agenda_id_{n}", ""), "title": form.get(f"agenda_title_{n}", "")}
        | {"minutes": form.get(f"agenda_minutes_{n}", ""), "presenter": form.get(f"agenda_presenter_{n}", "")}
        for n in form.getlist("agenda")
        if n.isdecimal()
    ]
    roles = {role: form.get(role, "") for role in ("chair", "secretary")}
    return {**form.to_dict(), "invite": form.getlist("invite"), "rows": rows or [{"n": 0}], "roles": roles}


def _data(form: Form) -> Doc:
    """What the form says, as the service takes it. Raises `Invalid`."""
    told = typed(form)
    named = receivers.split(told["invite"], "invite")
    invite: list[Any] = [{"person": id_, "role": role} for role, id_ in told["roles"].items() if id_]
    invite += [id_ for id_ in named["people"] if id_ not in told["roles"].values()]
    data: Doc = {
        "title": form.get("title", ""),
        "place": form.get("place", ""),
        "room": form.get("room") or None,
        "link": form.get("link") or None,
        "purpose": form.get("purpose", ""),
        "invite": invite,
        "invite_departments": named["departments"],
        "invite_groups": named["groups"],
        "agenda": [_item(row) for row in told["rows"] if row.get("title")],
        "guests": list(map(guest, filter(str.strip, form.get("guests", "").splitlines()))),
        "hide_guests": "show_guests" not in form,
        "closed": "closed" in form,
        "closed_until": (form.get("closed_until") or None) if "closed" in form else None,
        "papers_due": moment_of(form, "papers_due").get("papers_due"),
        "skip": "skip" in form,
    }
    data |= period(form)
    if form.get("rule"):
        until = form.get("until", "").replace("-", "")
        data["rule"] = form["rule"] + (f";UNTIL={until}" if until else "")
    return data


def period(form: Mapping[str, str]) -> Doc:
    """From when until when; what is no date goes to the service as it was typed, which names the field."""
    starts = f"{form.get('day', '')}T{form.get('time', '')}:00+09:00"
    try:
        ends = datetime.fromisoformat(starts) + timedelta(minutes=int(form.get("minutes", "")))
    except (ValueError, OverflowError):
        return {"starts_at": starts, "ends_at": starts}
    return {"starts_at": starts, "ends_at": ends.isoformat()}


def _item(row: Doc) -> Doc:
    minutes = int(row["minutes"]) if str(row["minutes"]).isdecimal() else None
    item = {"title": row["title"], "minutes": minutes, "presenter": row["presenter"] or None}
    return item | ({"id": row["id"]} if row["id"] else {})


def guest(line: str) -> Doc:
    """A line of the form: `김하나 <hana@city.example>`, or the address alone."""
    name, _, rest = line.strip().rpartition("<")
    address = rest.removesuffix(">").strip()
    return {"name": name.strip() or address.partition("@")[0], "email": address}


# -- change -----------------------------------------------------------------------------------------


@bp.get("/<uuid:id>/edit")
@signed_in
def edit(id: UUID) -> Answer:  # noqa: A002
    """What the meeting is, to be changed by who leads it."""
    card = backend.call("meetings", "card", {"id": str(id)})
    if "change" not in card["may"]:
        return redirect(f"/meetings/{id}")
    return _page(_shown(card), {}, card=card)


def _shown(card: Doc) -> Doc:
    """The form of a meeting as it is."""
    starts, ends = moment(card["starts_at"]), moment(card["ends_at"])
    if starts is None or ends is None:
        return {}
    local = starts.astimezone(SEOUL)
    rows = [
        {"n": n, "id": item["id"], "title": item["title"], "minutes": item["minutes"] or ""}
        | {"presenter": item["presenter"]["id"] if item["presenter"] else ""}
        for n, item in enumerate(card["agenda"])
    ]
    roles = {each["role"]: each["person"]["id"] for each in card["people"] if each["role"] in ("chair", "secretary")}
    due = moment(card["papers_due"])
    names = ("title", "place", "room", "link", "purpose", "closed", "closed_until")
    return {name: card[name] for name in names} | {
        "day": f"{local:%Y-%m-%d}",
        "time": f"{local:%H:%M}",
        "minutes": str(int((ends - starts).total_seconds() // 60)),
        "invite": [f"person:{p['person']['id']}" for p in card["people"] if p["person"]["id"] not in roles.values()],
        "roles": roles,
        "rows": rows or [{"n": 0}],
        "guests": "\n".join(f"{each['name']} <{each['email']}>" for each in card["guests"]),
        "show_guests": not card["hide_guests"],
        "papers_due": f"{due.astimezone(SEOUL):%Y-%m-%dT%H:%M}" if due else "",
    }


@bp.post("/<uuid:id>/edit")
@signed_in
def change(id: UUID) -> Answer:  # noqa: A002
    """Keeps the change; a refusal shows the form with what was typed."""
    form = request.form
    card = backend.call("meetings", "card", {"id": str(id)}, idempotent=False)
    try:
        data = _data(form) | {"id": str(id), "version": form.get("version", 0, type=int)}
        data["scope"] = form.get("scope", "this")
        data.pop("rule", None)
        backend.call("meetings", "change", data)
    except Problem as problem:
        return _refused(problem, card)
    flash(gettext("변경했습니다."))
    return redirect(f"/meetings/{id}", 303)
