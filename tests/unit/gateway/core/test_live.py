"""The live channel: who hears what, when a stream ends, and that both modes' servers carry it."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from flask import Flask

from gateway.core import live
from gateway.core.live import Hub, Stream
from shared.people import TOPIC as PEOPLE_CHANGED
from tests.support.waiting import until
from tests.unit.gateway.core.live_app import create
from tests.unit.gateway.core.live_server import Server

DESK = b"event: changed\ndata: desk\n\n"


@pytest.fixture
def hub() -> Hub:
    return Hub()


def joined(hub: Hub, person: str = "p", tenant: str = "city", lifetime: float = 600) -> tuple[Stream, Iterator[bytes]]:
    """A stream whose page has heard that it is there."""
    stream = hub.join(tenant, person, lifetime)
    heard = iter(stream)
    assert next(heard).startswith(b"retry: ")
    return stream, heard


def told(topic: str = "desk", *people: str, tenant: str = "city") -> dict[str, object]:
    return {"tenant": tenant, "people": list(people), "topic": topic}


def rest(hub: Hub, heard: Iterator[bytes]) -> list[bytes]:
    """What comes until the end, after everything is told to end."""
    hub.close()
    return list(heard)


# -- who hears what ---------------------------------------------------------------------------------


def test_a_page_hears_of_its_persons_changes_only(hub: Hub) -> None:
    (_, mine), (_, anothers), (_, elsewhere) = joined(hub), joined(hub, "q"), joined(hub, "p", "gangbuk")
    hub.told(told("desk", "p"))
    assert next(mine) == DESK
    assert rest(hub, mine) == rest(hub, anothers) == rest(hub, elsewhere) == []


def test_every_page_of_a_person_hears(hub: Hub) -> None:
    pages = [joined(hub)[1] for _ in range(3)]
    hub.told(told("desk", "q", "p"))
    assert [next(page) for page in pages] == [DESK] * 3


def test_where_nobody_is_named_the_whole_tenant_hears(hub: Hub) -> None:
    (_, one), (_, other), (_, elsewhere) = joined(hub), joined(hub, "q"), joined(hub, "p", "gangbuk")
    hub.told(told("desk"))
    assert next(one) == next(other) == DESK
    assert rest(hub, elsewhere) == []


def test_what_is_told_many_times_before_a_page_is_reached_is_heard_once(hub: Hub) -> None:
    _, heard = joined(hub)
    for topic in ("desk", "memo", "desk"):
        hub.told(told(topic, "p"))
    assert rest(hub, heard) == [DESK, b"event: changed\ndata: memo\n\n"]


def test_what_is_told_while_a_page_connects_is_heard(hub: Hub) -> None:
    stream = hub.join("city", "p", 600)
    hub.told(told("desk", "p"))
    heard = iter(stream)
    next(heard)
    assert next(heard) == DESK


def test_a_page_that_hears_nothing_is_kept_by_a_comment(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_HEARTBEAT", 0.001)
    _, heard = joined(hub)
    assert [next(heard), next(heard)] == [b":\n\n", b":\n\n"]


# -- when a stream ends -----------------------------------------------------------------------------


@pytest.mark.parametrize("topic", ["session", "sessions_changed", PEOPLE_CHANGED])
def test_a_change_to_the_persons_sessions_ends_the_stream_and_is_not_shown(hub: Hub, topic: str) -> None:
    (_, mine), (_, anothers) = joined(hub), joined(hub, "q")
    hub.told(told(topic, "p"))
    assert list(mine) == []
    hub.told(told("desk", "q"))
    assert next(anothers) == DESK


def test_pages_are_sent_to_ask_anew_where_something_may_not_have_been_heard(hub: Hub) -> None:
    (_, mine), (_, anothers) = joined(hub), joined(hub, "q")
    hub.missed()
    assert list(mine) == list(anothers) == []
    _, again = joined(hub)
    hub.told(told("desk", "p"))
    assert next(again) == DESK


def test_a_stream_ends_with_its_session(hub: Hub) -> None:
    _, heard = joined(hub, lifetime=0)
    assert list(heard) == []


def test_a_person_has_so_many_streams_and_the_oldest_makes_room(hub: Hub) -> None:
    pages = [joined(hub)[1] for _ in range(live._MOST + 1)]
    assert list(pages[0]) == [b"retry: 60000\n\n"]
    hub.told(told("desk", "p"))
    assert [next(page) for page in pages[1:]] == [DESK] * live._MOST


def test_a_process_that_stops_lets_every_page_go_and_takes_no_new_one(hub: Hub) -> None:
    _, heard = joined(hub)
    hub.told(told("desk", "p"))
    hub.close()
    assert list(heard) == [DESK]
    _, late = joined(hub)
    assert list(late) == []


def test_pages_do_not_all_come_back_at_once(hub: Hub) -> None:
    assert len({next(iter(hub.join("city", "p", 600))) for _ in range(9)}) > 1


def test_a_stream_that_is_left_is_forgotten(hub: Hub) -> None:
    stream, _ = joined(hub)
    hub.leave(stream)
    hub.leave(stream)
    assert hub._streams == {}


# -- what came before a page listened ---------------------------------------------------------------


def test_a_page_hears_of_what_came_since_it_was_made_and_of_nobody_elses(hub: Hub) -> None:
    hub.told(told("memo", "p"))
    made = time.time()
    hub.told(told("desk", "p", "q"))
    hub.told(told("rounds", "q"))
    hub.told(told("calendar"))
    hub.told(told("desk", "p"))
    assert hub.lately.topics("city", "p", made) == ["desk", "calendar"]
    assert hub.lately.topics("town", "p", made) == []
    assert hub.lately.topics("city", "p", time.time()) == []


def test_a_page_made_before_anything_is_known_hears_of_every_topic(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    assert hub.lately.topics("city", "p", time.time() - 5) == [""]
    made = time.time()
    hub.missed()
    assert hub.lately.topics("city", "p", made) == [""]
    monkeypatch.setattr(live, "_KEPT_MOST", 2)
    made = time.time()
    for topic in ("memo", "desk", "rounds"):
        hub.told(told(topic, "p"))
    assert hub.lately.topics("city", "p", made) == [""]


# -- the route --------------------------------------------------------------------------------------


def test_what_was_missed_is_asked_by_the_time_of_the_page(app: Flask) -> None:
    made = int(time.time() * 1000)
    live.hub(app).told(told("memo", "p"))
    asked = app.test_client().get(f"/live/missed?since={made}", headers={"X-Person": "p"})
    assert asked.get_json() == {"topics": ["memo"]} and asked.headers["Cache-Control"] == "no-store"
    assert app.test_client().get("/live/missed?since=x", headers={"X-Person": "p"}).get_json() == {"topics": [""]}


@pytest.fixture
def app() -> Flask:
    return create()


def test_the_stream_is_neither_kept_nor_held_back(app: Flask) -> None:
    response = app.test_client().get("/live", headers={"X-Person": "p"})
    assert response.mimetype == "text/event-stream"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Accel-Buffering"] == "no"
    assert len(live.hub(app)._streams) == 1
    response.close()
    assert live.hub(app)._streams == {}


def test_asking_for_the_head_only_leaves_no_stream_behind(app: Flask) -> None:
    app.test_client().head("/live", headers={"X-Person": "p"}).close()
    assert live.hub(app)._streams == {}


def test_a_session_that_has_expired_meanwhile_gets_a_stream_that_ends(app: Flask) -> None:
    response = app.test_client().get("/live", headers={"X-Person": "p", "X-Expires": "1"})
    assert response.get_data().startswith(b"retry: ")


def test_only_who_is_signed_in_is_let_in(app: Flask) -> None:
    assert app.view_functions["live"].access == "signed_in"  # type: ignore[attr-defined]


# -- real servers -----------------------------------------------------------------------------------


@pytest.fixture(params=["eventlet", "gunicorn"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    running = Server(request.param, tmp_path)
    yield running
    running.stop()


def test_hundreds_of_pages_listen_and_each_hears_its_own(server: Server) -> None:
    pages = {f"p{n}": server.listen(f"p{n}") for n in range(300)}
    assert server.ask("GET /open").endswith(b"300")
    server.tell("desk", "p7", "p299")
    for person in ("p7", "p299"):
        pages[person].read_to(b"data: desk\n\n")
    server.tell("session", *pages)
    ends = [page.to_the_end() for page in pages.values()]
    assert not any(b"changed" in end for end in ends)
    until(lambda: server.ask("GET /open").endswith(b"\r\n0"))


def test_a_page_that_is_gone_is_noticed_when_it_is_told_something(server: Server) -> None:
    server.listen("p").sock.close()

    def forgotten() -> bool:
        server.tell("desk", "p")
        return server.ask("GET /open").endswith(b"\r\n0")

    until(forgotten)


@pytest.mark.parametrize("server", ["gunicorn"], indirect=True)
def test_a_worker_that_is_asked_to_stop_ends_the_streams_itself(server: Server) -> None:
    pages = [server.listen(f"p{n}") for n in range(5)]
    (worker,) = psutil.Process(server.process.pid).children()
    server.process.send_signal(signal.SIGTERM)
    for page in pages:
        page.to_the_end()
    assert server.process.wait(60) == 0
    assert not worker.is_running()
    assert server.process.stderr
    assert b"timeout" not in server.process.stderr.read()
