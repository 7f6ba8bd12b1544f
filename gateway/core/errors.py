"""Problems as the caller sees them: problem+json (RFC 9457) at the API, a page that says what to do in the browser."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import orjson
from flask import Flask, Response, redirect, request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from gateway.core import auth, telemetry
from gateway.core.error_page import page
from shared import log
from shared.errors import NotFound, Problem, TooLarge

PROBLEM_JSON = "application/problem+json"
_LATER = (423, 429, 503)
_SLUGS = {400: "bad-request", 405: "method-not-allowed", 408: "request-timeout", 415: "unsupported-media-type"}
_log = log.get("gateway")


def install(app: Flask) -> None:
    """Answers every exception."""
    app.register_error_handler(Problem, answer)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(ParseException, _unreadable)
    app.register_error_handler(Exception, _unexpected)


def is_api() -> bool:
    """Whether the request is one of a program's."""
    return request.path.startswith("/api/")


def answer(problem: Problem) -> BaseResponse:
    """The problem in the form the caller understands."""
    if auth.is_programs():
        return plain(problem)
    return _json(problem) if is_api() else _page(problem)


def plain(problem: Problem) -> Response:
    """The problem for a program that looks at its status alone; who is not signed in is asked by HTTP Basic."""
    response = Response(f"{problem.title}\n", problem.status, mimetype="text/plain")
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="One Way", charset="UTF-8"'
    if problem.status in _LATER:
        response.headers["Retry-After"] = str(problem.extra.get("retry_after", 5))
    return response


def _http(error: HTTPException) -> BaseResponse:
    """Flask's own refusals: no such page, wrong method, too large. Redirects go through."""
    if error.code is None or error.code < 400:
        return error.get_response()
    if error.code == 404:
        problem: Problem = NotFound()
    elif error.code == 413:
        problem = TooLarge(request.max_content_length or 0)
    else:
        problem = Problem(error.code, _SLUGS.get(error.code, "refused"), error.name)
    response = answer(problem)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _unreadable(error: ParseException) -> BaseResponse:
    """gunicorn's: a body whose chunks are none."""
    return answer(Problem(400, "bad-request", "The body broke off", str(error)))


def _unexpected(error: Exception) -> BaseResponse:
    """A fault of ours: logged whole, told without internals."""
    _log.error("request_failed", route=telemetry.route(), exc_info=error)
    return answer(Problem(500, "internal", "Something went wrong"))


def _json(problem: Problem) -> Response:
    content: dict[str, Any] = {
        "type": f"urn:oneway:problem:{problem.slug}",
        "title": problem.title,
        "status": problem.status,
        "instance": f"urn:oneway:request:{telemetry.request_id()}",
    }
    if problem.detail:
        content["detail"] = problem.detail
    if problem.fields:
        content["fields"] = problem.fields
    response = Response(orjson.dumps({**problem.extra, **content}), problem.status, mimetype=PROBLEM_JSON)
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="oneway"'
    if problem.status == 416:
        response.headers["Content-Range"] = f"bytes */{problem.extra['size']}"
    if problem.status in _LATER:
        response.headers["Retry-After"] = str(problem.extra.get("retry_after", 5))
    return response


def _page(problem: Problem) -> BaseResponse:
    """The page that says what to do; where somebody is to sign in first, the way there."""
    # htmx and an event stream follow a redirect within the page: they are told by the status instead.
    within = "HX-Request" in request.headers or "text/event-stream" in request.headers.get("Accept", "")
    if problem.status == 401 and not within:
        here = request.full_path.rstrip("?") if request.method == "GET" else "/"
        return redirect(f"/sign-in?next={quote(here, safe='/')}", 303)
    telemetry.request_id()
    body, status, headers = page(problem)
    return Response(body, status, headers, mimetype="text/html")
