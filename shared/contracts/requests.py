"""Requests (업무요청) and instructions (지시사항) between people and departments."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from shared.contracts.common import (
    BODY_LIMIT,
    OPINION_LIMIT,
    SOURCES_LIMIT,
    TITLE_LIMIT,
    DayOrMoment,
    Id,
    Markup,
    Number,
    PageQuery,
    PersonRef,
    Several,
    Source,
    Strict,
    Text,
    page_of,
)
from shared.contracts.desk import Told
from shared.contracts.files import FileView
from shared.contracts.search import CARDS_LIMIT, ItemTold

KINDS = ("request", "instruction")
STATES = ("asked", "accepted", "in_progress", "handed_in", "sent_back", "done", "declined", "withdrawn")
ACTS = (
    "accept",
    "decline",
    "progress",
    "hand_in",
    "close",
    "send_back",
    "extend",
    "answer_extension",
    "withdraw",
    "reassign",
    "assign",
    "hand_over",
    "confirm",
)
BOXES = ("received", "sent", "department")
SORTS = ("due", "-at")
ASSIGNEES_LIMIT = 100
TREE_LIMIT = 1_000
EVERY = ("month", "working_day", "week")
OFFICE_HOURS = (0, 23)


class Assignee(Strict):
    """Who is asked: a `person`, a `department`, or everybody in a `group`. One of them is the `lead`, the first unless
    told. `tenant`, where it is told, is the caller's own organisation."""

    person = Id(load_default=None, allow_none=True)
    department = Id(load_default=None, allow_none=True)
    group = Id(load_default=None, allow_none=True)
    lead = fields.Boolean(load_default=False)
    tenant = Text(50, load_default="")


class Recurrence(Strict):
    """When an instruction comes again; docs/api.md has the meaning of each."""

    every = fields.String(required=True, validate=validate.OneOf(EVERY))
    on = Number(-1, 31, required=True)
    until = fields.Date(required=True)
    ahead = Number(0, 60, load_default=5, metadata={"description": "Working days before the due date"})


class CreateRequest(Strict):
    """`create`: a request, or an instruction. A title, somebody and mostly a date suffice.

    With `pool` the people named are offered it, and the first to accept has it. `asker` is for an instruction that was
    given by word of mouth (`spoken`) to the caller, who enters it: the superior confirms.
    """

    kind = fields.String(load_default="request", validate=validate.OneOf(KINDS))
    title = Text(TITLE_LIMIT, 1, required=True)
    body = Markup(BODY_LIMIT, load_default="")
    assignees = Several(fields.Nested(Assignee), ASSIGNEES_LIMIT, load_default=list)
    pool = fields.Boolean(load_default=False)
    due = DayOrMoment(load_default=None, allow_none=True)
    days = Number(
        0, 2000, load_default=None, allow_none=True, metadata={"description": "Working days, instead of `due`"}
    )
    urgency = Number(0, 2, load_default=0)
    sources = Several(fields.Nested(Source), SOURCES_LIMIT, load_default=list)
    cards = Several(Id(), CARDS_LIMIT, load_default=list)
    parent = Id(load_default=None, allow_none=True)
    weight = Number(0, 1_000, load_default=1)
    waits_for = Id(load_default=None, allow_none=True)
    asker = Id(load_default=None, allow_none=True)
    recurs = fields.Nested(Recurrence, load_default=None, allow_none=True)


class ChangeRequest(Strict):
    """`change`: by who has asked; of a spoken instruction it confirms it as corrected. `version` is the one seen."""

    id = Id(required=True)
    version = Number(1, load_default=None, allow_none=True)
    title = Text(TITLE_LIMIT, 1)
    body = Markup(BODY_LIMIT)
    due = DayOrMoment(allow_none=True)
    urgency = Number(0, 2)
    sources = Several(fields.Nested(Source), SOURCES_LIMIT)
    cards = Several(Id(), CARDS_LIMIT)
    waits_for = Id(allow_none=True)


class RequestAct(Strict):
    """`act`: moves a request. What else an act needs: docs/api.md."""

    id = Id(required=True)
    act = fields.String(required=True, validate=validate.OneOf(ACTS))
    version = Number(1, load_default=None, allow_none=True)
    reason = Text(OPINION_LIMIT, lines=True, load_default="")
    text = Text(OPINION_LIMIT, lines=True, load_default="")
    percent = Number(0, 99, load_default=None, allow_none=True)
    due = DayOrMoment(load_default=None, allow_none=True)
    granted = fields.Boolean(load_default=None, allow_none=True)
    part = Number(1, ASSIGNEES_LIMIT, load_default=None, allow_none=True)
    to = fields.Nested(Assignee, load_default=None, allow_none=True)


class MoveRequest(Strict):
    """`move`: puts a request below another, or on top (`parent` null), with a weight among its siblings."""

    id = Id(required=True)
    version = Number(1, load_default=None, allow_none=True)
    parent = Id(required=True, allow_none=True)
    weight = Number(0, 1_000, load_default=1)


class RequestQuery(Strict):
    """One request."""

    id = Id(required=True)


class BoxQuery(PageQuery):
    """`box`: asked of me (`received`), by me (`sent`), of the caller's `department`, those that run first due first.

    `of`: instead of the caller, what this person has asked, as far as the caller may read it. `until`: due by the end
    of this day, also before.
    """

    box = fields.String(required=True, validate=validate.OneOf(BOXES))
    running = fields.Boolean(load_default=True)
    sort = fields.String(load_default="due", validate=validate.OneOf(SORTS))
    kind = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(KINDS))
    state = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(STATES))
    until = fields.Date(load_default=None, allow_none=True)
    q = Text(100, load_default="")
    of = Id(load_default=None, allow_none=True)


class ReckonQuery(Strict):
    """`reckon`: the due day `days` working days after `received` (today unless told), or how far away `due` is."""

    days = Number(0, 2000, load_default=None, allow_none=True)
    due = fields.Date(load_default=None, allow_none=True)
    received = fields.Date(load_default=None, allow_none=True)


class StatisticsQuery(Strict):
    """`statistics`: of what was done from the month `from` until `to` (`YYYY-MM`), by department and month.

    `scope`: what the caller's `department` did, what the caller `asked`, or `all` (administrators, auditors).
    """

    scope = fields.String(load_default="department", validate=validate.OneOf(("department", "asked", "all")))
    from_ = fields.String(required=True, validate=validate.Regexp(r"^(19|20)\d\d-(0[1-9]|1[0-2])$"), data_key="from")
    to = fields.String(required=True, validate=validate.Regexp(r"^(19|20)\d\d-(0[1-9]|1[0-2])$"))


class Reminders(Strict):
    """The tenant's rule of reminders. Hours are Seoul's; from `quiet_from` until `quiet_to` nobody is reminded."""

    before = Several(Number(1, 60), 5, load_default=list, metadata={"description": "Working days before"})
    on_day = fields.Boolean(load_default=True)
    after = Several(Number(1, 60), 5, load_default=list, metadata={"description": "Working days after"})
    to = Several(fields.String(validate=validate.OneOf(("assignees", "asker"))), 2, load_default=lambda: ["assignees"])
    hour = Number(*OFFICE_HOURS, load_default=9)
    quiet_from = Number(*OFFICE_HOURS, load_default=20)
    quiet_to = Number(*OFFICE_HOURS, load_default=8)
    escalate_after = Number(
        1, 60, load_default=1, allow_none=True, metadata={"description": "Working days; null: never"}
    )


class SaveReminders(Reminders):
    """`save_reminders` (administrator): holds for what is reminded from then on."""

    version = Number(0, load_default=None, allow_none=True)


class RemindersView(Reminders):
    """The rule, with its version."""

    version = fields.Integer(required=True)


# -- views ------------------------------------------------------------------------------------------


class PartView(Schema):
    """What one assignee is to do. `candidates` are offered it (`accept`) or give it to somebody (`assign`)."""

    number = fields.Integer(required=True)
    lead = fields.Boolean(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    since = fields.DateTime(required=True)
    person = fields.Nested(PersonRef, required=True, allow_none=True)
    department = fields.Dict(required=True, allow_none=True, metadata={"description": "{id, name}"})
    candidates = fields.List(fields.Nested(PersonRef), required=True)
    offers = fields.String(required=True)
    percent = fields.Float(required=True)
    tenant = fields.String(required=True)


class DueView(Schema):
    """`due` as it was given, a day or a moment, and `due_at`, the moment from which it is late."""

    due = fields.String(required=True, allow_none=True)
    due_at = fields.DateTime(required=True, allow_none=True)


class ExtensionView(Schema):
    """A later date that was asked for and not answered yet."""

    id = Id(required=True)
    asker = fields.Nested(PersonRef, required=True)
    at = fields.DateTime(required=True)
    due = fields.String(required=True)
    reason = fields.String(required=True)


class RequestLine(DueView):
    """A request as a row of a list. Overdue is a view: `late` says by how many seconds, 0 where it is not."""

    id = Id(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    title = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    asker = fields.Nested(PersonRef, required=True)
    parts = fields.List(fields.Nested(PartView), required=True)
    urgency = fields.Integer(required=True)
    progress = fields.Float(required=True, metadata={"description": "Percent with one decimal"})
    late = fields.Integer(required=True)
    asked_at = fields.DateTime(required=True)
    ended_at = fields.DateTime(required=True, allow_none=True)
    word = fields.Dict(
        required=True, allow_none=True, metadata={"description": "{text, person, at}: what was said last"}
    )


RequestPage = page_of(RequestLine, "RequestPage")


class RequestEntry(Schema):
    """A line of the history."""

    number = fields.Integer(required=True)
    at = fields.DateTime(required=True)
    action = fields.String(required=True)
    person = fields.Nested(PersonRef, required=True, allow_none=True)
    detail = fields.Dict(required=True)


class NodeView(DueView):
    """A request in a tree, `depth` levels below the one asked about."""

    id = Id(required=True)
    parent = Id(required=True, allow_none=True)
    depth = fields.Integer(required=True)
    title = fields.String(required=True)
    state = fields.String(required=True)
    holders = fields.List(fields.String(), required=True, metadata={"description": "Names of who does it"})
    weight = fields.Integer(required=True)
    progress = fields.Float(required=True)
    late = fields.Integer(required=True)


class TreeView(Schema):
    """`tree`: what lies below a request, each once, parents before their parts. `cut`: there is more."""

    items = fields.List(fields.Nested(NodeView), required=True)
    cut = fields.Boolean(required=True)


class RequestView(RequestLine):
    """A request, whole. `may` are the caller's acts of now; `late_first` is against the date that held first."""

    version = fields.Integer(required=True)
    body = fields.String(required=True)
    entered_by = fields.Nested(PersonRef, required=True, allow_none=True)
    unconfirmed = fields.Boolean(required=True)
    first_due = fields.String(required=True, allow_none=True)
    late_first = fields.Integer(required=True)
    extension = fields.Nested(ExtensionView, required=True, allow_none=True)
    sources = fields.List(fields.Nested(Source), required=True)
    cards = fields.List(fields.String(), required=True)
    parent = fields.Dict(required=True, allow_none=True, metadata={"description": "{id, title, state, due}"})
    parts_of_it = fields.Integer(required=True, metadata={"description": "How many requests lie directly within it"})
    weight = fields.Integer(required=True)
    waits_for = fields.Dict(required=True, allow_none=True, metadata={"description": "{id, title, state}"})
    series = fields.Dict(
        required=True, allow_none=True, metadata={"description": "The rule, `next_due` and whether it was stopped"}
    )
    escalated_at = fields.DateTime(required=True, allow_none=True)
    handed_in_at = fields.DateTime(required=True, allow_none=True)
    files = fields.List(fields.Nested(FileView), required=True)
    history = fields.List(fields.Nested(RequestEntry), required=True)
    may = fields.List(fields.String(), required=True)


class RequestResult(DueView):
    """What a command answers: how the request stands now. `warnings` are worth a word and stand in nobody's way."""

    id = Id(required=True)
    version = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    progress = fields.Float(required=True)
    warnings = fields.List(fields.Dict(), required=True, metadata={"description": "{field, code, day, name}"})


class SeriesResult(Schema):
    """`stop_series`: which one makes nothing more."""

    id = Id(required=True)
    stopped = fields.Boolean(required=True)


class SkippedDay(Schema):
    """A day on which nobody works; a plain weekend has no name."""

    day = fields.String(required=True)
    name = fields.String(required=True)
    name_en = fields.String(required=True)


class Reckoning(Schema):
    """`reckon`: how a due day was counted. `day_off` is the due day itself where nobody works on it."""

    received = fields.String(required=True)
    due = fields.String(required=True)
    days = fields.Integer(required=True)
    skipped = fields.List(fields.Nested(SkippedDay), required=True)
    day_off = fields.Nested(SkippedDay, required=True, allow_none=True)
    next_working_day = fields.String(required=True)


class Statistic(Schema):
    """What was done in a month by a department; times are seconds, by the calendar. `late` is against the last date."""

    month = fields.String(required=True)
    department_id = Id(required=True)
    department = fields.String(required=True)
    done = fields.Integer(required=True)
    lead = fields.Integer(required=True, metadata={"description": "Mean time from asking to handing in"})
    late = fields.Integer(required=True)
    late_first = fields.Integer(required=True, metadata={"description": "How many were late against the first date"})
    lateness = fields.Integer(required=True, metadata={"description": "Mean lateness of those that were late"})


class StatisticList(Schema):
    """`{items: [Statistic]}`."""

    items = fields.List(fields.Nested(Statistic), required=True)


EVENTS: dict[str, type[Schema]] = {"requests.desk": Told, "requests.item": ItemTold}
