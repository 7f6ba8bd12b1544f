"""Memo reports (메모보고) for programs."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from gateway.core import auth, backend, files, security, threads
from gateway.core.describe import items_of, operation, without
from gateway.core.http import answer, body, if_match, nothing, query, require_if_match
from shared.contracts import memo as contract
from shared.contracts import memo_views as views

bp = Blueprint("Memos", __name__, description="What is reported without an official document")

# A body of two million characters, each of up to four bytes or six as JSON escapes, and ten thousand receivers.
_LIMIT = 14 * 1024 * 1024
# Seconds: to ten thousand people it takes longer than most calls may.
_PATIENCE = 30.0


@bp.route("/memos", methods=["POST"])
@operation(body=contract.SendMemo, answers={201: views.SendResult}, etag=True)
@security.body_limit(_LIMIT)
@auth.signed_in
def send_memo() -> Response:
    """Sends a memo (메모보고): at once, after `hold` seconds in which it can be taken back, or at `send_at`."""
    made = backend.call("memo", "send_memo", body(), timeout=_PATIENCE)
    return answer(made, 201, version=made["version"], location=f"/memos/{made['id']}")


@bp.route("/memos", methods=["GET"])
@operation(query=contract.BoxQuery, answers={200: views.MemoPage})
@auth.signed_in
def memos() -> Response:
    """One page of a box, the newest first. That a memo is in a list, or is got, is no reading of it."""
    return answer(backend.call("memo", "box", query()))


@bp.route("/memos/alerts", methods=["GET"])
@operation(answers={200: views.Alerts})
@auth.signed_in
def memo_alerts() -> Response:
    """Urgent memos that the caller has not read."""
    return answer(backend.call("memo", "alerts", {}))


@bp.route("/memos/receivers", methods=["POST"])
@operation(body=contract.CheckReceivers, answers={200: views.Reach})
@auth.signed_in
def check_receivers() -> Response:
    """Whom a memo would reach: how many, who left, who is away. Nothing is sent or kept."""
    return answer(backend.call("memo", "check_receivers", body()))


@bp.route("/memos/receivers", methods=["GET"])
@operation(answers={200: views.Proposal})
@auth.signed_in
def recent_receivers() -> Response:
    """Whom the caller's last memos went to."""
    return answer(backend.call("memo", "recent_receivers", {}))


@bp.route("/memos/<uuid:id>", methods=["GET"])
@operation(answers={200: views.MemoView}, problems=(404,), etag=True)
@auth.signed_in
def memo(id: Any) -> Response:  # noqa: A002
    """One memo, whole. Who shows it to a person says so by `POST …/reading`: that is the receipt."""
    found = backend.call("memo", "memo", {"id": str(id)})
    return answer(found, version=found["version"])


# -- drafts -----------------------------------------------------------------------------------------


@bp.route("/memos/drafts", methods=["POST"])
@operation(body=contract.CreateMemoDraft, answers={201: views.DraftResult}, etag=True)
@security.body_limit(_LIMIT)
@auth.signed_in
def create_memo_draft() -> Response:
    """A new draft: empty, a `copy` of a memo of the caller's, or from a `template` of the department."""
    made = backend.call("memo", "create_draft", body())
    return answer(made, 201, version=made["version"], location=f"/memos/{made['id']}")


@bp.route("/memos/<uuid:id>", methods=["PATCH"])
@operation(
    body=without(contract.SaveMemoDraft, "id", "version"),
    answers={200: views.DraftResult},
    problems=(404, 428),
    if_match=True,
    etag=True,
)
@security.body_limit(_LIMIT)
@auth.signed_in
def save_memo_draft(id: Any) -> Response:  # noqa: A002
    """Changes the fields given of a draft; each change is a version."""
    saved = backend.call("memo", "save_draft", body(id=str(id), version=require_if_match()))
    return answer(saved, version=saved["version"])


@bp.route("/memos/<uuid:id>", methods=["DELETE"])
@operation(answers={204: None}, problems=(404,), if_match=True)
@auth.signed_in
def delete_memo_draft(id: Any) -> Response:  # noqa: A002
    """Deletes a draft."""
    backend.call("memo", "delete_draft", {"id": str(id), "version": if_match()})
    return nothing()


@bp.route("/memos/<uuid:id>/sending", methods=["POST"])
@operation(
    body=without(contract.SendMemoDraft, "id"),
    optional=True,
    answers={202: views.SendResult},
    problems=(404, 412),
    etag=True,
)
@auth.signed_in
def send_memo_draft(id: Any) -> Response:  # noqa: A002
    """Sends a draft: at once, after `hold` seconds, or at its `send_at`."""
    sent = backend.call("memo", "send_draft", body(optional=True, id=str(id)), timeout=_PATIENCE)
    return answer(sent, 202, version=sent["version"])


@bp.route("/memos/<uuid:id>/sending", methods=["DELETE"])
@operation(answers={200: views.DraftResult}, keyed=True, problems=(404, 409), etag=True)
@auth.signed_in
def take_back_memo(id: Any) -> Response:  # noqa: A002
    """Takes back what is held or scheduled: it is a draft again."""
    back = backend.call("memo", "take_back", {"id": str(id)})
    return answer(back, version=back["version"])


# -- receiving --------------------------------------------------------------------------------------


@bp.route("/memos/<uuid:id>/reading", methods=["POST"])
@operation(body=without(contract.ReadMemo, "id"), optional=True, answers={200: views.ReadResult}, problems=(404,))
@auth.signed_in
def read_memo(id: Any) -> Response:  # noqa: A002
    """The caller has the whole memo before them: a receipt, once. The sender sees it."""
    return answer(backend.call("memo", "read", body(optional=True, id=str(id))))


@bp.route("/memos/<uuid:id>/answers", methods=["POST"])
@operation(body=without(contract.AnswerMemo, "id"), answers={200: views.AnswerResult}, problems=(404,))
@auth.signed_in
def answer_memo(id: Any) -> Response:  # noqa: A002
    """Answers (확인, 동의, 의견, 지시), which is a receipt as well. The latest counts; an opinion or instruction needs
    `text`."""
    return answer(backend.call("memo", "answer", body(id=str(id))))


@bp.route("/memos/<uuid:id>/forwards", methods=["POST"])
@operation(body=without(contract.Forward, "id"), answers={200: views.ForwardResult}, problems=(404,))
@auth.signed_in
def forward_memo(id: Any) -> Response:  # noqa: A002
    """Passes a memo on with a note; its sender adds people by it. 403 `no-forwarding` where only the sender may."""
    return answer(backend.call("memo", "forward", body(id=str(id)), timeout=_PATIENCE))


@bp.route("/memos/<uuid:id>/recall", methods=["POST"])
@operation(body=without(contract.Recall, "id"), optional=True, answers={200: views.RecallResult}, problems=(404, 409))
@auth.signed_in
def recall_memo(id: Any) -> Response:  # noqa: A002
    """Recalls a memo (회수) from everybody who has not read it; who has keeps it."""
    return answer(backend.call("memo", "recall", body(optional=True, id=str(id))))


@bp.route("/memos/<uuid:id>/marks", methods=["PATCH"])
@operation(body=without(contract.Mark, "id"), answers={200: views.MarkResult}, problems=(404,))
@auth.signed_in
def mark_memo(id: Any) -> Response:  # noqa: A002
    """How the memo lies in the caller's own list: `pinned`, `unread`, `archived`, `snooze_till`. No receipt changes."""
    return answer(backend.call("memo", "mark", body(id=str(id))))


@bp.route("/memos/marks", methods=["PATCH"])
@operation(body=contract.MarkSeveral, answers={200: views.MarksResult})
@auth.signed_in
def mark_memos() -> Response:
    """The same of up to 100 memos at once; `missed` are those that are not in the caller's lists."""
    return answer(backend.call("memo", "mark_several", body()))


@bp.route("/memos/<uuid:id>/receipts", methods=["GET"])
@operation(query=without(contract.ReceiptsQuery, "id"), answers={200: views.Receipts}, problems=(404,))
@auth.signed_in
def memo_receipts(id: Any) -> Response:  # noqa: A002
    """Who has read it when and how, and who has not: for its sender."""
    return answer(backend.call("memo", "receipts", query(id=str(id))))


files.routes(bp, service="memo", owner="/memos/<uuid:id>/files", named="memo_file")
threads.routes(bp, service="memo", owner="/memos/<uuid:id>", named="memo")


# -- templates and settings -------------------------------------------------------------------------


@bp.route("/memo-templates", methods=["GET"])
@operation(answers={200: items_of(views.TemplateView, "MemoTemplates")})
@auth.signed_in
def memo_templates() -> Response:
    """What memos of the caller's department may begin with."""
    return answer(backend.call("memo", "templates", {}))


@bp.route("/memo-templates", methods=["POST"])
@operation(body=contract.SaveTemplate, answers={201: views.TemplateView})
@security.body_limit(_LIMIT)
@auth.signed_in
def save_memo_template() -> Response:
    """Keeps a template of the caller's department; the same name replaces."""
    made = backend.call("memo", "save_template", body())
    return answer(made, 201, location=f"/memo-templates/{made['id']}")


@bp.route("/memo-templates/<uuid:id>", methods=["DELETE"])
@operation(answers={204: None}, problems=(404,))
@auth.signed_in
def delete_memo_template(id: Any) -> Response:  # noqa: A002
    """Deletes a template of the caller's department."""
    backend.call("memo", "delete_template", {"id": str(id)})
    return nothing()


@bp.route("/memo-settings", methods=["GET"])
@operation(answers={200: contract.SaveMemoSettings})
@auth.signed_in
def memo_settings() -> Response:
    """The organisation's: after how many minutes an urgent memo goes on while it stays unread."""
    return answer(backend.call("memo", "settings", {}))


@bp.route("/memo-settings", methods=["PUT"])
@operation(body=contract.SaveMemoSettings, answers={200: contract.SaveMemoSettings})
@auth.signed_in
def save_memo_settings() -> Response:
    """Sets them (administrator)."""
    return answer(backend.call("memo", "save_settings", body()))
