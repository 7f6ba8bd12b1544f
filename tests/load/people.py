"""People of a load run: who can sign in, who has, and one person's request to the system."""

from __future__ import annotations

import random
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import gevent
import gevent.event
import orjson
from locust.contrib.fasthttp import FAILURE_EXCEPTIONS, FastHttpUser
from locust.exception import LocustError

# Seconds: between two tries of a request that was not answered; until it is given up.
_REPEAT_AFTER, _PATIENCE = 0.5, 30.0
# Nobody's fault: the connection broke (status 0), a part is away for a moment.
_REPEATED = frozenset((0, 502, 503))


class GaveUp(Exception):
    """Somebody could not do what they came for; what stood in the way has been counted as a failure."""


@dataclass
class Person:
    """Somebody who has signed in. `heard` is set whenever the person's open page is told of a change."""

    tenant: str
    login: str
    token: str
    id: str
    host: str
    documents: list[str] = field(default_factory=list)
    heard: gevent.event.Event | None = None


class Offices:
    """Who can sign in (a file with the password by login by tenant), and who has."""

    def __init__(self, offices: Path, sessions: Path, hosts: list[str], rng: random.Random) -> None:
        self._logins: dict[str, dict[str, str]] = orjson.loads(offices.read_bytes())
        self._sessions = sessions
        self._rng = rng
        told = orjson.loads(sessions.read_bytes()) if sessions.exists() else []
        self._people: dict[str, dict[str, Person]] = {code: {} for code in self._logins}
        for each in told:
            self.welcome(Person(**each, host=rng.choice(hosts)))

    def welcome(self, person: Person) -> None:
        """Somebody has signed in; who had before goes on with the new session."""
        self._people[person.tenant][person.login] = person

    def newcomer(self, of: Collection[str]) -> dict[str, str]:
        """What somebody signs in with. A city has many people, so it is chosen by how many there are."""
        codes = list(of) or list(self._logins)
        code = self._rng.choices(codes, [len(self._logins[code]) for code in codes])[0]
        return self._credentials(code, self._rng.choice(list(self._logins[code])))

    def _credentials(self, code: str, login: str) -> dict[str, str]:
        return {"tenant": code, "login": login, "password": self._logins[code][login]}

    def absent(self) -> list[dict[str, str]]:
        """What those sign in with who have not yet."""
        return [
            self._credentials(code, login)
            for code, logins in self._logins.items()
            for login in logins
            if login not in self._people[code]
        ]

    def cast(self, of: Collection[str], count: int) -> list[Person]:
        """So many people of one tenant who have signed in."""
        codes = [code for code in of or self._people if len(self._people[code]) >= count]
        if not codes:
            raise GaveUp("nobody has signed in")
        weights = [len(self._people[code]) for code in codes]
        return self._rng.sample(list(self._people[self._rng.choices(codes, weights)[0]].values()), count)

    def person(self, tenant: str, login: str) -> Person:
        """Somebody who has signed in. Raises `GaveUp`."""
        if login not in self._people[tenant]:
            raise GaveUp(f"{login} has not signed in")
        return self._people[tenant][login]

    def present(self) -> list[Person]:
        """Everybody who has signed in, one tenant after the other in turns."""
        columns = [list(people.values()) for people in self._people.values()]
        deepest = max(map(len, columns), default=0)
        return [column[n] for n in range(deepest) for column in columns if n < len(column)]

    def keep(self) -> None:
        """Writes down who has signed in, for the next run."""
        kept = [{"tenant": p.tenant, "login": p.login, "token": p.token, "id": p.id} for p in self.present()]
        self._sessions.write_bytes(orjson.dumps(kept))


@dataclass(frozen=True)
class Answer:
    """What came back; `status` is 0 where nothing did, and `text` then says why."""

    status: int
    text: str

    def json(self) -> Any:
        """Its content."""
        return orjson.loads(self.text)


class Desk:
    """Makes requests by locust's own client, and counts each from when it was due."""

    def __init__(self, user: FastHttpUser, hosts: list[str], rng: random.Random) -> None:
        self._request = user.environment.events.request
        self._agent = user.client.client
        # People share the client: nobody may be given another's cookie. Every status is an answer.
        self._agent.cookiejar = None
        self._agent.valid_response_codes = frozenset(range(100, 600))
        self._hosts = hosts
        self._rng = rng
        self.repeats = 0

    def host(self) -> str:
        """Where a load balancer would send a newcomer."""
        return self._rng.choice(self._hosts)

    def call(
        self,
        what: str,
        person: Person | None,
        method: str,
        path: str,
        body: Any = None,
        *,
        expected: Collection[int] = (200,),
        due: float | None = None,
        page: bool = False,
        version: int | None = None,
    ) -> Answer:
        """The answer, with one of the `expected` statuses. Raises `GaveUp`.

        What was not answered is asked again under the same key, as a client should. A `page` is asked for as a browser
        does. Counted is the time from `due` (`time.perf_counter`), or from now, to the last answer.
        """
        began = time.perf_counter()
        headers = _headers(person, page, version, changes=method != "GET" and person is not None)
        data = None if body is None else orjson.dumps(body)
        if data is not None:
            headers["Content-Type"] = "application/json"
        url = f"{person.host if person else self.host()}{path if page else f'/api/v1{path}'}"
        answer = self._send(method, url, data, headers)
        while answer.status in _REPEATED and time.perf_counter() - began < _PATIENCE:
            self.repeats += 1
            gevent.sleep(_pause(answer))
            answer = self._send(method, url, data, headers)
        told = None if answer.status in expected else f"{answer.status} {_problem(answer.text)}"
        self._request.fire(
            request_type=method,
            name=what,
            response_time=(time.perf_counter() - (began if due is None else due)) * 1000,
            response_length=len(answer.text),
            exception=told and LocustError(told),
            context={},
        )
        if told:
            raise GaveUp(what)
        return answer

    def _send(self, method: str, url: str, data: bytes | None, headers: dict[str, str]) -> Answer:
        try:
            response = self._agent.urlopen(url, method=method, payload=data, headers=headers)
            return Answer(response.status_code, (response.content or b"").decode())
        except FAILURE_EXCEPTIONS as error:
            return Answer(0, repr(error))


def _pause(answer: Answer) -> float:
    """Seconds until it is asked again: as many as it was told, if it was."""
    try:
        return float(answer.json()["retry_after"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return _REPEAT_AFTER


def _problem(text: str) -> str:
    """What kind of problem it was: the same words for all of a kind."""
    try:
        return str(orjson.loads(text)["type"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return text[:100]


def _headers(person: Person | None, page: bool, version: int | None, changes: bool) -> dict[str, str]:
    headers = {"Accept": "text/html" if page else "application/json", "Accept-Encoding": "identity"}
    if person:
        headers |= {"Cookie": f"oneway_session={person.token}"} if page else {"Authorization": f"Bearer {person.token}"}
    if changes:
        headers["Idempotency-Key"] = uuid4().hex
    if version is not None:
        headers["If-Match"] = f'"{version}"'
    return headers
