"""Schedules: calendars, their entries, free time, presence, feeds."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from shared.contracts.common import (
    OPINION_LIMIT,
    TITLE_LIMIT,
    DayOrMoment,
    Id,
    Number,
    PersonRef,
    Several,
    Source,
    Strict,
    Text,
)
from shared.contracts.desk import Told
from shared.contracts.files import FileView
from shared.contracts.search import CARDS_LIMIT, ItemTold

KINDS = ("meeting", "visit", "seminar", "training", "trip", "leave", "holiday", "other")
# Kinds that may be an absence (부재) as well, with the directory's reason for it.
ABSENCES = {"leave": "leave", "trip": "trip", "training": "training"}
CALENDAR_KINDS = ("person", "department", "organisation", "card", "resource")
# What a share gives, and what somebody may do with an entry or a calendar; each gives what the ones before it give.
LEVELS = ("busy", "read", "write")
ACCESS = (*LEVELS, "own")
VISIBILITIES = ("public", "busy", "private")
SHOWN_AS = ("busy", "tentative", "free")
SCOPES = ("this", "following", "all")
PRESENCES = ("present", "away", "meeting", "trip", "leave")
# Why an entry of somebody else's is shown whole: as their deputy, or as who enters for them.
MARKS = ("", "deputy", "secretary")
PEOPLE_LIMIT = 50
ATTENDEES_LIMIT = 300
DESCRIPTION_LIMIT = 20_000
RULE_LIMIT = 500
REMINDERS_LIMIT = 5
# Days of a window, and instances of one series in an answer.
WINDOW_LIMIT = 400
INSTANCES_LIMIT = 1_000
ICS_LIMIT = 10 * 1024 * 1024
SECRET_ANSWERS = frozenset(("create_feed",))

Principal = validate.Regexp(r"^(organisation|(person|department):[0-9a-f-]{36})$", error="Not a principal.")
RID_LIMIT = 40


# -- entries ----------------------------------------------------------------------------------------


class EntryFields(Strict):
    """What an entry says. Times are moments, or days where it is `all_day` (`ends_at` is the day after the last).

    `zone` is the IANA name of the zone a series keeps its clock by; `rrule` is a rule of RFC 5545 without its name.
    `reminders` are minutes before it begins. `people` are told of it; who is invited to a meeting is the meeting's.
    """

    title = Text(TITLE_LIMIT, 1, required=True)
    kind = fields.String(load_default="other", validate=validate.OneOf(KINDS))
    starts_at = DayOrMoment(required=True)
    ends_at = DayOrMoment(required=True)
    all_day = fields.Boolean(load_default=False)
    zone = fields.String(load_default="Asia/Seoul", validate=validate.Length(1, 64))
    rrule = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, RULE_LIMIT))
    place = Text(TITLE_LIMIT, load_default="")
    link = fields.Url(load_default=None, allow_none=True, schemes={"http", "https"}, validate=validate.Length(max=1000))
    description = Text(DESCRIPTION_LIMIT, lines=True, load_default="")
    importance = Number(0, 2, load_default=0, metadata={"description": "0 plain, 1 important, 2 very important"})
    visibility = fields.String(load_default="public", validate=validate.OneOf(VISIBILITIES))
    shown_as = fields.String(load_default="busy", validate=validate.OneOf(SHOWN_AS))
    people = Several(Id(), ATTENDEES_LIMIT, load_default=list)
    cards = Several(Id(), CARDS_LIMIT, load_default=list)
    reminders = Several(Number(0, 40_320), REMINDERS_LIMIT, load_default=list)


class AbsenceFields(Strict):
    """That an entry is an absence as well: who stands in for its owner meanwhile."""

    deputy = Id(load_default=None, allow_none=True)


class CreateEntry(EntryFields):
    """`create`: in `calendar`, the caller's own unless told. With `absence`, of a leave, trip or training, it is the
    absence (부재) that every other service goes by. `room` is booked along; `source` is what it was made from."""

    calendar = Id(load_default=None, allow_none=True)
    absence = fields.Nested(AbsenceFields, load_default=None, allow_none=True)
    room = Id(load_default=None, allow_none=True)
    skip = fields.Boolean(load_default=False, metadata={"description": "Leave out what the room is not free for"})
    source = fields.Nested(Source, load_default=None, allow_none=True)


class EntryQuery(Strict):
    """One entry, or one of a series: `rid` is what an instance of `entries` names."""

    id = Id(required=True)
    rid = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, RID_LIMIT))


class ChangeEntry(Strict):
    """`change`: only what is given; of a series `scope` says whether this one, this and the following, or all."""

    id = Id(required=True)
    rid = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, RID_LIMIT))
    scope = fields.String(load_default="all", validate=validate.OneOf(SCOPES))
    version = Number(1, load_default=None, allow_none=True)
    calendar = Id()
    title = Text(TITLE_LIMIT, 1)
    kind = fields.String(validate=validate.OneOf(KINDS))
    starts_at = DayOrMoment()
    ends_at = DayOrMoment()
    all_day = fields.Boolean()
    zone = fields.String(validate=validate.Length(1, 64))
    rrule = fields.String(allow_none=True, validate=validate.Length(1, RULE_LIMIT))
    place = Text(TITLE_LIMIT)
    link = fields.Url(allow_none=True, schemes={"http", "https"}, validate=validate.Length(max=1000))
    description = Text(DESCRIPTION_LIMIT, lines=True)
    importance = Number(0, 2)
    visibility = fields.String(validate=validate.OneOf(VISIBILITIES))
    shown_as = fields.String(validate=validate.OneOf(SHOWN_AS))
    people = Several(Id(), ATTENDEES_LIMIT)
    cards = Several(Id(), CARDS_LIMIT)
    reminders = Several(Number(0, 40_320), REMINDERS_LIMIT)
    absence = fields.Nested(AbsenceFields, allow_none=True)


class RemoveEntry(Strict):
    """`remove`: an entry, or of a series one, one and the following, or all."""

    id = Id(required=True)
    rid = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, RID_LIMIT))
    scope = fields.String(load_default="all", validate=validate.OneOf(SCOPES))
    version = Number(1, load_default=None, allow_none=True)


class WindowQuery(Strict):
    """`entries`: what lies in part or whole from `from` until before `to`, 400 days at the most.

    Of the `calendars` named, of the main calendars of `people` and `departments`, or else of the caller's own, their
    department's and the organisation's, with `principals` those of whom they stand in or enter for as well. Beside
    them `dues` (기한 of the caller) and the bookings of `rooms`.
    """

    from_ = DayOrMoment(required=True, data_key="from")
    to = DayOrMoment(required=True)
    calendars = Several(Id(), PEOPLE_LIMIT, load_default=list)
    people = Several(Id(), PEOPLE_LIMIT, load_default=list)
    departments = Several(Id(), PEOPLE_LIMIT, load_default=list)
    rooms = Several(Id(), PEOPLE_LIMIT, load_default=list)
    principals = fields.Boolean(load_default=False, metadata={"description": "Whom the caller stands in or enters for"})
    dues = fields.Boolean(load_default=False)
    kind = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(KINDS))
    q = Text(100, load_default="")


class CalendarEntry(Schema):
    """An entry, or one of a series, as it stands in a window.

    Days of one that is `all_day` are `YYYY-MM-DD`, the second the day after the last. `access` is what the caller may:
    with `busy` its title, place and people are empty. `due` of a layer is the to-do's noun and subject in `source`.
    """

    id = fields.String(required=True)
    rid = fields.String(required=True, allow_none=True)
    calendar = fields.String(required=True)
    person = fields.String(required=True, allow_none=True, metadata={"description": "Whose calendar it is in"})
    title = fields.String(required=True)
    kind = fields.String(required=True, metadata={"description": "A kind of entries, `due` or `booking`"})
    starts_at = fields.String(required=True)
    ends_at = fields.String(required=True)
    all_day = fields.Boolean(required=True)
    place = fields.String(required=True)
    link = fields.String(required=True, allow_none=True)
    importance = fields.Integer(required=True)
    visibility = fields.String(required=True, validate=validate.OneOf(VISIBILITIES))
    shown_as = fields.String(required=True, validate=validate.OneOf(SHOWN_AS))
    recurring = fields.Boolean(required=True)
    moved = fields.Boolean(required=True, metadata={"description": "An instance that differs from its series"})
    access = fields.String(required=True, validate=validate.OneOf(ACCESS))
    mark = fields.String(required=True, validate=validate.OneOf(MARKS))
    source = fields.Nested(Source, required=True, allow_none=True)


class DayView(Schema):
    """A day that is not a plain working day, or the lunar date shown with it."""

    day = fields.Date(required=True)
    name = fields.String(required=True)
    off = fields.Boolean(required=True)
    lunar = fields.String(required=True, metadata={"description": "`8. 15.`; empty where it is not known"})
    leap = fields.Boolean(required=True, metadata={"description": "Whether it is in a leap month (윤달)"})


class WindowView(Schema):
    """`entries`: in the order of their beginning; `truncated` names the series of which there is more."""

    items = fields.List(fields.Nested(CalendarEntry), required=True)
    days = fields.List(fields.Nested(DayView), required=True)
    truncated = fields.List(fields.String(), required=True)


class CalendarEntryView(CalendarEntry):
    """An entry, whole; of one instance of a series what holds for it. `rule` is what the form shows of its rule."""

    version = fields.Integer(required=True)
    description = fields.String(required=True)
    zone = fields.String(required=True)
    rrule = fields.String(required=True, allow_none=True)
    next = fields.List(fields.String(), required=True, metadata={"description": "Beginnings of the next three"})
    people = fields.List(fields.Nested(PersonRef), required=True)
    cards = fields.List(fields.String(), required=True)
    reminders = fields.List(fields.Integer(), required=True)
    calendar_name = fields.String(required=True)
    calendar_kind = fields.String(required=True)
    owner = fields.Nested(PersonRef, required=True, allow_none=True)
    entered_by = fields.Nested(PersonRef, required=True, allow_none=True)
    changed_at = fields.DateTime(required=True)
    absence = fields.Dict(required=True, allow_none=True, metadata={"description": "{id, deputy}"})
    booking = fields.Dict(required=True, allow_none=True, metadata={"description": "{id, room, name, state}"})
    diary = fields.Nested("DiaryView", required=True, allow_none=True)
    files = fields.List(fields.Nested(FileView), required=True)
    warnings = fields.List(fields.String(), required=True, metadata={"description": "As `rule_not_supported`"})
    may = fields.List(fields.String(), required=True, metadata={"description": "`change`, `remove`, `diary`"})


class EntryResult(Schema):
    """What a command made of an entry; `also` is the series that goes on with what follows."""

    id = Id(required=True)
    calendar = Id(required=True)
    version = fields.Integer(required=True)
    also = Id(required=True, allow_none=True)
    booking = fields.Dict(required=True, allow_none=True, metadata={"description": "{id, state, skipped}"})


class EntryId(Strict):
    """`quote`: one entry."""

    id = Id(required=True)


class WriteDiary(Strict):
    """`write_diary` (일지): what came of an entry, once it has begun. `progress` is a percentage."""

    id = Id(required=True)
    rid = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, RID_LIMIT))
    text = Text(OPINION_LIMIT, lines=True, required=True)
    progress = Number(0, 100, load_default=None, allow_none=True)


class DiaryView(Schema):
    """What came of an entry."""

    text = fields.String(required=True)
    progress = fields.Integer(required=True, allow_none=True)
    at = fields.DateTime(required=True)
    by = fields.Nested(PersonRef, required=True)


# -- while one chooses ------------------------------------------------------------------------------


class PreviewQuery(Strict):
    """`preview`: what a rule comes to, and what stands against it, while one types.

    `entry` is the one being changed, which is in nobody's way. With `rid` only that instance of it.
    """

    starts_at = DayOrMoment(required=True)
    ends_at = DayOrMoment(required=True)
    all_day = fields.Boolean(load_default=False)
    zone = fields.String(load_default="Asia/Seoul", validate=validate.Length(1, 64))
    rrule = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=RULE_LIMIT))
    people = Several(Id(), ATTENDEES_LIMIT, load_default=list)
    room = Id(load_default=None, allow_none=True)
    entry = Id(load_default=None, allow_none=True)


class Clash(Schema):
    """Somebody or a room that is taken at one of the times; the title where the caller may read it."""

    who = fields.String(required=True, metadata={"description": "`person` or `room`"})
    id = fields.String(required=True)
    name = fields.String(required=True)
    title = fields.String(required=True)
    starts_at = fields.String(required=True)
    ends_at = fields.String(required=True)
    shown_as = fields.String(required=True)
    reason = fields.String(required=True, metadata={"description": "`taken`, `closed`, `hours`, `absent`"})


class Preview(Schema):
    """`preview`. `next` are the next three beginnings; `problems` are codes by field, as `create` would refuse."""

    next = fields.List(fields.String(), required=True)
    count = fields.Integer(required=True, allow_none=True, metadata={"description": "Null: without end, or many"})
    ends = fields.String(required=True, allow_none=True, metadata={"description": "The last beginning"})
    clashes = fields.List(fields.Nested(Clash), required=True)
    holidays = fields.List(fields.Nested(DayView), required=True)
    problems = fields.Dict(required=True)


class FreeQuery(Strict):
    """`free`: times of `minutes` within working hours at which all `people` and the `room` are free, best first.

    From `from` on (a day), within so many working `days`.
    """

    people = Several(Id(), ATTENDEES_LIMIT, 1, required=True)
    minutes = Number(5, 720, load_default=60)
    from_ = fields.Date(load_default=None, allow_none=True, data_key="from")
    days = Number(1, 30, load_default=5)
    room = Id(load_default=None, allow_none=True)
    most = Number(1, 20, load_default=3)


class FreeTime(Schema):
    """A time, who could come only by moving something tentative, and the rooms that are free for it."""

    starts_at = fields.DateTime(required=True)
    ends_at = fields.DateTime(required=True)
    tentative = fields.List(fields.String(), required=True)
    rooms = fields.List(fields.Dict(), required=True, metadata={"description": "[{id, name, capacity}]"})


class FreeTimes(Schema):
    """`free`. Where nobody is free together, `items` is empty and `busiest` names who stands in the way most."""

    items = fields.List(fields.Nested(FreeTime), required=True)
    busiest = fields.List(fields.String(), required=True)


class BusyQuery(Strict):
    """`busy`: when these people are taken, and nothing else of it."""

    from_ = DayOrMoment(required=True, data_key="from")
    to = DayOrMoment(required=True)
    people = Several(Id(), PEOPLE_LIMIT, 1, required=True)


class BusyPeriod(Schema):
    """A time at which somebody is taken."""

    starts_at = fields.DateTime(required=True)
    ends_at = fields.DateTime(required=True)
    shown_as = fields.String(required=True)


class BusyView(Schema):
    """`busy`: by person, merged and in order."""

    items = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(BusyPeriod)), required=True)


# -- calendars --------------------------------------------------------------------------------------


class CalendarLine(Schema):
    """A calendar the caller may see. `main`: the one of its holder that meetings and absences come into."""

    id = Id(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(CALENDAR_KINDS))
    name = fields.String(required=True)
    colour = fields.Integer(required=True, metadata={"description": "0 to 7, of the caller's palette"})
    main = fields.Boolean(required=True)
    holder = fields.String(required=True, metadata={"description": "The principal whose it is"})
    access = fields.String(required=True, validate=validate.OneOf(ACCESS))
    mark = fields.String(required=True, validate=validate.OneOf(MARKS))
    counts = fields.Boolean(required=True, metadata={"description": "Whether it makes its holder busy"})
    version = fields.Integer(required=True)
    shares = fields.List(fields.Dict(), required=True, metadata={"description": "[{principal, level}]; of one's own"})


class CalendarList(Schema):
    """`calendars`: the caller's own first."""

    items = fields.List(fields.Nested(CalendarLine), required=True)


class ShareFields(Strict):
    """Whom a calendar is open to, and how far."""

    principal = fields.String(required=True, validate=Principal)
    level = fields.String(required=True, validate=validate.OneOf(LEVELS))


class SaveCalendar(Strict):
    """`save_calendar`: a further one of the caller's (without `id`), or what changes of one they own."""

    id = Id(load_default=None, allow_none=True)
    version = Number(1, load_default=None, allow_none=True)
    name = Text(100, 1)
    colour = Number(0, 7)
    counts = fields.Boolean()
    shares = Several(fields.Nested(ShareFields), 100)


class CalendarResult(Schema):
    """What a command made of a calendar."""

    id = Id(required=True)
    version = fields.Integer(required=True)


class CalendarQuery(Strict):
    """One calendar."""

    id = Id(required=True)


# -- to and from other programs ---------------------------------------------------------------------


class ImportIcs(Strict):
    """`import_ics`: `content` is the file in base64. Nothing is written with `dry_run`.

    Entries in a zone that nobody knows are held back until `zone` says which one is meant.
    """

    calendar = Id(load_default=None, allow_none=True)
    content = fields.String(required=True, validate=validate.Length(1, ICS_LIMIT * 4 // 3 + 8))
    dry_run = fields.Boolean(load_default=False)
    zone = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 64))


class ImportProblem(Schema):
    """What is wrong with an entry of a file: `held` is not in, what is a `warning` is."""

    uid = fields.String(required=True)
    title = fields.String(required=True)
    property = fields.String(required=True)
    code = fields.String(required=True)
    held = fields.Boolean(required=True)


class ImportView(Schema):
    """What an import did, or would do."""

    new = fields.Integer(required=True)
    changed = fields.Integer(required=True)
    same = fields.Integer(required=True)
    older = fields.Integer(required=True)
    problems = fields.List(fields.Nested(ImportProblem), required=True)
    applied = fields.Boolean(required=True)


class IcsFile(Schema):
    """A file of iCalendar: its name, its content as text, and the tag of this content."""

    name = fields.String(required=True)
    content = fields.String(required=True)
    tag = fields.String(required=True)


class CreateFeed(Strict):
    """`create_feed`: a secret address at which a calendar of the caller's can be read by whoever knows it."""

    calendar = Id(required=True)
    name = Text(100, 1, required=True)
    level = fields.String(load_default="busy", validate=validate.OneOf(("busy", "read")))


class FeedView(Schema):
    """An address, without its secret."""

    id = Id(required=True)
    calendar = Id(required=True)
    name = fields.String(required=True)
    level = fields.String(required=True)
    created_at = fields.DateTime(required=True)
    read_at = fields.DateTime(required=True, allow_none=True)


class NewFeed(FeedView):
    """An address with its secret, which is told once."""

    secret = fields.String(required=True)


class FeedList(Schema):
    """`feeds` of the caller."""

    items = fields.List(fields.Nested(FeedView), required=True)


class FeedId(Strict):
    """`revoke_feed`."""

    id = Id(required=True)


class FeedQuery(Strict):
    """`feed`: asked with nobody signed in."""

    secret = fields.String(required=True, validate=validate.Length(20, 120))


# -- presence and executives ------------------------------------------------------------------------


class SetPresence(Strict):
    """`set_presence` (재실): the caller's, or an executive's by who enters for them. Null `status`: as the calendar
    says. It holds until `until`, the end of the day unless told."""

    person = Id(load_default=None, allow_none=True)
    status = fields.String(required=True, allow_none=True, validate=validate.OneOf(PRESENCES))
    until = fields.AwareDateTime(load_default=None, allow_none=True)


class PresenceQuery(Strict):
    """`presence` of people, or of the executives where nobody is named."""

    people = Several(Id(), PEOPLE_LIMIT, load_default=list)


class PresenceView(Schema):
    """Where somebody is now; `by_hand` where they have said so. `until` is when that changes, as far as is known."""

    person = fields.Nested(PersonRef, required=True)
    status = fields.String(required=True, validate=validate.OneOf(PRESENCES))
    by_hand = fields.Boolean(required=True)
    until = fields.DateTime(required=True, allow_none=True)
    title = fields.String(required=True, metadata={"description": "Of what they are at, where the caller may read it"})


class PresenceList(Schema):
    """`presence`."""

    items = fields.List(fields.Nested(PresenceView), required=True)


class SaveExecutive(Strict):
    """`save_executive` (administrator): whose day is on the executives' sheet, who may read it, who enters for them."""

    person = Id(required=True)
    place = Number(0, 1_000, load_default=0)
    viewers = Several(fields.String(validate=Principal), 50, load_default=lambda: ["organisation"])
    writers = Several(Id(), 20, load_default=list)
    removed = fields.Boolean(load_default=False)


class ExecutiveView(Schema):
    """An executive with who reads and who enters; these are told administrators and writers only."""

    person = fields.Nested(PersonRef, required=True)
    place = fields.Integer(required=True)
    viewers = fields.List(fields.String(), required=True)
    writers = fields.List(fields.Nested(PersonRef), required=True)
    access = fields.String(required=True)
    presence = fields.Nested(PresenceView, required=True)


class ExecutiveList(Schema):
    """`executives` whose day the caller may see, in their order."""

    items = fields.List(fields.Nested(ExecutiveView), required=True)


# -- events -----------------------------------------------------------------------------------------


class BookingChanged(Schema):
    """`schedule.booking`: what became of a booking of another noun's: `booked`, `refused`, `released`."""

    booking = Id(required=True)
    noun = fields.String(required=True)
    subject = Id(required=True)
    resource = Id(required=True)
    state = fields.String(required=True)
    sequence = fields.Integer(required=True)


EVENTS: dict[str, type[Schema]] = {
    "schedule.desk": Told,
    "schedule.item": ItemTold,
    "schedule.booking": BookingChanged,
}
