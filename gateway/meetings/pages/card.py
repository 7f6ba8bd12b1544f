"""One meeting, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from gateway.core import backend, sources, threads
from gateway.core.auth import signed_in
from gateway.core.format import moment
from gateway.core.page import is_fragment, show
from gateway.meetings import asking
from gateway.meetings.pages import writing
from shared.contracts.common import TITLE_LIMIT
from shared.errors import Problem
from shared.ids import new_id

bp = Blueprint("meeting_card", __name__, url_prefix="/meetings")

Answer = str | tuple[str, int] | Response
Form = MultiDict[str, str]
# The one act that comes first for who may do it.
_FIRST = ("conclude", "review", "ask_confirmation", "write")
_REFUSED = (403, 404, 409, 412, 422, 503)


@bp.get("/<uuid:id>")
@signed_in
def card(id: UUID) -> Answer:  # noqa: A002
    """The meeting."""
    return _page(str(id))


def _page(id_: str, refused: Problem | None = None) -> str:
    # What the reader may do decides what is asked first: the meeting itself comes before its page.
    found = backend.call("meetings", "card", {"id": id_}, idempotent=False)
    return show(
        "meetings/_card.html" if is_fragment() else "meetings/card.html",
        also={"thread": ("meetings", "thread", {"id": id_, "limit": 50})},
        card=found,
        first=first(found),
        mine=next((each for each in found["people"] if each["person"]["id"] == backend.context().person), None),
        refused=refused,
        key=request.form.get("idempotency_key") if refused and refused.status == 503 else new_id(),
        limit=backend.backend().settings.attachment_limit,
        typed=request.form if refused else {},
    )


def first(card: dict[str, Any]) -> str | None:
    """What comes first of what the reader may do: to begin it only near its time, to send round what is written."""
    starts = moment(card["starts_at"])
    if "open" in card["may"]:
        return "open" if starts and starts - datetime.now(UTC) < timedelta(hours=1) else None
    found = [act for act in _FIRST if act in card["may"]]
    if not card["minutes"]["version"] and "write" in found:
        return "write"
    return next(iter(found), None)


def _picked(form: Form, *names: str) -> dict[str, Any]:
    return {name: form[name] for name in names if form.get(name)}


def _attendance(form: Form) -> dict[str, Any]:
    there = set(form.getlist("present"))
    marks = {kind: [{"person": id_, "present": id_ in there} for id_ in form.getlist(kind)] for kind in _MARKED}
    return {kind: found for kind, found in marks.items() if found}


_MARKED = ("people", "guests")
_ACTS: dict[str, tuple[str, Callable[[Form], dict[str, Any]]]] = {
    "answers": ("answer", lambda form: _picked(form, "answer", "word", "scope", "substitute")),
    "acts": ("act", lambda form: _picked(form, "act", "reason", "scope") | writing.moment_of(form, "due")),
    "attendance": ("attend", _attendance),
    "papers": ("ready", lambda form: _picked(form, "item")),
    "decisions": ("decide", lambda form: _picked(form, "decision", "item", "text")),
    "actions": ("add_action", lambda form: _picked(form, "action", "item", "title", "person", "due")),
    "votes": ("open_vote", lambda form: _picked(form, "item", "question") | {"secret": "secret" in form}),
    "ballots": ("cast", lambda form: _picked(form, "vote", "choice")),
    "closings": ("close_vote", lambda form: _picked(form, "vote")),
    "timer": ("time_item", lambda form: _picked(form, "item") | {"running": form.get("running") == "yes"}),
    "reviews": ("review", lambda form: _picked(form, "note") | {"agree": form.get("agree") == "yes"}),
}


@bp.post("/<uuid:id>/<any(" + ", ".join(_ACTS) + "):what>")
@signed_in
def act(id: UUID, what: str) -> Answer:  # noqa: A002
    """Something done with it; a refusal shows it as it is now, with why."""
    method, data = _ACTS[what]
    told = {"id": str(id), **data(request.form)}
    # Of a ballot nothing is kept under a key, not even its digest: it would say what somebody has voted.
    kept = what != "ballots"
    return _done(
        str(id), lambda: backend.call("meetings", method, told, idempotent=kept), done_words(what, request.form)
    )


@bp.post("/<uuid:id>/requests")
@signed_in
def ask(id: UUID) -> Answer:  # noqa: A002
    """Makes a request of an action item."""
    action = request.form.get("action", "")
    return _done(str(id), lambda: asking.ask(str(id), action), gettext("업무요청으로 보냈습니다."))


@bp.post("/<uuid:id>/document")
@signed_in
def document(id: UUID) -> Response:  # noqa: A002
    """A draft of an official document with the minutes, and the meeting's files."""
    meeting = str(id)
    quoted = backend.call("meetings", "quote", {"id": meeting}, idempotent=False)
    title = gettext("%(title)s 회의록", title=quoted["title"])[:TITLE_LIMIT]
    begun = {"title": title, "body": quoted["body"], "sources": [{"noun": "meetings", "subject": meeting}]}
    made = backend.call("documents", "create_draft", begun)
    if sources.bring_files(f"meetings:{meeting}", [file["id"] for file in quoted["files"]], "documents", made["id"]):
        flash(gettext("가져오지 못한 첨부가 있습니다. 직접 추가해 주세요."), "error")
    return redirect(f"/write/{made['id']}", 303)


@bp.post("/<uuid:id>/comments")
@signed_in
def comment(id: UUID) -> Answer:  # noqa: A002
    """Something said under it."""
    data = {"id": str(id), **threads.posted(request.form)}
    return _done(str(id), lambda: backend.call("meetings", "comment", data), gettext("의견을 등록했습니다."))


threads.pages(bp, service="meetings", noun="meetings")


def done_words(what: str, form: Form) -> str:
    """What was brought about."""
    if what == "answers":
        return gettext("답변했습니다. 회의 전까지 바꿀 수 있습니다.")
    words = {
        "open": gettext("회의를 시작했습니다."),
        "end": gettext("회의를 종료했습니다. 회의록을 작성해 주세요."),
        "cancel": gettext("취소했습니다. 참석 대상자에게 알렸습니다."),
        "ask_confirmation": gettext("회의록 확인을 요청했습니다."),
        "take_back": gettext("회의록을 다시 작성할 수 있습니다."),
        "conclude": gettext("회의록을 확정했습니다."),
    }
    return words.get(form.get("act", ""), gettext("저장했습니다."))


def _done(id_: str, does: Callable[[], Any], words: str) -> Answer:
    try:
        does()
    except Problem as problem:
        if problem.status not in _REFUSED:
            raise
        return _page(id_, problem), problem.status
    flash(words)
    return redirect(f"/meetings/{id_}", 303)


# -- by a picture -----------------------------------------------------------------------------------


@bp.get("/<uuid:id>/attend")
@signed_in
def arrive(id: UUID) -> Answer:  # noqa: A002
    """Where the picture leads: one press says that one is there."""
    return show(
        "meetings/attend.html",
        needs={"card": ("meetings", "card", {"id": str(id)})},
        code=request.args.get("code", ""),
        problem=None,
        key=new_id(),
    )


@bp.post("/<uuid:id>/attend")
@signed_in
def attend(id: UUID) -> Answer:  # noqa: A002
    """Says that one is there, by the code of the picture."""
    code = request.form.get("code", "")
    try:
        backend.call("meetings", "attend", {"id": str(id), "code": code or "-"})
    except Problem as problem:
        if problem.status not in (403, 409, 422, 503):
            raise
        needs = {"card": ("meetings", "card", {"id": str(id)})}
        return show("meetings/attend.html", needs=needs, code=code, problem=problem, key=new_id()), problem.status
    flash(gettext("출석을 확인했습니다."))
    return redirect(f"/meetings/{id}", 303)
