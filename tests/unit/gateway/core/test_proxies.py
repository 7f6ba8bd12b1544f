"""Whose address a request is from: behind proxies what they add to X-Forwarded-For, never what a caller made up."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.errors import Unauthorized
from tests.unit.gateway.fake import FakeClient, application

MADE_UP, CALLER, OUTER = "6.6.6.6", "203.0.113.7", "10.0.0.2"


@pytest.mark.parametrize(
    ("proxies", "header", "seen"),
    [
        (0, f"{MADE_UP}, {CALLER}", "127.0.0.1"),
        (1, f"{MADE_UP}, {CALLER}", CALLER),
        (2, f"{MADE_UP}, {CALLER}, {OUTER}", CALLER),
        (1, None, "127.0.0.1"),
    ],
)
def test_the_address_of_a_sign_in(tmp_path: Path, proxies: int, header: str | None, seen: str) -> None:
    bus = FakeClient()
    bus.answers["directory", "sign_in"] = Unauthorized("bad-credentials")
    client = application(bus, tmp_path, proxies=proxies).test_client()
    headers = {"X-Forwarded-For": header} if header else {}
    given = {"tenant": "city", "login": "hong", "password": "wrong"}
    assert client.post("/api/v1/auth/token", json=given, headers=headers).status_code == 401
    ((_, _, asked),) = bus.asked
    assert asked["address"] == seen


@pytest.mark.parametrize("header", ["127.0.0.1", "127.0.0.1, 127.0.0.1"])
def test_nobody_gets_the_metrics_by_naming_this_machine(tmp_path: Path, header: str) -> None:
    client = application(FakeClient(), tmp_path, proxies=1).test_client()
    assert client.get("/metrics", headers={"X-Forwarded-For": header}).status_code == 404
    assert client.get("/metrics").status_code == 200
