"""Who is let in at `/dav/`: an app password with its owner's name, or a bearer token; a cookie never."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gateway.core.auth import COOKIE
from shared.errors import Unauthorized
from tests.unit.gateway.dav.program import CALENDAR, basic
from tests.unit.gateway.dav.store import Schedule
from tests.unit.gateway.fake import PRINCIPAL, TOKEN, FakeClient

STRANGE = "ow1.city." + "b" * 32


@pytest.fixture
def client(app: Flask, schedule: Schedule) -> FlaskClient:
    return app.test_client()


def enter(client: FlaskClient, authorization: str | None, **more: Any) -> Any:
    headers = {"Depth": "0"} | ({"Authorization": authorization} if authorization is not None else {})
    return client.open("/dav/", method="PROPFIND", headers=headers, **more)


@pytest.mark.parametrize("name", ["hong", "HONG", "hong@city", " hong "])
def test_a_password_goes_with_its_owners_login(client: FlaskClient, name: str) -> None:
    assert enter(client, basic(name, TOKEN)).status_code == 207


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_a_bearer_token_is_taken_too(client: FlaskClient, scheme: str) -> None:
    assert enter(client, f"{scheme} {TOKEN}").status_code == 207


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Basic",
        "Basic !!!!",
        "Basic aG9uZw==",
        basic("hong", ""),
        basic("hong", "a password"),
        basic("kim", TOKEN),
        basic("", TOKEN),
        basic("hong@other", TOKEN),
        f"Digest {TOKEN}",
        "Basic //79",
    ],
)
def test_everybody_else_is_asked_by_http_basic(client: FlaskClient, authorization: str | None) -> None:
    answer = enter(client, authorization)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="One Way", charset="UTF-8"'
    assert answer.mimetype == "text/plain" and "Set-Cookie" not in answer.headers


def test_a_browsers_cookie_opens_nothing(client: FlaskClient) -> None:
    client.set_cookie(COOKIE, TOKEN)
    assert enter(client, None).status_code == 401


def test_a_change_needs_no_token_against_forgery_for_no_cookie_could_be_used(client: FlaskClient) -> None:
    client.set_cookie(COOKIE, TOKEN)
    headers = {"Authorization": basic("hong", TOKEN)}
    assert client.delete(f"{CALENDAR}none.ics", headers=headers).status_code == 404
    assert client.delete(f"{CALENDAR}none.ics").status_code == 401


def test_a_programs_token_without_a_scope_is_taken_too(client: FlaskClient, bus: FakeClient) -> None:
    bus.answers["directory", "session"] = {**PRINCIPAL, "scope": ""}
    assert enter(client, basic("hong", TOKEN)).status_code == 207


def test_basic_is_understood_by_nothing_else(client: FlaskClient) -> None:
    assert client.get("/api/v1/me", headers={"Authorization": basic("hong", TOKEN)}).status_code == 401


def test_who_fails_too_often_is_told_to_wait_and_nobody_else_is(client: FlaskClient, bus: FakeClient) -> None:
    bus.answers["directory", "session"] = lambda _, data: (
        PRINCIPAL if data["token"] == TOKEN else Unauthorized("session-ended")
    )
    assert [enter(client, basic("hong", STRANGE)).status_code for _ in range(20)] == [401] * 20
    waiting = enter(client, basic("hong", STRANGE))
    assert waiting.status_code == 429 and int(waiting.headers["Retry-After"]) == 60
    assert enter(client, basic("kim", STRANGE)).status_code == 401
    elsewhere = {"environ_base": {"REMOTE_ADDR": "10.0.0.9"}}
    assert enter(client, basic("hong", TOKEN), **elsewhere).status_code == 207


def test_who_brings_nothing_is_asked_as_often_as_they_like(client: FlaskClient) -> None:
    assert {enter(client, None).status_code for _ in range(30)} == {401}


def test_a_password_that_was_ended_opens_nothing_any_more(client: FlaskClient, bus: FakeClient, app: Flask) -> None:
    assert enter(client, basic("hong", TOKEN)).status_code == 207
    bus.answers["directory", "session"] = Unauthorized("session-ended")
    told = {"topic": "session_revoked", "tenant": "city", "people": [PRINCIPAL["person"]]}
    app.extensions["oneway.principals"].told(told)
    assert enter(client, basic("hong", TOKEN)).status_code == 401
