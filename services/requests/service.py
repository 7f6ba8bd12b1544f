"""The requests service: from what somebody asks to its end."""

from __future__ import annotations

from typing import Any

from services.requests import (
    acting,
    alarmed,
    asking,
    boards,
    cards,
    catalogue,
    desk,
    keeping,
    naming,
    reading,
    recurring,
    reminding,
    statistics,
    trees,
)
from services.requests.domain import due as dues
from services.requests.models import FILE, THREADS
from services.requests.rows import found, sought
from services.requests.talks import RequestFiles, RequestThreads
from shared.alarms import Alarm
from shared.bus import Service, command, on_time, query
from shared.calendar import Exceptions, seoul_date
from shared.context import Context
from shared.contracts import requests as contract
from shared.contracts.common import Retell, Strict
from shared.db import Tx
from shared.errors import Invalid
from shared.files.service import WithFiles
from shared.people import ref
from shared.retelling import retell
from shared.threads import WithThreads
from shared.work import bodies

Doc = dict[str, Any]
NOUN = "requests"


class RequestsService(WithFiles, WithThreads, Service):
    """See README.md beside this file for what it owns, listens to and tells."""

    name = "requests"
    files = RequestFiles(NOUN, FILE)
    threads = RequestThreads(NOUN, THREADS)

    # -- asking -------------------------------------------------------------------------------------

    @command(contract.CreateRequest)
    def create(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """A new request or instruction, as `RequestResult`."""
        asker, entered_by = self._asker(ctx, data)
        assignees = data["assignees"] or ([_oneself(ctx)] if entered_by else [])
        people = naming.named(self.call, ctx, assignees)
        exceptions = self.calendar(ctx)
        parts = naming.parts(assignees, people, asker["id"], tx.now, pool=data["pool"])
        if entered_by:
            parts = naming.spoken(parts, ctx.person)
        rule = recurring.rule_of(data["recurs"], tx.now) if data["recurs"] else None
        if rule:
            _require_alone(data)
            data["due"] = recurring.first_due(rule, tx.now, exceptions)
        due = asking.due_of(data, tx.now, lambda: exceptions)
        data["body"] = bodies.accepted(data["body"])
        series = tx.new_id() if rule else None
        question = asking.Question(
            parts=parts,
            asker=asker,
            entered_by=entered_by,
            due=due,
            exceptions=exceptions,
            series=series,
            **_told(data),
        )
        kept = asking.ask(tx, ctx, question)
        if rule and series and due:
            content = {**data, "assignees": assignees}
            recurring.begin(tx, ctx, series, content, rule, (kept.request.id, due.day), exceptions)
        return cards.result(kept, list(dues.warnings(due, exceptions)))

    def _asker(self, ctx: Context, data: Doc) -> tuple[Any, Any]:
        """Who asks, and who enters it where it was said to them. Raises `Invalid`."""
        if data["asker"] is None:
            return ctx.person_ref, None
        if data["kind"] != "instruction":
            raise Invalid({"asker": "not_an_instruction"})
        if data["asker"] == ctx.person:
            raise Invalid({"asker": "oneself"})
        return self._person(ctx, data["asker"], "asker"), ctx.person_ref

    def _person(self, ctx: Context, id_: str, field: str) -> Doc:
        """Somebody who works here, as a `PersonRef`. Raises `Invalid`."""
        person = self.people(ctx, [id_]).get(id_)
        if person is None:
            raise Invalid({field: "unknown_person"})
        if not person["active"]:
            raise Invalid({field: "left"})
        return ref(person)

    @command(contract.ChangeRequest)
    def change(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Changes what is asked, as `RequestResult`."""
        exceptions = self.calendar(ctx)
        if "body" in data:
            data["body"] = bodies.accepted(data["body"])
        kept = reading.opened(tx, ctx, data["id"], lock=True)
        keeping.require_version(kept, data["version"])
        done = asking.change(tx, ctx, kept, data, exceptions)
        return cards.result(done, list(dues.warnings(done.request.due, exceptions)) if data.get("due") else [])

    @command(contract.MoveRequest)
    def move(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Puts a request below another, as `RequestResult`."""
        return cards.result(trees.move(tx, ctx, data))

    # -- acts ---------------------------------------------------------------------------------------

    @command(contract.RequestAct)
    def act(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Moves a request by one of its acts, as `RequestResult`."""
        asked = acting.Asked(data)
        if data["act"] == "reassign" and data["to"]:
            asked = acting.Asked(data, to=self._new_part(tx, ctx, data))
        elif data["act"] in ("assign", "hand_over") and data["to"] and data["to"]["person"]:
            asked = acting.Asked(data, person=self._person(ctx, data["to"]["person"], "to.person"))
        elif data["act"] == "answer_extension":
            asked = acting.Asked(data, exceptions=self.calendar(ctx))
        return cards.result(acting.act(tx, ctx, asked))

    def _new_part(self, tx: Tx, ctx: Context, data: Doc) -> Any:
        """Whom a part is given to: a person, or a department."""
        to = {**data["to"], "group": None}
        people = naming.named(self.call, ctx, [to], "to")
        return naming.parts([to], people, "", tx.now, pool=False)[0]

    # -- reading ------------------------------------------------------------------------------------

    @query(contract.RequestQuery)
    def card(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """A request, whole, as `RequestView`."""
        return cards.card(tx, ctx, self.files, data["id"])

    @query(contract.BoxQuery)
    def box(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """One page of a list, as `RequestPage`."""
        return boards.page(tx, ctx, data)

    @query(contract.RequestQuery)
    def tree(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """What lies below a request, as `TreeView`."""
        return trees.shown(tx, ctx, data["id"])

    @query(contract.RequestQuery)
    def quote(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """What another object is made from, as `QuoteView`."""
        return cards.quote(tx, ctx, self.files, data["id"])

    @query(contract.ReckonQuery)
    def reckon(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """How a due day is counted, as `Reckoning`."""
        if (data["days"] is None) == (data["due"] is None):
            raise Invalid({"days": "days_or_due"})
        exceptions = self.calendar(ctx)
        return _reckoned(data, data["received"] or seoul_date(tx.now), exceptions)

    @query(contract.StatisticsQuery)
    def statistics(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Lead times and lateness, as `StatisticList`."""
        return statistics.of(tx, ctx, data)

    # -- rules --------------------------------------------------------------------------------------

    @query(Strict)
    def reminders(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """The tenant's rule, as `RemindersView`."""
        return reminding.view(tx)

    @command(contract.SaveReminders, roles=("tenant_admin",))
    def save_reminders(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Keeps another rule, as `RemindersView`."""
        return reminding.save(tx, ctx, data)

    @command(contract.RequestQuery)
    def stop_series(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Ends a recurring instruction; what was made goes on."""
        return recurring.stop(tx, ctx, data["id"])

    # -- by the clock -------------------------------------------------------------------------------

    @on_time(reminding.REMIND)
    def remind(self, tx: Tx, alarm: Alarm) -> None:
        """Reminds those of a request whom the rule names."""
        alarmed.remind(tx, alarm, self.calendar(tx.ctx))

    @on_time(reminding.ESCALATE)
    def escalate(self, tx: Tx, alarm: Alarm) -> None:
        """Tells the head above whoever has an overdue request."""
        kept = sought(tx, alarm.subject)
        who = alarmed.answerable(kept.request) if kept and alarmed.is_due(kept, tx) else None
        if who:
            answer = self.call("directory", "superiors", tx.ctx, {"person": who})
            alarmed.escalate(tx, alarm, answer["heads"])

    @on_time(recurring.REPEAT)
    def repeat(self, tx: Tx, alarm: Alarm) -> None:
        """Makes the next request of a series, or ends it where nobody is left who asks or is asked."""
        series = recurring.sought(tx, alarm.subject)
        due = recurring.due_now(series)
        if due is None:
            return
        content, exceptions = self._content(tx, series), self.calendar(tx.ctx)
        series = recurring.sought(tx, alarm.subject, lock=True)
        if recurring.due_now(series) != due:
            return
        if content is None:
            recurring.end(tx, series, "nobody is left")
            last = found(tx, series.last, lock=True)
            desk.inform(tx, last, {"series_stopped": [series.owner]}, {}, looking=False)
            return
        question = asking.Question(**content, due=dues.of_day(due), exceptions=exceptions, series=series.id)
        made = asking.ask(tx, tx.ctx, question)
        recurring.go_on(tx, series, made.request.id, exceptions)

    def _content(self, tx: Tx, series: Any) -> Doc | None:
        """What the next of a series is made of, with people as they are now; None where nobody is left."""
        kept = series.content
        try:
            asker = self._person(tx.ctx, series.owner, "asker")
            assignees = kept["assignees"]
            try:
                people = naming.named(self.call, tx.ctx, assignees)
            except Invalid as refused:
                assignees = recurring.remaining(assignees, refused.fields)
                people = naming.named(self.call, tx.ctx, assignees)
            parts = naming.parts(assignees, people, series.owner, tx.now, pool=kept["pool"])
        except Invalid:
            return None
        names = ("title", "body", "kind", "urgency", "sources", "cards")
        return {**{name: kept[name] for name in names}, "asker": asker, "parts": parts}

    # -- told anew ----------------------------------------------------------------------------------

    @command(Retell, roles=("platform_operator",))
    def retell(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Tells again of a batch of requests, as `Retell` describes."""
        return retell(tx, data, {"desk": desk.retell, "item": catalogue.retell})


def _oneself(ctx: Context) -> Doc:
    return {"person": ctx.person, "department": None, "group": None, "lead": True, "tenant": ""}


def _require_alone(data: Doc) -> None:
    """What recurs is an instruction whose dates are the rule's, on top of what it may have within it."""
    if data["kind"] != "instruction":
        raise Invalid({"recurs": "not_an_instruction"})
    if data["asker"]:
        raise Invalid({"recurs": "not_spoken"})
    for name in ("due", "days", "parent", "waits_for"):
        if data[name] is not None:
            raise Invalid({name: "not_of_a_series"})


def _told(data: Doc) -> Doc:
    names = ("title", "body", "kind", "urgency", "weight", "sources", "cards", "parent", "waits_for")
    return {name: data[name] for name in names}


def _reckoned(data: Doc, received: Any, exceptions: Exceptions) -> Doc:
    if not dues.FIRST <= received <= dues.LAST:
        raise Invalid({"received": "out_of_range"})
    if data["days"] is not None:
        return dues.reckoned(received, dues.in_days(data["days"], received, exceptions), exceptions)
    if data["due"] > dues.LAST:
        raise Invalid({"due": "beyond_2100"})
    if data["due"] < received:
        raise Invalid({"due": "past"})
    return dues.reckoned(received, data["due"], exceptions)
