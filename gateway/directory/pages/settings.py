"""Settings: the reader's own profile, password, second factor, sessions, programs' tokens and absences."""

from __future__ import annotations

import io
from typing import Any

import segno
from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from gateway.core import backend
from gateway.core.auth import principal, signed_in
from gateway.core.page import Call, ask
from gateway.core.sessions import PROOF_TIMEOUT
from gateway.core.typed import seoul_time
from shared.contracts.directory import ABSENCE_REASONS
from shared.errors import Invalid, Problem

bp = Blueprint("settings", __name__, url_prefix="/settings")
_SESSIONS: Call = ("directory", "sessions", {})
_APP_PASSWORDS = "directory/settings/app_passwords.html"
# Nobody types such a password twice a year on every device: it is as long as a token lasts at the most.
_APP_DAYS = 1095


@bp.get("")
@signed_in
def profile() -> str:
    """Who the reader is here, and the language of the pages."""
    return _page("directory/settings/profile.html", person=("directory", "person", {"id": principal().person}))


@bp.get("/password")
@signed_in
def password() -> str:
    """The form to change the password."""
    return _page("directory/settings/password.html", errors={})


@bp.post("/password")
@signed_in
def change_password() -> Response | tuple[str, int]:
    """A new password; every other session of the reader ends."""
    form = request.form
    try:
        if form.get("new") != form.get("again"):
            raise Invalid({"again": "mismatch"})
        given = {"old": form.get("old", ""), "new": form.get("new", "")}
        backend.call("directory", "change_password", given, timeout=PROOF_TIMEOUT)
    except Problem as problem:
        return _refused(problem, "directory/settings/password.html")
    flash(gettext("비밀번호를 바꾸었습니다. 다른 곳의 로그인은 모두 끝났습니다."))
    return redirect("/settings/password", 303)


@bp.get("/second-factor")
@signed_in
def second_factor() -> str:
    """Whether the second factor is on; the way to turn it on or off."""
    return _page(
        "directory/settings/second_factor.html", errors={}, person=("directory", "person", {"id": principal().person})
    )


@bp.post("/second-factor/begin")
@signed_in
def begin_second_factor() -> str:
    """A new secret, shown once as a picture and as text, to be confirmed with a code."""
    begun = backend.call("directory", "begin_totp", {})
    return _page(
        "directory/settings/second_factor_confirm.html",
        errors={},
        secret=_grouped(begun["secret"]),
        qr=_qr(begun["uri"]),
    )


@bp.post("/second-factor/<any(confirm, remove):what>")
@signed_in
def set_second_factor(what: str) -> Response | tuple[str, int]:
    """Turns the second factor on or off, with a code that proves the device."""
    code = "".join(request.form.get("code", "").split())
    try:
        backend.call("directory", f"{what}_totp", {"code": code})
    except Problem as problem:
        if what == "remove":
            person: Call = ("directory", "person", {"id": principal().person})
            return _refused(problem, "directory/settings/second_factor.html", person=person)
        secret = request.form.get("secret", "")
        return _refused(
            problem, "directory/settings/second_factor_confirm.html", secret=secret, qr=request.form.get("qr", "")
        )
    on = what == "confirm"
    flash(gettext("2단계 인증을 켰습니다.") if on else gettext("2단계 인증을 껐습니다."))
    return redirect("/settings/second-factor", 303)


@bp.get("/sessions")
@signed_in
def sessions() -> str:
    """Where the reader is signed in."""
    return _page("directory/settings/sessions.html", sessions=("directory", "sessions", {}))


@bp.post("/sessions/<uuid:id>/revoke")
@signed_in
def revoke_session(id: object) -> Response:  # noqa: A002
    """Ends one session or program token at once."""
    backend.call("directory", "revoke_session", {"id": str(id)})
    flash(gettext("끝냈습니다."))
    return redirect(_back(), 303)


@bp.get("/tokens")
@signed_in
def tokens() -> str:
    """Long-lived tokens for programs that act as the reader."""
    return _page("directory/settings/tokens.html", errors={}, sessions=("directory", "sessions", {}))


@bp.post("/tokens")
@signed_in
def create_token() -> str | tuple[str, int]:
    """A new program token: shown on this answer only."""
    listed: Call = ("directory", "sessions", {})
    data = {"name": request.form.get("name", ""), "days": _number(request.form.get("days"), 365)}
    try:
        made = backend.call("directory", "create_program_token", data)
    except Problem as problem:
        return _refused(problem, "directory/settings/tokens.html", sessions=listed)
    return _page("directory/settings/tokens.html", errors={}, sessions=listed, made=made)


@bp.get("/app-passwords")
@signed_in
def app_passwords() -> str:
    """Passwords for calendar programs, which open schedules and nothing else."""
    return _app_passwords()


@bp.post("/app-passwords")
@signed_in
def create_app_password() -> str | tuple[str, int]:
    """A new app password: shown on this answer only, with what else a program asks for."""
    data = {"name": request.form.get("name", ""), "days": _APP_DAYS, "scope": "calendar"}
    try:
        made = backend.call("directory", "create_program_token", data)
    except Problem as problem:
        return _refused(problem, _APP_PASSWORDS, sessions=_SESSIONS, **_address())
    return _app_passwords(made=made)


def _app_passwords(**values: Any) -> str:
    return _page(_APP_PASSWORDS, errors={}, sessions=_SESSIONS, **_address(), **values)


def _address() -> dict[str, Any]:
    """Where a calendar program finds the server: as it is set, or as the reader's browser has it."""
    here = backend.backend().settings.public_url.rstrip("/") or request.host_url.rstrip("/")
    return {"address": f"{here}/dav/"}


@bp.get("/absences")
@signed_in
def absences() -> str:
    """When the reader is away and who acts in their place."""
    return _page(
        "directory/settings/absences.html", errors={}, absences=("directory", "absences", {}), **_absence_choices()
    )


@bp.post("/absences")
@signed_in
def save_absence() -> Response | tuple[str, int]:
    """A new absence. The times of the form are Seoul's."""
    form = request.form
    try:
        backend.call(
            "directory",
            "save_absence",
            {
                "starts_at": seoul_time(form, "starts_at"),
                "ends_at": seoul_time(form, "ends_at"),
                "reason": form.get("reason", "other"),
                "deputy": form.get("deputy") or None,
                "note": form.get("note", ""),
            },
        )
    except Problem as problem:
        return _refused(
            problem, "directory/settings/absences.html", absences=("directory", "absences", {}), **_absence_choices()
        )
    flash(gettext("부재를 등록했습니다."))
    return redirect("/settings/absences", 303)


@bp.post("/absences/<uuid:id>/cancel")
@signed_in
def cancel_absence(id: object) -> Response:  # noqa: A002
    """Takes an absence back."""
    backend.call("directory", "cancel_absence", {"id": str(id)})
    flash(gettext("부재를 취소했습니다."))
    return redirect("/settings/absences", 303)


def _absence_choices() -> dict[str, Any]:
    me = principal()
    return {
        "reasons": ABSENCE_REASONS,
        "colleagues": ("directory", "people", {"department": me.department_id, "limit": 100}),
    }


def _page(template: str, **values: Any) -> str:
    """The page; values that are calls are asked, all at once."""
    calls: dict[str, Call] = {name: value for name, value in values.items() if _is_call(value)}
    plain = {name: value for name, value in values.items() if name not in calls}
    answers = ask(also={**calls, "counts": ("desk", "counts", {})})
    return render_template(template, **plain, **answers)


def _is_call(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) == 3 and isinstance(value[2], dict)


def _refused(problem: Problem, template: str, **values: Any) -> tuple[str, int]:
    """The form again with what is wrong with it; anything the reader cannot mend is raised."""
    if problem.status not in (401, 403, 409, 412, 422, 423, 429):
        raise problem
    return _page(template, errors=problem.fields, problem=problem, form=request.form, **values), 422


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() else otherwise


def _grouped(secret: str) -> str:
    return " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))


def _qr(uri: str) -> str:
    """The QR code as an SVG path of a module per unit, for the page to draw: no picture is fetched or kept."""
    drawn = io.StringIO()
    code = segno.make(uri, micro=False, error="m")
    for y, row in enumerate(code.matrix):
        for x, dark in enumerate(row):
            if dark:
                drawn.write(f"M{x} {y}h1v1h-1z")
    return f"{code.symbol_size(border=0)[0]} {drawn.getvalue()}"


def _back() -> str:
    came_from = request.form.get("from")
    return f"/settings/{came_from}" if came_from in ("tokens", "app-passwords") else "/settings/sessions"
