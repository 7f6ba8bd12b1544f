"""Valid calls of the meetings service."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from shared.context import Context, system
from shared.ids import new_id
from tests.support.examples.example import Call, Doc, Told, ref
from tests.support.examples.files import Files

# A Y update: the client 5 puts an empty paragraph into the fragment `minutes`.
_UPDATE = "AQEFAAcBB21pbnV0ZXMDCXBhcmFncmFwaAA="
_REQUEST = "01900000-0000-7000-8000-0000000000aa"


class Example(Files):
    """Meetings of mine with somebody who works here."""

    answer_for_unknown = frozenset({"bounce_letter", "take_mailbox"})

    def prepare(self) -> None:
        self.worker = self.hire("서나래")
        self.service.answers[("directory", "expand")] = self._expand
        self.service.answers[("schedule", "hold")] = lambda ctx, data: {
            "booking": new_id(), "room": "대회의실", "state": "held", "booked": data["periods"], "skipped": [],
        }  # fmt: skip
        # Every call finds it as it is now, whenever it is asked.
        self.starts = (datetime.now(UTC) + timedelta(days=3)).replace(microsecond=0)

    def _expand(self, ctx: Context, data: Doc) -> Doc:
        known = [self.service.people[id_] for id_ in data["people"] if id_ in self.service.people]
        way = [{"kind": "person", "id": person["id"], "name": person["name"]} for person in known]
        people = [{**person, "absent": None, "through": [each]} for person, each in zip(known, way, strict=True)]
        unknown = [{"kind": "person", "id": id_} for id_ in data["people"] if id_ not in self.service.people]
        unknown += [{"kind": "department", "id": id_} for id_ in data["departments"]]
        unknown += [{"kind": "group", "id": id_} for id_ in data["groups"]]
        return {"people": people, "left": [], "unknown": unknown, "dissolved": []}

    def _asked(self, **given: Any) -> Doc:
        until = self.starts + timedelta(hours=1)
        times = {"starts_at": self.starts.isoformat(), "ends_at": until.isoformat()}
        agenda = [{"title": "예산안", "presenter": self.worker["id"], "minutes": 20}]
        return {"title": "주간 회의", **times, "invite": [self.worker["id"]], "agenda": agenda, **given}

    def _made(self, **given: Any) -> Doc:
        made: Doc = self.ask("create", **self._asked(**given))
        return made

    def owner(self) -> Doc:
        return {"id": self._made()["id"]}

    def _act(self, of: Doc, act: str, **given: Any) -> Doc:
        self.ask("act", **of, act=act, **given)
        return of

    def _held(self) -> Doc:
        return self._act(self.owner(), "open")

    def _item(self, of: Doc) -> str:
        found: str = self.ask("card", **of)["agenda"][0]["id"]
        return found

    # -- commands -----------------------------------------------------------------------------------

    def create(self) -> Call:
        return Call(self.me, self._asked())

    def change(self) -> Call:
        return Call(self.me, {**self.owner(), "version": 1, "title": "월간 회의"})

    def act(self) -> Call:
        return Call(self.me, {**self.owner(), "act": "cancel", "reason": "일정 중복"})

    def answer(self) -> Call:
        return Call(self.as_(self.worker), {**self.owner(), "answer": "yes", "word": "갑니다"})

    def ready(self) -> Call:
        made = self.owner()
        return Call(self.as_(self.worker), {**made, "item": self._item(made), "ready": True})

    def attend(self) -> Call:
        people = [{"person": self.worker["id"], "present": True}]
        return Call(self.me, {**self._held(), "people": people})

    def decide(self) -> Call:
        return Call(self.me, {**self._held(), "text": "원안대로 한다."})

    def add_action(self) -> Call:
        return Call(self.me, {**self._held(), "title": "안내문 발송", "due": "2099-05-08"})

    def action_asked(self) -> Call:
        data = self.add_action().data
        made = self.ask("add_action", **data)
        return Call(self.me, {"id": data["id"], "action": made["made_id"], "request": _REQUEST})

    def open_vote(self) -> Call:
        return Call(self.me, {**self._held(), "question": "찬성하십니까?", "secret": False})

    def _voting(self) -> Doc:
        held = self.attend().data
        self.ask("attend", **held)
        made = self.ask("open_vote", id=held["id"], question="찬성하십니까?")
        return {"id": held["id"], "vote": made["made_id"]}

    def cast(self) -> Call:
        return Call(self.as_(self.worker), {**self._voting(), "choice": "for"})

    def close_vote(self) -> Call:
        return Call(self.me, self._voting())

    def time_item(self) -> Call:
        held = self._held()
        return Call(self.me, {**held, "item": self._item(held), "running": True})

    def write_minutes(self) -> Call:
        held = self._held()
        gist = [{"item": self._item(held), "body": "<p>논의함</p>"}]
        return Call(self.me, {**held, "version": 0, "body": "<p>회의함</p>", "items": gist})

    def begin_minutes(self) -> Call:
        return Call(self.me, {**self._held(), "everyone": True})

    def _shared(self) -> Doc:
        told = self.begin_minutes().data
        self.ask("begin_minutes", **told)
        return {"id": told["id"]}

    def push_minutes(self) -> Call:
        typed = {"key": new_id(), "update": _UPDATE, "client": 5, "cursor": "{}"}
        return Call(self.me, {**self._shared(), **typed})

    def review(self) -> Call:
        data = self.write_minutes().data
        self.ask("write_minutes", **data)
        due = datetime.now(UTC) + timedelta(days=5)
        mine = self._act({"id": data["id"]}, "end")
        self._act(mine, "ask_confirmation", due=due.isoformat())
        return Call(self.as_(self.worker), {**mine, "agree": True})

    def save_committee(self) -> Call:
        self.service.people[self.me.person] = {**self.me.person_ref, "active": True}
        members = [{"person": self.worker["id"], "role": "member", "from": "2026-01-01"}]
        data = {"name": "도시계획위원회", "quorum": "majority", "members": members, "agenda": ["보고"]}
        return Call(self.me, data)

    def claim_letters(self) -> Call:
        self._made(guests=[{"name": "김하나", "email": "hana@city.example"}])
        return Call(system(self.me.tenant), {"limit": 10, "lease": 60})

    def report_letters(self) -> Call:
        courier, data = self.claim_letters()
        letter = self.ask("claim_letters", courier, **data)["items"][0]
        result = {"id": letter["id"], "lease": letter["lease"], "outcome": "sent"}
        return Call(courier, {"results": [result], "courier": "gateway"})

    def bounce_letter(self) -> Call:
        courier, data = self.report_letters()
        self.ask("report_letters", courier, **data)
        return Call(courier, {"id": data["results"][0]["id"], "reason": "550 5.1.1 no such user"})

    def take_mailbox(self) -> Call:
        return Call(system(self.me.tenant), {"reader": new_id()})

    def answer_by_mail(self) -> Call:
        courier, data = self.claim_letters()
        letter = self.ask("claim_letters", courier, **data)["items"][0]
        said = {"sequence": 0, "stamp": "2026-05-04T00:00:00+00:00", "address": "MAILTO:Hana@city.example"}
        return Call(courier, {"uid": letter["uid"], **said, "partstat": "ACCEPTED"})

    def comment(self) -> Call:
        return Call(self.me, {**self.owner(), "text": "자료를 미리 봐 주세요."})

    def _commented(self) -> Doc:
        said = self.comment().data
        return {"id": said["id"], "comment": self.ask("comment", **said)["id"]}

    def edit_comment(self) -> Call:
        return Call(self.me, {**self._commented(), "version": 1, "text": "자료를 봐 주세요."})

    def withdraw_comment(self) -> Call:
        return Call(self.me, {**self._commented(), "version": 1})

    def mark_read(self) -> Call:
        return Call(self.as_(self.worker), {"id": self._commented()["id"], "sequence": 1})

    def retell(self) -> Call:
        self._made()
        return Call(system(self.me.tenant), {"what": "desk"})

    # -- queries ------------------------------------------------------------------------------------

    def card(self) -> Call:
        return Call(self.me, self.owner())

    def box(self) -> Call:
        for _ in range(6):
            self._made()
        return Call(self.as_(self.worker), {"box": "mine"})

    def minutes(self) -> Call:
        data = self.write_minutes().data
        self.ask("write_minutes", **data)
        return Call(self.me, {"id": data["id"]})

    def pull_minutes(self) -> Call:
        data = self.push_minutes().data
        self.ask("push_minutes", **data)
        return Call(self.me, {"id": data["id"], "after": 0})

    def quote(self) -> Call:
        return self.minutes()

    def code(self) -> Call:
        return Call(self.me, self.owner())

    def _founded(self) -> str:
        found: str = self.ask("save_committee", **self.save_committee().data)["id"]
        return found

    def committees(self) -> Call:
        for _ in range(6):
            self._founded()
        return Call(self.me, {})

    def committee(self) -> Call:
        return Call(self.me, {"id": self._founded()})

    def register(self) -> Call:
        id_ = self._founded()
        for _ in range(6):
            self._made(kind="committee", committee=id_)
        return Call(self.me, {"id": id_, "year": (self.starts + timedelta(hours=9)).year})

    def thread(self) -> Call:
        said = self.comment().data
        for n in range(6):
            self.ask("comment", **{**said, "text": str(n)})
        return Call(self.me, {"id": said["id"]})

    def comment_texts(self) -> Call:
        return Call(self.me, self._commented())

    # -- what others tell ---------------------------------------------------------------------------

    def story(self) -> list[Told]:
        data = self.action_asked().data
        self.ask("action_asked", **data)
        self._seen = data["id"]
        told = [self._told(n, state) for n, state in enumerate(("asked", "accepted", "in_progress", "done"), 1)]
        self._without = self.ask("create", **{**self.create().data, "room": new_id()})["id"]
        booking = self.ask("card", id=self._without)["booking"]
        lost = {"booking": booking, "noun": "meetings", "subject": self._without, "resource": new_id()}
        return [*told, Told("schedule.booking", booking, {**lost, "state": "refused", "sequence": 2})]

    def _told(self, sequence: int, state: str) -> Told:
        item = {"noun": "requests", "subject": _REQUEST, "sequence": sequence, "number": None, "title": "안내문 발송"}
        item |= {"state": state, "at": "2026-05-04T00:00:00+00:00", "owner": ref(self.worker), "department_id": None}
        lists = ("people", "audience", "cards", "links", "happened")
        item |= {"department": "총무과", "text": "", "removed": False, **{key: [] for key in lists}}
        return Told("requests.item", _REQUEST, item)

    def view(self) -> Any:
        return self.ask("card", id=self._seen)["actions"][0]["state"], self.ask("card", id=self._without)["room"]
