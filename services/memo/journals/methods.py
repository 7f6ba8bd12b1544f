"""The methods of journals: a part of the memo service."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from services.memo.journals import asked, books, entries, months, places, reading, rounds, sheets, tables, today
from services.memo.journals.domain import forms, periods
from shared import alarms
from shared.alarms import Alarm
from shared.bus import Service, command, on_time, query
from shared.calendar import Exceptions
from shared.context import Context
from shared.contracts import journals as contract
from shared.db import Tx
from shared.errors import Forbidden, NotFound
from shared.people import ref

_OPENS, _CLOSES, _ABANDONED = "journal_opens", "journal_closes", "journal_abandoned"
_DAY = timedelta(days=1)
_BEGUN_FOR = timedelta(days=7)
_LATER = timedelta(days=30)


class JournalMethods(Service):
    """Beside `Service` among the bases of the memo service. README.md beside this file has what it owns and tells."""

    # -- journals and their forms -------------------------------------------------------------------

    @command(contract.SaveJournal)
    def save_journal(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """A new journal, or one changed by a manager, as `SavedJournal`."""
        fields = forms.checked(data["fields"])
        periods.schedule_of(data["schedule"])
        if data["id"] is None:
            asked.require_head(self, ctx)
        else:
            books.managed(tx, ctx, data["id"])
        people = books.require_people(asked.expanded(self, ctx, data["writers"]))
        asked.require_known(self, ctx, data)
        calendar = self.calendar(ctx)
        row = books.save(tx, ctx, data, fields, people)
        self._set_journal_alarm(tx, row, calendar)
        return books.saved(row)

    @command(contract.PublishJournal)
    def publish_journal(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """The draft of the form as its next version, as `SavedJournal`; entries keep theirs."""
        books.managed(tx, ctx, data["id"])
        calendar = self.calendar(ctx)
        row = books.publish(tx, ctx, data["id"], data["note"])
        self._set_journal_alarm(tx, row, calendar)
        return books.saved(row)

    @query(contract.JournalQuery)
    def journal(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """A journal with its form, as `JournalView`."""
        row, verifies = self._read_journal(tx, ctx, data["id"])
        people = self.people(ctx, [*row.verifiers, *row.managers])
        view = books.line(ctx, row) | {name: getattr(row, name) for name in ("version", "about", "way")}
        view |= {"made_by": row.made_by, "made_at": row.made_at, "versions": books.history(tx, row.id)}
        view["may"] += ["verify"] if verifies and "verify" not in view["may"] else []
        view["form"] = books.shown_form(tx, row, data["form_version"])
        view["draft"] = row.fields if books.manages(ctx, row) else None
        view |= {
            name: [ref(people[i]) for i in getattr(row, name) if i in people] for name in ("verifiers", "managers")
        }
        calendar = self.calendar(ctx)
        now = periods.at(books.schedule(row), tx.now) if row.state == books.OPEN else None
        view["period"] = tables.period(row, now, calendar, ctx.locale) if now else None
        return view | {"writers": asked.writers(self, ctx, row)}

    @query(contract.JournalsQuery)
    def journals(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """The journals that the caller may read, as `JournalPage`."""
        return today.journals(tx, ctx, data)

    @query(contract.TodayQuery)
    def journals_today(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """What the caller is to write now, as `Today`."""
        return today.mine(tx, ctx, self.calendar(ctx))

    @query(contract.WhereQuery)
    def journal_whereabouts(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """What an id of journals is of, as `Whereabouts`."""
        found = today.whereabouts(tx, ctx, data["id"])
        self._read_journal(tx, ctx, found["journal"])
        return found

    # -- entries ------------------------------------------------------------------------------------

    @command(contract.SaveEntry)
    def save_entry(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """A new entry, or a further version of the caller's own, as `SavedEntry`."""
        journal = books.opened(tx, ctx, data["journal"])
        if not books.writes(ctx, journal):
            raise Forbidden("writers of the journal")
        saved = entries.save(tx, ctx, journal, data)
        if saved["state"] == "draft":
            alarms.at(tx, tx.now + _BEGUN_FOR, _ABANDONED, saved["id"])
        return saved

    @query(contract.EntryQuery)
    def journal_entry(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """One entry with its versions, as `EntryView`."""
        known = self._sent_entry(tx, data["id"])
        journal, verifies = self._read_journal(tx, ctx, known.journal)
        return reading.entry(tx, ctx, journal, known, verifies=verifies)

    @query(contract.EntriesQuery)
    def journal_entries(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """One page of a journal's entries, as `EntryPage`."""
        journal, verifies = self._read_journal(tx, ctx, data["journal"])
        return reading.page(tx, ctx, journal, data, verifies=verifies)

    @command(contract.DecideEntry)
    def decide_entry(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Verifies the version that was seen, sends it back, or admits it into a closed month; as `SavedEntry`."""
        known = self._sent_entry(tx, data["id"])
        journal, verifies = self._read_journal(tx, ctx, known.journal)
        standing_for = None
        if not (verifies and books.verifies(ctx, journal)):
            standing_for = asked.stands_for(self, ctx, journal)
            manages = data["act"] == "admit" and books.manages(ctx, journal)
            if standing_for is None and not manages:
                raise Forbidden("verifiers of the journal")
        return entries.decide(tx, ctx, journal, known, data, standing_for)

    # -- who is missing, months ---------------------------------------------------------------------

    @query(contract.MissingQuery)
    def missing_entries(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Who has not written on a business date, as `Missing`."""
        journal, _ = self._read_journal(tx, ctx, data["journal"])
        expected: Callable[[], Any] = lambda: asked.expanded(self, ctx, journal.writers)["people"]  # noqa: E731
        return today.absent(tx, ctx, journal, data["day"], self.calendar(ctx), expected)

    @query(contract.MonthQuery)
    def journal_month(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """A month as a table with its counts, as `MonthView`."""
        journal, _ = self._read_journal(tx, ctx, data["journal"])
        return tables.month(tx, ctx, journal, data, self.calendar(ctx))

    @query(contract.SheetQuery)
    def journal_sheet(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """A month as it is printed, or was at a time, as `Sheet`."""
        journal, _ = self._read_journal(tx, ctx, data["journal"])
        return sheets.sheet(tx, ctx, journal, data)

    @query(contract.ExportQuery)
    def export_entries(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Some hundred entries of a month as cells, as `Export`."""
        journal, _ = self._read_journal(tx, ctx, data["journal"])
        return tables.export(tx, journal, data)

    @command(contract.SignOff)
    def sign_off_month(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Signs a month off (월 마감): what comes later needs approval; as `SignedOff`."""
        journal = books.opened(tx, ctx, data["journal"])
        if not (books.verifies(ctx, journal) or books.manages(ctx, journal)):
            raise Forbidden("verifiers and managers of the journal")
        return months.sign_off(tx, ctx, journal, data["month"])

    @command(contract.Reopen)
    def reopen_month(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Opens a month again that was signed off, with a reason; as `Reopened`."""
        journal = books.opened(tx, ctx, data["journal"])
        if not (books.verifies(ctx, journal) or books.manages(ctx, journal)):
            raise Forbidden("verifiers and managers of the journal")
        return months.reopen(tx, ctx, journal, data["month"], data["reason"])

    # -- places -------------------------------------------------------------------------------------

    @command(contract.SavePlace)
    def save_journal_place(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """A place with its QR code, as `Place`."""
        return places.save(tx, ctx, books.managed(tx, ctx, data["journal"]), data)

    @query(contract.PlacesQuery)
    def journal_places(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """The places of a journal, as `Places`."""
        return places.every(tx, ctx, self._read_journal(tx, ctx, data["journal"])[0])

    @query(contract.ScanQuery)
    def scanned_place(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Where the code of a place leads, as `Scanned`."""
        return places.scanned(tx, ctx, data["code"])

    # -- at their time ------------------------------------------------------------------------------

    @on_time(_OPENS)
    def open_journal(self, tx: Tx, alarm: Alarm) -> None:
        """Puts what opens now on the desks of those who are to write, and sets the next alarm."""
        row = books.found(tx, alarm.subject)
        if row is None or row.state != books.OPEN:
            return
        calendar, schedule = self.calendar(tx.ctx), books.schedule(row)
        people = asked.expanded(self, tx.ctx, row.writers)["people"]
        verifying = asked.verifying(self, tx.ctx, row)
        row = books.renew_readers(tx, row, people)
        near = periods.due(schedule, alarm.at.date() - _DAY, alarm.at.date() + _DAY, calendar)
        for period in near:
            if period.opens == alarm.at and period.ends > tx.now:
                rounds.open_(tx, row, period, today.expected_in(row, period, people), verifying)
                opened = rounds.found(tx, row.id, period)
                assert opened is not None
                alarms.at(tx, period.ends, _CLOSES, opened.id)
        following = periods.following(schedule, alarm.at, calendar)
        alarms.at(tx, following.opens if following else alarm.at + _LATER, _OPENS, row.id)

    @on_time(_CLOSES)
    def close_round(self, tx: Tx, alarm: Alarm) -> None:
        """Notes who was expected when a period ends, and tells its managers who did not write."""
        known = rounds.by_id(tx, alarm.subject)
        journal = books.found(tx, known.journal) if known else None
        if known is None or journal is None:
            return
        people = asked.expanded(self, tx.ctx, journal.writers)["people"]
        period = periods.at(books.schedule(journal), known.opens)
        row = rounds.by_id(tx, known.id, locked=True)
        assert row is not None
        rounds.close(tx, journal, row, today.expected_in(journal, period, people))

    @on_time(_ABANDONED)
    def abandon_entry(self, tx: Tx, alarm: Alarm) -> None:
        """Takes away what was begun a week ago and never sent, with its photos."""
        entries.abandon(tx, alarm.subject)

    # -- beneath them ------------------------------------------------------------------------------

    def _read_journal(self, tx: Tx, ctx: Context, journal: str) -> tuple[Row[Any], bool]:
        """A journal that the caller may read, and whether they may verify: a deputy may both. Raises `NotFound`."""
        try:
            row = books.opened(tx, ctx, journal)
        except NotFound:
            found = books.found(tx, journal)
            if found is None or not ctx.person or asked.stands_for(self, ctx, found) is None:
                raise
            return found, True
        return row, books.verifies(ctx, row)

    def _sent_entry(self, tx: Tx, id_: str) -> Row[Any]:
        """An entry that was sent. Raises `NotFound`."""
        row = entries.found(tx, id_)
        if row is None or not row.version:
            raise NotFound("entry")
        return row

    def _set_journal_alarm(self, tx: Tx, row: Row[Any], calendar: Exceptions) -> None:
        """Sets when the journal is next to be opened; none where it is not in use."""
        if row.state != books.OPEN:
            alarms.cancel(tx, _OPENS, row.id)
            return
        schedule = books.schedule(row)
        # A period that is running was opened, or is as soon as this is committed.
        following = periods.following(schedule, tx.now, calendar)
        alarms.at(tx, following.opens if following else tx.now + _LATER, _OPENS, row.id)
