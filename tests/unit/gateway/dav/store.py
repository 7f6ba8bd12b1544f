"""Stands for the schedule behind CalDAV: calendars in memory, as `shared.contracts.dav` has them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from gateway.dav.limits import FIRST, LAST
from shared.contracts import dav, schedule
from shared.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from shared.ical import reading, recurrence
from tests.unit.gateway.fake import ME, FakeClient

Doc = dict[str, Any]
MINE = "01900000-0000-7000-8000-0000000000c1"
TEAM = "01900000-0000-7000-8000-0000000000c2"
EMAIL = "hong@city.example"
_ZONE = ZoneInfo("Asia/Seoul")


@dataclass
class Kept:
    """A calendar: what is in it, and what became of each name, with the number of that."""

    told: Doc
    texts: dict[str, str] = field(default_factory=dict)
    changes: dict[str, int] = field(default_factory=dict)
    locked: set[str] = field(default_factory=set)

    def touch(self, name: str) -> None:
        self.told["number"] += 1
        self.changes[name] = self.told["number"]


def calendar(id_: str, name: str, access: str = "own", **more: Any) -> Kept:
    told = {"id": id_, "name": name, "kind": "person", "colour": 0, "main": False, "counts": True, "access": access}
    return Kept({**told, "number": 1, "zone": "Asia/Seoul", **more})


class Schedule:
    """The methods, each with the data that its schema lets through."""

    page = 1_000

    def __init__(self, client: FakeClient) -> None:
        mine, team = calendar(MINE, "내 일정", main=True), calendar(TEAM, "총무과", "read", kind="department")
        self.calendars = {MINE: mine, TEAM: team}
        self.client = client
        for method, schema in {
            "dav_make": dav.DavMake,
            "dav_objects": dav.DavQuery,
            "dav_put": dav.DavPut,
            "dav_delete": dav.DavDelete,
            "dav_changes": dav.DavChangesQuery,
            "dav_busy": dav.DavBusy,
            "save_calendar": schedule.SaveCalendar,
            "remove_calendar": schedule.CalendarQuery,
        }.items():
            client.answers["schedule", method] = self._answering(method, schema())
        client.answers["schedule", "dav_calendars"] = lambda *_: {
            "items": [dict(one.told) for one in self.calendars.values()]
        }
        client.answers["directory", "person"] = {"id": ME, "email": EMAIL}
        self.busy: list[Doc] = []

    def _answering(self, method: str, schema: Any) -> Any:
        def answer(_: Any, data: Any) -> Any:
            if wrong := schema.validate(data):
                raise Invalid(wrong)
            return getattr(self, method)(schema.load(data))

        return answer

    def put(self, name: str, text: str, calendar_id: str = MINE) -> None:
        """Keeps a text, without asking who puts it."""
        kept = self.calendars[calendar_id]
        kept.texts[name] = text
        kept.touch(name)

    def asked(self, method: str) -> list[Doc]:
        """What the method was asked with, in order."""
        return [data for _, name, data in self.client.asked if name == method]

    def _kept(self, data: Doc) -> Kept:
        found = self.calendars.get(data["calendar"])
        if found is None:
            raise NotFound("calendar")
        return found

    # -- as the contract has them -------------------------------------------------------------------

    def dav_make(self, data: Doc) -> Doc:
        self.calendars[data["id"]] = calendar(data["id"], data["name"], colour=data["colour"])
        return {"id": data["id"]}

    def dav_objects(self, data: Doc) -> Doc:
        kept = self._kept(data)
        wanted = sorted(kept.texts if data["names"] is None else set(data["names"]))
        there = [
            name for name in wanted if name > data["after"] and name in kept.texts and self._fits(kept, name, data)
        ]
        most = min(data["limit"], self.page)
        items = [self._object(kept, name, data["text"]) for name in there[:most]]
        missing = [name for name in wanted if name not in kept.texts]
        return {"items": items, "missing": missing, "next": there[most - 1] if len(there) > most else None}

    @staticmethod
    def _object(kept: Kept, name: str, text: bool) -> Doc:
        told = kept.texts[name]
        writable = name not in kept.locked
        return {"name": name, "tag": tag_of(told), "text": told if text else None, "writable": writable}

    @staticmethod
    def _fits(kept: Kept, name: str, data: Doc) -> bool:
        if data["from_"] is None and data["to"] is None and data["uid"] is None:
            return True
        found = reading.one(kept.texts[name].encode())
        if data["uid"] is not None and found.uid != data["uid"]:
            return False
        start, end = data["from_"] or FIRST, data["to"] or LAST
        return bool(recurrence.expand(found, start, end, _ZONE, most=1).instances)

    def dav_put(self, data: Doc) -> Doc:
        kept, name = self._kept(data), data["name"]
        current = kept.texts.get(name)
        try:
            uid = reading.one(data["content"].encode()).uid
        except reading.NotACalendarObject as error:
            raise Invalid({"content": error.reason}) from error
        if name in kept.locked:
            raise Forbidden()
        if (data["absent"] and current is not None) or (
            data["tag"] is not None and (current is None or tag_of(current) != data["tag"])
        ):
            raise Stale(0)
        for other, text in kept.texts.items():
            if other != name and reading.one(text.encode()).uid == uid:
                raise Conflict("uid-elsewhere", name=other)
        if current != data["content"]:
            self.put(name, data["content"], data["calendar"])
        return {"name": name, "tag": tag_of(data["content"]), "created": current is None, "same": True}

    def dav_delete(self, data: Doc) -> Doc:
        kept, name = self._kept(data), data["name"]
        if name not in kept.texts:
            raise NotFound("object")
        if name in kept.locked:
            raise Forbidden()
        if data["tag"] is not None and tag_of(kept.texts[name]) != data["tag"]:
            raise Stale(0)
        del kept.texts[name]
        kept.touch(name)
        return {"removed": True}

    def dav_changes(self, data: Doc) -> Doc:
        kept, since = self._kept(data), data["since"]
        if since is not None and since > kept.told["number"]:
            raise Conflict("sync-token-unknown")
        later = sorted((number, name) for name, number in kept.changes.items() if number > (since or 0))
        if since is None:
            later = [(number, name) for number, name in later if name in kept.texts]
        part = later[: data["limit"]]
        tags = {name: tag_of(kept.texts[name]) if name in kept.texts else None for _, name in part}
        more = len(later) > len(part)
        number = part[-1][0] if more else kept.told["number"]
        return {"items": [{"name": n, "tag": t} for n, t in tags.items()], "number": number, "more": more}

    def dav_busy(self, data: Doc) -> Doc:
        return {"items": {data["calendar"]: self.busy}}

    def save_calendar(self, data: Doc) -> Doc:
        self.calendars[data["id"]].told |= {name: data[name] for name in ("name", "colour") if name in data}
        return {"id": data["id"]}

    def remove_calendar(self, data: Doc) -> Doc:
        del self.calendars[data["id"]]
        return {"id": data["id"]}


def tag_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def event(uid: str, start: str = "20260610T090000", *lines: str, title: str = "회의") -> str:
    """An object of one event of an hour, with further lines in it."""
    begins = datetime.strptime(start, "%Y%m%dT%H%M%S")
    ends = begins.replace(hour=begins.hour + 1)
    said = [f"UID:{uid}", "DTSTAMP:20260101T000000Z", f"DTSTART;TZID=Asia/Seoul:{start}"]
    said += [f"DTEND;TZID=Asia/Seoul:{ends:%Y%m%dT%H%M%S}", f"SUMMARY:{title}", *lines]
    return calendar_of("BEGIN:VEVENT", *said, "END:VEVENT")


def calendar_of(*lines: str) -> str:
    """A calendar with these lines in it, and Seoul's zone."""
    zone = ["BEGIN:VTIMEZONE", "TZID:Asia/Seoul", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZNAME:KST"]
    zone += ["TZOFFSETFROM:+0900", "TZOFFSETTO:+0900", "END:STANDARD", "END:VTIMEZONE"]
    whole = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//test//KO", *zone, *lines, "END:VCALENDAR"]
    return "".join(f"{line}\r\n" for line in whole)
