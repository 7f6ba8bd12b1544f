"""Fills an organisation of the demo: its departments with their codes, and who works where as what."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from oneway.demo.names import Name, names
from oneway.demo.organisations import Organisation

# In the place of a name's last syllable (국 → 국장): how the head of such a department is called.
_HEADS = {"실": "실장", "국": "국장", "본부": "본부장", "보건소": "소장", "과": "과장", "처": "처장", "팀": "팀장"}
_HEADS |= {"담당관": "담당관", "감사관": "감사관", "도서관": "관장"}
# One team leader in so many also heads the team beside it for the time being (겸임).
_ACTING_EVERY = 12


@dataclass(frozen=True)
class Department:
    """A department; `parent` is the code of the one above, empty right under the organisation."""

    code: str
    name: str
    parent: str
    order: int


@dataclass
class Employee:
    """Somebody who works there; `others` are further posts as department code, position and rank."""

    name: Name
    department: str
    position: str
    rank: str
    clearance: int
    roles: list[str] = field(default_factory=lambda: ["drafter"])
    others: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass
class Division:
    """과 with its head, and its teams by name: the leader first, then the staff, the oldest first."""

    bureau: str
    head: Employee
    teams: dict[str, list[Employee]] = field(default_factory=dict)

    @property
    def people(self) -> Iterator[Employee]:
        """Everybody, the head first."""
        yield self.head
        for team in self.teams.values():
            yield from team


@dataclass
class Staff:
    """An organisation that is filled: `top` are its heads, `bureaus` and `divisions` by name."""

    departments: list[Department]
    top: list[Employee]
    bureaus: dict[str, Employee]
    divisions: dict[str, Division]

    @property
    def people(self) -> Iterator[Employee]:
        """Everybody, from the top down."""
        yield from self.top
        yield from self.bureaus.values()
        for division in self.divisions.values():
            yield from division.people

    def team(self, place: tuple[str, str]) -> list[Employee]:
        """The team of a division, by both names."""
        division, team = place
        return self.divisions[division].teams[team]


def head_of(department: str) -> str:
    """The position of who heads a department of this name."""
    ending = max((e for e in _HEADS if department.endswith(e)), key=len)
    return _HEADS[ending]


def fill(organisation: Organisation) -> Staff:
    """The organisation's departments and people; the same at each call."""
    rng = random.Random(f"oneway {organisation.code}")  # noqa: S311  nothing here is secret
    given = names(rng)
    grades = organisation.grades
    root = organisation.institution_code
    top = [Employee(next(given), root, position, rank, 3) for position, rank in organisation.top]
    staff = Staff([], top, {}, {})
    for b, (bureau, divisions) in enumerate(organisation.bureaus, 1):
        bureau_code = _code(organisation, b)
        staff.departments.append(Department(bureau_code, bureau, "", b))
        staff.bureaus[bureau] = Employee(next(given), bureau_code, head_of(bureau), grades.bureau, 3)
        for d, (division, teams) in enumerate(divisions, 1):
            code = _code(organisation, b, d)
            staff.departments.append(Department(code, division, bureau_code, d))
            head = Employee(next(given), code, head_of(division), grades.division, 2)
            staff.divisions[division] = filled = Division(bureau, head)
            for t, team in enumerate(teams, 1):
                team_code = _code(organisation, b, d, t)
                staff.departments.append(Department(team_code, team, code, t))
                filled.teams[team] = _team(organisation, team_code, given, rng)
    _give_roles(staff, organisation)
    _give_further_posts(staff)
    return staff


def _code(organisation: Organisation, bureau: int, division: int = 0, team: int = 0) -> str:
    """Seven characters: two of the organisation, two of the bureau, two of the division, one of the team."""
    return f"{organisation.prefix}{bureau:02}{division:02}{team}"


def _team(organisation: Organisation, code: str, given: Iterator[Name], rng: random.Random) -> list[Employee]:
    grades = organisation.grades
    size = rng.randint(*organisation.team_size)
    ranks = sorted(rng.choices(grades.staff, k=size), key=grades.staff.index)
    leader = Employee(next(given), code, "팀장", grades.team, 1)
    return [leader, *(Employee(next(given), code, organisation.staff_position, rank, 0) for rank in ranks)]


def _give_roles(staff: Staff, organisation: Organisation) -> None:
    """Document officers in each division, one each of the others where such work is done."""
    for name, division in staff.divisions.items():
        # 서무: the oldest of the first team keeps the division's documents.
        first = next(iter(division.teams.values()))
        first[1].roles.append("document_officer")
        if name in ("감사담당관", "기획예산과", "기획처"):
            division.head.roles.append("auditor")
    staff.team(organisation.drafting)[0].roles += ["seal_keeper", "records_officer"]
    staff.team(organisation.cooperating)[2].roles.append("requests_distributor")
    staff.team(organisation.administering)[1].roles.append("tenant_admin")


def _give_further_posts(staff: Staff) -> None:
    """Some team leaders act for the team beside theirs, and the first bureau's head for the last division's."""
    leaders = [team[0] for division in staff.divisions.values() for team in division.teams.values()]
    for leader, beside in zip(leaders[::_ACTING_EVERY], leaders[1::_ACTING_EVERY], strict=False):
        leader.others.append((beside.department, "팀장 직무대리", leader.rank))
    bureau = next(iter(staff.bureaus.values()))
    last = list(staff.divisions.values())[-1].head
    bureau.others.append((last.department, f"{last.position} 직무대리", bureau.rank))


def phones(staff: Staff, organisation: Organisation) -> Mapping[str, str]:
    """Telephone numbers by login, under an area code that there is not."""
    return {
        person.name.login: f"{organisation.exchange}-{number}" for number, person in enumerate(staff.people, start=1001)
    }
