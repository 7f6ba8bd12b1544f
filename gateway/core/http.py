"""What a request brings and an answer carries: JSON by orjson, versions as entity tags."""

from __future__ import annotations

import re
from typing import Any

import orjson
from flask import Response, request

from shared.errors import Invalid, Problem, TooLarge

_TAG = re.compile(r'(?:W/)?"?(\d{1,9})"?')


def content() -> bytes:
    """The request's body, whole. Raises `TooLarge` (413), or Flask's own, for more than the view takes."""
    given = request.get_data(cache=False)
    limit = request.max_content_length
    if limit and len(given) >= limit and request.content_length is None:
        # Of a body in chunks no more than this was read.
        raise TooLarge(limit)
    return given


def body(*, optional: bool = False, **told: Any) -> dict[str, Any]:
    """The request's JSON object with what is `told` elsewhere: by the address, by a header.

    With `optional` the body may be missing. Raises a `Problem`: 413 for more than the view takes, 415 for another
    content type, 400 for what is no JSON object, 422 for a field that is told elsewhere.
    """
    given = content()
    if optional and not given:
        return told
    if request.mimetype != "application/json":
        raise Problem(415, "unsupported-media-type", "The body is to be application/json")
    try:
        found = orjson.loads(given)
    except orjson.JSONDecodeError as error:
        raise Problem(400, "bad-json", "The body is no JSON", str(error)) from error
    if not isinstance(found, dict):
        raise Problem(400, "bad-json", "The body is to be a JSON object")
    return _together(found, told)


def query(**told: Any) -> dict[str, Any]:
    """The arguments of the query, the first of each name, with what is `told` by the address.

    The service loads and judges them. Raises `Invalid` (422) for an argument that is told by the address.
    """
    return _together(request.args.to_dict(), told)


def _together(found: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    if twice := told.keys() & found.keys():
        raise Invalid(dict.fromkeys(twice, "unknown_field"))
    return found | told


def answer(data: Any, status: int = 200, *, version: int | None = None, location: str = "") -> Response:
    """JSON, with the version as entity tag and the place of what was made."""
    response = Response(orjson.dumps(data), status, mimetype="application/json")
    if version is not None:
        response.headers["ETag"] = f'"{version}"'
    if location:
        response.headers["Location"] = f"/api/v1{location}"
    return response


def nothing() -> Response:
    """204."""
    response = Response(status=204)
    del response.headers["Content-Type"]
    return response


def if_match() -> int | None:
    """The version of `If-Match`; None where it is absent or `*`. Raises a `Problem` (412) for what is no version."""
    given = request.headers.get("If-Match")
    if given is None or given.strip() == "*":
        return None
    found = _TAG.fullmatch(given.strip())
    if found is None:
        raise Problem(412, "stale", "Somebody has changed this meanwhile", "If-Match is no version of this")
    return int(found[1])


def require_if_match() -> int | None:
    """As `if_match`, and raises a `Problem` (428) where the header is missing."""
    if "If-Match" not in request.headers:
        raise Problem(428, "if-match-required", "Say by If-Match which version you have changed")
    return if_match()
