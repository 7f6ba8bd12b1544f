"""Weekly and monthly reports (주간·월간보고): this period, the next one, remarks; joined from below to above."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from shared.contracts.common import Id, Number, PageQuery, PersonRef, Several, Strict, Text, page_of

CADENCES = ("week", "month")
SECTIONS = ("this", "next", "remarks")
STATES = ("open", "submitted", "taken", "returned")
BOXES = ("mine", "department")
LINES_LIMIT = 5_000
LINE_LIMIT = 2_000
CARDS_LIMIT = 20


class SaveWeeklyPlan(Strict):
    """`save_weekly_plan`: how a department reports; for its head, the heads above, and administrators.

    By the week until the hour of a weekday (1 is Monday), by the month until that of a day of it, or of the last one
    where the month is shorter. On a day off it is due on the working day before. `version` guards a change.
    """

    department = Id(required=True)
    cadence = fields.String(required=True, validate=validate.OneOf(CADENCES))
    weekday = Number(1, 7, load_default=5)
    day = Number(1, 31, load_default=31)
    hour = Number(1, 24, load_default=18)
    active = fields.Boolean(load_default=True)
    version = Number(1, load_default=None, allow_none=True)


class WeeklyQuery(Strict):
    """`weekly_report`, `quote_weekly`."""

    id = Id(required=True)


class WeeklyReportsQuery(PageQuery):
    """`weekly_reports`: those that I write, or those of my department; the newest first."""

    box = fields.String(load_default="mine", validate=validate.OneOf(BOXES))


class WeeklyAct(Strict):
    """`submit_weekly`, `recall_weekly`: at the version that was looked at, where it is told."""

    id = Id(required=True)
    version = Number(1, load_default=None, allow_none=True)


class WeeklySeen(Strict):
    """A report below as it was looked at."""

    id = Id(required=True)
    version = Number(1, required=True)


class TakeWeekly(WeeklyAct):
    """`take_weekly`: what is submitted below goes into the joined report.

    `seen`: the reports that were looked at, all of them unless told; what came since stays news.
    """

    seen = Several(fields.Nested(WeeklySeen), LINES_LIMIT, load_default=None, allow_none=True)


class ReturnWeekly(Strict):
    """`return_weekly`: back to its writer, with the reason."""

    id = Id(required=True)
    reason = Text(1_000, 1, required=True, lines=True)


class WeeklyLineGiven(Strict):
    """A line as it is to be; one without `id` is new. `merged_into` names the line that says it now."""

    id = Id(load_default=None, allow_none=True)
    section = fields.String(required=True, validate=validate.OneOf(SECTIONS))
    text = Text(LINE_LIMIT, 1, required=True, lines=True)
    cards = Several(Id(), CARDS_LIMIT, load_default=list)
    left_out = fields.Boolean(load_default=False)
    merged_into = Id(load_default=None, allow_none=True)


class SaveWeeklyLines(WeeklyAct):
    """`save_weekly_lines`: all lines in their order.

    A line of one's own that is not there any more is deleted; one that was carried over or came from below is left out.
    """

    lines = Several(fields.Nested(WeeklyLineGiven), LINES_LIMIT, required=True)


# -- views ------------------------------------------------------------------------------------------


class WeeklyNext(Schema):
    """The period that opens next."""

    period = fields.String(required=True)
    opens_at = fields.DateTime(required=True)
    due_at = fields.DateTime(required=True)


class WeeklyPlanView(Schema):
    """How a department reports. `next` is null where it does not report any more."""

    id = Id(required=True)
    department = Id(required=True)
    name = fields.String(required=True)
    cadence = fields.String(required=True)
    weekday = fields.Integer(required=True)
    day = fields.Integer(required=True)
    hour = fields.Integer(required=True)
    active = fields.Boolean(required=True)
    version = fields.Integer(required=True)
    next = fields.Nested(WeeklyNext, required=True, allow_none=True)


class WeeklyUnit(Schema):
    """A department whose plans the caller may set, with those it has."""

    department = Id(required=True)
    name = fields.String(required=True)
    depth = fields.Integer(required=True)
    plans = fields.List(fields.Nested(WeeklyPlanView), required=True)


class WeeklyPlans(Schema):
    """`weekly_plans`: in the order in which the tree of departments is read."""

    items = fields.List(fields.Nested(WeeklyUnit), required=True)


class WeeklyState(Schema):
    """What a change of a report answers with."""

    id = Id(required=True)
    state = fields.String(required=True)
    version = fields.Integer(required=True)


class WeeklyAsked(Schema):
    """`ask_weekly`: who was asked now, and who had been asked before and is not asked again."""

    asked = fields.List(fields.Nested(PersonRef), required=True)
    already = fields.List(fields.Nested(PersonRef), required=True)


class WeeklyReportLine(Schema):
    """A report as a row of a list."""

    id = Id(required=True)
    kind = fields.String(required=True, metadata={"description": "person or department"})
    unit = Id(required=True)
    unit_name = fields.String(required=True)
    title = fields.String(required=True)
    cadence = fields.String(required=True)
    period = fields.String(required=True, metadata={"description": "2026-W27 or 2026-07"})
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    state = fields.String(required=True)
    writer = fields.Nested(PersonRef, required=True)
    due_at = fields.DateTime(required=True)
    submitted_at = fields.DateTime(required=True, allow_none=True)
    late = fields.Boolean(required=True)


WeeklyReportPage = page_of(WeeklyReportLine, "WeeklyReportPage")


class WeeklyLineView(Schema):
    """A line. `source` is what its writer wrote, where `editor` has put it otherwise."""

    id = Id(required=True)
    section = fields.String(required=True)
    text = fields.String(required=True)
    writers = fields.List(
        fields.Nested(PersonRef), required=True, metadata={"description": "With those merged into it"}
    )
    origin = Id(required=True, allow_none=True, metadata={"description": "The line below that it was taken from"})
    origin_report = Id(required=True, allow_none=True)
    source = fields.String(required=True, allow_none=True)
    editor = fields.Nested(PersonRef, required=True, allow_none=True)
    carried = fields.Boolean(required=True, metadata={"description": "Last period's plan"})
    left_out = fields.Boolean(required=True)
    withdrawn = fields.Boolean(required=True, metadata={"description": "Its writer has taken it away"})
    merged_into = Id(required=True, allow_none=True)
    cards = fields.List(Id(), required=True)


class WeeklyLines(WeeklyState):
    """What saving lines answers with."""

    lines = fields.List(fields.Nested(WeeklyLineView), required=True)


class WeeklyBelow(Schema):
    """A report that goes into this one. `standing`: waiting, missing, excused, submitted, taken or returned."""

    id = Id(required=True)
    kind = fields.String(required=True)
    version = fields.Integer(required=True)
    unit_name = fields.String(required=True)
    writer = fields.Nested(PersonRef, required=True)
    state = fields.String(required=True)
    standing = fields.String(required=True)
    excused = fields.String(required=True, allow_none=True, metadata={"description": "Why it is not missing"})
    asked_at = fields.DateTime(required=True, allow_none=True)
    submitted_at = fields.DateTime(required=True, allow_none=True)
    late = fields.Boolean(required=True)


class WeeklyNews(Schema):
    """What has come from below since it was last taken: a line that is new (`added`), `changed` or `removed`."""

    report = Id(required=True)
    kind = fields.String(required=True)
    section = fields.String(required=True)
    text = fields.String(required=True)
    was = fields.String(required=True)
    writers = fields.List(fields.Nested(PersonRef), required=True)


class WeeklyReportView(WeeklyReportLine):
    """A report as it is opened. What is below it is shown to who joins it."""

    version = fields.Integer(required=True)
    deputy = fields.Nested(PersonRef, required=True, allow_none=True)
    above = Id(required=True, allow_none=True)
    previous = Id(required=True, allow_none=True)
    gathers_at = fields.DateTime(required=True, allow_none=True, metadata={"description": "When those below are due"})
    reason = fields.String(required=True, metadata={"description": "Why it was sent back"})
    lines = fields.List(fields.Nested(WeeklyLineView), required=True)
    below = fields.List(fields.Nested(WeeklyBelow), required=True)
    news = fields.List(fields.Nested(WeeklyNews), required=True)
    may = fields.List(
        fields.String(), required=True, metadata={"description": "write, submit, recall, take, ask, return, memo"}
    )


EVENTS: dict[str, type[Schema]] = {}
