"""Journals of a load run: made when an organisation is onboarded, written in place after place."""

from __future__ import annotations

import random
import time
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from tests.support.system import Api

FIELDS: list[dict[str, Any]] = [
    {"key": "door", "type": "check", "label": "출입문 잠금"},
    {"key": "leak", "type": "choice", "label": "누수 여부", "options": ["양호", "누수"], "abnormal": ["누수"]},
    {"key": "pressure", "type": "number", "label": "펌프 압력", "unit": "bar", "low": "2", "high": "4"},
    {"key": "note", "type": "text", "label": "특이 사항"},
]
# Seconds within which two entries of a writer for a place are one visit (and a little more).
_ONE_VISIT = 65.0


@dataclass(frozen=True)
class Visit:
    """Somebody who may write for a place, by their login, with who verifies it; `last` is when they did (Unix time)."""

    tenant: str
    journal: str
    place: str
    writer: str
    verifier: str
    last: float = 0.0


def begin(
    maker: Api, tenant: str, named: Sequence[str], logins: Sequence[str], verifier: tuple[str, str], places: int
) -> list[Visit]:
    """Makes a journal in use with so many places, and answers who may write where.

    `named` are its writers as principals, `logins` those of them who can sign in, `verifier` is a login with its id.
    """
    schedule = {"kind": "day", "days": "every", "opens": "00:00"}
    asked = {"title": "기계실 점검일지", "fields": FIELDS, "schedule": schedule, "writers": list(named)}
    journal = maker.post("/journals", asked | {"verifiers": [verifier[1]]}, 201)["id"]
    maker.post(f"/journals/{journal}/form", {"note": ""}, 200)
    path = f"/journals/{journal}/places"
    made = [maker.post(path, {"name": f"제{number + 1}기계실"}, 201)["id"] for number in range(places)]
    return [Visit(tenant, journal, place, login, verifier[0]) for place in made for login in logins]


def of_head(base_url: str, tenant: str, logins: Sequence[str], password: str, places: int) -> list[Visit]:
    """The journal of a department by its head, who verifies what everybody in it writes; `logins`, the head's first."""
    given = {"tenant": tenant, "login": logins[0], "password": password}
    head = Api(base_url, Api(base_url).post("/auth/token", given)["access_token"])
    person = head.get("/me")["person"]
    named = [f"department:{person['department_id']}"]
    return begin(head, tenant, named, logins[1:], (logins[0], person["id"]), places)


def write(path: Path, visits: Sequence[Visit]) -> None:
    """Leaves them for the runs."""
    path.write_bytes(orjson.dumps([astuple(visit) for visit in visits]))


class Books:
    """Who may write where, of every organisation; without a `path` there is nothing to write in."""

    def __init__(self, path: str, rng: random.Random) -> None:
        self._path, self._rng = path, rng
        visits = [Visit(*each) for each in orjson.loads(Path(path).read_bytes())] if path else []
        rng.shuffle(visits)
        self._of: dict[str, deque[Visit]] = {}
        for visit in sorted(visits, key=lambda visit: visit.last):
            self._of.setdefault(visit.tenant, deque()).append(visit)

    def next(self, of: Collection[str]) -> Visit | None:
        """The one that was longest ago in one of these organisations, of many where there are many places; None where
        that is within the same visit."""
        codes = [code for code in of or self._of if code in self._of]
        if not codes:
            return None
        line = self._of[self._rng.choices(codes, [len(self._of[code]) for code in codes])[0]]
        if time.time() - line[0].last < _ONE_VISIT:
            return None
        visit = line.popleft()
        line.append(replace(visit, last=time.time()))
        return visit

    def keep(self) -> None:
        """Writes down when each was last written for, for the next run."""
        if self._path:
            write(Path(self._path), [visit for line in self._of.values() for visit in line])
