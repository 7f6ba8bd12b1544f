"""The organisations of a load run, made up: a city with many people, and as many small ones as are asked for."""

from __future__ import annotations

from dataclasses import dataclass

from oneway.demo.city import DemoTenant
from services.directory.domain import csvfile
from services.directory.domain.imports import DEPARTMENT_COLUMNS, PASSWORD_COLUMN, PEOPLE_COLUMNS

CITY = "loadcity"
PASSWORD = "Load-1234-5678"
_ADMIN = "admin"
_TEAM = 20
_SYLLABLES = "가나다라마바사아자차카타파하고노도로모보소오조초코토포호"


@dataclass(frozen=True)
class Office:
    """An organisation of so many `people`, of whom the first `able` have a password."""

    code: str
    name: str
    people: int
    able: int

    def logins(self) -> list[str]:
        """Of those who can sign in."""
        return [f"p{number:05}" for number in range(self.able)]

    def teams(self) -> list[list[str]]:
        """The same by department, its head first."""
        logins = self.logins()
        return [logins[first : first + _TEAM] for first in range(0, len(logins), _TEAM)]

    def tenant(self, number: int) -> DemoTenant:
        """As it is onboarded and imported; `number` tells it from the others."""
        return DemoTenant(
            self.code,
            self.name,
            f"{5_000_000 + number}",
            roles={"admin": _ADMIN},
            names={_ADMIN: "관리자"},
            departments_csv=self._departments(),
            people_csv=self._people(),
        )

    def _departments(self) -> bytes:
        records = [
            {"code": _code(team), "name": f"제{team + 1}팀", "parent": "", "order": str(team), "abolished": ""}
            for team in range(-(-self.people // _TEAM))
        ]
        return csvfile.write(DEPARTMENT_COLUMNS, records, "utf-8")

    def _people(self) -> bytes:
        able = set(self.logins())
        return csvfile.write(
            (*PEOPLE_COLUMNS, PASSWORD_COLUMN), [self._person(n, able) for n in range(self.people)], "utf-8"
        )

    @staticmethod
    def _person(number: int, able: set[str]) -> dict[str, str]:
        login = f"p{number:05}"
        return {
            "login": login,
            "name": name_of(number),
            "department": _code(number // _TEAM),
            "position": "팀장" if number % _TEAM == 0 else "주무관",
            "rank": "주사",
            "other_posts": "",
            "email": "",
            "phone": "",
            "roles": "",
            "clearance": "0",
            "active": "Y",
            "password": PASSWORD if login in able else "",
        }


def _code(team: int) -> str:
    return f"{6_000_000 + team}"


def name_of(number: int) -> str:
    """A name of three syllables; many people share each surname, as they do."""
    many = len(_SYLLABLES)
    return "".join(_SYLLABLES[(number // many**place) % many] for place in (0, 1, 2))


def offices(small: int, city: int, able: int) -> list[Office]:
    """The city with so many people, of whom `able` have a password, and so many small organisations of 20 people."""
    return [
        Office(CITY, "부하시", city, able),
        *(Office(f"org{number:03}", f"제{number + 1}기관", 20, 4) for number in range(small)),
    ]
