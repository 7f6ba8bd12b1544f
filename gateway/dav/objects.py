"""Objects of calendars: read, kept, taken away, carried over (RFC 4791, 5.3; RFC 4918, 9)."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from flask import Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from gateway.core.http import content
from gateway.dav import conditions, data, resources, service
from gateway.dav.limits import BODY_LIMIT
from gateway.dav.paths import Place, place_of
from gateway.dav.refusals import Refused
from gateway.dav.resources import Calendar, Item, etag
from gateway.dav.xml import cal, dav, el
from shared.contracts.dav import NAME_LIMIT
from shared.errors import NotFound, Problem, TooLarge

_UNKEPT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
# What is wrong with an object, as RFC 4791 (5.3.2.1) calls it; everything else is no calendar data.
_CONDITIONS = {
    "no_event": "supported-calendar-component",
    "no_uid": "valid-calendar-object-resource",
    "several_uids": "valid-calendar-object-resource",
    "too_large": "max-resource-size",
    "year_out_of_range": "max-date-time",
}


def get(place: Place) -> Response:
    """The object's text. Raises `NotFound`, 412."""
    found = resources.at(place, text=True)
    assert isinstance(found, Item)
    known = conditions.of_reading(found.told["tag"])
    response = Response(status=304) if known else Response(found.told["text"], content_type=data.TYPE)
    response.headers["ETag"] = found.etag
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def put(place: Place) -> Response:
    """201 or 204; with the tag where what is kept is what was sent. Raises `Refused`, and 412."""
    calendar = _writable(place)
    given = {"content": _content(), **conditions.of_change(place)}
    done = _kept(calendar, place, given)
    response = _empty(201 if done["created"] else 204)
    if done["same"]:
        response.headers["ETag"] = etag(done["tag"])
    return response


def delete(place: Place) -> Response:
    """204. Raises `NotFound`, `Refused`, 412."""
    _writable(place)
    _removed(place, conditions.of_removal(place))
    return _empty(204)


def move(place: Place) -> Response:
    """201 or 204: in the other calendar first, then no longer in this one."""
    source, target = _source(place), _target(place)
    if not source.is_writable:
        raise Refused(403, dav("need-privileges"))
    response = _carried(source, target)
    _removed(place, {"tag": source.told["tag"]})
    return response


def copy(place: Place) -> Response:
    """201 or 204: in the other calendar too."""
    return _carried(_source(place), _target(place))


def _source(place: Place) -> Item:
    found = resources.at(place, text=True)
    assert isinstance(found, Item)
    return found


def _target(place: Place) -> Place:
    """Where the request is to carry the object. Raises a `Problem`: 502 for another server, 403 for no object."""
    given = request.headers.get("Destination", "")
    if urlsplit(given).netloc not in ("", request.host):
        raise Problem(502, "elsewhere", "The destination is on another server")
    found = place_of(given)
    if found is None or found.kind != "object" or found == place:
        raise Problem(403, "bad-destination", "Nothing can be carried there")
    return found


def _carried(source: Item, target: Place) -> Response:
    calendar = _writable(target)
    absent = request.headers.get("Overwrite", "T").strip().upper() == "F"
    done = _kept(calendar, target, {"content": source.told["text"], "absent": absent})
    response = _empty(201 if done["created"] else 204)
    response.headers["Location"] = target.href
    return response


# -- keeping ----------------------------------------------------------------------------------------


def _writable(place: Place) -> Calendar:
    """The calendar that the place is in. Raises 409 where there is none, `Refused` where one may only read in it."""
    if len(place.name) > NAME_LIMIT or place.name in (".", "..") or re.search("[\x00-\x1f\x7f/]", place.name):
        raise Problem(403, "bad-name", "This can be no name of an object")
    try:
        found = resources.calendar_at(place.above())
    except NotFound as problem:
        raise Problem(409, "no-calendar", "There is no such calendar") from problem
    if not found.is_writable:
        raise Refused(403, dav("need-privileges"))
    return found


def _content() -> str:
    if (request.mimetype or "text/calendar") != "text/calendar":
        raise Refused(403, cal("supported-calendar-data"))
    try:
        text = content().decode(request.mimetype_params.get("charset", "utf-8"))
    except (TooLarge, RequestEntityTooLarge) as error:
        raise Refused(413, cal("max-resource-size")) from error
    except (UnicodeDecodeError, LookupError) as error:
        raise Refused(403, cal("valid-calendar-data")) from error
    if not text.strip() or _UNKEPT.search(text):
        # What XML cannot write could be told to nobody.
        raise Refused(403, cal("valid-calendar-data"))
    return text


def _kept(calendar: Calendar, place: Place, given: dict[str, Any]) -> dict[str, Any]:
    if len(given["content"].encode()) > BODY_LIMIT:
        raise Refused(413, cal("max-resource-size"))
    try:
        done: dict[str, Any] = service.tell("dav_put", {"calendar": calendar.told["id"], "name": place.name, **given})
    except Problem as problem:
        raise _refusal(problem, place) from problem
    return done


def _removed(place: Place, given: dict[str, Any]) -> None:
    try:
        service.tell("dav_delete", {"calendar": place.id, "name": place.name, **given})
    except Problem as problem:
        raise _refusal(problem, place) from problem


def _refusal(problem: Problem, place: Place) -> Problem:
    """The schedule's refusal as the condition that programs know."""
    if problem.status == 409 and problem.slug in ("uid-elsewhere", "uid-changed"):
        href = place.within(str(problem.extra.get("name", ""))).href
        return Refused(409, cal("no-uid-conflict"), el(dav("href"), href))
    if problem.status == 422:
        code = problem.fields.get("content", "")
        return Refused(403, cal(_CONDITIONS.get(str(code), "valid-calendar-data")))
    if problem.status == 403:
        return Refused(403, dav("need-privileges"))
    return problem


def _empty(status: int) -> Response:
    response = Response(status=status)
    response.headers.remove("Content-Type")
    return response
