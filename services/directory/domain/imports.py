"""What a CSV file means: which departments and people are new, which change, and every line that cannot be taken."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from services.directory.domain import person as people
from services.directory.domain import tree
from services.directory.domain.csvfile import Bad, Column, Line, Table
from services.directory.domain.passwords import weakness
from services.directory.domain.person import Person, Post
from services.directory.domain.tree import Node
from shared.contracts.directory import ROLES

DEPARTMENT_COLUMNS = (
    Column("code", "부서코드", ("코드", "department code"), required=True),
    Column("name", "부서명", ("부서", "이름", "department"), required=True),
    Column("parent", "상위부서코드", ("상위부서", "parent code")),
    Column("order", "순서", ("정렬순서", "sort order")),
    Column("abolished", "폐지", ("폐지여부",)),
)
PEOPLE_COLUMNS = (
    Column("login", "아이디", ("로그인", "사용자ID", "login id"), required=True),
    Column("name", "이름", ("성명",), required=True),
    Column("department", "부서코드", ("소속부서코드", "department code"), required=True),
    Column("position", "직위", ("직책",), required=True),
    Column("rank", "직급", ("계급", "grade")),
    Column("other_posts", "겸직", ("겸임",)),
    Column("email", "전자우편", ("이메일", "e-mail", "mail")),
    Column("phone", "전화번호", ("전화", "telephone", "tel")),
    Column("roles", "역할", ("권한", "role")),
    Column("clearance", "보안등급", ("비밀취급등급",)),
    Column("active", "재직", ("재직여부", "사용여부")),
)
# Read and never written.
PASSWORD_COLUMN = Column("password", "초기비밀번호", ("비밀번호", "initial password"), verbatim=True)

_YES = frozenset({"y", "yes", "true", "1", "예", "o", "재직", "폐지"})
_NO = frozenset({"n", "no", "false", "0", "아니오", "아니요", "x", "퇴직", "존속", ""})
_LENGTHS = {"name": 100, "login": 100, "position": 50, "rank": 50, "email": 200, "phone": 50}


@dataclass
class DepartmentPlan:
    """What an import of departments does; `nodes` is the whole tree as it will be."""

    nodes: dict[str, Node]
    created: list[Node] = field(default_factory=list)
    changed: list[Node] = field(default_factory=list)
    unchanged: int = 0
    bad: list[Bad] = field(default_factory=list)


@dataclass
class PeoplePlan:
    """What an import of people does: new ones, changed ones by id, and passwords for logins that have none yet."""

    created: list[Person] = field(default_factory=list)
    changed: dict[str, Person] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    unchanged: int = 0
    bad: list[Bad] = field(default_factory=list)


@dataclass(frozen=True)
class Known:
    """A person there is: the id, the state, and whether there is a password."""

    id: str
    person: Person
    has_password: bool


class _Cells:
    """Reads the cells of one line; what cannot be read is noted and answered with the value there was."""

    def __init__(self, line: Line, bad: list[Bad]) -> None:
        self._line = line
        self._bad = bad

    def refuse(self, field_: str, code: str) -> None:
        self._bad.append(Bad(self._line.number, field_, code, self._line.cells.get(field_, "")))

    def text(self, field_: str, otherwise: str = "", required: bool = False) -> str:
        value = self._line.cells.get(field_)
        if value is None:
            value = otherwise
        if required and not value:
            self.refuse(field_, "required")
        if len(value) > _LENGTHS.get(field_, 100):
            self.refuse(field_, "too_long")
        return value

    def number(self, field_: str, otherwise: int, most: int) -> int:
        value = self._line.cells.get(field_)
        if value is None:
            return otherwise
        if not value:
            return 0
        if not (value.isascii() and value.isdigit() and int(value) <= most):
            self.refuse(field_, "bad_number")
            return otherwise
        return int(value)

    def flag(self, field_: str, otherwise: bool, empty: bool) -> bool:
        value = self._line.cells.get(field_)
        if value is None:
            return otherwise
        if not value:
            return empty
        word = value.casefold()
        if word not in _YES | _NO:
            self.refuse(field_, "bad_flag")
            return otherwise
        return word in _YES


def plan_departments(
    table: Table, nodes: Mapping[str, Node], root: str, peopled: set[str], new_id: Callable[[], str]
) -> DepartmentPlan:
    """The plan for `table` over the departments `nodes`, found again by their codes; a parent may stand below.

    A line without a parent stands right under the root. A column the file does not have changes nothing.
    """
    plan = DepartmentPlan(dict(nodes), bad=list(table.bad))
    ids = {node.code: node.id for node in nodes.values()}
    lines: dict[str, Line] = {}
    for line in table.lines:
        code = line.cells.get("code", "").upper()
        if not tree.CODE.match(code):
            plan.bad.append(Bad(line.number, "code", "bad_code" if code else "required", code))
        elif code in lines:
            plan.bad.append(Bad(line.number, "code", "duplicate_line", code))
        else:
            lines[code] = line
            ids.setdefault(code, new_id())
    touched: list[tuple[Line, Node, list[Bad]]] = []
    for code, line in lines.items():
        bad: list[Bad] = []
        node = _node(line, ids[code], code, nodes.get(ids[code]), ids, root, bad)
        plan.nodes[node.id] = node
        touched.append((line, node, bad))
    whole = tree.Tree(plan.nodes, root)
    for line, node, bad in touched:
        plan.bad += bad + _not_yet_refused(line, whole.problems(node, peopled), bad)
        before = nodes.get(node.id)
        if before is None:
            plan.created.append(node)
        elif before != node:
            plan.changed.append(node)
        else:
            plan.unchanged += 1
    return plan


def _node(
    line: Line, id_: str, code: str, before: Node | None, ids: Mapping[str, str], root: str, bad: list[Bad]
) -> Node:
    cells = _Cells(line, bad)
    node = before or Node(id_, "", code, root)
    parent = node.parent
    told = line.cells.get("parent")
    if told is not None and id_ != root:
        parent = ids.get(told.upper()) if told else root
        if parent is None:
            cells.refuse("parent", "unknown_department")
            parent = root
    elif told and id_ == root:
        cells.refuse("parent", "root_has_no_parent")
    return replace(
        node,
        name=cells.text("name", node.name, required=True),
        parent=parent,
        order=cells.number("order", node.order, 1_000_000),
        abolished=cells.flag("abolished", node.abolished, empty=False),
    )


def plan_people(
    table: Table, known: Mapping[str, Known], departments: Mapping[str, Node], granter: Collection[str]
) -> PeoplePlan:
    """The plan for `table` over the people there are, by login; `granter` are the roles of who imports.

    A column the file does not have changes nothing. An initial password is taken only where there is none yet, so
    that a repeat changes nothing and nobody's own password is lost.
    """
    plan = PeoplePlan(bad=list(table.bad))
    codes = {node.code: node.id for node in departments.values()}
    after = {login: k.person for login, k in known.items()}
    seen: set[str] = set()
    for line in table.lines:
        login = people.folded_login(line.cells.get("login", ""))
        if login in seen:
            plan.bad.append(Bad(line.number, "login", "duplicate_line", login))
            continue
        seen.add(login)
        before = known.get(login)
        bad: list[Bad] = []
        person = _person(line, login, before.person if before else None, codes, bad)
        found = people.problems(person, before.person if before else None, departments, granter)
        plan.bad += bad + _not_yet_refused(line, {_column(path): code for path, code in found.items()}, bad)
        _password(line, person, before, plan)
        after[login] = person
        if before is None:
            plan.created.append(person)
        elif before.person != person:
            plan.changed[before.id] = person
        elif login not in plan.passwords:
            plan.unchanged += 1
    if any(k.person.is_admin for k in known.values()) and not any(p.is_admin for p in after.values()):
        plan.bad.append(Bad(1, "roles", "last_administrator"))
    return plan


def _person(line: Line, login: str, before: Person | None, codes: Mapping[str, str], bad: list[Bad]) -> Person:
    cells = _Cells(line, bad)
    cells.text("login", required=True)
    was = before or Person(login, "", ())
    main = _post(cells, "department", [line.cells.get(f, "") for f in ("department", "position")], codes)
    rank = cells.text("rank", was.posts[0].rank if was.posts else "")
    cells.text("position", required=True)
    others = was.posts[1:]
    if "other_posts" in line.cells:
        parts = [part.split("/") for part in line.cells["other_posts"].split(";") if part.strip()]
        others = tuple(_post(cells, "other_posts", [cell.strip() for cell in part], codes) for part in parts)
    return Person(
        login=login,
        name=cells.text("name", was.name, required=True),
        posts=(replace(main, rank=rank), *others),
        email=cells.text("email", was.email),
        phone=cells.text("phone", was.phone),
        roles=_roles(cells, line, was.roles),
        clearance=cells.number("clearance", was.clearance, 3),
        active=cells.flag("active", was.active, empty=True),
    )


def _post(cells: _Cells, field_: str, parts: list[str], codes: Mapping[str, str]) -> Post:
    """`department code / position / rank`; only the rank may be missing."""
    code, position, rank = (*parts, "", "", "")[:3]
    if len(parts) > 3 or not code or (field_ == "other_posts" and not position):
        cells.refuse(field_, "bad_post" if field_ == "other_posts" else "required")
    elif code.upper() not in codes:
        cells.refuse(field_, "unknown_department")
    if field_ == "other_posts" and max(len(position), len(rank)) > 50:
        cells.refuse(field_, "too_long")
    return Post(codes.get(code.upper(), ""), position, rank)


def _roles(cells: _Cells, line: Line, was: tuple[str, ...]) -> tuple[str, ...]:
    if "roles" not in line.cells:
        return was
    roles = line.cells["roles"].replace(";", " ").replace(",", " ").split()
    if any(role not in ROLES for role in roles):
        cells.refuse("roles", "unknown_role")
        return was
    return people.ordered_roles(roles)


def _column(path: str) -> str:
    """The column in which the field of a person stands."""
    if path.startswith("posts.0."):
        return path.removeprefix("posts.0.")
    return "other_posts" if path.startswith("posts.") else path


def _not_yet_refused(line: Line, found: Mapping[str, str], bad: Collection[Bad]) -> list[Bad]:
    """What a rule found, as problems of cells; a cell that was refused already is not named twice."""
    refused = {b.field for b in bad}
    return [Bad(line.number, f, code, line.cells.get(f, "")) for f, code in found.items() if f not in refused]


def _password(line: Line, person: Person, before: Known | None, plan: PeoplePlan) -> None:
    password = line.cells.get("password", "")
    if not password or (before is not None and before.has_password):
        return
    code = weakness(password, person.login)
    if code:
        # The value is left out: a refused password is still nearly one.
        plan.bad.append(Bad(line.number, "password", code))
    else:
        plan.passwords[person.login] = password
