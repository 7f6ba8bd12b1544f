"""Which method does what at which kind of place, for who is signed in by HTTP Basic or a bearer token."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps

from flask import Response, request

from gateway.core import auth, security
from gateway.dav import collections, finding, objects, reports
from gateway.dav.paths import Place
from shared.errors import Problem, Unauthorized

How = Callable[[Place], Response]
CLASSES = "1, 3, access-control, calendar-access, extended-mkcol"
# Everything that is understood anywhere, and what other servers do and this one does not.
METHODS = (
    *("OPTIONS", "GET", "HEAD", "PROPFIND", "PROPPATCH", "REPORT", "PUT", "DELETE", "MKCALENDAR", "MKCOL"),
    *("MOVE", "COPY", "LOCK", "UNLOCK", "POST", "PATCH"),
)
_ALL: Mapping[str, How] = {"PROPFIND": finding.find, "PROPPATCH": collections.change, "REPORT": reports.report}
_MAKING: Mapping[str, How] = {"MKCALENDAR": collections.make, "MKCOL": collections.make_extended}
_HOW: Mapping[str, Mapping[str, How]] = {
    "root": _ALL,
    "principal": _ALL,
    "home": {**_ALL, **_MAKING},
    "calendar": {**_ALL, **_MAKING, "DELETE": collections.delete},
    "object": {
        **_ALL,
        "GET": objects.get,
        "HEAD": objects.get,
        "PUT": objects.put,
        "DELETE": objects.delete,
        "MOVE": objects.move,
        "COPY": objects.copy,
    },
}
# In vain, by one name or by all from one address. A forgotten telephone asks every few minutes.
_BY_NAME, _BY_ADDRESS = "20/minute", "600/minute"


def guarded(view: Callable[..., Response]) -> Callable[..., Response]:
    """Lets only who is signed in. Each failure counts against the name and the address it came from."""

    @wraps(view)
    def entered(*args: object, **kwargs: object) -> Response:
        _enter()
        return view(*args, **kwargs)

    entered.access = "signed_in"  # type: ignore[attr-defined]
    return entered


def _enter() -> None:
    if "HTTP_AUTHORIZATION" not in request.environ:
        raise Unauthorized()
    name, _ = auth.basic()
    attempts = (security.misses(f"dav {name}", _BY_NAME), security.misses("dav", _BY_ADDRESS))
    for counted in attempts:
        counted.require()
    try:
        _require_name(auth.require(), name)
    except Unauthorized:
        for counted in attempts:
            counted.failed()
        raise


def _require_name(who: auth.Principal, name: str) -> None:
    """The name that goes with a password has to be its owner's, with their tenant's or without."""
    given = name.strip().casefold()
    login = who.login.casefold()
    if (
        request.authorization
        and request.authorization.type == "basic"
        and given not in (login, f"{login}@{who.tenant}")
    ):
        raise Unauthorized("bad-credentials")


def serve(place: Place) -> Response:
    """What the request's method does at a place; 405 with those there are for one that does nothing there."""
    how = _HOW[place.kind]
    allowed = ", ".join(("OPTIONS", *how))
    if request.method == "OPTIONS":
        return Response(status=200, headers={"Allow": allowed, "DAV": CLASSES})
    if request.method not in how:
        return Response("Method Not Allowed\n", 405, {"Allow": allowed}, mimetype="text/plain")
    try:
        response = how[request.method](place)
    except Problem as problem:
        if problem.status == 422:
            # The schedule's word for what a program has to see as a bad request.
            raise Problem(400, problem.slug, problem.title) from problem
        raise
    response.headers["DAV"] = CLASSES
    return response
