"""The full system on a RabbitMQ and a PostgreSQL that it starts for itself, as a newcomer runs it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.system import System
from tests.support.waiting import until


@pytest.fixture
def system() -> Iterator[System]:
    found = System("full", None)
    try:
        found.start()
        yield found
    finally:
        found.stop()
        found.remove()


@pytest.mark.long
def test_started_again_while_it_still_ends_it_goes_on_where_it_left(system: System) -> None:
    drafter, decider = system.sign_in("drafter"), system.sign_in("decider")
    document = drafter.post("/documents", {"title": "서버와 함께", "body": "<p>가</p>"}, 201)["id"]
    line = [{"person": decider.get("/me")["person"]["id"], "role": "decide"}]
    drafter.post(f"/documents/{document}/submission", {"line": line}, 202)
    ending = system.let_go()
    # The second waits until the first has ended, and finds its servers where they were.
    system.start()
    assert ending.wait(60) == 0
    until(system.ready, 120)
    decider = system.sign_in("decider")
    until(lambda: decider.get("/desk/counts")["approval"] == 1)
    decider.post(f"/documents/{document}/decisions", {"action": "approve"}, 200)
    assert system.sign_in("drafter").get(f"/documents/{document}")["state"] == "approved"
