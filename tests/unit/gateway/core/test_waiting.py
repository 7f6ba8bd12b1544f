"""Answers that wait for a change (`Prefer: wait`): what wakes them, what ends them, how many there may be."""

from __future__ import annotations

import re
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from werkzeug.test import TestResponse

from gateway.core import live, waiting
from gateway.core.waiting import Waiters, preferred, when_changed
from shared.people import TOPIC as PEOPLE_CHANGED
from tests.support.waiting import until
from tests.unit.gateway.core.live_app import SOMEBODY, Response, create
from tests.unit.gateway.core.live_server import Server


@pytest.fixture
def app() -> Flask:
    return create()


@pytest.fixture
def waiters(app: Flask) -> Waiters:
    return live.hub(app).waiters


def get(app: Flask, tag: str = "", wait: str = "", person: str = "p") -> TestResponse:
    headers = {"X-Person": person} | ({"If-None-Match": tag} if tag else {}) | ({"Prefer": wait} if wait else {})
    return app.test_client().get("/value", headers=headers)


def tag_of(app: Flask) -> str:
    return str(get(app).headers["ETag"])


def told(topic: str = "desk", *people: str) -> dict[str, Any]:
    return {"tenant": "city", "people": list(people), "topic": topic}


def waits(waiters: Waiters) -> bool:
    return waiters._count > 0


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as found:
        yield found


# -- at once ----------------------------------------------------------------------------------------


def test_without_knowing_the_answer_nobody_waits(app: Flask) -> None:
    answer = get(app, wait="wait=30")
    assert (answer.status_code, answer.text) == (200, "one")
    assert "Preference-Applied" not in answer.headers


def test_what_is_known_is_not_sent_again(app: Flask) -> None:
    answer = get(app, tag_of(app))
    assert (answer.status_code, answer.text, answer.headers["ETag"]) == (304, "", tag_of(app))
    assert "Preference-Applied" not in answer.headers


def test_what_has_changed_meanwhile_comes_at_once(app: Flask) -> None:
    tag = tag_of(app)
    app.config["VALUE"] = "two"
    answer = get(app, tag, "wait=30")
    assert (answer.status_code, answer.text) == (200, "two")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("wait=7", 7),
        ("respond-async, WAIT = 7; x=1", 7),
        ('wait="7"', 7),
        ("wait=99999999999999", 30),
        *(("wait=-1", 0), ("wait=x", 0), ("wait", 0), ("", 0), ("return=minimal", 0), ("wait=٣", 0)),
    ],
)
def test_the_seconds_are_those_of_the_header_within_bounds(app: Flask, header: str, seconds: int) -> None:
    with app.test_request_context(environ_base={"HTTP_PREFER": header}):
        assert preferred() == seconds


# -- what wakes it ----------------------------------------------------------------------------------


def test_it_is_answered_when_its_persons_list_has_changed(
    app: Flask, waiters: Waiters, pool: ThreadPoolExecutor
) -> None:
    waiting_ = pool.submit(get, app, tag_of(app), "wait=30")
    until(lambda: waits(waiters))
    app.config["VALUE"] = "two"
    waiters.told(told("memo", "p"))
    waiters.told(told("desk", "q"))
    assert not waiting_.done()
    waiters.told(told("desk", "q", "p"))
    answer = waiting_.result()
    assert (answer.status_code, answer.text, answer.headers["Preference-Applied"]) == (200, "two", "wait=30")
    assert not waits(waiters)


def in_request(app: Flask, tag: str, wait: str, ask: Any) -> Any:
    with app.test_request_context(headers={"If-None-Match": tag, "Prefer": wait}):
        g.principal = SOMEBODY
        return when_changed(live.hub(app).waiters, "desk", ask)


def test_a_change_told_while_the_service_is_asked_is_not_missed(app: Flask, waiters: Waiters) -> None:
    answers = ["one", "two"]

    def ask() -> Response:
        # The service has answered, and the change is told before anybody waits for it.
        waiters.told(told("desk", "p"))
        return Response(answers.pop(0))

    answer = in_request(app, tag_of(app), "wait=30", ask)
    assert (answer.status_code, answer.get_data()) == (200, b"two")


def test_what_is_told_without_a_change_is_waited_through_to_the_end(app: Flask, waiters: Waiters) -> None:
    asked = []

    def ask() -> Response:
        asked.append(1)
        if len(asked) < 3:
            waiters.told(told("desk"))
        return Response("one")

    answer = in_request(app, tag_of(app), "wait=1", ask)
    assert (answer.status_code, answer.headers["Preference-Applied"], len(asked)) == (304, "wait=1", 3)


def test_after_a_break_it_asks_again(app: Flask, waiters: Waiters, pool: ThreadPoolExecutor) -> None:
    waiting_ = pool.submit(get, app, tag_of(app), "wait=30")
    until(lambda: waits(waiters))
    app.config["VALUE"] = "two"
    live.hub(app).missed()
    assert waiting_.result().text == "two"


def test_what_the_service_refuses_is_raised_and_nobody_waits_on(app: Flask, waiters: Waiters) -> None:
    def ask() -> Response:
        raise LookupError

    with pytest.raises(LookupError):
        in_request(app, '"x"', "wait=30", ask)
    assert not waits(waiters)


# -- without asking ---------------------------------------------------------------------------------


def test_who_has_the_last_answer_waits_without_the_service_being_asked_first(app: Flask, waiters: Waiters) -> None:
    asked = []

    def ask() -> Response:
        asked.append(1)
        return Response("one")

    first = in_request(app, '"x"', "wait=30", ask)
    again = in_request(app, first.headers["ETag"], "wait=1", ask)
    # Once at the end: it might have been told and not heard.
    assert (again.status_code, again.headers["ETag"], len(asked)) == (304, first.headers["ETag"], 2)
    waiters.told(told("desk", "p"))
    assert (in_request(app, first.headers["ETag"], "wait=1", ask).status_code, len(asked)) == (304, 3)


@pytest.mark.parametrize("topic", ["desk", "session", PEOPLE_CHANGED])
def test_what_was_told_between_two_requests_is_not_missed(app: Flask, waiters: Waiters, topic: str) -> None:
    answers = ["one", "two"]
    first = in_request(app, '"x"', "wait=30", lambda: Response(answers.pop(0)))
    waiters.told(told("memo", "p"))
    waiters.told(told(topic, *([] if topic == PEOPLE_CHANGED else ["p"])))
    again = in_request(app, first.headers["ETag"], "wait=30", lambda: Response(answers.pop(0)))
    assert (again.status_code, again.get_data()) == (200, b"two")


def test_what_is_told_while_the_answer_is_made_is_not_missed_by_the_next_request(app: Flask, waiters: Waiters) -> None:
    answers = ["one", "two"]

    def ask() -> Response:
        waiters.told(told("desk", "p"))
        return Response(answers.pop(0))

    first = in_request(app, '"x"', "wait=30", ask)
    again = in_request(app, first.headers["ETag"], "wait=30", ask)
    assert (again.status_code, again.get_data()) == (200, b"two")


def test_after_a_break_the_service_is_asked_first(app: Flask, waiters: Waiters) -> None:
    answers = ["one", "two"]
    first = in_request(app, '"x"', "wait=30", lambda: Response(answers.pop(0)))
    waiters.missed()
    assert in_request(app, first.headers["ETag"], "wait=30", lambda: Response(answers.pop(0))).get_data() == b"two"


def test_who_waits_without_asking_is_let_go_as_well(app: Flask, waiters: Waiters, pool: ThreadPoolExecutor) -> None:
    first = in_request(app, '"x"', "wait=30", lambda: Response("one"))
    waiting_ = pool.submit(in_request, app, first.headers["ETag"], "wait=30", lambda: Response("two"))
    until(lambda: waits(waiters))
    waiters.told(told("session", "p"))
    answer = waiting_.result()
    assert (answer.status_code, answer.headers["ETag"]) == (304, first.headers["ETag"])


def test_only_so_many_answers_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "_MOST_REMEMBERED", 2)
    monkeypatch.setattr(waiting, "_MOST_ANSWERS", 2)
    answers = waiting.Answers()
    people = [("city", name) for name in "abc"]
    for person in people:
        for asked in "xyz":
            answers.remember(person, "desk", asked, "1")
    assert [[answers.last(person, "desk", asked) for asked in "xyz"] for person in people] == [
        [None, None, None],
        [None, "1", "1"],
        [None, "1", "1"],
    ]


# -- what ends it -----------------------------------------------------------------------------------


@pytest.mark.parametrize("topic", ["session", "sessions_changed", PEOPLE_CHANGED])
def test_a_change_to_the_persons_sessions_ends_it_without_asking_again(
    app: Flask, waiters: Waiters, pool: ThreadPoolExecutor, topic: str
) -> None:
    waiting_ = pool.submit(get, app, tag_of(app), "wait=30")
    until(lambda: waits(waiters))
    app.config["VALUE"] = "two"
    waiters.told(told(topic, "p"))
    assert waiting_.result().status_code == 304


def test_a_gateway_that_stops_lets_all_go_and_keeps_nobody_waiting(
    app: Flask, waiters: Waiters, pool: ThreadPoolExecutor
) -> None:
    waiting_ = [pool.submit(get, app, tag_of(app), "wait=30", person) for person in ("p", "q")]
    until(lambda: waiters._count == 2)
    live.hub(app).close()
    assert [answer.result().status_code for answer in waiting_] == [304, 304]
    assert get(app, tag_of(app), "wait=30").status_code == 304


# -- how many ---------------------------------------------------------------------------------------


def test_of_one_person_so_many_wait_and_the_next_is_answered_at_once(
    app: Flask, waiters: Waiters, pool: ThreadPoolExecutor
) -> None:
    tag = tag_of(app)
    waiting_ = [pool.submit(get, app, tag, "wait=30") for _ in range(waiting._MOST_OF_ONE)]
    until(lambda: waiters._count == waiting._MOST_OF_ONE)
    answer = get(app, tag, "wait=30")
    assert (answer.status_code, "Preference-Applied" in answer.headers) == (304, False)
    another = pool.submit(get, app, tag, "wait=30", "q")
    until(lambda: waiters._count == waiting._MOST_OF_ONE + 1)
    live.hub(app).close()
    assert all(a.result().headers["Preference-Applied"] == "wait=30" for a in (*waiting_, another))


def test_in_one_process_so_many_wait(waiters: Waiters, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "_MOST", 2)
    entered = [waiters.enter("city", person, "desk") for person in "abc"]
    assert [waiter is None for waiter in entered] == [False, False, True]
    assert entered[0]
    waiters.leave(entered[0])
    assert waiters.enter("city", "c", "desk") is not None


# -- real servers -----------------------------------------------------------------------------------


@pytest.fixture(params=["eventlet", "gunicorn"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    running = Server(request.param, tmp_path)
    yield running
    running.stop()


def to_the_end(sock: socket.socket) -> bytes:
    with sock:
        return b"".join(iter(lambda: sock.recv(65536), b""))


def waiting_for(server: Server, count: int) -> list[socket.socket]:
    """So many connections whose requests wait for a change."""
    head = to_the_end(server.connect("GET /value", Connection="close")).decode()
    found = re.search(r'^etag: ("\w+")', head, re.IGNORECASE | re.MULTILINE)
    assert found
    given = {"If_None_Match": found[1], "Prefer": "wait=30", "Connection": "close"}
    sockets = [server.connect("GET /value", X_Person=f"p{n}", **given) for n in range(count)]
    until(lambda: server.ask("GET /waiting").endswith(str(count).encode()))
    return sockets


def test_hundreds_wait_and_are_answered_when_it_changes(server: Server) -> None:
    sockets = waiting_for(server, 200)
    assert server.ask("POST /value", '{"value": "two"}').endswith(b"told")
    assert all(to_the_end(sock).endswith(b"two") for sock in sockets)
    until(lambda: server.ask("GET /waiting").endswith(b"\r\n0"))


@pytest.mark.parametrize("server", ["gunicorn"], indirect=True)
def test_a_worker_that_is_asked_to_stop_answers_who_waits(server: Server) -> None:
    sockets = waiting_for(server, 5)
    server.process.send_signal(signal.SIGTERM)
    assert all(b" 304 " in to_the_end(sock) for sock in sockets)
    assert server.process.wait(60) == 0
