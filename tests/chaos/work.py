"""A steady load of journeys that begin whether or not the system keeps up, and what its users saw meanwhile."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import requests

from tests.chaos.journeys import LATE, TURNS, Acting
from tests.integration.product.cast import Cast
from tests.load import books
from tests.support.system import Api

# Seconds within which whatever was begun must have come to its end, faults and all.
PATIENCE = 60.0
# Until a refused command is sent again, longer each time as clients have it: they would keep a service from coming up.
_PAUSE, _LONGEST_PAUSE = 0.2, 3.0
# Answers by which the system says that it cannot at the moment, or that the turn has not come yet.
_LATER = {401, 404, 409, 502, 503}
ROLES = ("drafter", "reviewer", "decider")
NOUNS = ("documents", "memos", "entries", "requests", "rounds", "meetings")


@dataclass(frozen=True)
class Try:
    """One call: when it began (`time.monotonic`), how long it took, and how it was answered (0: not at all)."""

    at: float
    seconds: float
    status: int


@dataclass(frozen=True)
class Acknowledged:
    """A command that was answered for: a repeat has to be answered with the same."""

    api: Api
    method: str
    path: str
    body: Any
    key: str
    answer: dict[str, Any]


def _nothing() -> dict[str, dict[str, Any]]:
    return {noun: {} for noun in NOUNS}


@dataclass
class Seen:
    """What came of the load: `done` journeys came to their end, and what was `told` to be done, by noun and id.

    `tests.support.accounts` has the form of that.
    """

    tries: list[Try] = field(default_factory=list)
    acknowledged: list[Acknowledged] = field(default_factory=list)
    told: dict[str, dict[str, Any]] = field(default_factory=_nothing)
    failures: list[str] = field(default_factory=list)
    done: int = 0


class Work:
    """Journeys of one organisation's people, of every noun in turns: `rate` begin each second until `stop`."""

    def __init__(self, cast: Cast, title: str, rate: float) -> None:
        self.cast = cast
        self.title = title
        self.seen = Seen()
        self.told = self.seen.told
        self._rate = rate
        # Everybody signs in, and has a journal, before anything goes wrong.
        self.line = cast.line("reviewer", "decider")
        self.ids = {role: cast.id(role) for role in (*ROLES, LATE)}
        self._tokens = {role: cast.api(role).token for role in ROLES}
        (visit,) = books.begin(
            *(cast.api("admin"), cast.tenant, [f"person:{self.ids['drafter']}"], ["drafter"]),
            verifier=("reviewer", self.ids["reviewer"]),
            places=1,
        )
        self.journal, self.place = visit.journal, visit.place
        self.room = str(cast.api("admin").post("/rooms", {"name": title}, 201)["id"])
        self._numbers, self._counting = itertools.count(1), threading.Lock()
        self._enough = threading.Event()
        self._people = ThreadPoolExecutor(200)
        self._own = threading.local()
        self._clock = threading.Thread(target=self._arrive)

    def start(self) -> Work:
        """Lets them begin."""
        self._clock.start()
        return self

    def stop(self) -> Seen:
        """Lets what was begun come to its end; what was seen."""
        self._enough.set()
        self._clock.join()
        self._people.shutdown()
        return self.seen

    def _arrive(self) -> None:
        due, turns = time.monotonic(), itertools.cycle(TURNS)
        while not self._enough.wait(max(0.0, due - time.monotonic())):
            self._people.submit(self._journey, next(turns))
            due += 1 / self._rate

    def _api(self, role: str) -> Api:
        if not hasattr(self._own, "apis"):
            self._own.apis = {role: Api(self.cast.system.base_url, token) for role, token in self._tokens.items()}
        found: Api = self._own.apis[role]
        return found

    def _journey(self, journey: Callable[[Acting], None]) -> None:
        try:
            journey(self)
            with self._counting:
                self.seen.done += 1
        except Exception as error:
            self.seen.failures.append(repr(error))

    def another(self) -> int:
        """See `Acting`."""
        return next(self._numbers)

    def act(self, role: str, path: str, body: Any, method: str = "POST") -> dict[str, Any]:
        """One command, repeated under its key until it is acknowledged."""
        key, until, api, pause = uuid4().hex, time.monotonic() + PATIENCE, self._api(role), _PAUSE
        while True:
            answer = self._try(api, method, path, body, key)
            if answer is not None and answer.ok:
                found: dict[str, Any] = answer.json()
                self.seen.acknowledged.append(Acknowledged(api, method, path, body, key, found))
                return found
            told = answer.text if answer is not None else "no answer"
            if answer is not None and answer.status_code not in _LATER:
                raise AssertionError((path, answer.status_code, told))
            if time.monotonic() > until:
                raise AssertionError((path, "not within the patience", told))
            time.sleep(pause)
            pause = min(_LONGEST_PAUSE, 1.5 * pause)

    def _try(self, api: Api, method: str, path: str, body: Any, key: str) -> requests.Response | None:
        began = time.monotonic()
        answer = None
        try:
            answer = api.call(method, path, body, headers={"Idempotency-Key": key})
        except requests.RequestException:
            api._session.close()
        status = answer.status_code if answer is not None else 0
        # Before its turn a decision is refused as it is on any day.
        if status not in (404, 409):
            self.seen.tries.append(Try(began, time.monotonic() - began, status))
        return answer
