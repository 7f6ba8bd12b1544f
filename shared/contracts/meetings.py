"""Meetings (회의): called, answered, held, minuted, confirmed; committees (위원회) and their register."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from shared.contracts.common import (
    BODY_LIMIT,
    OPINION_LIMIT,
    SOURCES_LIMIT,
    TITLE_LIMIT,
    ChosenId,
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

STATES = ("called", "held", "minutes", "confirming", "confirmed", "cancelled")
ACTS = ("open", "end", "cancel", "ask_confirmation", "take_back", "conclude")
ROLES = ("chair", "required", "optional", "secretary")
ANSWERS = ("none", "yes", "no", "tentative")
KINDS = ("meeting", "committee")
SCOPES = ("this", "following", "all")
BOXES = ("mine", "department")
CHOICES = ("for", "against", "abstain")
METHODS = ("REQUEST", "CANCEL")
PARTSTATS = ("ACCEPTED", "DECLINED", "TENTATIVE")
PEOPLE_LIMIT = 2_000
GUESTS_LIMIT = 100
AGENDA_LIMIT = 100
MEMBERS_LIMIT = 300
TOLD_LIMIT = 500
# Characters of an update in base64: 256 KiB of bytes.
UPDATE_LIMIT = 349_528
# What is told on the live channel when letters are due, and to whom: the gateways' couriers.
TOPIC, COURIERS = "letters", ("courier",)
_EMAIL = validate.And(validate.Length(max=254), validate.Email(error="Not an address."))


class InviteeField(fields.Field[Any]):
    """A person's id, or `{person, role}`: `chair`, `required`, `optional`, `secretary`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:
        if isinstance(value, str):
            value = {"person": value}
        if not isinstance(value, dict):
            raise ValidationError("Not a person.")
        found: dict[str, Any] = Invitee().load(value)
        return found


class Invitee(Strict):
    """Somebody who is invited, in a role: without one in the role they have, or `required`."""

    person = Id(required=True)
    role = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(ROLES))


class AgendaItem(Strict):
    """An item of the agenda: `id` where it is there already, its presenter, the minutes allotted."""

    id = Id(load_default=None, allow_none=True)
    title = Text(TITLE_LIMIT, 1, required=True)
    presenter = Id(load_default=None, allow_none=True)
    minutes = Number(1, 1440, load_default=None, allow_none=True)


class Guest(Strict):
    """Somebody from outside, invited by e-mail."""

    name = Text(100, 1, required=True)
    email = fields.String(required=True, validate=_EMAIL)


class _Content(Strict):
    place = Text(200)
    room = Id(allow_none=True, metadata={"description": "A resource of the schedule; it is held"})
    link = fields.URL(schemes={"http", "https"}, validate=validate.Length(max=1_000), allow_none=True)
    purpose = Text(OPINION_LIMIT, lines=True)
    agenda = Several(fields.Nested(AgendaItem), AGENDA_LIMIT)
    papers_due = fields.AwareDateTime(allow_none=True)
    invite = Several(InviteeField(), PEOPLE_LIMIT)
    invite_departments = Several(Id(), 100)
    invite_groups = Several(Id(), 100)
    guests = Several(fields.Nested(Guest), GUESTS_LIMIT)
    hide_guests = fields.Boolean(metadata={"description": "Guests do not see each other's addresses"})
    closed = fields.Boolean(metadata={"description": "비공개"})
    closed_until = fields.Date(allow_none=True)
    sources = Several(fields.Nested(Source), SOURCES_LIMIT)
    cards = Several(Id(), CARDS_LIMIT)
    skip = fields.Boolean(
        load_default=False, metadata={"description": "Leave out the room on days when it is not free, of a series"}
    )


class CreateMeeting(_Content):
    """`create`: a meeting, a series by `rule` (RRULE), a meeting of a `committee`, whose members are invited."""

    title = Text(TITLE_LIMIT, 1, required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    kind = fields.String(load_default="meeting", validate=validate.OneOf(KINDS))
    committee = Id(load_default=None, allow_none=True)
    rule = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 200))


class ChangeMeeting(_Content):
    """`change`: what is told, of this one, of this and the `following` of its series, or of `all` that are to come.

    People and guests are replaced where they are told: who is left out is taken off. `version` is the one seen.
    """

    id = Id(required=True)
    version = Number(1, load_default=None, allow_none=True)
    scope = fields.String(load_default="this", validate=validate.OneOf(SCOPES))
    title = Text(TITLE_LIMIT, 1)
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()


class MeetingAct(Strict):
    """`act`: `open`, `end`, `cancel` (reason, scope), `ask_confirmation` (due), `take_back`, `conclude`."""

    id = Id(required=True)
    act = fields.String(required=True, validate=validate.OneOf(ACTS))
    version = Number(1, load_default=None, allow_none=True)
    scope = fields.String(load_default="this", validate=validate.OneOf(SCOPES))
    reason = Text(OPINION_LIMIT, lines=True, load_default="")
    due = fields.AwareDateTime(load_default=None, allow_none=True)


class AnswerMeeting(Strict):
    """`answer`: with a word, or with a no and whoever comes instead; also of all of a series that are to come."""

    id = Id(required=True)
    answer = fields.String(required=True, validate=validate.OneOf(ANSWERS[1:]))
    word = Text(500, load_default="")
    scope = fields.String(load_default="this", validate=validate.OneOf(SCOPES))
    substitute = Id(load_default=None, allow_none=True)


class PapersReady(Strict):
    """`ready`: by its presenter, the papers of an agenda item are there, or are not yet."""

    id = Id(required=True)
    item = Id(required=True)
    ready = fields.Boolean(load_default=True)


class Presence(Strict):
    """Whether somebody is there."""

    person = Id(required=True)
    present = fields.Boolean(required=True)


class Attend(Strict):
    """`attend`: with the `code` of the meeting the caller is there; without it `people` (and `guests`) are marked by
    who leads. A guest is named by its id."""

    id = Id(required=True)
    code = Text(64, load_default="")
    people = Several(fields.Nested(Presence), PEOPLE_LIMIT, load_default=list)
    guests = Several(fields.Nested(Presence), GUESTS_LIMIT, load_default=list)


class EnterDecision(Strict):
    """`decide`: enters a decision, of an agenda item or of the whole; `decision` with an empty text takes one back."""

    id = Id(required=True)
    decision = Id(load_default=None, allow_none=True)
    item = Id(load_default=None, allow_none=True)
    text = Text(OPINION_LIMIT, lines=True, load_default="")


class AddAction(Strict):
    """`add_action`: who is to do what until when; `action` with an empty title takes one back."""

    id = Id(required=True)
    action = Id(load_default=None, allow_none=True)
    item = Id(load_default=None, allow_none=True)
    title = Text(TITLE_LIMIT, load_default="")
    person = Id(load_default=None, allow_none=True)
    due = fields.Date(load_default=None, allow_none=True)


class ActionAsked(Strict):
    """`action_asked`: the request that an action item became."""

    id = Id(required=True)
    action = Id(required=True)
    request = fields.String(required=True, validate=validate.Length(36, 36))


class OpenVote(Strict):
    """`open_vote`: by name, or `secret`."""

    id = Id(required=True)
    item = Id(load_default=None, allow_none=True)
    question = Text(TITLE_LIMIT, 1, required=True)
    secret = fields.Boolean(load_default=False)


class Cast(Strict):
    """`cast`: for, against, or abstaining."""

    id = Id(required=True)
    vote = Id(required=True)
    choice = fields.String(required=True, validate=validate.OneOf(CHOICES))


class CloseVote(Strict):
    """`close_vote`: nobody votes any more."""

    id = Id(required=True)
    vote = Id(required=True)


class TimeItem(Strict):
    """`time_item`: starts or stops the clock of an agenda item; starting one stops the others."""

    id = Id(required=True)
    item = Id(required=True)
    running = fields.Boolean(required=True)


class Gist(Strict):
    """What was said on an agenda item."""

    item = Id(required=True)
    body = Markup(BODY_LIMIT, required=True)


class WriteMinutes(Strict):
    """`write_minutes`: the gist of the whole, and of agenda items; what is not told stays."""

    id = Id(required=True)
    version = Number(0, load_default=None, allow_none=True)
    body = Markup(BODY_LIMIT)
    items = Several(fields.Nested(Gist), AGENDA_LIMIT, load_default=list)


class BeginMinutes(Strict):
    """`begin_minutes`: minutes are written together from now on; of those that are, items of the agenda that came since
    get their headings. `everyone`: who is present writes too; null leaves that as it is."""

    id = Id(required=True)
    everyone = fields.Boolean(load_default=None, allow_none=True)


class PushMinutes(Strict):
    """`push_minutes`: what was typed, as a Y update (base64). A repeat of one `key` is kept once."""

    id = Id(required=True)
    key = ChosenId(required=True)
    update = fields.String(required=True, validate=validate.Length(1, UPDATE_LIMIT))
    client = Number(0, 2**53 - 1, load_default=0)
    cursor = fields.String(
        load_default="",
        validate=validate.Length(max=1_000),
        metadata={"description": "Where the writer is, for the others' screens (JSON of the editor)"},
    )


class PullMinutes(Strict):
    """`pull_minutes`: what came after an update's number; 0 asks for all."""

    id = Id(required=True)
    after = Number(0, 2**31 - 1, load_default=0)


class ReviewMinutes(Strict):
    """`review`: agrees with the minutes, or objects with a note."""

    id = Id(required=True)
    agree = fields.Boolean(required=True)
    note = Text(OPINION_LIMIT, lines=True, load_default="")


class MeetingQuery(Strict):
    """One meeting."""

    id = Id(required=True)


class BoxQuery(PageQuery):
    """`box`: the caller's meetings, or those the `department` hosts: what is `ahead`, or what was, last first."""

    box = fields.String(load_default="mine", validate=validate.OneOf(BOXES))
    ahead = fields.Boolean(load_default=True)
    state = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(STATES))
    q = Text(100, load_default="")


# -- committees -------------------------------------------------------------------------------------


class Member(Strict):
    """A member of a committee, from a day until a day; `secretary` has no vote."""

    person = Id(required=True)
    role = fields.String(load_default="member", validate=validate.OneOf(("chair", "member", "secretary")))
    from_ = fields.Date(required=True, data_key="from")
    until = fields.Date(load_default=None, allow_none=True)


class SaveCommittee(Strict):
    """`save_committee`: founds one, or changes it (`id`, `version`). `quorum`: `majority`, or how many are needed."""

    id = Id(load_default=None, allow_none=True)
    version = Number(0, load_default=None, allow_none=True)
    name = Text(100, 1, required=True)
    purpose = Text(OPINION_LIMIT, lines=True, load_default="")
    quorum = fields.String(load_default="majority", validate=validate.Regexp(r"^(majority|[1-9]\d{0,2})$"))
    closed = fields.Boolean(load_default=False)
    agenda = Several(Text(TITLE_LIMIT, 1), AGENDA_LIMIT, load_default=list)
    members = Several(fields.Nested(Member), MEMBERS_LIMIT, load_default=list)


class CommitteeQuery(Strict):
    """One committee."""

    id = Id(required=True)


class RegisterQuery(PageQuery):
    """`register`: the meetings of a committee in a year, by number; those the caller may read."""

    id = Id(required=True)
    year = Number(1990, 2100, required=True)


# -- the courier ------------------------------------------------------------------------------------


class ClaimLetters(Strict):
    """`claim_letters`: letters to guests that are due, leased for so many seconds."""

    limit = Number(1, 100, load_default=20)
    lease = Number(10, 3_600, load_default=120)


class LetterOutcome(Strict):
    """What came of a letter. What is not `sent` is tried again a few times, unless it is refused for good."""

    id = Id(required=True)
    lease = Id(load_default=None, allow_none=True)
    outcome = fields.String(required=True, validate=validate.OneOf(("sent", "again", "refused")))
    reason = Text(300, load_default="")


class ReportLetters(Strict):
    """`report_letters`: what came of letters; `courier` is who tells, for the record of one that failed."""

    courier = Text(100, load_default="")
    results = Several(fields.Nested(LetterOutcome), 100, 1, required=True)


class BounceLetter(Strict):
    """`bounce_letter`: a letter that was sent came back, and why."""

    id = Id(required=True)
    reason = Text(300, load_default="")


class TakeMailbox(Strict):
    """`take_mailbox`: the turn to read the mailbox of answers. Whoever asks first with the key of a turn has it;
    anybody else hears 409 `idempotency-key-reused`, as their `reader` is another."""

    reader = Id(required=True)


class AnswerByMail(Strict):
    """`answer_by_mail`: what a guest's mail says. `uid` and `rid` are of the mail, `stamp` its DTSTAMP.

    One that is not `sure` to be of whom it says is held, whoever that is.
    """

    uid = fields.String(required=True, validate=validate.Length(1, 255))
    rid = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=40))
    sequence = Number(0, required=True)
    stamp = fields.AwareDateTime(required=True)
    address = fields.String(required=True, validate=validate.Length(3, 300))
    partstat = fields.String(required=True, validate=validate.OneOf(PARTSTATS))
    comment = Text(500, load_default="")
    sure = fields.Boolean(load_default=True)


# -- views ------------------------------------------------------------------------------------------


class AttendeeView(Schema):
    """Somebody on a meeting; `present` is null while nobody has said."""

    person = fields.Nested(PersonRef, required=True)
    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    answer = fields.String(required=True, validate=validate.OneOf(ANSWERS))
    word = fields.String(required=True)
    substitute = fields.Nested(PersonRef, required=True, allow_none=True)
    stands_for = Id(required=True, allow_none=True)
    present = fields.Boolean(required=True, allow_none=True)
    present_at = fields.DateTime(required=True, allow_none=True)
    review = fields.String(required=True, metadata={"description": "`confirmed`, `objected`, `silent`, or empty"})
    note = fields.String(required=True)
    member = fields.Boolean(required=True)


class GuestView(Schema):
    """Somebody from outside. `letter` is how the last letter stands, `letter_due` when one that waits goes out."""

    id = Id(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    answer = fields.String(required=True, validate=validate.OneOf(ANSWERS))
    word = fields.String(required=True)
    present = fields.Boolean(required=True, allow_none=True)
    letter = fields.String(required=True)
    letter_due = fields.DateTime(required=True, allow_none=True)


class ItemView(Schema):
    """An agenda item with its papers; `spent` are seconds, to which those since `started_at` are added."""

    id = Id(required=True)
    number = fields.Integer(required=True)
    title = fields.String(required=True)
    presenter = fields.Nested(PersonRef, required=True, allow_none=True)
    minutes = fields.Integer(required=True, allow_none=True)
    ready = fields.Boolean(required=True)
    gist = fields.String(required=True)
    started_at = fields.DateTime(required=True, allow_none=True)
    spent = fields.Integer(required=True)
    files = fields.List(fields.Nested(FileView), required=True)


class DecisionView(Schema):
    """A decision, of an item or of the whole. `quorate` is null where it is no committee's."""

    id = Id(required=True)
    item = Id(required=True, allow_none=True)
    text = fields.String(required=True)
    quorate = fields.Boolean(required=True, allow_none=True)


class VoteView(Schema):
    """A vote with how many; `voted`: who, and `ballots` what each has voted, empty of a secret one."""

    id = Id(required=True)
    item = Id(required=True, allow_none=True)
    question = fields.String(required=True)
    secret = fields.Boolean(required=True)
    closed = fields.Boolean(required=True)
    tally = fields.Dict(required=True, metadata={"description": "{for, against, abstain}; zeros while it runs"})
    carried = fields.Boolean(required=True, allow_none=True)
    voted = fields.List(fields.Nested(PersonRef), required=True)
    ballots = fields.List(fields.Dict(), required=True, metadata={"description": "{person, choice}"})


class ActionView(Schema):
    """An action item; `request` is what it became."""

    id = Id(required=True)
    item = Id(required=True, allow_none=True)
    title = fields.String(required=True)
    person = fields.Nested(PersonRef, required=True, allow_none=True)
    due = fields.String(required=True, allow_none=True)
    request = Id(required=True, allow_none=True)
    state = fields.String(required=True, metadata={"description": "The request's; empty without one, or unknown"})


class MeetingLine(Schema):
    """A meeting as a row of a list; `answer` is the caller's, null where they are not invited."""

    id = Id(required=True)
    title = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    starts_at = fields.DateTime(required=True)
    ends_at = fields.DateTime(required=True)
    place = fields.String(required=True)
    link = fields.String(required=True, allow_none=True)
    closed = fields.Boolean(required=True)
    organiser = fields.Nested(PersonRef, required=True)
    number = fields.String(required=True, allow_none=True)
    series = Id(required=True, allow_none=True)
    counts = fields.Dict(required=True, metadata={"description": "{none, yes, no, tentative}"})
    answer = fields.String(required=True, allow_none=True)


MeetingPage = page_of(MeetingLine, "MeetingPage")


class MeetingEntry(Schema):
    """A line of the history."""

    number = fields.Integer(required=True)
    at = fields.DateTime(required=True)
    action = fields.String(required=True)
    person = fields.Nested(PersonRef, required=True, allow_none=True)
    detail = fields.Dict(required=True)


class QuorumView(Schema):
    """How a committee's meeting stands."""

    members = fields.Integer(required=True)
    needed = fields.Integer(required=True)
    present = fields.Integer(required=True)
    met = fields.Boolean(required=True)


class MeetingView(MeetingLine):
    """A meeting, whole. `may` are the caller's acts of now; `before` what is left to do from meetings before."""

    version = fields.Integer(required=True)
    purpose = fields.String(required=True)
    room = Id(required=True, allow_none=True)
    booking = fields.String(required=True, allow_none=True)
    closed_until = fields.String(required=True, allow_none=True)
    hide_guests = fields.Boolean(required=True)
    papers_due = fields.DateTime(required=True, allow_none=True)
    committee = fields.Dict(required=True, allow_none=True, metadata={"description": "{id, name}"})
    quorum = fields.Nested(QuorumView, required=True, allow_none=True)
    rid = fields.String(required=True, allow_none=True)
    rule = fields.String(required=True, allow_none=True)
    siblings = fields.List(
        fields.Dict(), required=True, metadata={"description": "{id, starts_at, state}: the others of the series"}
    )
    before = fields.List(fields.Nested(ActionView), required=True)
    people = fields.List(fields.Nested(AttendeeView), required=True)
    guests = fields.List(fields.Nested(GuestView), required=True)
    held_answers = fields.List(fields.Dict(), required=True, metadata={"description": "Mails of who was not invited"})
    agenda = fields.List(fields.Nested(ItemView), required=True)
    decisions = fields.List(fields.Nested(DecisionView), required=True)
    votes = fields.List(fields.Nested(VoteView), required=True)
    actions = fields.List(fields.Nested(ActionView), required=True)
    minutes = fields.Dict(required=True, metadata={"description": "{version, body, digest, due, written_by}"})
    sources = fields.List(fields.Nested(Source), required=True)
    cards = fields.List(fields.String(), required=True)
    files = fields.List(fields.Nested(FileView), required=True)
    history = fields.List(fields.Nested(MeetingEntry), required=True)
    may = fields.List(fields.String(), required=True)


class MeetingResult(Schema):
    """What a command answers: how the meeting stands now. `skipped` are days without the room, `made` how many of a
    series."""

    id = Id(required=True)
    version = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    series = Id(required=True, allow_none=True)
    made = fields.Integer(required=True)
    skipped = fields.List(fields.Dict(), required=True, metadata={"description": "{starts_at, ends_at, reason}"})


class MadeResult(MeetingResult):
    """The same, with the `made_id` of what was entered; null where it was taken back."""

    made_id = Id(required=True, allow_none=True)


class MinutesView(Schema):
    """The minutes, put together as the law demands; `digest` of what was confirmed."""

    id = Id(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    version = fields.Integer(required=True)
    minutes = fields.Dict(required=True)
    digest = fields.String(required=True)
    due = fields.DateTime(required=True, allow_none=True)
    reviews = fields.List(fields.Dict(), required=True, metadata={"description": "{person, review, note}"})
    shared = fields.Dict(
        allow_none=True, metadata={"description": "{writes, everyone} of minutes that are written together, else null"}
    )


class MinutesPushed(Schema):
    """Which number an update has."""

    id = Id(required=True)
    number = fields.Integer(required=True)


class MinutesUpdateView(Schema):
    """An update, by whom, and where they were."""

    number = fields.Integer(required=True)
    update = fields.String(required=True)
    person = fields.Dict(required=True, metadata={"description": "{id, name}"})
    client = fields.Integer(required=True)
    cursor = fields.String(required=True)
    at = fields.DateTime(required=True)


class MinutesUpdates(Schema):
    """What came after a number, to be applied in any order: the `snapshot` (base64) where the updates themselves are
    not there any more, and the `updates`. `number` is where that leads to, `more`: there is more after it.

    `begun` is false of minutes that are not written together. `writes`: the caller may push now; `may_write`: could,
    were the minutes not sent round or signed.
    """

    id = Id(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    begun = fields.Boolean(required=True)
    everyone = fields.Boolean(required=True)
    writes = fields.Boolean(required=True)
    may_write = fields.Boolean(required=True)
    number = fields.Integer(required=True)
    snapshot = fields.String(required=True, allow_none=True)
    updates = fields.List(fields.Nested(MinutesUpdateView), required=True)
    more = fields.Boolean(required=True)


class CodeView(Schema):
    """The code of attendance."""

    id = Id(required=True)
    title = fields.String(required=True)
    code = fields.String(required=True)


class MemberView(Schema):
    """A member; `current`: the term runs today."""

    person = fields.Nested(PersonRef, required=True)
    role = fields.String(required=True)
    from_ = fields.String(required=True, data_key="from", attribute="from")
    until = fields.String(required=True, allow_none=True)
    current = fields.Boolean(required=True)


class CommitteeLine(Schema):
    """A committee as a row of a list."""

    id = Id(required=True)
    name = fields.String(required=True)
    purpose = fields.String(required=True)
    members = fields.Integer(required=True)


CommitteePage = page_of(CommitteeLine, "CommitteePage")


class CommitteeView(Schema):
    """A committee, whole; `years` are those in which it met, `may`: whether the caller may change it."""

    id = Id(required=True)
    version = fields.Integer(required=True)
    name = fields.String(required=True)
    purpose = fields.String(required=True)
    quorum = fields.String(required=True)
    closed = fields.Boolean(required=True)
    agenda = fields.List(fields.String(), required=True)
    members = fields.List(fields.Nested(MemberView), required=True)
    years = fields.List(fields.Integer(), required=True)
    may_change = fields.Boolean(required=True)


class CommitteeResult(Schema):
    """What `save_committee` answers."""

    id = Id(required=True)
    version = fields.Integer(required=True)


class Letter(Schema):
    """A letter to a guest: all that its mail needs. `others` are the other guests, unless the list is hidden.

    `papers` are those of the agenda; of a meeting that is `closed` none is named.
    """

    id = Id(required=True)
    lease = Id(required=True)
    meeting = Id(required=True)
    method = fields.String(required=True, validate=validate.OneOf(METHODS))
    uid = fields.String(required=True)
    rid = fields.String(required=True, allow_none=True)
    sequence = fields.Integer(required=True)
    stamp = fields.DateTime(required=True)
    name = fields.String(required=True)
    address = fields.String(required=True)
    title = fields.String(required=True)
    purpose = fields.String(required=True)
    starts_at = fields.DateTime(required=True)
    ends_at = fields.DateTime(required=True)
    place = fields.String(required=True)
    link = fields.String(required=True, allow_none=True)
    organiser = fields.Nested(PersonRef, required=True)
    agenda = fields.List(fields.Dict(), required=True, metadata={"description": "{title, minutes}"})
    others = fields.List(fields.Dict(), required=True, metadata={"description": "{name, address}"})
    papers = fields.List(fields.Dict(), required=True, metadata={"description": "{name, type, size, object}"})
    tries = fields.Integer(required=True)


class Letters(Schema):
    """Leased letters, and when one is due next."""

    items = fields.List(fields.Nested(Letter), required=True)
    next = fields.DateTime(required=True, allow_none=True)


class Taken(Schema):
    """How many of what was reported changed something."""

    taken = fields.Integer(required=True)


class MailboxTaken(Schema):
    """Who has the turn."""

    reader = ChosenId(required=True)


class MailTaken(Schema):
    """What became of an answer by mail: `applied`, `outdated`, `held`, or `unknown` where there is no such meeting."""

    outcome = fields.String(required=True, validate=validate.OneOf(("applied", "outdated", "held", "unknown")))
    meeting = Id(required=True, allow_none=True)


# -- events -----------------------------------------------------------------------------------------


class ScheduledPerson(Schema):
    """Somebody invited, as calendars have it."""

    person = Id(required=True)
    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    answer = fields.String(required=True, validate=validate.OneOf(ANSWERS))


class Scheduled(Schema):
    """`meetings.scheduled`: what a meeting is to calendars and rooms, whenever anything of it has changed.

    Up to 500 people in one event: a meeting with more has several of one `sequence`, in any order. The highest
    `sequence` says all there is; `removed` are those no longer invited, of whom earlier ones have told.
    """

    meeting = Id(required=True)
    sequence = Number(0, 2**31 - 1, required=True)
    state = fields.String(required=True, validate=validate.OneOf(("called", "cancelled", "ended")))
    title = fields.String(required=True, validate=validate.Length(max=TITLE_LIMIT))
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    place = fields.String(required=True)
    resource = Id(required=True, allow_none=True)
    booking = fields.String(required=True, allow_none=True)
    link = fields.String(required=True, allow_none=True)
    closed = fields.Boolean(required=True)
    organiser = fields.Nested(PersonRef, required=True)
    people = Several(fields.Nested(ScheduledPerson), TOLD_LIMIT, required=True)
    removed = Several(Id(), PEOPLE_LIMIT * 2, required=True)
    series = Id(required=True, allow_none=True)
    total = Number(0, PEOPLE_LIMIT * 2, required=True)


EVENTS: dict[str, type[Schema]] = {"meetings.desk": Told, "meetings.item": ItemTold, "meetings.scheduled": Scheduled}
