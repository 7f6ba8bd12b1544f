"""The OpenAPI document: valid, complete, and true to the contracts."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator

from oneway import parts
from shared.bus.spec import methods
from tests.unit.gateway.fake import FakeClient, application

# Reached by the gateway itself, by other services or by the command line only.
INTERNAL = {
    *("directory.bootstrap", "directory.session", "directory.people_by_ids", "directory.record_shell_call"),
    *("directory.expand", "directory.superiors", "directory.unit", "directory.holders", "directory.calendar"),
    *("memo.quote_round", "memo.quote_weekly"),
    *(
        "documents.retell",
        "approval.retell",
        "memo.retell",
        "requests.retell",
        "directory.retell",
        "meetings.retell",
        "schedule.retell",
        "desk.begin_rebuild",
        "desk.end_rebuild",
    ),
    *("directory.addresses", "notify.claim", "notify.report", "notify.unsubscribe"),
    *("schedule.door", "schedule.quote"),
    *("meetings.claim_letters", "meetings.report_letters", "meetings.answer_by_mail", "meetings.take_mailbox"),
    "meetings.bounce_letter",
}
FIXED = {
    ("post", "/auth/token"),
    ("get", "/me"),
    ("get", "/people"),
    ("post", "/documents"),
    ("post", "/documents/{id}/submission"),
    ("get", "/desk/counts"),
    ("get", "/desk/todos"),
    ("post", "/documents/{id}/decisions"),
    ("get", "/documents/{id}"),
}
API = "/api/v1"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return application(FakeClient(), Path(tmp_path_factory.mktemp("store")))


@pytest.fixture(scope="module")
def described(app: Flask) -> dict[str, Any]:
    found: dict[str, Any] = app.test_client().get(f"{API}/openapi.json").get_json()
    return found


def operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods_ in described["paths"].items():
        for method, operation in methods_.items():
            if method != "parameters":
                yield method, path.removeprefix(API), operation


def test_it_is_a_valid_openapi_3_1_document(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(described).iter_errors()) == []


def test_the_calls_outside_programs_rely_on_are_there(described: dict[str, Any]) -> None:
    assert {(method, path) for method, path, _ in operations(described)} >= FIXED


def test_every_operation_says_what_it_is_for_and_what_it_answers(described: dict[str, Any]) -> None:
    for method, path, operation in operations(described):
        assert operation.get("summary"), (method, path)
        answers = operation["responses"]
        # A part of a file is answered beside the whole.
        good = [answers[status] for status in answers if status.startswith("2") and status != "206"]
        assert len(good) == 1, (method, path)
        assert good[0].get("content") or operation["responses"].get("204"), (method, path)


def test_every_operation_says_which_problems_it_may_end_with(described: dict[str, Any]) -> None:
    known = described["components"]["responses"]
    for method, path, operation in operations(described):
        told = {status for status in operation["responses"] if status[0] in "45d"}
        assert told >= {"429", "503", "default"}, (method, path)
        assert told >= ({"400", "413", "415", "422"} if is_json(operation) else set()), (method, path)
        assert told >= ({"401", "403"} if operation.get("security") != [] else set()), (method, path)
        for status in told:
            assert operation["responses"][status]["$ref"] == f"#/components/responses/Problem{status.strip('default')}"
            problem = known[f"Problem{status.strip('default')}"]
            assert problem["content"]["application/problem+json"]["schema"]["$ref"].endswith("/ProblemDetails")
            assert ("Retry-After" in problem["headers"]) == (status in ("423", "429", "503"))


def is_json(operation: dict[str, Any]) -> bool:
    return "application/json" in operation.get("requestBody", {}).get("content", {})


def test_a_write_is_described_with_the_key_it_takes(described: dict[str, Any]) -> None:
    without = {
        (method, path)
        for method, path, operation in operations(described)
        if method != "get" and not any(p["name"] == "Idempotency-Key" for p in operation.get("parameters", ()))
    }
    assert without == {
        ("post", "/auth/token"),
        ("delete", "/auth/session"),
        ("put", "/me/password"),
        ("post", "/me/tokens"),
        ("post", "/me/second-factor"),
        ("post", "/me/second-factor/{what}"),
        ("post", "/schedule/feeds"),
        ("post", "/meetings/{id}/votes/{vote}/ballots"),
        ("post", "/meetings/{id}/minutes/updates"),
    }


def test_operations_have_names_of_their_own_for_generated_clients(described: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(described)]
    assert len(names) == len(set(names))


def test_no_two_schemas_have_one_name(described: dict[str, Any]) -> None:
    """A second one of a name would be told apart by a number."""
    names = set(described["components"]["schemas"])
    assert {name for name in names if name[-1].isdigit() and name.rstrip("0123456789") in names} == set()


def test_every_operation_but_the_sign_in_asks_for_a_token(described: dict[str, Any]) -> None:
    assert described["security"] == [{"bearer": []}]
    open_ = [(method, path) for method, path, operation in operations(described) if operation.get("security") == []]
    assert open_ == [("post", "/auth/token")]


def test_every_route_says_who_may_use_it(app: Flask) -> None:
    unmarked = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not hasattr(app.view_functions[rule.endpoint], "access")
    }
    # A blueprint guards all of its own.
    guarded = {endpoint for endpoint in unmarked if endpoint.split(".")[0] in app.before_request_funcs}
    assert unmarked - guarded == set()


def test_what_a_service_offers_is_offered_to_programs() -> None:
    sources = "".join(path.read_text() for path in Path("gateway").rglob("*.py") if "pages" not in path.parts)
    for name in parts.SERVICES:
        for method in methods(parts.service_class(name)):
            assert f'"{method}"' in sources or f"{name}.{method}" in INTERNAL, f"{name}.{method}"


def test_each_body_is_described_by_the_schema_the_service_loads(described: dict[str, Any]) -> None:
    known = described["components"]["schemas"]
    contract = importlib.import_module("shared.contracts.documents")
    told = known["CreateDraft"]
    assert set(told["properties"]) == set(contract.CreateDraft().fields)
    assert told["required"] == ["title"]
    assert "anyOf" in told["properties"]["disclosure"]
    assert told["properties"]["retention"]["enum"] == list(contract.RETENTIONS)
    assert set(known["SaveDraftBody"]["properties"]) == set(contract.SaveDraft().fields) - {"id", "version"}


def test_the_page_that_shows_it_runs_no_script_of_its_own(app: Flask) -> None:
    answer = app.test_client().get("/api/docs")
    assert answer.status_code == 200
    assert f'data-url="{API}/openapi.json"' in answer.text
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "<script>" not in answer.text
