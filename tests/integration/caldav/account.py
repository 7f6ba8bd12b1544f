"""Somebody's account at a calendar program: the server, their login, an app password."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import requests

from tests.support.system import Api, System

PROPFIND = '<propfind xmlns="DAV:"><prop><displayname/></prop></propfind>'


class Account:
    """What one types into a calendar program, and what is behind it."""

    def __init__(self, system: System, api: Api, login: str, password: str) -> None:
        self.server = system.base_url
        self.url = f"{system.base_url}/dav/"
        self.api, self.login, self.password = api, login, password
        self.person: str = api.get("/me")["person"]["id"]
        self._made: list[str] = []

    @staticmethod
    @contextmanager
    def of(system: System, role: str) -> Iterator[Account]:
        """The account of the demo's person in this role, for as long as the test lasts."""
        api = system.sign_in(role)
        made = api.post("/me/tokens", {"name": "캘린더", "days": 1, "scope": "calendar"}, 201)
        account = Account(system, api, system.demo[system.tenant]["people"][role]["login"], made["token"])
        try:
            yield account
        finally:
            account.forget()
            api.call("DELETE", f"/me/sessions/{made['id']}")

    def ask(self, method: str, path: str, data: str | bytes = b"", **headers: str) -> requests.Response:
        """One request as the program makes it."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        signed_in = (self.login, self.password)
        url = path if path.startswith("http") else f"{self.server}{path}"
        body = data.encode() if isinstance(data, str) else data
        return requests.request(
            method, url, data=body, headers=named, auth=signed_in, timeout=60, allow_redirects=False
        )

    def calendar(self) -> str:
        """The path of a new calendar."""
        path = f"/dav/calendars/{self.person}/{uuid4()}/"
        answer = self.ask("MKCALENDAR", path)
        assert answer.status_code == 201, answer.text
        self._made.append(path)
        return path

    def main(self) -> str:
        """The path of their own calendar."""
        listed = self.ask("PROPFIND", f"/dav/calendars/{self.person}/", PROPFIND, Depth="1").text
        return listed.split("<D:href>")[2].partition("<")[0]

    def forget(self) -> None:
        """Takes the calendars away that were made."""
        for path in self._made:
            with contextlib.suppress(requests.RequestException):
                self.ask("DELETE", path)


def event(uid: str, title: str = "회의", *lines: str, day: str = "20261210") -> str:
    """An object of one event from nine to ten."""
    said = (f"UID:{uid}", "DTSTAMP:20260101T000000Z", f"SUMMARY:{title}", *lines)
    times = (f"DTSTART;TZID=Asia/Seoul:{day}T090000", f"DTEND;TZID=Asia/Seoul:{day}T100000")
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//test//KO", "BEGIN:VEVENT")
    return "".join(f"{line}\r\n" for line in (*head, *said, *times, "END:VEVENT", "END:VCALENDAR"))
