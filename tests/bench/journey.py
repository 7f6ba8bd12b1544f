"""The journey: create, submit to a line of three, each of them reads the inbox and decides, read the card."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.bench.http import Http

# Seconds for which a person waits for a document to come.
_PATIENCE = 10
_INBOX = "/desk/todos?kind={kind}&limit=100"
BODY = "<p>1. 관련: 총무과-12(2026. 1. 2.)</p><p>2. 위 호와 관련하여 다음과 같이 보고합니다.</p>" * 5
ROLES = ("reviewer", "cooperator", "decider")
STEPS = {"reviewer": "review", "cooperator": "cooperate", "decider": "decide"}


@dataclass
class Cast:
    """The people of one journey, each with a connection; `ids` of those on the line."""

    drafter: Http
    line: dict[str, Http]
    ids: dict[str, str]

    def close(self) -> None:
        """Closes the connections."""
        for http in (self.drafter, *self.line.values()):
            http.close()


@dataclass
class Times:
    """Seconds by what was done."""

    journeys: list[float] = field(default_factory=list)
    calls: dict[str, list[float]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def add(self, what: str, seconds: float) -> None:
        """Notes one call."""
        self.calls.setdefault(what, []).append(seconds)


def cast(host: str, port: int, tenant: str, people: dict[str, dict[str, str]]) -> Cast:
    """Signs in everybody of one tenant who takes part."""
    door = Http(host, port)
    line = {role: door.sign_in(tenant, people[role]) for role in ROLES}
    ids = {role: http.call("GET", "/me")[1]["person"]["id"] for role, http in line.items()}
    drafter = door.sign_in(tenant, people["drafter"])
    door.close()
    return Cast(drafter, line, ids)


def timed(times: Times, what: str, http: Http, *request: Any) -> tuple[int, Any]:
    """One call, its time noted."""
    began = time.perf_counter()
    answer = http.call(*request)
    times.add(what, time.perf_counter() - began)
    return answer


def journey(people: Cast, times: Times, number: int) -> None:
    """One journey from draft to registered decision. Raises `AssertionError` if anything is not as it must be."""
    began = time.perf_counter()
    status, draft = timed(
        times, "create", people.drafter, "POST", "/documents", {"title": f"보고 {number}", "body": BODY}
    )
    assert status == 201, draft
    path = f"/documents/{draft['id']}"
    line = [{"person": people.ids[role], "role": STEPS[role]} for role in ROLES]
    status, answer = timed(times, "submit", people.drafter, "POST", f"{path}/submission", {"line": line})
    assert status == 202, answer
    for role in ROLES:
        read_inbox(people.line[role], times, "approval", draft["id"])
        status, answer = timed(times, "decide", people.line[role], "POST", f"{path}/decisions", {"action": "approve"})
        assert status == 200, answer
    status, card = timed(times, "card", people.drafter, "GET", path)
    assert status == 200 and card["state"] == "approved" and card["number"], card
    times.journeys.append(time.perf_counter() - began)


def read_inbox(http: Http, times: Times, kind: str, subject: str) -> None:
    """Reads the to-dos of a kind, each time when they have changed (`Prefer: wait`), until the subject's is there."""
    inbox, until = _INBOX.format(kind=kind), time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        seen = http.seen.get(inbox, "")
        wait = f"Prefer: wait={_PATIENCE}\r\nIf-None-Match: {seen}\r\n" if seen else ""
        status, page = timed(times, "inbox", http, "GET", inbox, None, wait)
        assert status in (200, 304), page
        if status == 200 and any(item["subject"] == subject for item in page["items"]):
            return
    raise AssertionError("it did not come to the inbox")


Journey = Callable[[Cast, Times, int], None]


def run(casts: list[Cast], seconds: float, go: Journey = journey) -> tuple[Times, float]:
    """Each cast goes on journeys for so long; all times, and how long it took."""
    every: list[Times] = [Times() for _ in casts]
    began = time.perf_counter()

    def work(people: Cast, times: Times) -> None:
        number = 0
        while time.perf_counter() - began < seconds:
            number += 1
            try:
                go(people, times, number)
            except (AssertionError, OSError) as error:
                times.failures.append(str(error))

    threads = [threading.Thread(target=work, args=pair) for pair in zip(casts, every, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    total = Times()
    for times in every:
        total.journeys += times.journeys
        total.failures += times.failures
        for what, seconds_ in times.calls.items():
            total.calls.setdefault(what, []).extend(seconds_)
    return total, took
