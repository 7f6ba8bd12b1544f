"""A part of the system fails while people are at work: what was acknowledged is there, once, and the rest goes on."""

from __future__ import annotations

import signal
import socket
import time

import pytest

from tests.integration.product.cast import Cast, problem
from tests.integration.product.database import sql
from tests.integration.product.halves import Half
from tests.integration.product.settled import settled
from tests.integration.product.stream import Stream
from tests.support.servers import Servers
from tests.support.system import System
from tests.support.waiting import until

full = pytest.mark.mode("full")


@full
def test_without_the_approval_service_drafts_are_written_and_submitted_and_arrive_later(cast: Cast) -> None:
    system = cast.system
    cast.line("reviewer", "decider")
    running = cast.submitted("미리 상신", "reviewer", "decider")
    cast.has_todo("reviewer", running)
    system.kill("approval", hold=True)
    document = cast.draft("결재 서비스 없이")["id"]
    assert cast.drafter.call("PATCH", f"/documents/{document}", {"summary": "요지"}, headers={"If-Match": "*"}).ok
    cast.submit(document, "reviewer", "decider")
    began = time.monotonic()
    card = cast.card(document)
    assert time.monotonic() - began < 8
    assert card["state"] == "in_approval" and card["route"] is None
    answer = cast.api("reviewer").call("POST", f"/documents/{running}/decisions", {"action": "approve"})
    problem(answer, 503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert ("approval", running) in cast.todos("reviewer")
    system.release()
    cast.has_todo("reviewer", document)
    for role in ("reviewer", "decider"):
        cast.decide(role, document)
    assert cast.card(document)["state"] == "approved"
    cast.decide("reviewer", running)


@full
def test_without_the_desk_decisions_go_on_and_the_counts_are_right_afterwards(cast: Cast) -> None:
    waiting = [cast.submitted("책상 없이", "reviewer", "decider") for _ in range(3)]
    for document in waiting:
        cast.has_todo("reviewer", document)
    cast.system.kill("desk", hold=True)
    for document in waiting[:2]:
        cast.decide("reviewer", document)
    cast.decide("decider", waiting[0])
    late = cast.submitted("늦은 것", "reviewer", "decider")
    assert cast.card(waiting[0])["state"] == "approved"
    problem(cast.api("reviewer").call("GET", "/desk/counts"), 503, "unavailable")
    cast.system.release()
    cast.has_todo("reviewer", late)
    cast.has_todo("decider", waiting[1])
    for document in waiting[:2]:
        cast.has_no_todo("reviewer", document)
    cast.has_no_todo("decider", waiting[0])
    assert cast.counts("reviewer")["approval"] == len(
        [kind for kind, _ in cast.todos("reviewer") if kind == "approval"]
    )


@pytest.mark.long
@full
def test_processes_killed_in_mid_flight_lose_and_double_nothing(cast: Cast) -> None:
    stream = Stream(cast, "쓰러진 서비스").start()
    try:
        for name in cast.system.pids():
            stream.goes_on(1)
            cast.system.kill(name)
            stream.goes_on(2)
    finally:
        stream.stop()
    until(cast.system.ready)
    assert stream.repeats > 0
    settled(cast, stream)


@full
def test_a_broker_that_falls_and_comes_back_loses_and_doubles_nothing(cast: Cast, servers: Servers) -> None:
    stream = Stream(cast, "쓰러진 중개인").start()
    try:
        stream.goes_on(2)
        servers.crash(servers.rabbitmq)
        servers.rabbitmq.start()
        stream.goes_on(4)
        until(cast.system.ready)
    finally:
        stream.stop()
    assert stream.repeats > 0
    settled(cast, stream)


@pytest.mark.long
def test_what_was_acknowledged_before_a_crash_is_there_after_the_next_start(cast: Cast) -> None:
    system = cast.system
    card = cast.card(cast.approved("앞의 것"))
    stream = Stream(cast, "정전").start()
    try:
        stream.goes_on(2)
        # Nothing of this may have gone further than the commit.
        documents = [cast.submitted("마지막 순간", "reviewer", "decider") for _ in range(5)]
        system.stop(signal.SIGKILL)
        system.start()
    finally:
        stream.stop()
    assert cast.card(card["id"]) == card
    for document in documents:
        cast.has_todo("reviewer", document)
    asked = sql(system, cast.tenant, "desk", "SELECT count(*) FROM slot WHERE shown GROUP BY subject, person")
    assert {row[0] for row in asked} == {1}
    for document in documents:
        cast.decide("reviewer", document)
        cast.has_todo("decider", document)
    settled(cast, stream)


@pytest.mark.long
def test_what_is_in_hand_at_the_stop_is_answered_and_the_next_start_finds_everything(cast: Cast) -> None:
    system = cast.system
    before, card = system.demo, cast.card(cast.approved("앞의 것"))
    stream = Stream(cast, "멈춤").start()
    drafts = [cast.draft("멈추는 동안")["id"] for _ in range(4)]
    # Half of each upload has been sent when the stop is asked for.
    halves = [Half(system, cast.drafter.token, document) for document in drafts]
    try:
        stream.goes_on(1)
        system.ask_to_stop()
        until(lambda: not _listens(system))
        answers = [half.finish() for half in halves]
        assert [status for status, _ in answers] == [201] * 4, answers
        assert system.wait() == 0
    finally:
        for half in halves:
            half.close()
        system.stop()
        system.start()
        stream.stop()
    for document, half in zip(drafts, halves, strict=True):
        (kept,) = cast.card(document)["attachments"]
        back = cast.drafter.call("GET", f"/documents/{document}/attachments/{kept['id']}")
        assert back.content == half.content
    settled(cast, stream)
    assert cast.card(card["id"]) == card
    # Who could sign in before, can still.
    assert system.demo == before
    assert system.sign_in("executive").get("/me")["organisation"]["code"] == system.tenant


def _listens(system: System) -> bool:
    with socket.socket() as sock:
        sock.settimeout(1)
        return sock.connect_ex(("127.0.0.1", system.port)) == 0
