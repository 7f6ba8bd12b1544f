"""Feeds: a calendar at a secret address, for whoever knows it (RFC 5545 over HTTP, without a sign-in)."""

from __future__ import annotations

import re

from flask import Response, request

from gateway.core import backend, security
from gateway.dav import data
from gateway.dav.resources import etag
from shared.errors import NotFound, Problem, Unauthorized

# The secret names its tenant, as tokens do: it is known at once whom to ask.
_SECRET = re.compile(r"([a-z][a-z0-9]{1,30})\.[A-Za-z0-9_-]{16,88}")
# From one address: whole offices read through one, and hardly anybody guesses.
_READS, _MISSES = "1200/minute", "60/minute"


def read(secret: str) -> Response:
    """The calendar, or 304 where it is known already. Raises `NotFound` for what opens nothing, or no longer."""
    misses = security.misses("feed", _MISSES)
    misses.require()
    security.take("feeds", _READS)
    try:
        told = _told(secret)
    except NotFound:
        misses.failed()
        raise
    response = (
        Response(status=304) if etag(told["tag"]) in _known() else Response(told["content"], content_type=data.TYPE)
    )
    response.headers["ETag"] = etag(told["tag"])
    response.headers["Cache-Control"] = "private, max-age=60, must-revalidate"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _told(secret: str) -> dict[str, str]:
    form = _SECRET.fullmatch(secret)
    if form is None:
        raise NotFound("feed")
    try:
        backend.tenant(form[1])
        nobody = backend.anonymous(form[1])
        found: dict[str, str] = backend.backend().client.call(
            "schedule", "feed", nobody, {"secret": secret}, repeatable=True
        )
    except Problem as problem:
        if isinstance(problem, Unauthorized) or problem.status in (403, 404, 410, 422):
            raise NotFound("feed") from problem
        raise
    return found


def _known() -> set[str]:
    given = request.headers.get("If-None-Match", "")
    return {part.strip().removeprefix("W/") for part in given.split(",")}
