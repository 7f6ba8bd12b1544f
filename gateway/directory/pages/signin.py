"""Signing in and out, and the language of the pages."""

from __future__ import annotations

from flask import Blueprint, jsonify, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from gateway.core import auth, backend, sessions
from gateway.core.page import is_fragment, local_path
from gateway.core.security import csrf_token
from shared.contracts.directory import LOCALES
from shared.errors import Problem

bp = Blueprint("signin", __name__)

TENANT_COOKIE = "tenant"
LOCALE_COOKIE = "locale"
YEAR = 365 * 24 * 3600
CODE_SLUGS = frozenset(("code-required", "bad-code"))


@bp.get("/sign-in")
@auth.public
def sign_in() -> str | Response:
    """The form; who is signed in already goes on to where they were heading."""
    if auth.current() is not None:
        return redirect(local_path(request.args.get("next")))
    return _form(next=request.args.get("next", ""), chosen=request.cookies.get(TENANT_COOKIE, ""))


@bp.post("/sign-in")
@auth.public
def begin() -> Response | tuple[str, int]:
    """Opens a session and leads back to where the person was; otherwise the form says what is wrong."""
    form = request.form
    tenant, code = form.get("tenant", ""), "".join(form.get("code", "").split())
    try:
        session = sessions.sign_in(tenant, form.get("login", ""), form.get("password", ""), code)
    except Problem as problem:
        return _form(problem=problem, next=form.get("next", ""), chosen=tenant, login=form.get("login", "")), 422
    target = local_path(form.get("next"))
    if is_fragment():
        response: Response = make_response("")
        response.headers["HX-Redirect"] = target
    else:
        response = redirect(target, 303)
    sessions.remember(response, session)
    response.set_cookie(TENANT_COOKIE, tenant, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


@bp.post("/sign-out")
@auth.public
def sign_out() -> Response:
    """Ends the session here and in the directory."""
    response = redirect("/sign-in", 303)
    sessions.sign_out(response)
    return response


@bp.get("/session")
@auth.signed_in
def session() -> Response:
    """Who is signed in now, and the token for this session's requests: for a page opened in an earlier session."""
    return jsonify(person=auth.principal().person, csrf_token=csrf_token())


@bp.post("/language")
@auth.public
def language() -> Response:
    """The language of the pages: kept by the browser, and with the person where one is signed in."""
    locale = request.form.get("locale", "")
    response = redirect(local_path(request.form.get("next")), 303)
    if locale in LOCALES:
        if auth.current() is not None:
            backend.call("directory", "save_settings", {"locale": locale})
        response.set_cookie(LOCALE_COOKIE, locale, max_age=YEAR, samesite="Lax", secure=request.is_secure)
    return response


def _form(*, next: str, chosen: str, login: str = "", problem: Problem | None = None) -> str:  # noqa: A002
    slug = problem.slug if problem else ""
    return render_template(
        "directory/sign_in/sign_in.html",
        tenants=sorted(backend.tenants(), key=lambda tenant: tenant.name),
        chosen=chosen,
        next=next,
        expired=bool(next),
        login=login,
        problem=problem,
        code_asked=slug in CODE_SLUGS,
        code_problem="wrong" if slug == "bad-code" else None,
    )
