"""Comments under objects of every noun, for programs (`routes`) and for people (`pages`): one call of each a noun."""

from __future__ import annotations

from typing import Any

from flask import Blueprint as Pages
from flask import Response, flash, redirect, request
from flask_babel import gettext
from flask_smorest import Blueprint
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from gateway.core import auth, backend
from gateway.core.describe import operation, without
from gateway.core.http import answer, body, query, require_if_match
from gateway.core.page import show
from shared.contracts import threads as contract
from shared.errors import NotFound, Problem


def routes(bp: Blueprint, *, service: str, owner: str, named: str) -> None:
    """Adds the routes of the threads of one noun, whose `service` has them by `WithThreads`.

    `owner` is the rule of an object, its id called `id`: `/memos/<uuid:id>`; `named` is what operations call it.
    """

    @bp.route(f"{owner}/comments", endpoint=f"{named}_thread", methods=["GET"])
    @operation(
        name=f"{named}_thread",
        query=without(contract.ThreadQuery, "id"),
        answers={200: contract.Thread},
        problems=(404,),
    )
    @auth.signed_in
    def thread(id: Any) -> Response:  # noqa: A002
        """A page of the comments, the newest first, and how far the caller has read."""
        return answer(backend.call(service, "thread", query(id=str(id))))

    @bp.route(f"{owner}/comments", endpoint=f"comment_{named}", methods=["POST"])
    @operation(
        name=f"comment_{named}",
        body=without(contract.WriteComment, "id"),
        answers={201: contract.CommentView},
        problems=(404, 409),
    )
    @auth.signed_in
    def write(id: Any) -> Response:  # noqa: A002
        """A comment, or an answer to one. Those mentioned are told."""
        made = backend.call(service, "comment", body(id=str(id)))
        return answer(made, 201, location=f"{_place(owner, id)}/comments/{made['id']}/texts")

    @bp.route(f"{owner}/comments/<uuid:comment>", endpoint=f"edit_{named}_comment", methods=["PATCH"])
    @operation(
        name=f"edit_{named}_comment",
        body=without(contract.EditComment, "id", "comment", "version"),
        answers={200: contract.CommentView},
        problems=(404, 428),
        if_match=True,
    )
    @auth.signed_in
    def edit(id: Any, comment: Any) -> Response:  # noqa: A002
        """Another text of the caller's own comment; every text is kept. `If-Match` names the version that was seen."""
        asked = body(id=str(id), comment=str(comment), version=require_if_match())
        return answer(backend.call(service, "edit_comment", asked))

    @bp.route(f"{owner}/comments/<uuid:comment>", endpoint=f"withdraw_{named}_comment", methods=["DELETE"])
    @operation(
        name=f"withdraw_{named}_comment",
        answers={200: contract.CommentView},
        keyed=True,
        problems=(404, 428),
        if_match=True,
    )
    @auth.signed_in
    def withdraw(id: Any, comment: Any) -> Response:  # noqa: A002
        """Takes the caller's own comment out of view; its texts stay on record."""
        asked = {"id": str(id), "comment": str(comment), "version": require_if_match()}
        return answer(backend.call(service, "withdraw_comment", asked))

    @bp.route(f"{owner}/comments/<uuid:comment>/texts", endpoint=f"{named}_comment_texts", methods=["GET"])
    @operation(name=f"{named}_comment_texts", answers={200: contract.EarlierTexts}, problems=(404,))
    @auth.signed_in
    def texts(id: Any, comment: Any) -> Response:  # noqa: A002
        """Every text a comment has had: for its author, and for auditors."""
        return answer(backend.call(service, "comment_texts", {"id": str(id), "comment": str(comment)}))

    @bp.route(f"{owner}/comments/read", endpoint=f"read_{named}_comments", methods=["PUT"])
    @operation(
        name=f"read_{named}_comments",
        body=without(contract.MarkRead, "id"),
        answers={200: contract.ReadMark},
        problems=(404,),
    )
    @auth.signed_in
    def mark_read(id: Any) -> Response:  # noqa: A002
        """How far the caller has read; it never goes back."""
        return answer(backend.call(service, "mark_read", body(id=str(id))))


def _place(owner: str, id_: Any) -> str:
    return owner.replace("<uuid:id>", str(id_))


# -- for people -------------------------------------------------------------------------------------


def posted(form: MultiDict[str, str]) -> dict[str, Any]:
    """What the form around `thread.box` says: the text, and whom it mentions."""
    return {"text": form.get("text", ""), "mentions": form.getlist("mentions")}


def pages(bp: Pages, *, service: str, noun: str) -> None:
    """Adds the pages on which writers change their comments and take them out of view.

    They are below the page of an object, `<the blueprint's prefix>/<id>`.
    """

    @bp.get("/<uuid:id>/comments/<uuid:comment>")
    @auth.signed_in
    def comment_form(id: Any, comment: Any) -> str:  # noqa: A002
        """The comment as it is, for its writer."""
        return _form(str(id), str(comment))

    @bp.post("/<uuid:id>/comments/<uuid:comment>")
    @auth.signed_in
    def edit_comment(id: Any, comment: Any) -> tuple[str, int] | BaseResponse:  # noqa: A002
        """Another text in its place; a refusal shows the form with what was typed."""
        asked = _asked(id, comment) | posted(request.form)
        try:
            backend.call(service, "edit_comment", asked)
        except Problem as problem:
            if problem.status not in (409, 412, 422):
                raise
            return _form(asked["id"], asked["comment"], problem, text=asked["text"]), problem.status
        flash(gettext("의견을 수정했습니다."))
        return redirect(f"{bp.url_prefix}/{id}", 303)

    @bp.post("/<uuid:id>/comments/<uuid:comment>/withdrawal")
    @auth.signed_in
    def withdraw_comment(id: Any, comment: Any) -> BaseResponse:  # noqa: A002
        """Takes it out of view."""
        backend.call(service, "withdraw_comment", _asked(id, comment))
        flash(gettext("의견을 삭제했습니다."))
        return redirect(f"{bp.url_prefix}/{id}", 303)

    def _form(id_: str, comment: str, problem: Problem | None = None, **typed: str) -> str:
        texts = backend.call(service, "comment_texts", {"id": id_, "comment": comment}, idempotent=False)["items"]
        if not texts:
            raise NotFound("comment")
        found = {**texts[0], **typed}
        return show("comment.html", comment=found, problem=problem, noun=noun, back=f"{bp.url_prefix}/{id_}")


def _asked(id_: Any, comment: Any) -> dict[str, Any]:
    return {"id": str(id_), "comment": str(comment), "version": request.form.get("version", 0, type=int)}
