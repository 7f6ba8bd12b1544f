"""Calendars as collections: made, named, coloured, taken away (RFC 4791, 5.3.1; RFC 5689; RFC 4918, 9.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response

from gateway.dav import asked, colours, multistatus, resources, service, xml
from gateway.dav.multistatus import propstat
from gateway.dav.paths import Place
from gateway.dav.refusals import Refused
from gateway.dav.resources import Calendar, Resource
from gateway.dav.xml import Element, apple, cal, dav, el, text_of
from shared.errors import NotFound, Problem

_COLOUR = apple("calendar-color")
_NAME = dav("displayname")
_COMPONENTS = cal("supported-calendar-component-set")
_KINDS = {dav("collection"), cal("calendar")}


def make(place: Place) -> Response:
    """`MKCALENDAR`: 201. What of its properties there is no room for is let go: calendars here have none such."""
    root = xml.body()
    if root is not None:
        xml.require_root(root, cal("mkcalendar"))
    return _made(place, [] if root is None else list(_set(root)))


def make_extended(place: Place) -> Response:
    """`MKCOL`: 201 for a calendar. Raises `Refused` (`valid-resourcetype`) for a collection of another kind."""
    root = xml.body()
    given = list(_set(xml.require_root(root, dav("mkcol")))) if root is not None else []
    kinds = [{str(kind.tag) for kind in prop} for prop in given if prop.tag == dav("resourcetype")]
    if kinds != [_KINDS]:
        raise Refused(403, dav("valid-resourcetype"))
    return _made(place, given)


def _set(root: Element) -> Iterator[Element]:
    return (prop for props in root.iterfind(f"{dav('set')}/{dav('prop')}") for prop in props)


def _made(place: Place, given: list[Element]) -> Response:
    service.require_own(place)
    if place.kind != "calendar":
        raise Refused(403, cal("calendar-collection-location-ok"))
    if any(one["id"] == place.id for one in service.calendars()):
        raise Refused(403, dav("resource-must-be-null"))
    components = [comp.get("name", "").upper() for prop in given if prop.tag == _COMPONENTS for comp in prop]
    if components and "VEVENT" not in components:
        raise Refused(403, cal("supported-calendar-component"))
    told = {prop.tag: text_of(prop) for prop in given}
    data: dict[str, Any] = {"id": place.id, "name": told.get(_NAME) or place.calendar[:100]}
    colour = colours.nearest(told.get(_COLOUR, ""))
    try:
        service.tell("dav_make", data if colour is None else {**data, "colour": colour})
    except Problem as problem:
        raise _refusal(problem) from problem
    response = Response(status=201)
    response.headers.remove("Content-Type")
    return response


def _refusal(problem: Problem) -> Problem:
    if problem.status == 409:
        return Refused(403, dav("resource-must-be-null"))
    return Problem(403, problem.slug, problem.title) if problem.status == 422 else problem


def delete(place: Place) -> Response:
    """204, with all of its objects. Raises `Refused` for one of somebody else's, and for the main one."""
    calendar = resources.calendar_at(place)
    if not calendar.is_own or calendar.told["main"]:
        raise Refused(403, dav("need-privileges"))
    try:
        service.tell("remove_calendar", {"id": calendar.told["id"]})
    except Problem as problem:
        raise Problem(403, problem.slug, problem.title) if problem.status in (409, 422) else problem from problem
    response = Response(status=204)
    response.headers.remove("Content-Type")
    return response


# -- properties -------------------------------------------------------------------------------------


def change(place: Place) -> Response:
    """`PROPPATCH`: 207. All of it or nothing; what cannot be changed is 403, and the rest 424."""
    root = xml.require_root(xml.body(), dav("propertyupdate"))
    resource = resources.at(place)
    changes: dict[str, Any] = {}
    names: list[str] = []
    refused: list[str] = []
    for action in root:
        for prop in (one for props in action.iterfind(dav("prop")) for one in props):
            names.append(str(prop.tag))
            told = _told(resource, action, prop)
            if told is None:
                refused.append(str(prop.tag))
            else:
                changes |= told
    if changes and not refused:
        refused = _saved(resource, changes, names)
    return _answered(resource, names, refused)


def _told(resource: Resource, action: Element, prop: Element) -> dict[str, Any] | None:
    """What a change comes to; None for one that is not to be had."""
    if not isinstance(resource, Calendar) or not resource.is_own:
        return None
    if action.tag == dav("remove"):
        # What is not there is gone already (RFC 4918, 14.23).
        return None if prop.tag in (_NAME, _COLOUR) else {}
    if prop.tag == _NAME and text_of(prop):
        return {"name": text_of(prop)}
    colour = colours.nearest(text_of(prop)) if prop.tag == _COLOUR else None
    return None if colour is None else {"colour": colour}


def _saved(resource: Resource, changes: dict[str, Any], names: list[str]) -> list[str]:
    """Those of the names that the schedule refused."""
    assert isinstance(resource, Calendar)
    try:
        service.tell("save_calendar", {"id": resource.told["id"], **changes})
    except NotFound:
        raise
    except Problem as problem:
        if problem.status not in (403, 409, 422):
            raise
        return names
    return []


def _answered(resource: Resource, names: list[str], refused: list[str]) -> Response:
    if not refused and asked.is_brief():
        return Response(status=200, headers={"Preference-Applied": "return=minimal"})
    good = [el(name) for name in dict.fromkeys(names) if name not in refused]
    states = [propstat(424 if refused else 200, good)] if good or not refused else []
    if refused:
        protected = multistatus.error(dav("cannot-modify-protected-property"))
        states.insert(0, propstat(403, [el(name) for name in dict.fromkeys(refused)], protected))
    return multistatus.answer([el(dav("response"), el(dav("href"), resource.href), *states)])
