"""A calendar program: what it sends, and what it reads of the answers."""

from __future__ import annotations

import base64
from typing import Any

from flask.testing import FlaskClient
from lxml import etree
from werkzeug.test import TestResponse

from tests.unit.gateway.dav.store import MINE
from tests.unit.gateway.fake import ME, TOKEN

NS = {"D": "DAV:", "C": "urn:ietf:params:xml:ns:caldav", "A": "http://apple.com/ns/ical/"}
NS["CS"] = "http://calendarserver.org/ns/"
HOME, PERSON = f"/dav/calendars/{ME}/", f"/dav/principals/{ME}/"
CALENDAR = f"{HOME}{MINE}/"


class Program:
    """Speaks CalDAV with the app password of who is signed in."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.headers = {"Authorization": basic("hong", TOKEN)}

    def ask(self, method: str, path: str, body: str | bytes = b"", **headers: str) -> TestResponse:
        """An answer; headers are named with `_` for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.open(path, method=method, data=body, headers={**self.headers, **named})

    def put(self, name: str, text: str | bytes, calendar: str = CALENDAR, **headers: str) -> TestResponse:
        return self.ask("PUT", f"{calendar}{name}", text, Content_Type="text/calendar; charset=utf-8", **headers)

    def find(self, path: str, *names: str, depth: str = "0", **headers: str) -> Answers:
        """The properties (`D:displayname`) of what is there."""
        prop = "".join(f"<{name}/>" for name in names)
        return Answers(
            self.ask("PROPFIND", path, document("D:propfind", f"<D:prop>{prop}</D:prop>"), Depth=depth, **headers)
        )

    def report(self, path: str, root: str, inner: str, depth: str = "1", **headers: str) -> TestResponse:
        return self.ask("REPORT", path, document(root, inner), Depth=depth, **headers)


class Answers:
    """A multistatus: what was told of each address."""

    def __init__(self, response: TestResponse) -> None:
        assert response.status_code == 207, (response.status_code, response.text)
        assert response.content_type == "application/xml; charset=utf-8"
        self.root = etree.fromstring(response.data)
        assert self.root.tag == "{DAV:}multistatus"
        self.responses = {one.findtext("D:href", "", NS): one for one in self.root.iterfind("D:response", NS)}

    @property
    def hrefs(self) -> list[str]:
        return list(self.responses)

    def of(self, href: str, code: int = 200) -> dict[str, Any]:
        """The properties in this state of an address, by their name with its prefix."""
        prefixes = {uri: prefix for prefix, uri in NS.items()}
        found = {}
        for stat in self.responses[href].iterfind("D:propstat", NS):
            if f" {code} " in stat.findtext("D:status", "", NS) + " ":
                for prop in stat.iterfind("D:prop/*", NS):
                    name = etree.QName(prop)
                    found[f"{prefixes.get(name.namespace or '', name.namespace)}:{name.localname}"] = prop
        return found

    def text(self, href: str, name: str) -> str:
        """What stands in a property."""
        return "".join(self.of(href)[name].itertext())

    def status(self, href: str) -> str:
        """Of a response without properties."""
        return str(self.responses[href].findtext("D:status", "", NS))

    @property
    def token(self) -> str:
        return str(self.root.findtext("D:sync-token", "", NS))


def basic(name: str, password: str) -> str:
    return f"Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}"


def document(root: str, inner: str) -> str:
    spaces = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in NS.items())
    return f'<?xml version="1.0" encoding="utf-8"?><{root}{spaces}>{inner}</{root}>'


def condition(response: TestResponse) -> str:
    """The condition that was not met, by its name with its prefix."""
    root = etree.fromstring(response.data)
    assert root.tag == "{DAV:}error"
    name = etree.QName(root[0])
    return f"{ {uri: prefix for prefix, uri in NS.items()}[name.namespace or ''] }:{name.localname}"
