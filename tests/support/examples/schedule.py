"""Valid calls of the schedule service."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

from services.schedule import calendars
from shared.context import Context, system
from shared.ids import new_id
from tests.support.examples.example import Call, Doc, Told
from tests.support.examples.files import Files

_DAY = "2099-03-02"
_ICS = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nBEGIN:VEVENT\r\nUID:u1\r\nDTSTAMP:20260801T000000Z\r\n"
    "DTSTART:20990302T010000Z\r\nDTEND:20990302T020000Z\r\nSUMMARY:협의\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


class Example(Files):
    """My calendar, and a room that I book."""

    def prepare(self) -> None:
        self.mate = self.hire("서나래")
        names = ("name", "position", "department", "department_id")
        known = {name: getattr(self.me, name) for name in names}
        self.service.people[self.me.person] = {"id": self.me.person, "active": True, **known}
        for method in ("save_absence", "change_absence"):
            self.service.answers[("directory", method)] = self._absence
        self.service.answers[("directory", "cancel_absence")] = lambda ctx, data: {**data, "cancelled": True}

    def _absence(self, ctx: Context, data: Doc) -> Doc:
        names = ("starts_at", "ends_at", "reason", "note")
        return {"id": data.get("id", new_id()), "deputy": None} | {name: data[name] for name in names}

    @property
    def _admin(self) -> Context:
        return self.context(roles=frozenset({"tenant_admin"}))

    @property
    def _main(self) -> str:
        return calendars.main_of(self.me.tenant, self.me.person)

    def _times(self, hour: int = 1) -> Doc:
        return {"starts_at": f"{_DAY}T{hour:02}:00:00Z", "ends_at": f"{_DAY}T{hour + 1:02}:00:00Z"}

    def _made(self, **given: Any) -> Doc:
        made: Doc = self.ask("create", **{"title": "협의", **self._times(), **given})
        return made

    def owner(self) -> Doc:
        return {"id": self._made()["id"]}

    def _window(self) -> Doc:
        return {"from": _DAY, "to": "2099-03-09"}

    # -- entries ------------------------------------------------------------------------------------

    def create(self) -> Call:
        return Call(
            self.me, {"title": "협의", **self._times(), "people": [self.mate["id"]], "rrule": "FREQ=WEEKLY;COUNT=3"}
        )

    def change(self) -> Call:
        return Call(self.me, {**self.owner(), "version": 1, "title": "새 제목"})

    def remove(self) -> Call:
        return Call(self.me, self.owner())

    def entry(self) -> Call:
        return Call(self.me, self.owner())

    def quote(self) -> Call:
        return Call(self.me, self.owner())

    def write_diary(self) -> Call:
        times = {"starts_at": "2026-01-05T01:00:00Z", "ends_at": "2026-01-05T02:00:00Z"}
        return Call(self.me, {"id": self._made(**times)["id"], "text": "마쳤습니다", "progress": 100})

    def entries(self) -> Call:
        self._made()
        return Call(self.me, self._window())

    def preview(self) -> Call:
        return Call(self.me, {**self._times(), "rrule": "FREQ=WEEKLY", "people": [self.mate["id"]]})

    def free(self) -> Call:
        return Call(self.me, {"people": [self.me.person, self.mate["id"]], "from": _DAY})

    def busy(self) -> Call:
        self._made()
        return Call(self.me, {**self._window(), "people": [self.me.person]})

    # -- calendars ----------------------------------------------------------------------------------

    def _further(self) -> str:
        return str(self.ask("save_calendar", name="개인 공부")["id"])

    def calendars(self) -> Call:
        return Call(self.me, {})

    def save_calendar(self) -> Call:
        shares = [{"principal": "organisation", "level": "read"}]
        return Call(self.me, {"id": self._further(), "version": 1, "name": "공부", "colour": 4, "shares": shares})

    def remove_calendar(self) -> Call:
        return Call(self.me, {"id": self._further()})

    def set_presence(self) -> Call:
        return Call(self.me, {"status": "away"})

    def presence(self) -> Call:
        return Call(self.me, {"people": [self.mate["id"]]})

    def executives(self) -> Call:
        self.ask("save_executive", self._admin, **self.save_executive().data)
        return Call(self.me, {})

    def save_executive(self) -> Call:
        return Call(self._admin, {"person": self.mate["id"], "writers": [self.me.person]})

    # -- other programs -----------------------------------------------------------------------------

    def import_ics(self) -> Call:
        return Call(self.me, {"content": base64.b64encode(_ICS.encode()).decode()})

    def export(self) -> Call:
        self._made()
        return Call(self.me, {"id": self._main})

    def _feed(self) -> Doc:
        self._made()
        made: Doc = self.ask("create_feed", calendar=self._main, name="집")
        return made

    def create_feed(self) -> Call:
        return Call(self.me, {"calendar": self._main, "name": "집", "level": "read"})

    def feeds(self) -> Call:
        self._feed()
        return Call(self.me, {})

    def revoke_feed(self) -> Call:
        return Call(self.me, {"id": self._feed()["id"]})

    def feed(self) -> Call:
        return Call(self.context(person="", login="", roles=frozenset()), {"secret": self._feed()["secret"]})

    def dav_calendars(self) -> Call:
        return Call(self.me, {})

    def dav_make(self) -> Call:
        return Call(self.me, {"id": new_id(), "name": "집"})

    def dav_put(self) -> Call:
        return Call(self.me, {"calendar": self._further(), "name": "a.ics", "content": _ICS})

    def _put(self) -> Doc:
        put = self.dav_put().data
        self.ask("dav_put", **put)
        return {"calendar": put["calendar"]}

    def dav_objects(self) -> Call:
        return Call(self.me, self._put())

    def dav_delete(self) -> Call:
        return Call(self.me, {**self._put(), "name": "a.ics"})

    def dav_changes(self) -> Call:
        return Call(self.me, {**self._put(), "since": 0})

    def dav_busy(self) -> Call:
        return Call(self.me, {**self._put(), "from": f"{_DAY}T00:00:00Z", "to": f"{_DAY}T10:00:00Z"})

    # -- rooms --------------------------------------------------------------------------------------

    def _room(self, **given: Any) -> Doc:
        made: Doc = self.ask("save_room", self._admin, **{"name": "소회의실", **given})
        return made

    def rooms(self) -> Call:
        self._room()
        return Call(self.me, self._times())

    def room(self) -> Call:
        return Call(self._admin, {"id": self._room()["id"]})

    def save_room(self) -> Call:
        return Call(self._admin, {"name": "소회의실", "capacity": 8, "approvers": [self.mate["id"]]})

    def close_room(self) -> Call:
        return Call(self._admin, {"id": self._room()["id"], **self._times(), "reason": "보수"})

    def open_room(self) -> Call:
        closed = self.close_room().data
        return Call(
            self._admin, {"id": closed["id"], "closure": self.ask("close_room", self._admin, **closed)["closure"]}
        )

    def hold(self, **room: Any) -> Call:
        asked = {"resource": self._room(**room)["id"], "noun": "meetings", "subject": new_id(), "key": new_id()}
        return Call(self.me, {**asked, "title": "주간 회의", "periods": [self._times()]})

    def _held(self, **room: Any) -> Doc:
        return {"id": self.ask("hold", **self.hold(**room).data)["booking"]}

    def booking(self) -> Call:
        return Call(self.me, self._held())

    def release(self) -> Call:
        return Call(self.me, self._held())

    def rebook(self) -> Call:
        return Call(self.me, {**self._held(), **self._times(5)})

    def answer_booking(self) -> Call:
        return Call(self.as_(self.mate), {**self._held(approvers=[self.mate["id"]]), "granted": True})

    def check_in(self) -> Call:
        room = self._room()["id"]
        now = datetime.now(UTC).replace(microsecond=0)
        times = {"starts_at": now.isoformat(), "ends_at": now.replace(year=now.year + 1, day=1).isoformat()}
        times["ends_at"] = datetime.fromtimestamp(now.timestamp() + 3600, UTC).isoformat()
        self._made(**times, room=room)
        return Call(self.me, {"id": room})

    def door(self) -> Call:
        code = self.ask("room", self._admin, id=self._room()["id"])["door"]
        return Call(self.context(person="", login="", roles=frozenset()), {"code": code})

    def retell(self) -> Call:
        self._held(approvers=[self.mate["id"]])
        return Call(system(self.me.tenant), {"what": "desk"})

    # -- what it hears ------------------------------------------------------------------------------

    def story(self) -> list[Told]:
        changed = Told("directory.people_changed", self.me.person, {"people": [self.me.person]})
        return [*self._absences(), *self._meetings(), *self._dues(), changed]

    def _absences(self) -> list[Told]:
        id_ = new_id()
        told = {"id": id_, "person": self.me.person, "reason": "leave", "deputy": None, "note": "", "ended": False}
        first = {**told, "sequence": 1, "starts_at": "2099-03-03T00:00:00Z", "ends_at": "2099-03-04T00:00:00Z"}
        later = {**first, "sequence": 2, "starts_at": "2099-03-03T03:00:00Z"}
        return [Told("directory.absence", id_, first), Told("directory.absence", id_, later)]

    def _meetings(self) -> list[Told]:
        id_ = new_id()
        told = {
            "meeting": id_,
            "state": "called",
            "title": "주간 회의",
            "place": "",
            **self._times(4),
            "resource": None,
        }
        told |= {"booking": None, "link": None, "closed": False, "organiser": self.me.person_ref, "removed": []}
        told |= {"series": None, "total": 1}
        answers = [(1, "none"), (2, "yes"), (3, "tentative")]
        return [
            Told(
                "meetings.scheduled",
                id_,
                {**told, "sequence": n, "people": [{"person": self.me.person, "role": "required", "answer": answer}]},
            )
            for n, answer in answers
        ]

    def _dues(self) -> list[Told]:
        id_ = new_id()

        def told(sequence: int, due: str | None) -> Told:
            asked = {"role": "do", "since": "2026-01-01T00:00:00Z", "due": due, "urgency": 0, "sender": None}
            todo: Any = {**asked, "dismissible": False, "params": {}} if due else None
            slots = [{"person": self.me.person, "kind": "request", "todo": todo}]
            data = {"subject": id_, "noun": "requests", "sequence": sequence, "title": "자료 제출", "clear": sequence}
            data |= {"slots": slots, "notices": [], "watchers": [], "ended": False}
            return Told("requests.desk", id_, data)

        return [told(1, "2099-03-05T00:00:00Z"), told(2, None), told(3, "2099-03-06T00:00:00Z")]

    def view(self) -> Any:
        lines = self.ask("entries", **self._window(), dues=True)["items"]
        return sorted((each["title"], each["starts_at"], each["shown_as"]) for each in lines)
