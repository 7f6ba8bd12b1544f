"""The cookies' key is changed in three steps while people work: what a page holds stays good until the last one."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, session
from flask.testing import FlaskClient
from prometheus_client import REGISTRY

from shared.keys import fingerprint
from tests.unit.gateway.fake import TOKEN, FakeClient, application

STEPS = ("old", "old,new", "new,old", "new")
NEIGHBOURS = list(pairwise(STEPS))


def gateway(tmp_path: Path, keys: str) -> Flask:
    bus = FakeClient()
    bus.answers["directory", "change_password"] = {}
    return application(bus, tmp_path, cookie_key=keys)


def browser(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("oneway_session", TOKEN)
    return client


def token(app: Flask) -> str:
    """What a page of this gateway holds."""
    return str(browser(app).get("/session").get_json()["csrf_token"])


def takes(app: Flask, given: str) -> bool:
    answer = browser(app).patch("/api/v1/me", json={}, headers={"X-CSRF-Token": given})
    refused = answer.status_code == 403 and answer.get_json()["type"].endswith("csrf")
    return not refused


def count(key: str) -> float | None:
    return REGISTRY.get_sample_value("oneway_key_uses_total", {"kind": "cookie", "key": fingerprint(key)})


@pytest.mark.parametrize(("made", "taken"), [*NEIGHBOURS, *((b, a) for a, b in NEIGHBOURS)])
def test_between_neighbouring_steps_each_gateway_takes_the_others_tokens(tmp_path: Path, made: str, taken: str) -> None:
    assert takes(gateway(tmp_path, taken), token(gateway(tmp_path, made)))


def test_a_token_under_a_key_that_is_gone_is_refused(tmp_path: Path) -> None:
    assert not takes(gateway(tmp_path, "new"), token(gateway(tmp_path, "old")))
    assert not takes(gateway(tmp_path, "new,old"), "")


def told(app: Flask, cookie: str = "") -> Any:
    """What this gateway reads from a cookie of what is told on the next page; without one, a new cookie."""
    with app.test_request_context(headers={"Cookie": f"oneway_messages={cookie}"} if cookie else {}):
        if cookie:
            return session.get("told")
        session["told"] = "saved"
        response = app.response_class()
        app.session_interface.save_session(app, session, response)  # type: ignore[arg-type]
        return response.headers["Set-Cookie"].split(";")[0].split("=", 1)[1]


@pytest.mark.parametrize(("made", "read"), NEIGHBOURS)
def test_what_is_told_on_the_next_page_is_told_by_the_next_gateway(tmp_path: Path, made: str, read: str) -> None:
    assert told(gateway(tmp_path, read), told(gateway(tmp_path, made))) == "saved"


def test_what_is_told_under_a_key_that_is_gone_is_not(tmp_path: Path) -> None:
    assert told(gateway(tmp_path, "new"), told(gateway(tmp_path, "old"))) is None


def test_the_uses_of_each_key_are_counted(tmp_path: Path) -> None:
    app = gateway(tmp_path, "counted-new,counted-old")
    assert (count("counted-new"), count("counted-old")) == (0, 0)
    takes(app, token(gateway(tmp_path, "counted-old")))
    takes(app, token(app))
    takes(app, token(app))
    assert (count("counted-new"), count("counted-old")) == (2, 1)


def test_a_gateway_without_a_key_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="ONEWAY_COOKIE_KEY"):
        gateway(tmp_path, "")
