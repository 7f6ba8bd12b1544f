"""What openapi.json describes is what the API does: no answer outside it, and no fault, whatever is sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import validate
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.integration.product.cast import BODY, Cast
from tests.support.system import System

EXAMPLES = 6
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# They would end the session that is tried with, or lock its owner out.
LEFT_OUT = {("DELETE", "/api/v1/auth/session"), ("PUT", "/api/v1/me/password"), ("PUT", "/api/v1/people/{id}")}


@pytest.fixture
def subject(system: System) -> Cast:
    """The last organisation, where it does no harm if a lot of things are made."""
    return Cast(system, list(system.demo)[-1])


def someone(subject: Cast) -> tuple[str, dict[str, list[str]]]:
    """The token of somebody who may do everything, and ids of what there is, by the name in a path."""
    admin = subject.api("admin")
    me = admin.get("/me")["person"]
    login, password = f"any{uuid4().hex[:8]}", "alles Darf 123"
    post = {"department": me["department_id"], "position": "과장"}
    roles = ["drafter", "document_officer", "tenant_admin", "records_officer", "auditor"]
    given_ = {"login": login, "name": "모두", "posts": [post], "roles": roles, "password": password}
    admin.post("/people", given_, 201)
    asked = {"tenant": subject.tenant, "login": login, "password": password}
    token: str = subject.system.anonymous().post("/auth/token", asked)["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    base = f"{subject.system.base_url}/api/v1"
    mine = [
        requests.post(
            f"{base}/documents", json={"title": "무엇이든", "body": BODY}, headers=headers, timeout=10
        ).json()["id"]
        for _ in range(2)
    ]
    return token, {"documents": [*mine, subject.approved("끝난 것")], "people": [subject.id("reviewer")]}


def operations(schema: Any) -> Iterator[Any]:
    """Every operation that is tried."""
    for found in schema.get_all_operations():
        operation = found.ok()
        if (operation.method.upper(), operation.path) not in LEFT_OUT:
            yield operation


def tried(operation: Any, base_url: str, token: str, ids: dict[str, list[str]]) -> str:
    """What an operation did that its description does not say; empty where there is nothing."""
    count = 0

    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    def run(case: Case) -> None:
        nonlocal count
        count += 1
        known = ids.get(operation.path.split("/")[3], [])
        if known and "id" in (case.path_parameters or {}) and count % 2:
            case.path_parameters["id"] = known[count // 2 % len(known)]
        response = case.call(base_url=base_url, headers={"Authorization": f"Bearer {token}"}, timeout=30)
        case.validate_response(response, checks=CHECKS)

    try:
        run()
    except BaseExceptionGroup as error:
        return "\n".join([operation.label, *map(str, error.exceptions), *getattr(error, "__notes__", [])])
    except Exception as error:
        return "\n".join([operation.label, str(error), *getattr(error, "__notes__", [])])
    return ""


def test_the_description_is_a_sound_openapi_document(system: System) -> None:
    described = system.anonymous().get("/openapi.json")
    assert described["openapi"].startswith("3.1")
    validate(described)


def test_whatever_is_sent_the_answer_is_as_described(subject: Cast) -> None:
    base_url = subject.system.base_url
    schema = schemathesis.openapi.from_url(f"{base_url}/api/v1/openapi.json")
    token, ids = someone(subject)
    every = list(operations(schema))
    assert len(every) > 40
    found = [tried(operation, base_url, token, ids) for operation in every]
    assert not any(found), "\n\n".join(filter(None, found))
