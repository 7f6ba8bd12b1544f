"""Independent programs with the whole system: a tester of servers, and what people on a command line use.

docs/caldav.md tells what each of them says.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from uuid import uuid4

import orjson
import pytest

from tests.integration.caldav.account import Account, event

pytestmark = [pytest.mark.long, pytest.mark.mode("embedded")]
ROOT = Path(__file__).parent.parent.parent.parent
PROGRAMS = ROOT / ".calendars" / "bin"
# What the tester finds to be otherwise than it would have it, or has no word on: each is told in docs/caldav.md.
OTHERWISE = {
    *("save-load.todo", "save-load.journal", "search.time-range.todo", "search.time-range.todo.strict"),
    *("search.recurrences.includes-implicit.todo", "search.recurrences.includes-implicit.todo.pending"),
    *("search.recurrences.expanded.todo", "create-calendar.with-supported-component-types"),
    *(
        "create-calendar.stable-url",
        "save-load.stable-url",
        "url.encode-at.identity",
        "url.encode-at.literal.principal",
    ),
    *("search.time-range.comp-type-optional", "search.text.comp-type-optional", "calendar-color.name"),
    *("calendar-order", "scheduling", "principal-search", "principal-search.by-name", "principal-search.list-all"),
    *("well-known", "save.etag", "search.time-range.open", "search.time-range.open.start"),
    "search.time-range.open.start.duration",
}
ALL = (
    '<C:calendar-query xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><prop><C:calendar-data/></prop>'
    '<C:filter><C:comp-filter name="VCALENDAR"/></C:filter></C:calendar-query>'
)


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    assert PROGRAMS.exists(), "make calendars"
    given = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "Asia/Seoul", **environment}
    return subprocess.run(
        [str(PROGRAMS / command[0]), *command[1:]], env=given, capture_output=True, text=True, timeout=280, check=False
    )


def test_the_tester_finds_nothing_amiss_that_is_not_written_down(account: Account) -> None:
    script = str(Path(__file__).parent / "tester.py")
    signed_in = ("--caldav-user", account.login, "--caldav-pass", account.password)
    done = run("python", script, "--caldav-url", account.url, *signed_in, "--verbose", "--format", "json")
    assert done.returncode == 0, done.stderr[-3000:]
    features = orjson.loads(done.stdout[done.stdout.index("{") :])["features"]
    amiss = {name: told for name, told in features.items() if told["support"] != "full" and name not in OTHERWISE}
    assert amiss == {}


class Vdir:
    """A folder that vdirsyncer keeps in step with one calendar, and that khal reads and writes."""

    def __init__(self, directory: Path, account: Account, calendar: str) -> None:
        self.name = calendar.rstrip("/").rpartition("/")[2]
        self.folder = directory / "events" / self.name
        self._config = directory / "vdirsyncer"
        self._config.write_text(
            f"""
[general]
status_path = "{directory}/status/"
[pair mine]
a = "local"
b = "remote"
collections = ["{self.name}"]
conflict_resolution = "b wins"
[storage local]
type = "filesystem"
path = "{directory}/events/"
fileext = ".ics"
[storage remote]
type = "caldav"
url = "{account.server}/"
username = "{account.login}"
password = "{account.password}"
"""
        )
        self._khal = directory / "khal"
        self._khal.write_text(
            f"""
[calendars]
[[mine]]
path = {self.folder}
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = Asia/Seoul
default_timezone = Asia/Seoul
[default]
default_calendar = mine
[sqlite]
path = {directory}/khal.db
"""
        )

    def sync(self) -> None:
        done = run("vdirsyncer", "sync", VDIRSYNCER_CONFIG=str(self._config))
        assert done.returncode == 0, done.stderr

    def discover(self) -> None:
        self.folder.mkdir(parents=True)
        done = run("vdirsyncer", "discover", VDIRSYNCER_CONFIG=str(self._config))
        assert done.returncode == 0, done.stderr

    def khal(self, *command: str) -> str:
        done = run("khal", "-c", str(self._khal), *command)
        assert done.returncode == 0, done.stderr
        return done.stdout


def test_khal_and_vdirsyncer_read_and_write_the_same_calendar(account: Account, tmp_path: Path) -> None:
    calendar = account.calendar()
    uid = str(uuid4())
    series = event(uid, "주간회의", "RRULE:FREQ=WEEKLY;COUNT=3")
    assert account.ask("PUT", f"{calendar}{uid}.ics", series, Content_Type="text/calendar").status_code == 201
    vdir = Vdir(tmp_path, account, calendar)
    vdir.discover()
    vdir.sync()
    assert "09:00-10:00 주간회의" in vdir.khal("list", "2026-12-17", "1d")
    vdir.khal("new", "2026-12-11", "14:00", "15:00", "칼에서 쓴 일정")
    vdir.sync()
    kept = account.ask("REPORT", calendar, ALL, Depth="1").text
    assert kept.count("BEGIN:VEVENT") == 2 and "SUMMARY:칼에서 쓴 일정" in kept
    account.ask("DELETE", f"{calendar}{uid}.ics")
    vdir.sync()
    assert "주간회의" not in vdir.khal("list", "2026-12-17", "1d")
    vdir.sync()
    assert len(list(vdir.folder.glob("*.ics"))) == 1
