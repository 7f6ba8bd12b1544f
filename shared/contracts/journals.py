"""Verification journals (검증일지): forms, entries, months, places. The memo service keeps them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from marshmallow import Schema, fields, validate

from shared.contracts.common import (
    OPINION_LIMIT,
    TITLE_LIMIT,
    Id,
    Number,
    PageQuery,
    PersonRef,
    Several,
    Strict,
    Text,
    page_of,
)

FIELDS_LIMIT = 200
WRITERS_LIMIT = 2_000
STATES = ("to_verify", "verified", "sent_back", "awaiting_approval")
_SHORT = validate.Length(max=30)
_DAYS = validate.Range(date(2000, 1, 1), date(2099, 12, 31))
_MOMENTS = validate.Range(datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
_MONTH = validate.Regexp(r"^20\d\d-(0[1-9]|1[0-2])$")
_PRINCIPAL = validate.Regexp(
    r"^(person|department|group):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", error="Not an identifier."
)


# -- forms ------------------------------------------------------------------------------------------


class InnerField(Strict):
    """A field of a form. Which of these a type takes, and what they may be, the service judges by its rules.

    `text`: `most` characters, `lines`. `number`: `unit`; `least` and `most` are taken, `low` to `high` is normal.
    `choice`: `options`, those that are `abnormal`, `several`. `check`: 정상, 이상, 해당없음. `photo`: `most`. `place`.
    `signature`.
    """

    key = fields.String(validate=_SHORT)
    type = fields.String(validate=_SHORT)
    label = Text(100)
    hint = Text(300)
    required = fields.Boolean()
    most = fields.Raw(allow_none=True)
    lines = fields.Boolean()
    unit = Text(20)
    least = fields.Raw(allow_none=True)
    low = fields.Raw(allow_none=True)
    high = fields.Raw(allow_none=True)
    options = Several(Text(100, 1), 50)
    abnormal = Several(Text(100, 1), 50)
    several = fields.Boolean()


class FormField(InnerField):
    """A field, or a part that repeats (`group`) with `fields` of its own and `most` repeats."""

    fields_ = Several(fields.Nested(InnerField), FIELDS_LIMIT, attribute="fields", data_key="fields")


class ShiftSchema(Strict):
    """근무조: from `starts` to `ends` (`22:00`, by the clock of Seoul), over midnight where it ends no later."""

    key = fields.String(required=True, validate=validate.Regexp(r"^[a-z][a-z0-9_]{0,29}$"))
    name = Text(50, 1, required=True)
    starts = fields.String(required=True, validate=_SHORT)
    ends = fields.String(required=True, validate=_SHORT)
    writers = Several(fields.String(validate=_PRINCIPAL), 100, load_default=list)


class ScheduleSchema(Strict):
    """When it is due: by `day`, `week` or `shift`; on working days, every day, or on `weekdays` (0 is Monday)."""

    kind = fields.String(required=True, validate=validate.OneOf(("day", "week", "shift")))
    days = fields.String(load_default="working", validate=validate.OneOf(("working", "every", "weekdays")))
    weekdays = Several(Number(0, 6), 7, load_default=list)
    opens = fields.String(load_default="09:00", validate=_SHORT)
    shifts = Several(fields.Nested(ShiftSchema), 6, load_default=list)


class SaveJournal(Strict):
    """`save_journal`: a new journal, or one of which the caller is a manager; `fields` are the draft of its form.

    For tenant administrators and heads of departments. `way`: `each` writer writes one, or `any` one is enough.
    `version`, where given, must be the present one (412).
    """

    id = Id(load_default=None, allow_none=True)
    version = Number(1, load_default=None, allow_none=True)
    title = Text(TITLE_LIMIT, 1, required=True)
    about = Text(2_000, lines=True, load_default="")
    schedule = fields.Nested(ScheduleSchema, required=True)
    way = fields.String(load_default="each", validate=validate.OneOf(("each", "any")))
    writers = Several(fields.String(validate=_PRINCIPAL), 200, 1, required=True)
    verifiers = Several(Id(), 20, 1, required=True)
    managers = Several(Id(), 20, load_default=list)
    ended = fields.Boolean(load_default=False)
    fields_ = Several(fields.Nested(FormField), FIELDS_LIMIT, required=True, attribute="fields", data_key="fields")


class PublishJournal(Strict):
    """`publish_journal`: makes the draft the form that is filled in from now on, as its next version."""

    id = Id(required=True)
    note = Text(300, load_default="", metadata={"description": "What has changed"})


class JournalQuery(Strict):
    """`journal`: one, with its form; `form_version`: one that was published, the present one unless told."""

    id = Id(required=True)
    form_version = Number(1, load_default=None, allow_none=True)


class JournalsQuery(PageQuery):
    """`journals`: those the caller may read, by title."""

    q = Text(100, load_default="")


class TodayQuery(Strict):
    """`journals_today`: what the caller is to write now, each with the caller's entry where there is one."""


class Period(Schema):
    """A day, week or shift: its business date (of a week the Monday), and when it opens and ends."""

    day = fields.String(required=True)
    shift = fields.String(required=True)
    shift_name = fields.String(required=True)
    opens = fields.DateTime(required=True)
    ends = fields.DateTime(required=True)
    due = fields.Boolean(required=True, metadata={"description": "False on a day off"})
    holiday = fields.String(required=True)


class JournalLine(Schema):
    """A journal as a row of a list; `may` is what the caller may do with it: write, verify, manage."""

    id = Id(required=True)
    title = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(("draft", "open", "ended")))
    department = fields.String(required=True)
    schedule = fields.Dict(required=True)
    form_version = fields.Integer(required=True, allow_none=True)
    may = fields.List(fields.String(), required=True)


JournalPage = page_of(JournalLine, "JournalPage")


class TodayLine(Schema):
    """A journal to be written now."""

    journal = fields.Nested(JournalLine, required=True)
    period = fields.Nested(Period, required=True)
    entry = Id(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(("open", "off", *STATES)))


class Today(Schema):
    """`journals_today`."""

    items = fields.List(fields.Nested(TodayLine), required=True)


class JournalView(JournalLine):
    """A journal, whole. `form` is the published version asked for, `draft` the fields being worked on (managers)."""

    version = fields.Integer(required=True)
    about = fields.String(required=True)
    way = fields.String(required=True)
    writers = fields.List(fields.Dict(), required=True, metadata={"description": "{kind, id, name}"})
    verifiers = fields.List(fields.Nested(PersonRef), required=True)
    managers = fields.List(fields.Nested(PersonRef), required=True)
    made_by = fields.Nested(PersonRef, required=True)
    made_at = fields.DateTime(required=True)
    form = fields.Dict(
        required=True, allow_none=True, metadata={"description": "{version, title, fields, schema, note, person, at}"}
    )
    draft = fields.List(fields.Dict(), required=True, allow_none=True)
    versions = fields.List(fields.Dict(), required=True, metadata={"description": "{version, note, person, at}"})
    period = fields.Nested(Period, required=True, allow_none=True)


class SavedJournal(Schema):
    """`save_journal`, `publish_journal`."""

    id = Id(required=True)
    version = fields.Integer(required=True)
    form_version = fields.Integer(required=True, allow_none=True)
    state = fields.String(required=True)


# -- entries ----------------------------------------------------------------------------------------


class SaveEntry(Strict):
    """`save_entry`: a new entry, or a further version of the caller's own.

    `id` is made by the client, so that what is sent again is the same entry. `version` is the one that was changed
    (409 otherwise). `day` and `shift` say which period it is for; without them the time of writing does. `written_at`
    and `sent_at` are by the device's clock. With `draft` it is only begun, so that photos can be uploaded to it.
    """

    id = Id(load_default=None, allow_none=True)
    journal = Id(required=True)
    version = Number(1, load_default=None, allow_none=True)
    form_version = Number(
        1, load_default=None, allow_none=True, metadata={"description": "It was filled with; the present one else"}
    )
    values = fields.Dict(keys=fields.String(validate=validate.Length(max=100)), load_default=dict)
    day = fields.Date(load_default=None, allow_none=True, validate=_DAYS)
    shift = fields.String(load_default="", validate=_SHORT)
    place = Id(load_default=None, allow_none=True)
    written_at = fields.AwareDateTime(load_default=None, allow_none=True, validate=_MOMENTS)
    sent_at = fields.AwareDateTime(load_default=None, allow_none=True, validate=_MOMENTS)
    draft = fields.Boolean(load_default=False)


class EntryQuery(Strict):
    """`journal_entry`: one, with its versions."""

    id = Id(required=True)


class DecideEntry(Strict):
    """`decide_entry`: verifies, sends back (with a reason), or admits into a closed month the version that was seen."""

    id = Id(required=True)
    version = Number(1, required=True)
    act = fields.String(required=True, validate=validate.OneOf(("verify", "send_back", "admit")))
    reason = Text(OPINION_LIMIT, lines=True, load_default="")


class EntriesQuery(PageQuery):
    """`journal_entries` of a journal: of a day or a month, the newest or what is abnormal first."""

    journal = Id(required=True)
    day = fields.Date(load_default=None, allow_none=True, validate=_DAYS)
    month = fields.String(load_default=None, allow_none=True, validate=_MONTH)
    shift = fields.String(load_default="", validate=_SHORT)
    state = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(STATES))
    writer = Id(load_default=None, allow_none=True)
    abnormal = fields.Boolean(load_default=False)
    sort = fields.String(load_default="-received", validate=validate.OneOf(("-received", "received", "-abnormal")))


class SavedEntry(Schema):
    """`save_entry`, `decide_entry`: how the entry is after it."""

    id = Id(required=True)
    version = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf((*STATES, "draft")))
    day = fields.String(required=True)
    shift = fields.String(required=True)
    flagged = fields.Boolean(required=True, metadata={"description": "The device's clock is off by over ten minutes"})
    repeated = fields.Boolean(required=True, metadata={"description": "Nothing new: it was sent before"})


class EntryLine(Schema):
    """An entry as a row; `abnormal` counts what is 이상 in it. `difference` is the device's clock ahead, in seconds."""

    id = Id(required=True)
    day = fields.String(required=True)
    shift = fields.String(required=True)
    place = fields.Dict(required=True, allow_none=True, metadata={"description": "{id, name}"})
    writer = fields.Nested(PersonRef, required=True)
    version = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    abnormal = fields.Integer(required=True)
    findings = fields.List(fields.Dict(), required=True, metadata={"description": "{label, value, note} of each 이상"})
    written_at = fields.DateTime(required=True)
    received_at = fields.DateTime(required=True)
    difference = fields.Integer(required=True)
    flagged = fields.Boolean(required=True)
    decided_by = fields.Nested(PersonRef, required=True, allow_none=True)
    decided_for = fields.Nested(PersonRef, required=True, allow_none=True)
    decided_at = fields.DateTime(required=True, allow_none=True)
    may = fields.List(fields.String(), required=True)


EntryPage = page_of(EntryLine, "EntryPage")


class EntryView(EntryLine):
    """An entry, whole, with the form it was filled with and every version: content, times and what was decided."""

    journal = fields.Dict(required=True, metadata={"description": "{id, title}"})
    form_version = fields.Integer(required=True)
    fields_ = fields.List(fields.Dict(), required=True, data_key="fields")
    values = fields.Dict(required=True)
    reason = fields.String(required=True)
    notes = fields.List(fields.Dict(), required=True, metadata={"description": "{code, at}"})
    files = fields.List(fields.Dict(), required=True, metadata={"description": "FileView"})
    versions = fields.List(fields.Dict(), required=True)


# -- who is missing, months -------------------------------------------------------------------------


class MissingQuery(Strict):
    """`missing_entries` of a business date: of each of its periods who has not written; today unless told."""

    journal = Id(required=True)
    day = fields.Date(load_default=None, allow_none=True, validate=_DAYS)


class RoundStanding(Period):
    """How a period stands. `excused` are away; where one is enough, all of `missing` are missing together."""

    id = Id(required=True, allow_none=True)
    expected = fields.Integer(required=True)
    written = fields.Integer(required=True)
    missing = fields.List(fields.Dict(), required=True, metadata={"description": "PersonRef"})
    excused = fields.List(fields.Dict(), required=True, metadata={"description": "PersonRef with `absent`"})


class Missing(Schema):
    """`missing_entries`."""

    journal = Id(required=True)
    day = fields.String(required=True)
    way = fields.String(required=True)
    items = fields.List(fields.Nested(RoundStanding), required=True)


class MonthQuery(PageQuery):
    """`journal_month`: a month as a table, a row for each writer; with `as_of` as it was at that time."""

    journal = Id(required=True)
    month = fields.String(required=True, validate=_MONTH)


class MonthRow(Schema):
    """What one writer has written in a month; `cells`: `{day, shift, entry, state, abnormal, version}`, by day."""

    writer = fields.Nested(PersonRef, required=True)
    cells = fields.List(fields.Dict(), required=True)


class MonthView(Schema):
    """A month. `days` are those due with their holiday's name, `by_day` the counts of each day for charts."""

    journal = Id(required=True)
    title = fields.String(required=True)
    month = fields.String(required=True)
    periods = fields.List(fields.Nested(Period), required=True)
    counts = fields.Dict(required=True, metadata={"description": "{entries, abnormal, verified, awaiting}"})
    by_day = fields.List(
        fields.Dict(), required=True, metadata={"description": "{day, entries, abnormal, verified} of each day"}
    )
    closed_at = fields.DateTime(required=True, allow_none=True)
    closed_by = fields.Nested(PersonRef, required=True, allow_none=True)
    reopened = fields.List(
        fields.Dict(), required=True, metadata={"description": "{at, by, reason} of each time it was opened again"}
    )
    may = fields.List(fields.String(), required=True)
    items = fields.List(fields.Nested(MonthRow), required=True)
    next = fields.String(required=True, allow_none=True)


class SheetQuery(Strict):
    """`journal_sheet`: a month as it is printed; with `as_of` exactly as it was printed then."""

    journal = Id(required=True)
    month = fields.String(required=True, validate=_MONTH)
    writer = Id(load_default=None, allow_none=True)
    as_of = fields.AwareDateTime(load_default=None, allow_none=True, validate=_MOMENTS)


class Sheet(Schema):
    """A month to be printed, of `as_of`. `rows` are entries by day, or days with their counts where they are many."""

    journal = Id(required=True)
    title = fields.String(required=True)
    department = fields.String(required=True)
    month = fields.String(required=True)
    as_of = fields.DateTime(required=True)
    form_versions = fields.List(fields.Integer(), required=True)
    each = fields.Boolean(required=True, metadata={"description": "Rows are entries"})
    rows = fields.List(fields.Dict(), required=True)
    counts = fields.Dict(required=True)
    closed_at = fields.DateTime(required=True, allow_none=True)
    closed_by = fields.Nested(PersonRef, required=True, allow_none=True)


class SignOff(Strict):
    """`sign_off_month` (월 마감), by a verifier or manager: later entries need approval."""

    journal = Id(required=True)
    month = fields.String(required=True, validate=_MONTH)


class SignedOff(Schema):
    """`sign_off_month`."""

    journal = Id(required=True)
    month = fields.String(required=True)
    closed_at = fields.DateTime(required=True)


class Reopen(Strict):
    """`reopen_month`, by a verifier or manager: later entries need no approval again; a reason is needed."""

    journal = Id(required=True)
    month = fields.String(required=True, validate=_MONTH)
    reason = Text(OPINION_LIMIT, 1, lines=True, required=True)


class Reopened(Schema):
    """`reopen_month`."""

    journal = Id(required=True)
    month = fields.String(required=True)
    reopened_at = fields.DateTime(required=True)


class ExportQuery(Strict):
    """`export_entries`: the entries of a month, 500 at a time, each as cells of `columns`."""

    journal = Id(required=True)
    month = fields.String(required=True, validate=_MONTH)
    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=500))


class Export(Schema):
    """`export_entries`: `columns` of `{key, label, type}`, and rows of cells; a number is text in plain digits."""

    title = fields.String(required=True)
    columns = fields.List(fields.Dict(), required=True)
    rows = fields.List(fields.List(fields.Raw(allow_none=True)), required=True)
    next = fields.String(required=True, allow_none=True)


# -- places -----------------------------------------------------------------------------------------


class SavePlace(Strict):
    """`save_journal_place`, by a manager: a place with a QR code; `renew` makes another code, the old one is void."""

    id = Id(load_default=None, allow_none=True)
    journal = Id(required=True)
    name = Text(100, 1, required=True)
    active = fields.Boolean(load_default=True)
    renew = fields.Boolean(load_default=False)


class PlacesQuery(Strict):
    """`journal_places`: of a journal, by name, with their codes for managers."""

    journal = Id(required=True)


class ScanQuery(Strict):
    """`scanned_place`: what the code of a place leads to. That it was scanned is kept."""

    code = fields.String(required=True, validate=validate.Length(1, 40))


class Place(Schema):
    """A place; `code` is its secret, told to managers. `visits` are the last ones, two within a minute being one."""

    id = Id(required=True)
    journal = Id(required=True)
    name = fields.String(required=True)
    active = fields.Boolean(required=True)
    code = fields.String(required=True, allow_none=True)
    visits = fields.List(fields.Dict(), required=True, metadata={"description": "{person, at, scans}"})


class Places(Schema):
    """`journal_places`."""

    items = fields.List(fields.Nested(Place), required=True)


class Scanned(Schema):
    """`scanned_place`."""

    journal = Id(required=True)
    place = Id(required=True)
    name = fields.String(required=True)


class WhereQuery(Strict):
    """`journal_whereabouts`: what an id is: a `journal`, a `round`, a `month` or an `entry`, and of which journal."""

    id = Id(required=True)


class Whereabouts(Schema):
    """`journal_whereabouts`; `role` is what the caller has to do with a round: write or verify."""

    kind = fields.String(required=True, validate=validate.OneOf(("journal", "round", "month", "entry")))
    journal = Id(required=True)
    day = fields.String(required=True)
    shift = fields.String(required=True)
    month = fields.String(required=True)
    role = fields.String(required=True)
