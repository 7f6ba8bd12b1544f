"""Properties: what each kind of resource tells of itself, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from gateway.dav import colours
from gateway.dav.limits import BODY_LIMIT, COLLATIONS, FIRST, LAST
from gateway.dav.resources import Calendar, Home, Item, Person, Resource, Root
from gateway.dav.xml import Element, apple, cal, dav, el, hrefs, server
from shared.ical import lines, zones

Maker = Callable[[Any], Element | None]
Makers = Mapping[str, Maker]

_READ = (dav("read"), dav("read-current-user-privilege-set"))
_WRITE = (dav("write-content"), dav("bind"), dav("unbind"))
REPORTS: Mapping[type[Resource], tuple[str, ...]] = {
    Root: (dav("expand-property"), dav("principal-property-search"), dav("principal-search-property-set")),
    Person: (dav("expand-property"), dav("principal-property-search"), dav("principal-search-property-set")),
    Home: (dav("expand-property"),),
    Calendar: (
        cal("calendar-query"),
        cal("calendar-multiget"),
        cal("free-busy-query"),
        dav("sync-collection"),
        dav("expand-property"),
    ),
    Item: (cal("calendar-query"), cal("calendar-multiget"), dav("expand-property")),
}


# -- of several kinds -------------------------------------------------------------------------------


def _reports(resource: Resource) -> Element:
    supported = (el(dav("supported-report"), el(dav("report"), el(name))) for name in REPORTS[type(resource)])
    return el(dav("supported-report-set"), *supported)


def _privileges(*names: str) -> Element:
    return el(dav("current-user-privilege-set"), *(el(dav("privilege"), el(name)) for name in names))


def _kind(*names: str) -> Maker:
    return lambda _: el(dav("resourcetype"), *(el(name) for name in names))


_COMMON: Makers = {
    dav("current-user-principal"): lambda r: hrefs(dav("current-user-principal"), r.principal_href),
    dav("principal-collection-set"): lambda _: hrefs(dav("principal-collection-set"), "/dav/"),
    dav("supported-report-set"): _reports,
    dav("supportedlock"): lambda _: el(dav("supportedlock")),
    dav("lockdiscovery"): lambda _: el(dav("lockdiscovery")),
}
_OWN: Makers = {dav("owner"): lambda r: hrefs(dav("owner"), r.principal_href)}


# -- of each ----------------------------------------------------------------------------------------


def _addresses(person: Person) -> Element:
    mail = [f"mailto:{person.email}"] if person.email else []
    return hrefs(cal("calendar-user-address-set"), *mail, person.href, f"urn:uuid:{person.me.person}")


def _calendar_privileges(calendar: Calendar) -> Element:
    names = [*_READ, cal("read-free-busy")]
    if calendar.is_writable:
        names += _WRITE
    if calendar.is_own:
        names += [dav("write"), dav("write-properties")]
    return _privileges(*names)


def _owner(resource: Calendar | Item) -> Element | None:
    """Who is signed in, where it is theirs: of others a principal is shown to nobody."""
    calendar = resource if isinstance(resource, Calendar) else resource.calendar
    mine = calendar.is_own and calendar.told["kind"] == "person"
    return hrefs(dav("owner"), resource.principal_href) if mine else None


def _components(_: Calendar) -> Element:
    return el(cal("supported-calendar-component-set"), _component("VEVENT"))


def _component(name: str) -> Element:
    found = el(cal("comp"))
    found.set("name", name)
    return found


def _data(_: Calendar) -> Element:
    kind = el(cal("calendar-data"))
    kind.set("content-type", "text/calendar")
    kind.set("version", "2.0")
    return el(cal("supported-calendar-data"), kind)


def _zone(calendar: Calendar) -> Element:
    node = zones.vtimezone(calendar.told["zone"], date(2000, 1, 1), None)
    return el(cal("calendar-timezone"), lines.text_of([lines.Node("VCALENDAR", _HEAD, (node,))]))


_HEAD = (lines.Line("VERSION", "2.0"), lines.Line("PRODID", "-//One Way//Calendar//KO"))


def _collations(_: Calendar) -> Element:
    found = (el(cal("supported-collation"), name) for name in COLLATIONS)
    return el(cal("supported-collation-set"), *found)


def _item_privileges(item: Item) -> Element:
    return _privileges(*_READ, *((dav("write-content"), dav("unbind")) if item.is_writable else ()))


def _length(item: Item) -> Element | None:
    text = item.told["text"]
    return None if text is None else el(dav("getcontentlength"), str(len(text.encode())))


# Told as it comes, and not by the service: it is a report's alone.
DATA = cal("calendar-data")
LENGTH = dav("getcontentlength")

_OF: Mapping[type[Resource], Makers] = {
    Root: {
        dav("resourcetype"): _kind(dav("collection")),
        dav("displayname"): lambda _: el(dav("displayname"), "One Way"),
        dav("current-user-privilege-set"): lambda _: _privileges(*_READ),
    },
    Person: {
        **_OWN,
        dav("resourcetype"): _kind(dav("collection"), dav("principal")),
        dav("displayname"): lambda r: el(dav("displayname"), r.me.name),
        dav("principal-URL"): lambda r: hrefs(dav("principal-URL"), r.href),
        dav("alternate-URI-set"): lambda _: el(dav("alternate-URI-set")),
        dav("group-membership"): lambda _: el(dav("group-membership")),
        dav("current-user-privilege-set"): lambda _: _privileges(*_READ),
        cal("calendar-home-set"): lambda r: hrefs(cal("calendar-home-set"), r.home_href),
        cal("calendar-user-address-set"): _addresses,
    },
    Home: {
        **_OWN,
        dav("resourcetype"): _kind(dav("collection")),
        dav("displayname"): lambda r: el(dav("displayname"), r.me.name),
        dav("current-user-privilege-set"): lambda _: _privileges(*_READ, dav("bind"), dav("unbind")),
    },
    Calendar: {
        dav("resourcetype"): _kind(dav("collection"), cal("calendar")),
        dav("displayname"): lambda r: el(dav("displayname"), r.name),
        dav("owner"): _owner,
        dav("current-user-privilege-set"): _calendar_privileges,
        dav("resource-id"): lambda r: hrefs(dav("resource-id"), f"urn:uuid:{r.told['id']}"),
        dav("sync-token"): lambda r: el(dav("sync-token"), r.sync_token),
        server("getctag"): lambda r: el(server("getctag"), r.sync_token),
        apple("calendar-color"): lambda r: el(apple("calendar-color"), colours.written(r.told["colour"])),
        cal("supported-calendar-component-set"): _components,
        cal("supported-calendar-data"): _data,
        cal("supported-collation-set"): _collations,
        cal("calendar-timezone"): _zone,
        cal("calendar-timezone-id"): lambda r: el(cal("calendar-timezone-id"), r.told["zone"]),
        cal("max-resource-size"): lambda _: el(cal("max-resource-size"), str(BODY_LIMIT)),
        cal("min-date-time"): lambda _: el(cal("min-date-time"), f"{FIRST:%Y%m%dT%H%M%SZ}"),
        cal("max-date-time"): lambda _: el(cal("max-date-time"), f"{LAST:%Y%m%dT%H%M%SZ}"),
    },
    Item: {
        dav("resourcetype"): _kind(),
        dav("owner"): _owner,
        dav("getetag"): lambda r: el(dav("getetag"), r.etag),
        dav("getcontenttype"): lambda _: el(dav("getcontenttype"), "text/calendar; charset=utf-8; component=vevent"),
        dav("current-user-privilege-set"): _item_privileges,
        LENGTH: _length,
    },
}
MAKERS: Mapping[type[Resource], Makers] = {kind: {**_COMMON, **own} for kind, own in _OF.items()}
# What is told where everything is asked for: of RFC 4918 alone, as RFC 4791 (5.2) and RFC 6578 (4) would have it.
_EVERYTHING = (
    *("resourcetype", "displayname", "getetag", "getcontenttype", "getcontentlength"),
    *("supportedlock", "lockdiscovery"),
)
EVERYTHING = tuple(map(dav, _EVERYTHING))
