"""A token that is confined to something opens nothing else: every route there is is asked with one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from gateway.core.auth import OPENED
from shared.contracts.directory import TOKEN_SCOPES
from tests.unit.gateway.fake import PRINCIPAL, FakeClient, application, signed_in

ID = "01900000-0000-7000-8000-0000000000aa"


@pytest.fixture
def bus() -> FakeClient:
    found = FakeClient()
    found.answers["directory", "session"] = {**PRINCIPAL, "scope": "calendar", "roles": ["tenant_admin"]}
    return found


@pytest.fixture
def client(bus: FakeClient, tmp_path: Path) -> FlaskClient:
    return signed_in(application(bus, tmp_path))


def _fitting(form: str) -> str:
    words = [re.sub(r"\\(.)", r"\1", word) for word in form.removeprefix("(?:").removesuffix(")").split("|")]
    return next(word for word in (ID, "2026", "2026-03", "1", *words) if re.fullmatch(form, word))


def path(rule: Rule) -> str:
    """A path of the rule."""
    fitting = {name: _fitting(kind.regex) for name, kind in rule._converters.items()}
    return re.sub(r"<(?:[^<>:]+:)?([^<>]+)>", lambda found: fitting[found[1]], rule.rule)


def guarded(client: FlaskClient) -> list[tuple[str, str]]:
    """Method and path of everything that only who is signed in may have."""
    app = client.application
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    kept = [rule for rule in rules if getattr(app.view_functions[rule.endpoint], "access", "") != "public"]
    return [(method, path(rule)) for rule in kept for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})]


def opened(where: str) -> bool:
    return any(where == root or where.startswith(f"{root}/") for root in OPENED["calendar"])


def test_an_app_password_opens_no_route_but_those_of_schedules(client: FlaskClient, bus: FakeClient) -> None:
    closed = [(method, where) for method, where in guarded(client) if not opened(where)]
    assert len(closed) > 200
    answers = {(method, where): client.open(where, method=method) for method, where in closed}
    assert {one: answer.status_code for one, answer in answers.items() if answer.status_code != 403} == {}
    api = [answer.get_json()["type"] for (_, where), answer in answers.items() if where.startswith("/api/")]
    assert set(api) == {"urn:oneway:problem:token-scope"}
    assert bus.asked == []


def test_to_what_is_for_everybody_it_is_nobody(client: FlaskClient) -> None:
    assert client.get("/sign-in").status_code == 200


def test_what_only_begins_like_something_it_opens_is_closed() -> None:
    assert opened("/dav/") and opened("/api/v1/schedule/entries")
    assert not any(opened(where) for where in ("/davis", "/api/v1/schedules", "/api/v1/", "/", "/settings/dav"))


def test_every_scope_says_what_it_opens() -> None:
    assert set(OPENED) == set(TOKEN_SCOPES) - {""}
