"""My Desk over the whole system: who waits hears of a change; a rebuild puts right what is wrong, and no more."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import requests

from shared.ids import new_id
from tests.integration.product.cast import Cast
from tests.integration.product.database import sql
from tests.support.system import Api, System
from tests.support.waiting import until


def known(api: Api, path: str) -> str:
    """The tag of what the person's list is now."""
    return str(api.call("GET", path).headers["ETag"])


def waiting(api: Api, path: str, tag: str, seconds: int) -> requests.Response:
    return api.call("GET", path, headers={"If-None-Match": tag, "Prefer": f"wait={seconds}"})


def test_a_list_that_stays_the_same_is_not_sent_again(cast: Cast) -> None:
    api = cast.api("executive")
    for path in ("/desk/counts", "/desk/todos"):
        answer = waiting(api, path, known(api, path), 1)
        assert (answer.status_code, answer.content, answer.headers["Preference-Applied"]) == (304, b"", "wait=1")


def test_who_waits_is_answered_when_the_list_has_changed(system: System, cast: Cast) -> None:
    api = cast.api("executive")
    with ThreadPoolExecutor(2) as pool:
        counts, todos = (
            pool.submit(waiting, Api(system.base_url, api.token), path, known(api, path), 30)
            for path in ("/desk/counts", "/desk/todos")
        )
        document = cast.submitted("기다리던 문서", "executive", "decider")
        assert counts.result().json()["approval"] >= 1
        assert document in {todo["subject"] for todo in todos.result().json()["items"]}
    tag = known(api, "/desk/counts")
    with ThreadPoolExecutor(1) as pool:
        counts = pool.submit(waiting, Api(system.base_url, api.token), "/desk/counts", tag, 30)
        cast.decide("executive", document)
        assert counts.result().status_code == 200


def returned(cast: Cast) -> str:
    """The id of a new document that came back to the drafter."""
    document = cast.submitted("반려될 문서", "reviewer", "decider")
    cast.decide("reviewer", document, "return", opinion="고쳐 주세요")
    cast.has_todo("drafter", document, "returned")
    return document


def test_a_rebuild_puts_right_what_is_wrong_and_leaves_what_was_dismissed_and_read(system: System, cast: Cast) -> None:
    kept, lost, wrong = (cast.submitted("책상 위 문서", "reviewer", "decider") for _ in range(3))
    dismissed = returned(cast)
    for document in (kept, lost, wrong):
        cast.has_todo("reviewer", document)
    api = cast.drafter
    (item,) = [i for i in api.get("/desk/todos?limit=100&kind=returned")["items"] if i["subject"] == dismissed]
    assert api.call("DELETE", f"/desk/todos/{item['id']}").status_code == 204
    assert api.call("POST", "/desk/notices/read").status_code == 204
    nowhere = new_id()
    sql(system, cast.tenant, "desk", "DELETE FROM slot WHERE subject = :d", d=lost)
    sql(system, cast.tenant, "desk", "UPDATE slot SET subject = :n WHERE subject = :d", n=nowhere, d=wrong)
    assert ("approval", nowhere) in cast.todos("reviewer")
    with ThreadPoolExecutor(1) as pool:
        rebuilt = pool.submit(system.command, "desk", "rebuild", "--tenant", cast.tenant)

        def done() -> bool:
            # Somebody is at work: the services look into their outboxes now and then.
            cast.approved("일하는 사이")
            return rebuilt.done()

        until(done, 115)
        assert rebuilt.result().returncode == 0, rebuilt.result().stderr
        assert f"{cast.tenant} approval: " in rebuilt.result().stdout
        assert "1 taken off" in rebuilt.result().stdout
    todos = cast.todos("reviewer")
    assert {("approval", document) for document in (kept, lost, wrong)} <= todos
    assert ("approval", nowhere) not in todos
    assert ("returned", dismissed) not in cast.todos("drafter")
    notices = sql(system, cast.tenant, "desk", "SELECT code, read FROM notice WHERE subject = :d", d=dismissed)
    assert [(code, bool(read)) for code, read in notices] == [("returned", True)]
