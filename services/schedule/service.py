"""The schedule service: what happens when, who is free, which room is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.schedule import (
    absences,
    acting,
    busy,
    cards,
    catalogue,
    dues,
    fed,
    heard,
    keeping,
    previews,
    reminding,
    sharing,
    unfolding,
    windows,
)
from services.schedule import presence as whereabouts
from services.schedule.files import EntryFiles
from services.schedule.methods import ExchangeMethods
from services.schedule.models import FILE
from services.schedule.rooms import desk as room_desks
from services.schedule.rooms.methods import RoomMethods
from shared.alarms import Alarm
from shared.bus import Event, Service, command, on_event, on_time, query
from shared.context import Context
from shared.contracts import schedule as contract
from shared.contracts.common import Retell, Strict
from shared.contracts.schedule import ABSENCES
from shared.db import Tx
from shared.errors import Invalid, NotFound
from shared.files.service import WithFiles
from shared.ical.objects import Object
from shared.people import ref
from shared.retelling import retell

Doc = dict[str, Any]
_ADMIN = ("tenant_admin",)
_PEOPLE_AT_ONCE = 500


class ScheduleService(ExchangeMethods, RoomMethods, WithFiles, Service):
    """See README.md beside this file for what it owns, listens to and tells."""

    name = "schedule"
    files = EntryFiles("schedule", FILE)

    # -- entries ------------------------------------------------------------------------------------

    @command(contract.CreateEntry)
    def create(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """A new entry, as `EntryResult`."""
        people, exceptions = self._named(ctx, data["people"]), self.calendar(ctx)
        if data["absence"] is not None:
            return self._absent(tx, ctx, data)
        row, booking = acting.create(tx, ctx, data, people, exceptions)
        return acting.result(row, None, booking)

    def _absent(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """An entry that is an absence: the directory keeps it, and every service goes by it."""
        own = absences.main_of(ctx)
        if data["kind"] not in ABSENCES or data["rrule"] or data["room"] or data["calendar"] not in (None, own):
            field = "kind" if data["kind"] not in ABSENCES else "absence"
            raise Invalid({field: "not_an_absence"})
        content = acting.content_of(data)
        keeping.require_sound(Object.new(content, "absence", tx.now))
        asked = absences.asked(content, ABSENCES[data["kind"]], data["absence"]["deputy"], data["title"])
        kept = self.call("directory", "save_absence", ctx, asked)
        row = absences.entered(tx, ctx, content, data["kind"], kept)
        return acting.result(row, None, None)

    @command(contract.ChangeEntry)
    def change(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Changes an entry, as `EntryResult`."""
        people = self._named(ctx, data["people"]) if "people" in data else None
        exceptions = self.calendar(ctx)
        absence = absences.of_entry(tx, ctx, data["id"])
        if absence is not None:
            obj, asked = absences.changed(tx, ctx, absence, data)
            kept = self.call("directory", "change_absence", ctx, asked)
            return acting.result(absences.resaved(tx, ctx, absence, obj, kept), None, None)
        row, also = acting.change(tx, ctx, data, people, exceptions)
        return acting.result(row, also, None)

    @command(contract.RemoveEntry)
    def remove(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Takes an entry out, as `EntryResult`."""
        absence = absences.of_entry(tx, ctx, data["id"])
        if absence is not None:
            self.call("directory", "cancel_absence", ctx, {"id": absence.source_subject})
            return absences.cancelled(tx, ctx, absence)
        return acting.remove(tx, ctx, data)

    def _named(self, ctx: Context, ids: list[str]) -> list[Doc]:
        """People who work here, as `PersonRef`s. Raises `Invalid`."""
        known = self.people(ctx, ids) if ids else {}
        bad = [id_ for id_ in ids if id_ not in known or not known[id_]["active"]]
        if bad:
            raise Invalid({"people": "left" if bad[0] in known else "unknown_person"})
        return [ref(known[id_]) for id_ in dict.fromkeys(ids)]

    def _refs(self, ctx: Context, ids: Iterable[str]) -> dict[str, Doc]:
        known = self.people(ctx, sorted(set(ids)))
        return {id_: ref(person) for id_, person in known.items()}

    @query(contract.EntryQuery)
    def entry(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """An entry, whole, as `CalendarEntryView`."""
        found = cards.card(tx, ctx, self.files, data)
        owner = found.pop("owner_id")
        return found | {"owner": self._refs(ctx, [owner]).get(owner) if owner else None}

    @query(contract.EntryId)
    def quote(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """What another object is made from, as `QuoteView`."""
        return cards.quote(tx, ctx, self.files, data["id"])

    @command(contract.WriteDiary)
    def write_diary(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """What came of an entry (일지), as `DiaryView`."""
        return cards.write_diary(tx, ctx, data)

    @query(contract.WindowQuery)
    def entries(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """What lies in a window of time, as `WindowView`."""
        return windows.window(tx, ctx, data, self.calendar(ctx))

    # -- while one chooses --------------------------------------------------------------------------

    @query(contract.PreviewQuery)
    def preview(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """What a rule comes to and what stands against it, as `Preview`."""
        names = {id_: person["name"] for id_, person in self._refs(ctx, data["people"]).items()}
        return previews.preview(tx, ctx, data, self.calendar(ctx), names)

    @query(contract.FreeQuery)
    def free(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Times at which all are free, as `FreeTimes`."""
        return busy.free(tx, ctx, data, self.calendar(ctx))

    @query(contract.BusyQuery)
    def busy(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """When people are taken, as `BusyView`."""
        return busy.told(tx, ctx, data)

    # -- calendars ----------------------------------------------------------------------------------

    @query(Strict)
    def calendars(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """The calendars the caller sees, as `CalendarList`."""
        return sharing.listed(tx, ctx)

    @command(contract.SaveCalendar)
    def save_calendar(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """A calendar of the caller's, new or changed, as `CalendarResult`."""
        return sharing.save(tx, ctx, data)

    @command(contract.CalendarQuery)
    def remove_calendar(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Takes a further calendar away."""
        return sharing.remove(tx, ctx, data["id"])

    # -- presence and executives --------------------------------------------------------------------

    @command(contract.SetPresence)
    def set_presence(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Says where somebody is, as `PresenceView`."""
        whereabouts.set_(tx, ctx, data)
        person = data["person"] or ctx.person
        refs = {ctx.person: ctx.person_ref} | {row.person: row.ref for row in whereabouts.executives(tx)}
        return whereabouts.told(tx, ctx, [refs[person]])[0]

    @query(contract.PresenceQuery)
    def presence(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Where people are, or the executives, as `PresenceList`."""
        if not data["people"]:
            return {"items": [each["presence"] for each in whereabouts.listed(tx, ctx)["items"]]}
        refs = self._refs(ctx, data["people"])
        people = [refs[id_] for id_ in dict.fromkeys(data["people"]) if id_ in refs]
        return {"items": whereabouts.told(tx, ctx, people)}

    @query(Strict)
    def executives(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """The executives whose day the caller may see, as `ExecutiveList`."""
        return whereabouts.listed(tx, ctx)

    @command(contract.SaveExecutive, roles=_ADMIN)
    def save_executive(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Whose day is on the executives' sheet, who reads it and who enters for them."""
        if not data["removed"] and data["person"] not in self.people(ctx, [data["person"]]):
            raise NotFound("person")
        named = [] if data["removed"] else self._named(ctx, [data["person"], *data["writers"]])
        return whereabouts.save_executive(tx, ctx, data, {each["id"]: each for each in named})

    # -- what others tell ---------------------------------------------------------------------------

    @on_event("*.desk")
    def due(self, tx: Tx, event: Event) -> None:
        """A service says what somebody is to do until when."""
        dues.apply(tx, event)

    @on_event("directory.people_changed")
    def people_changed(self, tx: Tx, event: Event) -> None:
        """Who sees somebody's calendar goes by their department. In any order: they are asked for as they are now."""
        people = sharing.known_people(tx, event.data["people"])
        found: dict[str, Doc] = {}
        for n in range(0, len(people), _PEOPLE_AT_ONCE):
            found |= self.people(event.context, people[n : n + _PEOPLE_AT_ONCE])
        sharing.moved(tx, found)

    @on_event("directory.absence")
    def absence(self, tx: Tx, event: Event) -> None:
        """Somebody is away, or is not after all."""
        told = absences.loaded(event.data)
        person = self._refs(event.context, [told["person"]]).get(told["person"])
        absences.told(tx, event.context, told, person)

    @on_event("meetings.scheduled")
    def meeting(self, tx: Tx, event: Event) -> None:
        """A meeting was called, moved, answered or cancelled."""
        people = self._refs(event.context, [each["person"] for each in event.data["people"]])
        fed.meeting(tx, event.context, event.data, people)

    # -- by the clock -------------------------------------------------------------------------------

    @on_time(reminding.REMIND)
    def remind(self, tx: Tx, alarm: Alarm) -> None:
        """Reminds of an entry."""
        reminding.remind(tx, alarm)

    @on_time(unfolding.UNFOLD)
    def unfold(self, tx: Tx, alarm: Alarm) -> None:
        """Unfolds series for the months to come."""
        unfolding.unfold(tx, alarm)
        heard.forget(tx)

    @on_time(sharing.READERS)
    def calendar_readers(self, tx: Tx, alarm: Alarm) -> None:
        """Who finds the entries of a calendar, after it was shared otherwise."""
        sharing.readers(tx, alarm)

    # -- told anew ----------------------------------------------------------------------------------

    @command(Retell, roles=("platform_operator",))
    def retell(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Tells again of a batch of entries or bookings, as `Retell` describes."""
        return retell(tx, data, {"desk": room_desks.retell, "item": catalogue.retell})
