"""A calendar of thousands of entries as programs follow it by CalDAV, beside Radicale's on the same entries.

Radicale is a server of its own (`requirements-calendars.in`), a process beside ours with its files on the same disk; it
asks nobody for a password. Both answer the same requests in turns.
"""

from __future__ import annotations

import base64
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from uuid import uuid4

import requests
from lxml import etree
from rich.table import Table

from oneway.servers import free_port
from tests.bench.report import Report, ratio
from tests.bench.stage import HOST, Stage
from tests.support.waiting import until

MANY, FEW = 5_000, 200
_TURNS = 5
_AT_ONCE, _IN_A_FILE = 100, 200
_RADICALE = Path(".calendars/bin/python")
_SPACES = 'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:CS="http://calendarserver.org/ns/"'
_CHANGES = (
    f"<sync-collection {_SPACES}><sync-token>{{}}</sync-token><sync-level>1</sync-level><prop><getetag/></prop>"
    "</sync-collection>"
)
_TEXTS = f"<C:calendar-multiget {_SPACES}><prop><getetag/><C:calendar-data/></prop>{{}}</C:calendar-multiget>"
_TAG = f"<propfind {_SPACES}><prop><CS:getctag/></prop></propfind>"
_WEEK = (
    f'<C:calendar-query {_SPACES}><prop><getetag/></prop><C:filter><C:comp-filter name="VCALENDAR">'
    '<C:comp-filter name="VEVENT"><C:time-range start="20260608T000000Z" end="20260615T000000Z"/></C:comp-filter>'
    "</C:comp-filter></C:filter></C:calendar-query>"
)


class Client:
    """A calendar program with one calendar of a server."""

    def __init__(self, url: str, login: str, password: str) -> None:
        self.url = url
        self._session = requests.Session()
        self._session.auth = (login, password)
        self.token = ""

    def ask(
        self, method: str, body: str = "", depth: str = "0", path: str = "", kind: str = "application/xml"
    ) -> bytes:
        """The content of an answer that must be a good one."""
        headers = {"Depth": depth, "Content-Type": f"{kind}; charset=utf-8"}
        answer = self._session.request(method, self.url + path, data=body.encode(), headers=headers, timeout=300)
        assert answer.status_code < 300, (method, answer.status_code, answer.text[:300])
        return answer.content

    def first(self) -> int:
        """Reads everything; how many entries there are."""
        told = etree.fromstring(self.ask("REPORT", _CHANGES.format("")))
        self.token = told.findtext("{DAV:}sync-token", "")
        hrefs = [href for one in told.iter("{DAV:}href") if (href := one.text or "").endswith(".ics")]
        for start in range(0, len(hrefs), _AT_ONCE):
            part = "".join(f"<href>{href}</href>" for href in hrefs[start : start + _AT_ONCE])
            assert self.ask("REPORT", _TEXTS.format(part)).count(b"BEGIN:VEVENT") == part.count("<href>")
        return len(hrefs)

    def idle(self) -> None:
        """Asks for changes where there are none."""
        told = etree.fromstring(self.ask("REPORT", _CHANGES.format(self.token)))
        assert told.find("{DAV:}response") is None

    def tag(self) -> None:
        """Asks whether anything has changed, as older programs do."""
        assert b"getctag" in self.ask("PROPFIND", _TAG)

    def week(self) -> None:
        """Asks for the entries of a week, series among them."""
        assert self.ask("REPORT", _WEEK, "1").count(b"getetag")

    def change(self) -> None:
        """Writes a new entry, and reads what has changed since."""
        uid = str(uuid4())
        self.ask("PUT", _whole(_event(0, uid)), path=f"{uid}.ics", kind="text/calendar")
        told = etree.fromstring(self.ask("REPORT", _CHANGES.format(self.token)))
        assert f"{uid}.ics".encode() in etree.tostring(told)
        self.token = told.findtext("{DAV:}sync-token", "")


def measure(stage: Stage, seconds: float) -> Report:
    """One table: each request's median on both, and how many times Radicale's ours is."""
    many = MANY if seconds > 1 else FEW
    entries = [_event(number, f"u{number}") for number in range(many)]
    with _radicale(stage.directory / "radicale", _whole("".join(entries))) as theirs:
        ours = _ours(stage, entries)
        assert ours.first() == theirs.first() == many
        asked: dict[str, Callable[[Client], object]] = {
            f"first sync of {many:,} entries": Client.first,
            "idle sync": Client.idle,
            "whether anything has changed": Client.tag,
            "entries of a week": Client.week,
            "a new entry, and what has changed": Client.change,
        }
        table = Table("ms, median", "One Way", "Radicale", "times", title="a calendar by CalDAV, one client")
        for what, ask in asked.items():
            mine, other = _in_turns((ours, theirs), ask)
            table.add_row(what, f"{mine * 1000:,.1f}", f"{other * 1000:,.1f}", ratio(mine, other))
    return Report([table])


def _in_turns(clients: tuple[Client, Client], ask: Callable[[Client], object]) -> list[float]:
    taken: list[list[float]] = [[], []]
    for _ in range(_TURNS):
        for client, times in zip(clients, taken, strict=True):
            began = time.perf_counter()
            ask(client)
            times.append(time.perf_counter() - began)
    return [median(times) for times in taken]


# -- what is followed -------------------------------------------------------------------------------


def _event(number: int, uid: str) -> str:
    """One entry of an hour in 2026; each fifth is a series of five weeks."""
    day = f"2026{number % 12 + 1:02}{number % 28 + 1:02}"
    rule = "RRULE:FREQ=WEEKLY;COUNT=5\r\n" if number % 5 == 0 else ""
    said = f"SUMMARY:회의 {number}\r\nLOCATION:3층 회의실\r\nDESCRIPTION:{'안건을 미리 읽어 주세요. ' * 8}\r\n"
    times = f"DTSTART:{day}T000000Z\r\nDTEND:{day}T010000Z\r\n{rule}"
    return f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260101T000000Z\r\n{said}{times}END:VEVENT\r\n"


def _whole(events: str) -> str:
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//bench//bench//EN\r\n{events}END:VCALENDAR\r\n"


def _ours(stage: Stage, entries: list[str]) -> Client:
    """A further calendar of a person's, with the entries taken in from files."""
    api = stage.system.sign_in("drafter")
    made = api.post("/me/tokens", {"name": "bench", "days": 1, "scope": "calendar"}, 201)
    login = stage.system.demo[stage.system.tenant]["people"]["drafter"]["login"]
    person, calendar = api.get("/me")["person"]["id"], str(uuid4())
    url = f"http://{HOST}:{stage.system.port}/dav/calendars/{person}/{calendar}/"
    client = Client(url, login, made["token"])
    client.ask("MKCALENDAR")
    for start in range(0, len(entries), _IN_A_FILE):
        file = base64.b64encode(_whole("".join(entries[start : start + _IN_A_FILE])).encode()).decode()
        api.post("/schedule/import", {"calendar": calendar, "content": file, "dry_run": False})
    return client


@contextmanager
def _radicale(directory: Path, content: str) -> Iterator[Client]:
    """Radicale with a calendar of the same entries."""
    assert _RADICALE.exists(), "make calendars"
    port = free_port()
    options = ("--server-hosts", f"{HOST}:{port}", "--storage-filesystem-folder", str(directory), "--auth-type", "none")
    command = [str(_RADICALE), "-m", "radicale", *options, "--logging-level", "error"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            url = f"http://{HOST}:{port}"
            until(lambda: _answers(url))
            client = Client(f"{url}/me/calendar/", "me", "none")
            client.ask("PUT", content, kind="text/calendar")
            yield client
        finally:
            process.terminate()


def _answers(url: str) -> bool:
    try:
        requests.get(url, timeout=2)
    except requests.RequestException:
        return False
    return True
