"""Memo reports: lists, one memo, what is done with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from gateway.core import backend, nouns, sources, threads
from gateway.core.auth import signed_in
from gateway.core.format import SEOUL
from gateway.core.page import ask, given, is_fragment, show
from shared.contracts.memo import KINDS
from shared.errors import Problem
from shared.ids import new_id

bp = Blueprint("memo_pages", __name__, url_prefix="/memos")

Answer = str | tuple[str, int] | Response
RECEIVED, OWN = ("inbox", "pinned", "snoozed", "archived"), ("sent", "scheduled", "drafts")
_RECEIPTS = 20


@bp.get("")
@signed_in
def inbox() -> str:
    """What was received."""
    return _list("inbox")


@bp.get("/<any(sent, scheduled, drafts, pinned, snoozed, archived):box>")
@signed_in
def box(box: str) -> str:
    """Another list of the reader's."""
    return _list(box)


def _list(box: str) -> str:
    query = given("q", "kind", "unread", "urgent", "cursor")
    call = ("memo", "box", {**query, "box": box})
    values: dict[str, Any] = {"box": box, "tabs": OWN if box in OWN else RECEIVED, "query": query, "kinds": KINDS}
    values["received"] = RECEIVED
    values["narrowed"] = any(query.get(name) for name in ("q", "kind", "unread", "urgent"))
    if is_fragment():
        template = "memo/_rows.html" if "cursor" in query else "memo/_list.html"
        page = ask(**{"needs" if "cursor" in query else "also": {"page": call}})["page"]
        return render_template(template, page=page, more=_more(box, query, page), **values)
    found = ask(also={"page": call, "counts": ("desk", "counts", {})})
    return render_template("memo/list.html", **values, **found, more=_more(box, query, found["page"]))


def path_of(box: str) -> str:
    """The address of a list."""
    return "/memos" if box == "inbox" else f"/memos/{box}"


def _more(box: str, query: dict[str, str], page: dict[str, Any] | None) -> str:
    if not page or not page["next"]:
        return ""
    return f"{path_of(box)}?{urlencode({**query, 'cursor': page['next']})}"


@bp.get("/banner")
@signed_in
def banner() -> str:
    """Urgent memos that are not read yet, above every page."""
    return render_template("memo/_banner.html", **ask(also={"told": ("memo", "alerts", {})}))


# -- one memo ---------------------------------------------------------------------------------------


@bp.get("/<uuid:id>")
@signed_in
def memo(id: UUID) -> Answer:  # noqa: A002
    """One memo; its sender goes on writing a draft."""
    found = backend.call("memo", "memo", {"id": str(id)})
    if found["state"] == "draft":
        return redirect(f"/memos/{id}/edit")
    return _page(found)


def _page(found: dict[str, Any], refused: Problem | None = None) -> str:
    memo = found["id"]
    also: dict[str, Any] = {}
    if found["state"] in ("sent", "recalled"):
        also["thread"] = ("memo", "thread", {"id": memo, "limit": 50})
    if found["mine"] is None and found["state"] in ("sent", "recalled"):
        also["receipts"] = ("memo", "receipts", {"id": memo, "limit": _RECEIPTS})
    template = "memo/_memo.html" if is_fragment() else "memo/memo.html"
    # The instruction goes on as a request where there are requests.
    instructs = nouns.noun_of("requests") is not None
    return show(template, also=also, memo=found, refused=refused, key=new_id(), snoozes=_snoozes(), instructs=instructs)


def _snoozes() -> list[tuple[str, str]]:
    """When a memo that is put off comes back: the time, and how it is called."""
    now = datetime.now(UTC).astimezone(SEOUL)
    morning = now.replace(hour=9, minute=0, second=0, microsecond=0)
    monday = morning + timedelta(days=7 - now.weekday())
    return [
        ((now + timedelta(hours=1)).isoformat(), gettext("1시간 뒤")),
        ((now + timedelta(hours=3)).isoformat(), gettext("3시간 뒤")),
        ((morning + timedelta(days=1)).isoformat(), gettext("내일 오전 9시")),
        (monday.isoformat(), gettext("다음 주 월요일 오전 9시")),
    ]


@bp.post("/<uuid:id>/reading")
@signed_in
def read(id: UUID) -> Response:  # noqa: A002
    """The reader has the memo before them: the page says so once it is shown."""
    backend.call("memo", "read", {"id": str(id), "channel": channel()})
    return Response(status=204)


def channel() -> str:
    """From what the reader reads."""
    return "mobile" if "Mobi" in request.headers.get("User-Agent", "") else "web"


@bp.get("/<uuid:id>/receipts")
@signed_in
def receipts(id: UUID) -> str:  # noqa: A002
    """Who has read it when, and who has not."""
    query = given("which", "cursor")
    which = query.get("which", "all")
    call = ("memo", "receipts", {"id": str(id), "limit": 50, **query})
    if "cursor" in query:
        page = ask(needs={"page": call})["page"]
        return render_template("memo/_receipts.html", page=page, more=_more_receipts(id, which, page))
    found = ask(
        needs={"memo": ("memo", "memo", {"id": str(id)}), "page": call}, also={"counts": ("desk", "counts", {})}
    )
    return render_template("memo/receipts.html", which=which, more=_more_receipts(id, which, found["page"]), **found)


def _more_receipts(id_: UUID, which: str, page: dict[str, Any]) -> str:
    if not page["next"]:
        return ""
    return f"/memos/{id_}/receipts?{urlencode({'which': which, 'cursor': page['next']})}"


# -- what is done with it ---------------------------------------------------------------------------


def _done(id_: UUID, method: str, data: dict[str, Any], words: str) -> Answer:
    """Does it, says so and shows the memo; or the memo as it is, with why not."""
    try:
        backend.call("memo", method, {"id": str(id_), **data})
    except Problem as problem:
        if problem.status not in (403, 409, 422, 503) or problem.slug == "memo-recalled":
            raise
        return _page(backend.call("memo", "memo", {"id": str(id_)}), problem), problem.status
    flash(words)
    return redirect(request.form.get("next") or f"/memos/{id_}", 303)


@bp.post("/<uuid:id>/answers")
@signed_in
def answer(id: UUID) -> Answer:  # noqa: A002
    """확인, 동의, 의견, 지시. An instruction goes on as a request, where there are requests."""
    said = request.form.get("answer", "")
    data = {"answer": said, "text": request.form.get("text", ""), "channel": channel()}
    done = _done(id, "answer", data, gettext("답변했습니다."))
    if said == "instructed" and isinstance(done, Response) and nouns.noun_of("requests") is not None:
        return redirect(f"/requests/new?from=memo:{id}&kind=instruction", 303)
    return done


@bp.post("/<uuid:id>/forwards")
@signed_in
def forward(id: UUID) -> Answer:  # noqa: A002
    """To further people."""
    form = request.form
    data = {"to": form.getlist("to"), "note": form.get("note", ""), "replies": "replies" in form}
    return _done(id, "forward", data | {"way": form.get("way", "side")}, gettext("전달했습니다."))


@bp.post("/<uuid:id>/document")
@signed_in
def document(id: UUID) -> Response:  # noqa: A002
    """A draft of an official document with what the memo says, and its files."""
    memo = str(id)
    quoted = backend.call("memo", "quote", {"id": memo}, idempotent=False)
    begun = {"title": quoted["title"], "body": quoted["body"], "sources": [{"noun": "memo", "subject": memo}]}
    made = backend.call("documents", "create_draft", begun)
    if sources.bring_files(f"memo:{memo}", [file["id"] for file in quoted["files"]], "documents", made["id"]):
        flash(gettext("가져오지 못한 첨부가 있습니다. 직접 추가해 주세요."), "error")
    return redirect(f"/write/{made['id']}", 303)


@bp.post("/<uuid:id>/recall")
@signed_in
def recall(id: UUID) -> Answer:  # noqa: A002
    """Takes it back from who has not read it."""
    return _done(id, "recall", {"reason": request.form.get("reason", "")}, gettext("회수했습니다."))


@bp.post("/<uuid:id>/taking-back")
@signed_in
def take_back(id: UUID) -> Answer:  # noqa: A002
    """One that waits to go out is a draft again."""
    return _done(id, "take_back", {}, gettext("발송을 취소했습니다. 계속 작성할 수 있습니다."))


@bp.post("/<uuid:id>/marks")
@signed_in
def mark(id: UUID) -> Answer:  # noqa: A002
    """How it lies in the reader's list."""
    form = request.form
    data: dict[str, Any] = {name: form[name] == "yes" for name in ("pinned", "unread", "archived") if name in form}
    if "snooze_till" in form:
        data["snooze_till"] = form["snooze_till"] or None
    return _done(id, "mark", data, _marked(data))


def _marked(data: dict[str, Any]) -> str:
    if "pinned" in data:
        return gettext("고정했습니다.") if data["pinned"] else gettext("고정을 해제했습니다.")
    if "unread" in data:
        return gettext("읽지 않음으로 표시했습니다. 열람 기록은 그대로 남습니다.")
    if "archived" in data:
        return gettext("보관했습니다.") if data["archived"] else gettext("받은 메모보고로 옮겼습니다.")
    return gettext("나중에 다시 알려 드립니다.") if data["snooze_till"] else gettext("받은 메모보고로 옮겼습니다.")


@bp.post("/<uuid:id>/comments")
@signed_in
def comment(id: UUID) -> Answer:  # noqa: A002
    """Something said under it."""
    return _done(id, "comment", threads.posted(request.form), gettext("댓글을 등록했습니다."))


threads.pages(bp, service="memo", noun="memo")
