"""One request, and what is done with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from gateway.core import backend, threads
from gateway.core.auth import signed_in
from gateway.core.page import Call, is_fragment, show
from gateway.requests.pages import writing
from shared.errors import Problem
from shared.ids import new_id

bp = Blueprint("request_card", __name__, url_prefix="/requests")

Answer = str | tuple[str, int] | Response
# The one act that comes first for who may do it.
_FIRST = ("close", "answer_extension", "confirm", "assign", "accept", "hand_in", "reassign")


@bp.get("/<uuid:id>")
@signed_in
def card(id: UUID) -> Answer:  # noqa: A002
    """The request."""
    return _page(str(id))


def _page(id_: str, refused: Problem | None = None) -> str:
    also: dict[str, Call] = {
        "thread": ("requests", "thread", {"id": id_, "limit": 50}),
        "tree": ("requests", "tree", {"id": id_}),
    }
    # What the reader may do decides what is asked first: the request itself comes before its page.
    found = backend.call("requests", "card", {"id": id_})
    template = "requests/_card.html" if is_fragment() else "requests/card.html"
    return show(
        template,
        also=also,
        card=found,
        first=next((act for act in _FIRST if act in found["may"]), None),
        refused=refused,
        key=request.form.get("idempotency_key") if refused and refused.status == 503 else new_id(),
        limit=backend.backend().settings.attachment_limit,
        typed=request.form if refused else {},
    )


@bp.post("/<uuid:id>/acts")
@signed_in
def act(id: UUID) -> Answer:  # noqa: A002
    """Moves the request; a refusal shows it as it is now, with why."""
    form = request.form
    data: dict[str, Any] = {"id": str(id), "act": form.get("act", "")}
    data |= {name: form[name] for name in ("reason", "text") if form.get(name)}
    data |= {name: int(form[name]) for name in ("percent", "part") if form.get(name, "").isdecimal()}
    if form.get("due_date"):
        data |= writing.chosen("date", form["due_date"], form.get("due_hour", ""))
    if data["act"] == "answer_extension":
        data["granted"] = form.get("granted") == "yes"
    if form.get("to"):
        kind, _, to = form["to"].rpartition(":")
        data["to"] = {kind or "person": to}
    return _done(str(id), "act", data, done_words(data))


def done_words(data: dict[str, Any]) -> str:
    """What an act has brought about."""
    words = {
        "accept": gettext("접수했습니다."),
        "decline": gettext("반려했습니다. 사유가 요청자에게 전달되었습니다."),
        "progress": gettext("진행 상황을 보고했습니다."),
        "hand_in": gettext("결과를 제출했습니다."),
        "close": gettext("완료로 처리했습니다."),
        "send_back": gettext("보완을 요청했습니다."),
        "extend": gettext("기한 연장을 요청했습니다."),
        "answer_extension": gettext("기한 연장에 답변했습니다."),
        "withdraw": gettext("철회했습니다."),
        "confirm": gettext("지시 내용을 확인했습니다."),
    }
    return words.get(data["act"], gettext("담당자를 변경했습니다."))


def _done(id_: str, method: str, data: dict[str, Any], words: str) -> Answer:
    try:
        backend.call("requests", method, data)
    except Problem as problem:
        if problem.status not in (403, 409, 412, 422, 503):
            raise
        return _page(id_, problem), problem.status
    flash(words)
    return redirect(f"/requests/{id_}", 303)


@bp.get("/<uuid:id>/edit")
@signed_in
def edit(id: UUID) -> Answer:  # noqa: A002
    """What is asked, to be changed by who has asked."""
    found = backend.call("requests", "card", {"id": str(id)})
    if "change" not in found["may"]:
        return redirect(f"/requests/{id}")
    return show("requests/edit.html", card=found, form=found, errors={}, problem=None, key=new_id())


@bp.post("/<uuid:id>/edit")
@signed_in
def change(id: UUID) -> Answer:  # noqa: A002
    """Keeps the change; a refusal shows the form with what was typed."""
    form = request.form
    data: dict[str, Any] = {"id": str(id), "version": form.get("version", 0, type=int), "title": form.get("title", "")}
    data |= {"body": form.get("body", ""), "urgency": form.get("urgency", 0, type=int)}
    due = writing.chosen("date", form.get("due_date", ""), form.get("due_hour", "")).get("due")
    # A date that is past stays where nobody touched it.
    if form.get("due_date", "") + (f"T{form['due_hour']}" if form.get("due_hour") else "") != form.get("due_seen"):
        data["due"] = due
    if form.get("waits_for", "") != form.get("waits_seen", ""):
        data["waits_for"] = form.get("waits_for") or None
    try:
        backend.call("requests", "change", data)
    except Problem as problem:
        if problem.status not in (403, 409, 412, 422, 503):
            raise
        found = backend.call("requests", "card", {"id": str(id)})
        typed = {**found, "title": data["title"], "body": data["body"], "urgency": data["urgency"]}
        page = show("requests/edit.html", card=found, form=typed, errors=problem.fields, problem=problem, key=new_id())
        return page, problem.status
    flash(gettext("변경했습니다."))
    return redirect(f"/requests/{id}", 303)


@bp.post("/<uuid:id>/comments")
@signed_in
def comment(id: UUID) -> Answer:  # noqa: A002
    """Something said under it."""
    data = {"id": str(id), **threads.posted(request.form)}
    return _done(str(id), "comment", data, gettext("의견을 등록했습니다."))


threads.pages(bp, service="requests", noun="requests")


@bp.post("/<uuid:id>/series/stop")
@signed_in
def stop(id: UUID) -> Answer:  # noqa: A002
    """Nothing more is made of a recurring instruction."""
    data = {"id": request.form.get("series", "")}
    return _done(str(id), "stop_series", data, gettext("반복을 중지했습니다."))
