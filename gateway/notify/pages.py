"""The pages of notifications: one's own settings, the organisation's, the end of mails by their link, the worker."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, send_from_directory
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from gateway.core import assets, backend
from gateway.core.auth import principal, public, signed_in
from gateway.core.page import Call, ask, given, show
from gateway.core.security import signed_link
from gateway.notify import forms, links, topics
from gateway.notify.api import channels
from gateway.notify.letters import DIGEST
from shared.context import system
from shared.errors import Forbidden, NotFound, Problem
from shared.ids import new_id

bp = Blueprint("notifications", __name__)
_FAILURES = 20
_SETTINGS, _ADMIN = "/settings/notifications", "/admin/notifications"


# -- one's own --------------------------------------------------------------------------------------


@bp.get(_SETTINGS)
@signed_in
def settings() -> str:
    """What the reader is told of by mail and push."""
    return _settings()


def _settings(**values: Any) -> str:
    also = {"kept": ("notify", "settings", {}), "person": ("directory", "person", {"id": principal().person})}
    return show("notify/settings.html", also=also, topics=topics.every(), channels=channels(), **values)


@bp.post(_SETTINGS)
@signed_in
def save_settings() -> BaseResponse | tuple[str, int]:
    """Saves the form."""
    try:
        backend.call("notify", "save_settings", forms.settings(request.form))
    except Problem as problem:
        return _refused(problem, _settings(problem=problem, errors=problem.fields)), 422
    flash(gettext("알림 설정을 저장했습니다."))
    return redirect(_SETTINGS, 303)


@bp.post(f"{_SETTINGS}/devices/<uuid:id>/<any(removal, test):what>")
@signed_in
def act_on_device(id: object, what: str) -> BaseResponse:  # noqa: A002
    """Takes a browser away, or tries it out."""
    backend.call("notify", "remove_device" if what == "removal" else "test_device", {"id": str(id)})
    flash(gettext("삭제했습니다.") if what == "removal" else gettext("시험 알림을 보냈습니다."))
    return redirect(_SETTINGS, 303)


@bp.post(f"{_SETTINGS}/bounce")
@signed_in
def clear_bounce() -> BaseResponse:
    """The reader's address is tried again."""
    backend.call("notify", "clear_bounce", {})
    flash(gettext("다음 알림부터 다시 보냅니다."))
    return redirect(_SETTINGS, 303)


@bp.get("/push-sw.js")
@public
def worker() -> Response:
    """What receives push messages in the browser. By this name: a browser looks there for a newer one."""
    response = send_from_directory(assets.BUILT, assets.manifest()["push-sw.js"], max_age=0)
    response.headers["Cache-Control"] = "no-cache"
    return response


# -- the link in a mail -----------------------------------------------------------------------------


@bp.get("/unsubscribe/<token>")
@public
def ask_to_end(token: str) -> str:
    """Asks whether mails of the topic are to end: what follows links by itself (a scanner) ends none."""
    return render_template("notify/unsubscribe.html", words=_ended_words(_named(token)), done=False)


@bp.post("/unsubscribe/<token>")
@public
@signed_link
def end(token: str) -> str:
    """Ends mails of the topic at once (RFC 8058)."""
    named = _named(token)
    context = replace(system(backend.tenant(named.tenant).code), request_id=new_id())
    data = {"person": named.person, "topic": named.topic}
    backend.backend().client.call("notify", "unsubscribe", context, data, repeatable=True)
    return render_template("notify/unsubscribe.html", words=_ended_words(named), done=True)


def _named(token: str) -> links.Named:
    found = links.read(backend.backend().settings, token)
    if found is None:
        raise NotFound("link")
    return found


def _ended_words(named: links.Named) -> str:
    return gettext("하루 한 번 모아 보내는 알림") if named.topic == DIGEST else str(topics.label(named.topic))


# -- the organisation's -----------------------------------------------------------------------------


@bp.get(_ADMIN)
@signed_in
def administration() -> str:
    """What everybody is told, whether the channels work, and what did not arrive."""
    return _administration()


def _administration(**values: Any) -> str:
    if not principal().has("tenant_admin"):
        raise Forbidden()
    answers = ask(
        also={
            "kept": ("notify", "minimum", {}),
            "failures": ("notify", "failures", {**given("cursor"), "limit": _FAILURES}),
            "counts": ("desk", "counts", {}),
        }
    )
    found = {**values, **answers, "topics": topics.every(), "channels": channels()}
    return render_template("notify/admin.html", names=_names(answers["failures"]), **found)


def _names(failures: dict[str, Any] | None) -> dict[str, str]:
    """The people of a page of failures; nobody where the directory is away."""
    people = sorted({item["person"] for item in failures["items"]}) if failures else []
    call: Call = ("directory", "people_by_ids", {"ids": people})
    found = ask(also={"people": call})["people"] if people else None
    return {id_: person["name"] for id_, person in (found or {}).items()}


@bp.post(_ADMIN)
@signed_in
def save_minimum() -> BaseResponse | tuple[str, int]:
    """Saves the form."""
    try:
        backend.call("notify", "save_minimum", forms.minimum(request.form))
    except Problem as problem:
        return _refused(problem, _administration(problem=problem, errors=problem.fields)), 422
    flash(gettext("기관의 알림 설정을 저장했습니다."))
    return redirect(_ADMIN, 303)


def _refused(problem: Problem, page: str) -> str:
    """The page again; anything the reader cannot mend is raised."""
    if problem.status not in (409, 412, 422):
        raise problem
    return page
