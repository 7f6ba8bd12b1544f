"""The meetings service: from calling a meeting to its confirmed minutes."""

from __future__ import annotations

from typing import Any

from services.meetings import (
    acting,
    alarmed,
    alarming,
    boards,
    calling,
    cards,
    catalogue,
    changing,
    committees,
    deciding,
    desk,
    keeping,
    letters,
    mailed,
    naming,
    reading,
    rooms,
    scheduled,
    settling,
    writing,
)
from services.meetings.domain import acts
from services.meetings.models import FILE, THREADS
from services.meetings.rows import Kept
from services.meetings.talks import ItemFiles, MeetingFiles, MeetingThreads
from shared.alarms import Alarm
from shared.bus import Event, Service, command, on_event, on_time, query
from shared.calendar import seoul_date
from shared.context import Context
from shared.contracts import meetings as contract
from shared.contracts.common import PageQuery, Retell
from shared.db import Tx
from shared.errors import Invalid
from shared.files.owners import Either
from shared.files.service import WithFiles
from shared.people import ref
from shared.retelling import retell
from shared.threads import WithThreads
from shared.work import bodies

Doc = dict[str, Any]
NOUN = "meetings"
_COURIER = ("platform_operator",)


class MeetingsService(WithFiles, WithThreads, Service):
    """See README.md beside this file for what it owns, listens to and tells."""

    name = "meetings"
    files = Either(MeetingFiles(NOUN, FILE), ItemFiles(NOUN, FILE))
    threads = MeetingThreads(NOUN, THREADS)

    # -- calling ------------------------------------------------------------------------------------

    @command(contract.CreateMeeting)
    def create(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """A new meeting or a series, as `MeetingResult` of the first one."""
        committee = committees.convened(tx, ctx, data)
        data = calling.DEFAULTS | (committees.standing(committee, data) if committee else data)
        periods = calling.periods(data)
        members = committees.members_on(committee, seoul_date(data["starts_at"])) if committee else []
        named = naming.named(self.call, ctx, data, members)
        people = naming.people(ctx, data, named, tx.now, members)
        calling.require_bearable(people, len(periods))
        series = tx.new_id() if data["rule"] else None
        ids = [tx.new_id() for _ in periods]
        room = rooms.hold(self.call, ctx, series or ids[0], tx.new_id(), data, periods)
        # Where nobody says where it is, it is where the room is.
        data["place"] = data["place"] or room.name
        plan = calling.Plan(data, ids, periods, people, named, room, series, committee)
        made = calling.make(tx, ctx, plan)
        return cards.result(made[0], len(made), room.skipped)

    @command(contract.ChangeMeeting)
    def change(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Changes a meeting, or more of its series, as `MeetingResult`."""
        first = reading.opened(tx, ctx, data["id"])
        acts.require_leads(first.meeting, acting.who_of(ctx))
        keeping.require_version(first, data["version"])
        named = naming.named(self.call, ctx, data)
        people = naming.people(ctx, data, named, tx.now)
        ids = changing.targets(tx, first, data["scope"])
        periods = changing.periods(tx, data, first, ids)
        held = changing.to_hold(data, first, periods)
        calling.require_bearable(people, len(ids))
        asked = {name: first.row[name] for name in ("room", "title", "closed")} | data
        subject = first.row["series"] if len(ids) > 1 else data["id"]
        room = rooms.hold(self.call, ctx, subject, tx.new_id(), asked, held, ids) if held else rooms.Room()
        if room.name and "place" not in data:
            data["place"] = room.name
        change = changing.Change(data, first, named, people, room, bool(held and room.id))
        done = [changing.apply(tx, ctx, id_, change) for id_ in ids]
        mine = next((each for each in done if each.meeting.id == data["id"]), first)
        return cards.result(mine, len(done), room.skipped)

    @command(contract.MeetingAct)
    def act(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Moves a meeting by one of its acts, as `MeetingResult`."""
        return cards.result(acting.act(tx, ctx, data))

    # -- people -------------------------------------------------------------------------------------

    @command(contract.AnswerMeeting)
    def answer(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """What the caller answers, as `MeetingResult`."""
        substitute = self._person(ctx, data["substitute"], "substitute") if data["substitute"] else None
        return cards.result(acting.answer(tx, ctx, data, substitute))

    def _person(self, ctx: Context, id_: str, field: str) -> Doc:
        """Somebody who works here, as a `PersonRef`. Raises `Invalid`."""
        person = self.people(ctx, [id_]).get(id_)
        if person is None:
            raise Invalid({field: "unknown_person"})
        if not person["active"]:
            raise Invalid({field: "left"})
        return ref(person)

    @command(contract.PapersReady)
    def ready(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """The papers of an agenda item are there, as `MeetingResult`."""
        return cards.result(acting.ready(tx, ctx, data))

    @command(contract.Attend)
    def attend(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Marks who is there, as `MeetingResult`."""
        return cards.result(acting.attend(tx, ctx, data))

    # -- results ------------------------------------------------------------------------------------

    @command(contract.EnterDecision)
    def decide(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Enters a decision, changes it or takes it back, as `MadeResult`."""
        return _made(deciding.decide(tx, ctx, data))

    @command(contract.AddAction)
    def add_action(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Enters an action item, changes it or takes it back, as `MadeResult`."""
        person = self._person(ctx, data["person"], "person") if data["person"] else None
        return _made(deciding.add_action(tx, ctx, data, person))

    @command(contract.ActionAsked)
    def action_asked(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Keeps which request an action item became, as `MeetingResult`."""
        return cards.result(deciding.action_asked(tx, ctx, data))

    @command(contract.OpenVote)
    def open_vote(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Puts something to the vote, as `MadeResult`."""
        return _made(deciding.open_vote(tx, ctx, data))

    @command(contract.Cast)
    def cast(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """The caller's vote, as `MeetingResult`."""
        return cards.result(deciding.cast(tx, ctx, data))

    @command(contract.CloseVote)
    def close_vote(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Nobody votes any more, as `MeetingResult`."""
        return cards.result(deciding.close_vote(tx, ctx, data))

    @command(contract.TimeItem)
    def time_item(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Starts or stops the clock of an agenda item, as `MeetingResult`."""
        return cards.result(acting.time_item(tx, ctx, data))

    @command(contract.WriteMinutes)
    def write_minutes(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Keeps the gist; the version answered is that of the minutes, as `MeetingResult`."""
        if "body" in data:
            data["body"] = bodies.accepted(data["body"])
        data["items"] = [{**each, "body": bodies.accepted(each["body"])} for each in data["items"]]
        kept, version = deciding.write_minutes(tx, ctx, data)
        return cards.result(kept) | {"version": version}

    @command(contract.BeginMinutes)
    def begin_minutes(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Has minutes written together, as `MeetingResult`."""
        return cards.result(writing.begin(tx, ctx, data))

    @command(contract.PushMinutes)
    def push_minutes(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """What somebody has typed, as `MinutesPushed`."""
        return writing.push(tx, ctx, data)

    @command(contract.ReviewMinutes)
    def review(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Agrees with the minutes or objects, as `MeetingResult`."""
        return cards.result(acting.review(tx, ctx, data))

    # -- reading ------------------------------------------------------------------------------------

    @query(contract.MeetingQuery)
    def card(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """A meeting, whole, as `MeetingView`."""
        return cards.card(tx, ctx, self.files, data["id"])

    @query(contract.BoxQuery)
    def box(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """One page of a list, as `MeetingPage`."""
        return boards.page(tx, ctx, data)

    @query(contract.MeetingQuery)
    def minutes(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """The minutes, put together, as `MinutesView`."""
        return cards.minutes_view(tx, ctx, data["id"])

    @query(contract.PullMinutes)
    def pull_minutes(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """What others have typed, as `MinutesUpdates`."""
        return writing.pull(tx, ctx, data)

    @query(contract.MeetingQuery)
    def quote(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """What another object is made from, as `QuoteView`."""
        return cards.quote(tx, ctx, self.files, data["id"])

    @query(contract.MeetingQuery)
    def code(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """The code of attendance, as `CodeView`."""
        return acting.code(tx, ctx, data["id"])

    # -- committees ---------------------------------------------------------------------------------

    @command(contract.SaveCommittee)
    def save_committee(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Founds a committee or changes it, as `CommitteeResult`."""
        ids = list(dict.fromkeys(each["person"] for each in data["members"]))
        people = {id_: ref(person) for id_, person in self.people(ctx, ids).items()} if ids else {}
        return committees.save(tx, ctx, data, people)

    @query(PageQuery)
    def committees(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """One page of the committees, as `CommitteePage`."""
        return committees.page(tx, data)

    @query(contract.CommitteeQuery)
    def committee(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """A committee, whole, as `CommitteeView`."""
        return committees.view(tx, ctx, data["id"])

    @query(contract.RegisterQuery)
    def register(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """One page of a committee's meetings of a year, as `MeetingPage`."""
        return committees.register(tx, ctx, data)

    # -- the courier --------------------------------------------------------------------------------

    @command(contract.ClaimLetters, roles=_COURIER)
    def claim_letters(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Letters that are due, leased to the caller, as `Letters`."""
        return letters.claim(tx, data["limit"], data["lease"])

    @command(contract.ReportLetters, roles=_COURIER)
    def report_letters(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """What came of letters, as `Taken`."""
        return letters.report(tx, data["results"], data["courier"])

    @command(contract.BounceLetter, roles=_COURIER)
    def bounce_letter(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """A letter that was sent came back, as `Taken`."""
        return letters.bounced(tx, data["id"], data["reason"])

    @command(contract.TakeMailbox, roles=_COURIER)
    def take_mailbox(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """The turn to read the mailbox, as `MailboxTaken`: the key by which it is asked for is what only one gets."""
        return {"reader": data["reader"]}

    @command(contract.AnswerByMail, roles=_COURIER)
    def answer_by_mail(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """A guest's answer, as `MailTaken`."""
        return mailed.take(tx, ctx, data)

    # -- what others tell, and the clock ------------------------------------------------------------

    @on_event("requests.item")
    def request_stands(self, tx: Tx, event: Event) -> None:
        """How a request stands that an action item became."""
        deciding.request_stands(tx, event.data)

    @on_event("schedule.booking")
    def booking_stands(self, tx: Tx, event: Event) -> None:
        """A room was refused, or taken back."""
        if event.data["noun"] == NOUN and event.data["state"] in ("refused", "released"):
            rooms.lost(tx, event.context, event.data["booking"], event.data["state"])

    @on_time(alarming.END)
    def ends(self, tx: Tx, alarm: Alarm) -> None:
        """A meeting that nobody opened is over."""
        alarmed.end(tx, alarm)

    @on_time(alarming.REMIND)
    def remind(self, tx: Tx, alarm: Alarm) -> None:
        """A meeting is tomorrow."""
        alarmed.remind(tx, alarm)

    @on_time(alarming.PAPERS)
    def papers(self, tx: Tx, alarm: Alarm) -> None:
        """Papers are due tomorrow."""
        alarmed.papers(tx, alarm)

    @on_time(alarming.REVIEW)
    def review_ends(self, tx: Tx, alarm: Alarm) -> None:
        """Who has said nothing of the minutes agrees."""
        alarmed.review(tx, alarm)

    @on_time(settling.SETTLE)
    def settle(self, tx: Tx, alarm: Alarm) -> None:
        """What was typed into shared minutes comes to where it is read and found."""
        settling.due(tx, alarm)

    @on_time(alarming.REVEAL)
    def reveal(self, tx: Tx, alarm: Alarm) -> None:
        """A closed meeting may be read."""
        alarmed.reveal(tx, alarm)

    @on_time(scheduled.TELL)
    def tell(self, tx: Tx, alarm: Alarm) -> None:
        """Calendars hear of gathered answers."""
        alarmed.tell(tx, alarm)

    @command(Retell, roles=_COURIER)
    def retell(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Tells again of a batch of meetings, as `Retell` describes."""
        return retell(tx, data, {"desk": desk.retell, "item": catalogue.retell, "calendar": scheduled.retell})


def _made(made: tuple[Kept, str | None]) -> Doc:
    return cards.result(made[0]) | {"made_id": made[1]}
