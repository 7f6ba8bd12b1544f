"""Several processes of each part beside each other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import requests

from oneway.replicas import counts
from tests.integration.product.cast import Cast
from tests.support.system import Api, System

NAMES = {part + number for part in counts("") for number in ("", "-2")}


def test_each_has_its_own_id_log_and_metrics(pair: System) -> None:
    assert set(pair.health()) == set(pair.pids()) == NAMES
    assert len(set(pair.pids().values())) == len(set(pair.health().values())) == len(NAMES)
    assert set(pair.logs()) >= NAMES
    for url in pair.health().values():
        assert "oneway_" in requests.get(f"{url}/metrics", timeout=10).text


def test_who_signed_in_at_one_gateway_is_known_at_the_other(pair: System) -> None:
    first = pair.sign_in("drafter")
    assert Api(pair.health()["gateway-2"], first.token).get("/me") == first.get("/me")


def test_who_waits_at_one_gateway_hears_of_what_is_done_at_the_other(pair: System) -> None:
    cast = Cast(pair)
    elsewhere = Api(pair.health()["gateway-2"], cast.api("executive").token)
    tag = elsewhere.call("GET", "/desk/counts").headers["ETag"]
    with ThreadPoolExecutor(1) as pool:
        known = {"If-None-Match": tag, "Prefer": "wait=30"}
        waiting = pool.submit(elsewhere.call, "GET", "/desk/counts", headers=known)
        cast.submitted("저쪽에서 올린 문서", "executive", "decider")
        answer = waiting.result()
    assert (answer.status_code, answer.headers["Preference-Applied"]) == (200, "wait=30")
    assert answer.json()["approval"] >= 1


def test_one_that_is_restarted_by_itself_leaves_the_others_alone(pair: System) -> None:
    before = pair.pids()
    pair.restart_one("documents-2")
    assert {other for other, pid in pair.pids().items() if pid != before[other]} == {"documents-2"}
