"""Where calendar programs and readers of feeds come in."""

from __future__ import annotations

from flask import Blueprint, Response

from gateway.core import errors, security
from gateway.core.auth import public
from gateway.dav import feeds, paths, refusals, serving
from gateway.dav.limits import BODY_LIMIT
from gateway.dav.paths import Place
from gateway.dav.refusals import Refused
from shared.errors import Problem

bp = Blueprint("dav", __name__)
bp.register_error_handler(Refused, refusals.answer)
bp.register_error_handler(Problem, errors.plain)


@bp.route(paths.WELL_KNOWN, methods=serving.METHODS, provide_automatic_options=False)
@public
def well_known() -> Response:
    """Where everything begins (RFC 6764, 5)."""
    return Response(status=301, headers={"Location": paths.ROOT, "Cache-Control": "max-age=3600"})


@bp.get("/calendars/<secret>.ics", provide_automatic_options=False)
@public
def feed(secret: str) -> Response:
    """A calendar at its secret address."""
    return feeds.read(secret)


def _add(kind: str, rule: str) -> None:
    """A kind of place, with whatever method: each says itself which there are."""

    @security.body_limit(BODY_LIMIT)
    @serving.guarded
    def serve(**named: str) -> Response:
        return serving.serve(Place(kind, **named))

    bp.add_url_rule(rule, kind, serve, methods=serving.METHODS, provide_automatic_options=False, strict_slashes=False)


for _kind, _rule in paths.RULES.items():
    _add(_kind, _rule)
