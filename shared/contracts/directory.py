"""Directory: organisation, departments, people, posts, absences, credentials, sessions."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from shared.contracts.common import Id, Number, PageQuery, PersonRef, Several, Strict, Text, page_of

ROLES = (
    "drafter",
    "document_officer",
    "seal_keeper",
    "records_officer",
    "requests_distributor",
    "tenant_admin",
    "auditor",
    "platform_operator",
)
ABSENCE_REASONS = ("leave", "trip", "training", "sick", "other")
SESSION_KINDS = ("browser", "token", "program")
LOCALES = ("ko", "en")


class Bootstrap(Strict):
    """`bootstrap` (platform operator): the organisation itself and its first administrator; safe to repeat."""

    name = Text(100, 1, required=True)
    code = fields.String(required=True, validate=validate.Regexp(r"^[0-9A-Z]{7}$"))
    admin_login = Text(100, 1, required=True)
    admin_name = Text(100, 1, required=True)
    admin_password = fields.String(required=True, validate=validate.Length(1, 1000))


class SignIn(Strict):
    """`sign_in`: a session of `kind`. `code` is the TOTP code where the person has turned that on."""

    login = Text(100, 1, required=True)
    password = fields.String(required=True, validate=validate.Length(1, 1000))
    code = fields.String(load_default="", validate=validate.Length(max=10))
    kind = fields.String(load_default="token", validate=validate.OneOf(("browser", "token")))
    address = fields.String(load_default="", validate=validate.Length(max=100))
    agent = fields.String(load_default="", validate=validate.Length(max=300))


# Their answers hold a token or a secret, and an answer kept under an idempotency key would hold it in the clear.
SECRET_ANSWERS = frozenset(("sign_in", "create_program_token", "begin_totp"))


class SessionQuery(Strict):
    """`session`: who holds this token (its secret part; the gateway never stores it)."""

    token = fields.String(required=True, validate=validate.Length(1, 200))


class RevokeSession(Strict):
    """`revoke_session`: one of the caller's sessions, or anybody's for a tenant administrator."""

    id = Id(required=True)


# What a program's token may be confined to; "" is everything its maker may do.
TOKEN_SCOPES = ("", "calendar")
_SCOPE_TOLD = {"description": "What the token is confined to: empty (everything), or `calendar`"}


class CreateProgramToken(Strict):
    """`create_program_token`: a long-lived token for a program that acts as the caller; shown once.

    With `scope` `calendar` it is an app password (앱 비밀번호): it opens schedules, and nothing else.
    """

    name = Text(100, 1, required=True)
    days = Number(1, 1095, load_default=365)
    scope = fields.String(load_default="", validate=validate.OneOf(TOKEN_SCOPES), metadata=_SCOPE_TOLD)


class ProgramToken(Schema):
    """A new program token: told here once and kept only as a hash."""

    id = Id(required=True)
    name = fields.String(required=True)
    scope = fields.String(required=True, metadata=_SCOPE_TOLD)
    token = fields.String(required=True)
    expires_at = fields.DateTime(required=True)


class Principal(Schema):
    """Who a request acts for: what the gateway puts into the signed context."""

    tenant = fields.String(required=True)
    session = Id(required=True)
    person = Id(required=True)
    login = fields.String(required=True)
    name = fields.String(required=True)
    position = fields.String(required=True)
    department = fields.String(required=True)
    department_id = Id(required=True)
    roles = fields.List(fields.String(), required=True)
    clearance = fields.Integer(required=True)
    locale = fields.String(required=True)
    scope = fields.String(required=True, metadata=_SCOPE_TOLD)
    expires_at = fields.DateTime(required=True)


class SessionView(Schema):
    """A session as its owner sees it. One that was never used since was last seen when it was made."""

    id = Id(required=True)
    kind = fields.String(required=True)
    scope = fields.String(required=True, metadata=_SCOPE_TOLD)
    name = fields.String(required=True)
    address = fields.String(required=True)
    agent = fields.String(required=True)
    created_at = fields.DateTime(required=True)
    seen_at = fields.DateTime(required=True)
    expires_at = fields.DateTime(required=True)
    current = fields.Boolean(required=True)


class SignInResult(Schema):
    """A new session: the token is told here once and kept only as a hash."""

    token = fields.String(required=True)
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds"})
    principal = fields.Nested(Principal, required=True)


class ShellCall(Strict):
    """`record_shell_call`: what an operator is about to call at `oneway shell`, as a person of the tenant or as nobody.

    Of the arguments the names are told, and never the values.
    """

    operator = Text(200, 1, required=True)
    person = fields.String(load_default="", validate=validate.Length(max=36))
    service = Text(50, 1, required=True)
    method = Text(100, 1, required=True)
    arguments = fields.List(Text(100), load_default=list, validate=validate.Length(max=100))


class ChangePassword(Strict):
    """`change_password`: ends every other session of the caller."""

    old = fields.String(required=True, validate=validate.Length(1, 1000))
    new = fields.String(required=True, validate=validate.Length(1, 1000))


class TotpSecret(Schema):
    """`begin_totp`: what an authenticator is given, as text and as the address a QR code holds; shown once."""

    secret = fields.String(required=True)
    uri = fields.String(required=True)


class ConfirmTotp(Strict):
    """`confirm_totp` and `remove_totp`: with a code that proves the device."""

    code = fields.String(required=True, validate=validate.Length(6, 10))


class SaveSettings(Strict):
    """`save_settings`: of the caller."""

    locale = fields.String(validate=validate.OneOf(LOCALES))


class PeopleQuery(PageQuery):
    """`people`: by the beginning of a name, login or department; search while typing."""

    q = Text(100, load_default="")
    department = Id(load_default=None, allow_none=True)
    inactive = fields.Boolean(load_default=False, metadata={"description": "Also those who left"})


class PersonIds(Strict):
    """`people_by_ids`: the snapshot of each that exists; unknown ids are left out of the answer."""

    ids = Several(Id(), 500, required=True)


class Address(Schema):
    """`addresses`: where mail reaches somebody, and in which language; `email` may be empty."""

    name = fields.String(required=True)
    email = fields.String(required=True)
    locale = fields.String(required=True)
    active = fields.Boolean(required=True)


class PersonQuery(Strict):
    """`person`: one, whole."""

    id = Id(required=True)


class PersonLine(Schema):
    """A person as found by a search; `absent` is set while an absence runs."""

    id = Id(required=True)
    login = fields.String(required=True)
    name = fields.String(required=True)
    department = fields.String(required=True)
    department_id = Id(required=True)
    position = fields.String(required=True)
    rank = fields.String(required=True)
    active = fields.Boolean(required=True)
    absent = fields.Dict(required=True, allow_none=True, metadata={"description": "{reason, until}"})


PeoplePage = page_of(PersonLine, "PeoplePage")


class Post(Strict):
    """직위: where a person works and as what. The main post comes first."""

    department = Id(required=True)
    position = Text(50, 1, required=True)
    rank = Text(50, load_default="")


class SavePerson(Strict):
    """`save_person` (administrator): a new person where `id` is absent. `version` guards a change."""

    id = Id(load_default=None, allow_none=True)
    version = Number(1, load_default=None, allow_none=True)
    login = Text(100, 1, required=True)
    name = Text(100, 1, required=True)
    email = Text(200, load_default="")
    phone = Text(50, load_default="")
    posts = Several(fields.Nested(Post), 10, 1, required=True)
    roles = Several(fields.String(validate=validate.OneOf(ROLES)), len(ROLES), load_default=list)
    clearance = Number(0, 3, load_default=0)
    active = fields.Boolean(load_default=True)
    password = fields.String(load_default="", validate=validate.Length(max=1000))


class PersonView(PersonLine):
    """A person, whole. Clearance, lock and second factor are null but for administrators and the person."""

    email = fields.String(required=True)
    phone = fields.String(required=True)
    posts = fields.List(
        fields.Dict(), required=True, metadata={"description": "{department, department_name, position, rank}"}
    )
    roles = fields.List(fields.String(), required=True)
    clearance = fields.Integer(required=True, allow_none=True)
    locked_until = fields.DateTime(required=True, allow_none=True)
    totp = fields.Boolean(required=True, allow_none=True)
    version = fields.Integer(required=True)


class ProposedPerson(PersonRef):
    """A head as proposed to a drafter; `absent` is set while an absence runs."""

    absent = fields.Dict(required=True, allow_none=True, metadata={"description": "{reason, until}"})


class ProposedStep(Schema):
    """One step of a proposed line, and why it is proposed."""

    person = fields.Nested(ProposedPerson, required=True)
    role = fields.String(required=True, validate=validate.OneOf(("review", "decide")))
    reason = fields.String(required=True, validate=validate.OneOf(("head_of_department", "head_above")))


class ProposedLine(Schema):
    """`proposed_line`: the approval line a draft of the caller's begins with; empty where nobody is above."""

    items = fields.List(fields.Nested(ProposedStep), required=True)


class Superiors(Strict):
    """`superiors`: of one person."""

    person = Id(required=True)


class Superior(ProposedPerson):
    """A head above somebody, with who stands in while the head is away."""

    deputy = fields.Nested(PersonRef, required=True, allow_none=True)


class SuperiorsView(Schema):
    """`superiors`: who stands in for a person who is away, and the heads above, nearest first.

    A deputy is somebody who is here: where the one who was named is away too, that one's deputy, and so on.
    """

    deputy = fields.Nested(PersonRef, required=True, allow_none=True)
    absent = fields.Dict(required=True, allow_none=True, metadata={"description": "{reason, until}"})
    heads = fields.List(fields.Nested(Superior), required=True)


RECEIVER_KINDS = ("person", "department", "group")
RECEIVERS_LIMIT = 10_000


class Expand(Strict):
    """`expand`: everybody in these people, departments (not those below them) and groups, 10,000 people at the most."""

    people = Several(Id(), RECEIVERS_LIMIT, load_default=list)
    departments = Several(Id(), 1_000, load_default=list)
    groups = Several(Id(), 200, load_default=list)


class Receiver(PersonRef):
    """Somebody who was named, with everything that named this person."""

    through = fields.List(fields.Dict(), required=True, metadata={"description": "{kind, id, name}"})


class ActiveReceiver(Receiver):
    """Somebody who receives; `absent` is set while an absence runs, with who stands in."""

    active = fields.Boolean(required=True)
    absent = fields.Dict(required=True, allow_none=True, metadata={"description": "{reason, until, deputy}"})


class Expanded(Schema):
    """`expand`: each person once, in the order first named, and what cannot receive.

    `left` are people who were named and are gone, `dissolved` abolished departments; `unknown` does not exist, or is a
    group that the caller may not see.
    """

    people = fields.List(fields.Nested(ActiveReceiver), required=True)
    left = fields.List(fields.Nested(Receiver), required=True)
    unknown = fields.List(  # type: ignore[assignment]  # a field, which the class does not keep as its own setting
        fields.Dict(), required=True, metadata={"description": "{kind, id}"}
    )
    dissolved = fields.List(fields.Dict(), required=True, metadata={"description": "{id, name}"})


class ReceiverQuery(Strict):
    """`receivers`: by parts of a name and initials (초성), of a person also by login and department."""

    q = Text(100, load_default="")
    groups = fields.Boolean(load_default=True, metadata={"description": "Groups as well"})
    limit = Number(1, 50, load_default=10)


class ReceiverLine(Schema):
    """A person, department or group as found; `stale` of a group in which somebody left or something was abolished."""

    kind = fields.String(required=True, validate=validate.OneOf(RECEIVER_KINDS))
    id = Id(required=True)
    name = fields.String(required=True)
    detail = fields.String(required=True, metadata={"description": "Post and department, or whose group it is"})
    count = fields.Integer(required=True, metadata={"description": "People"})
    absent = fields.Dict(required=True, allow_none=True, metadata={"description": "{reason, until}"})
    stale = fields.Boolean(required=True)


class ReceiversByIds(Strict):
    """`receivers_by_ids`: those that exist and the caller may send to, in this order, as a picker's form names them."""

    receivers = Several(
        fields.String(
            validate=validate.Regexp(
                r"^(person|department|group):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", error="Not an identifier."
            )
        ),
        500,
        required=True,
    )


class ReceiversOfFile(Strict):
    """`receivers_of_file`: `content` is a CSV file in base64, UTF-8 (with or without BOM) or CP949.

    A column of logins or e-mail addresses, by its header; without one the first column, either of them in each line.
    """

    content = fields.String(required=True)


class NotOfFile(Schema):
    """A line that adds nobody, and why: `unknown`, `left`, `ambiguous` (an e-mail of several), `repeated`."""

    line = fields.Integer(required=True)
    value = fields.String(required=True)
    code = fields.String(required=True, validate=validate.OneOf(("unknown", "left", "ambiguous", "repeated")))


class FoundOfFile(Schema):
    """`receivers_of_file`: whom the file names, each once, in its order; and each line that adds nobody."""

    items = fields.List(fields.Nested(ReceiverLine), required=True)
    problems = fields.List(fields.Nested(NotOfFile), required=True)
    encoding = fields.String(required=True)


class GroupMember(Strict):
    """A person or a department in a group."""

    kind = fields.String(required=True, validate=validate.OneOf(("person", "department")))
    id = Id(required=True)


class SaveGroup(Strict):
    """`save_group`: new where `id` is absent, then of `department` (the caller's) or the caller's own."""

    id = Id(load_default=None, allow_none=True)
    version = Number(1, load_default=None, allow_none=True)
    department = Id(load_default=None, allow_none=True)
    members = Several(fields.Nested(GroupMember), 500, 1, required=True)
    name = Text(100, 1, required=True)


class GroupQuery(Strict):
    """`group`: one, with its members."""

    id = Id(required=True)


class DeleteGroup(Strict):
    """`delete_group`: of the caller's, or of the caller's department."""

    id = Id(required=True)
    version = Number(1, load_default=None, allow_none=True)


class GroupView(Schema):
    """회람 그룹, 수신 그룹: of a person or a department (`owner_kind`), `count` people now, each counted once."""

    id = Id(required=True)
    name = fields.String(required=True)
    owner_kind = fields.String(required=True, validate=validate.OneOf(("person", "department")))
    owner = fields.String(required=True, metadata={"description": "Name of the person or department"})
    count = fields.Integer(required=True)
    stale = fields.List(
        fields.Dict(), required=True, metadata={"description": "{name, why}: who `left`, what was `abolished`"}
    )
    editable = fields.Boolean(required=True, metadata={"description": "By the caller"})
    version = fields.Integer(required=True)


class GroupMemberView(GroupMember):
    """A member as it stands now; `stale` is `left`, `abolished` or null."""

    name = fields.String(required=True)
    detail = fields.String(required=True)
    count = fields.Integer(required=True)
    stale = fields.String(required=True, allow_none=True)


class WholeGroup(GroupView):
    """A group with its members, in their order."""

    members = fields.List(fields.Nested(GroupMemberView), required=True)


class GroupList(Schema):
    """`groups`: the caller's and those of the caller's department, and whether the caller keeps the latter."""

    items = fields.List(fields.Nested(GroupView), required=True)
    keeps_department = fields.Boolean(required=True)


HOLIDAY_KINDS = ("off", "working")


class SaveHoliday(Strict):
    """`save_holiday` (administrator): a day `off` with its name, or one of work (`working`), which has none."""

    day = fields.Date(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(HOLIDAY_KINDS))
    name = Text(100, load_default="")


class HolidayQuery(Strict):
    """`delete_holiday` (administrator)."""

    day = fields.Date(required=True)


class HolidayView(Schema):
    """A day of the organisation's own."""

    day = fields.Date(required=True)
    kind = fields.String(required=True)
    name = fields.String(required=True)


class CalendarView(Schema):
    """`calendar`: the tenant's own days off with their names, and days on which it works all the same."""

    off = fields.Dict(keys=fields.Date(), values=fields.String(), required=True)
    working = fields.List(fields.Date(), required=True)


class HoldersQuery(Strict):
    """`holders`: who has a role in these departments."""

    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    departments = Several(Id(), 1_000, required=True)


class Holder(Schema):
    """Somebody with the role that was asked for, in one of the departments."""

    department = Id(required=True)
    person = fields.Nested(PersonRef, required=True)


class HolderList(Schema):
    """`{items: [Holder]}`."""

    items = fields.List(fields.Nested(Holder), required=True)


class SaveDepartment(Strict):
    """`save_department` (administrator): new where `id` is absent; names keep their history."""

    id = Id(load_default=None, allow_none=True)
    version = Number(1, load_default=None, allow_none=True)
    name = Text(100, 1, required=True)
    code = fields.String(
        required=True, validate=validate.Regexp(r"^[0-9A-Z]{7}$", error="Seven characters, digits or capitals.")
    )
    parent = Id(load_default=None, allow_none=True)
    order = Number(load_default=0)
    abolished = fields.Boolean(load_default=False)


class DepartmentView(Schema):
    """A department in the tree; `people` counts those whose main post is in it."""

    id = Id(required=True)
    name = fields.String(required=True)
    code = fields.String(required=True)
    parent = Id(required=True, allow_none=True)
    depth = fields.Integer(required=True)
    order = fields.Integer(required=True)
    people = fields.Integer(required=True)
    head = fields.Dict(required=True, allow_none=True, metadata={"description": "PersonRef of the head"})
    abolished = fields.Boolean(required=True)
    names = fields.List(fields.Dict(), required=True, metadata={"description": "{name, until}: earlier names"})
    version = fields.Integer(required=True)


class UnitQuery(Strict):
    """`unit`: of one department."""

    id = Id(required=True)


class UnitBelow(Schema):
    """A department right below another."""

    id = Id(required=True)
    name = fields.String(required=True)
    head = fields.Nested(Superior, required=True, allow_none=True)


class UnitView(Schema):
    """`unit`: a department and who reports in it.

    `heads` are who heads it and then those above, nobody twice; `people` are those whose main post is here.
    """

    id = Id(required=True)
    name = fields.String(required=True)
    parent = Id(required=True, allow_none=True)
    abolished = fields.Boolean(required=True)
    heads = fields.List(fields.Nested(Superior), required=True)
    people = fields.List(fields.Nested(Superior), required=True)
    below = fields.List(fields.Nested(UnitBelow), required=True)


class SaveAbsence(Strict):
    """`save_absence` (부재): of the caller; times are UTC."""

    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    reason = fields.String(required=True, validate=validate.OneOf(ABSENCE_REASONS))
    deputy = Id(load_default=None, allow_none=True)
    note = Text(300, load_default="")


class ChangeAbsence(SaveAbsence):
    """`change_absence`: one of the caller's that has not ended is as it says here from now on."""

    id = Id(required=True)


class AbsenceQuery(Strict):
    """`cancel_absence`."""

    id = Id(required=True)


class AbsenceView(Schema):
    """An absence."""

    id = Id(required=True)
    starts_at = fields.DateTime(required=True)
    ends_at = fields.DateTime(required=True)
    reason = fields.String(required=True)
    deputy = fields.Dict(required=True, allow_none=True)
    note = fields.String(required=True)


class ImportCsv(Strict):
    """`import_csv` (administrator): `content` is the file in base64, UTF-8 (with or without BOM) or CP949.

    With `dry_run` nothing is written and every bad line is named.
    """

    kind = fields.String(required=True, validate=validate.OneOf(("departments", "people")))
    content = fields.String(required=True)
    dry_run = fields.Boolean(load_default=True)


class ImportResult(Schema):
    """What an import did, or would do."""

    created = fields.Integer(required=True)
    changed = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    problems = fields.List(fields.Dict(), required=True, metadata={"description": "{line, field, code, value}"})
    applied = fields.Boolean(required=True)
    encoding = fields.String(required=True)


class ExportCsv(Strict):
    """`export_csv`: the file is an import's."""

    kind = fields.String(required=True, validate=validate.OneOf(("departments", "people")))
    encoding = fields.String(load_default="utf-8", validate=validate.OneOf(("utf-8", "cp949")))


class CsvFile(Schema):
    """A file: its name, and its content in base64."""

    name = fields.String(required=True)
    content = fields.String(required=True)


# -- events -----------------------------------------------------------------------------------------


class PeopleChanged(Schema):
    """`directory.people_changed`: snapshots held elsewhere are out of date; empty `people` means all."""

    people = fields.List(Id(), required=True)


class AbsenceTold(Schema):
    """`directory.absence`: how an absence stands now; the highest `sequence` holds. `ended`: it was taken back, and
    where `ends_at` is not after `starts_at` it never came to pass."""

    id = Id(required=True)
    sequence = fields.Integer(required=True)
    person = Id(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    reason = fields.String(required=True, validate=validate.OneOf(ABSENCE_REASONS))
    deputy = Id(required=True, allow_none=True)
    note = fields.String(required=True)
    ended = fields.Boolean(required=True)


EVENTS: dict[str, type[Schema]] = {"directory.people_changed": PeopleChanged, "directory.absence": AbsenceTold}
