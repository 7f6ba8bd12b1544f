"""The tenants of the demo: the city first, then its districts and its corporation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from oneway.demo.organisations import ORGANISATIONS, Organisation
from oneway.demo.staff import Employee, Staff, fill, phones
from services.directory.domain import csvfile
from services.directory.domain.imports import DEPARTMENT_COLUMNS, PASSWORD_COLUMN, PEOPLE_COLUMNS

# The password of somebody, by the codes of the tenant and the login.
Passwords = Callable[[str, str], str]


@dataclass(frozen=True)
class DemoTenant:
    """One tenant: who can sign in (`roles`, login by role; `names`, name by login), and its files for the import."""

    code: str
    name: str
    institution_code: str
    roles: Mapping[str, str]
    names: Mapping[str, str]
    departments_csv: bytes
    people_csv: bytes


def tenants(passwords: Passwords) -> list[DemoTenant]:
    """The demo; the same at each call but for the passwords."""
    return [_tenant(organisation, passwords) for organisation in ORGANISATIONS]


def _tenant(organisation: Organisation, passwords: Passwords) -> DemoTenant:
    staff = fill(organisation)
    cast = _cast(staff, organisation)
    secrets = {person.name.login: passwords(organisation.code, person.name.login) for person in cast.values()}
    return DemoTenant(
        organisation.code,
        organisation.name,
        organisation.institution_code,
        roles={role: person.name.login for role, person in cast.items()},
        names={person.name.login: person.name.name for person in cast.values()},
        departments_csv=_departments(staff),
        people_csv=_people(staff, organisation, secrets),
    )


def _cast(staff: Staff, organisation: Organisation) -> dict[str, Employee]:
    """Who can sign in: a drafter with the superiors, somebody of another department to cooperate, and the offices."""
    leader, clerk, drafter, *_ = staff.team(organisation.drafting)
    return {
        "drafter": drafter,
        "reviewer": leader,
        "cooperator": staff.team(organisation.cooperating)[0],
        "decider": staff.divisions[organisation.drafting[0]].head,
        "executive": staff.top[1],
        "clerk": clerk,
        "admin": staff.team(organisation.administering)[1],
    }


def _departments(staff: Staff) -> bytes:
    records = [
        {"code": d.code, "name": d.name, "parent": d.parent, "order": str(d.order), "abolished": ""}
        for d in staff.departments
    ]
    return csvfile.write(DEPARTMENT_COLUMNS, records, "utf-8")


def _people(staff: Staff, organisation: Organisation, secrets: Mapping[str, str]) -> bytes:
    numbers = phones(staff, organisation)
    records = [
        {
            "login": person.name.login,
            "name": person.name.name,
            "department": person.department,
            "position": person.position,
            "rank": person.rank,
            "other_posts": ";".join("/".join(post) for post in person.others),
            "email": f"{person.name.login}@{organisation.code}.example",
            "phone": numbers[person.name.login],
            "roles": " ".join(person.roles),
            "clearance": str(person.clearance),
            "active": "Y",
            "password": secrets.get(person.name.login, ""),
        }
        for person in staff.people
    ]
    return csvfile.write((*PEOPLE_COLUMNS, PASSWORD_COLUMN), records, "utf-8")
