"""What the API answers is what its description says: status, media type and content."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from jsonschema import Draft202012Validator

from tests.integration.product.cast import Cast, if_match
from tests.support.system import System
from tests.support.waiting import until


class Description:
    """The OpenAPI document of a running system, to hold answers against."""

    def __init__(self, system: System) -> None:
        self.document: dict[str, Any] = system.anonymous().get("/openapi.json")

    def hold(self, path: str, answer: requests.Response) -> Any:
        """The answer's JSON. Raises `AssertionError` where the operation at `path` is not described so."""
        method = str(answer.request.method).lower()
        responses = self.document["paths"][f"/api/v1{path}"][method]["responses"]
        told = responses[str(answer.status_code)]
        if "$ref" in told:
            told = self.document["components"]["responses"][told["$ref"].rsplit("/", 1)[1]]
        headers = self.document["components"]["headers"]
        assert [name for name in told["headers"] if headers[name]["required"] and name not in answer.headers] == []
        if not answer.content:
            assert "content" not in told
            return None
        schema = told["content"][answer.headers["Content-Type"]]["schema"]
        found = answer.json()
        # Beside the schema, so that its references lead somewhere.
        whole = {**schema, "components": self.document["components"]}
        errors = Draft202012Validator(whole).iter_errors(found)
        assert [(error.json_path, error.message) for error in errors] == []
        return found


@pytest.fixture
def description(system: System) -> Description:
    return Description(system)


def test_every_list_is_as_described(cast: Cast, description: Description) -> None:
    cast.submitted("설명", "reviewer", "decider")
    tried = 0
    for path, operations in description.document["paths"].items():
        below = path.removeprefix("/api/v1")
        if "get" in operations and "{" not in below and below != "/documents":
            for role in ("drafter", "decider", "admin"):
                description.hold(below, cast.api(role).call("GET", below))
            tried += 1
    assert tried >= 12


@pytest.mark.parametrize("box", ["drafts", "progress", "returned", "finished", "register", "received", "decided"])
def test_every_box_is_as_described(cast: Cast, description: Description, box: str) -> None:
    for role in ("drafter", "decider"):
        description.hold("/documents", cast.api(role).call("GET", f"/documents?box={box}"))


def test_a_document_is_as_described_all_its_life(cast: Cast, description: Description) -> None:
    drafter, hold = cast.drafter, description.hold
    made = hold("/documents", drafter.call("POST", "/documents", {"title": "설명", "disclosure": "open"}))
    document = "/documents/{id}"
    path = document.format(**made)
    line = cast.line("reviewer", "decider")
    changed = drafter.call("PATCH", path, {"body": "<p>가</p>", "line": line}, headers=if_match(1))
    hold(document, changed)
    hold(document, drafter.call("PATCH", path, {"body": "<p>나</p>"}, headers=if_match(1)))
    files = f"{document}/attachments"
    file = {"file": ("계획.txt", "붙임".encode())}
    attached = hold(files, drafter.call("POST", f"{path}/attachments", files=file))
    hold(f"{document}/submission/preview", drafter.call("GET", f"{path}/submission/preview"))
    hold(f"{document}/versions", drafter.call("GET", f"{path}/versions"))
    hold(f"{document}/versions/{{version}}", drafter.call("GET", f"{path}/versions/2"))
    hold(f"{document}/comparison", drafter.call("GET", f"{path}/comparison?left=1&right=2"))
    hold(f"{document}/route", drafter.call("GET", f"{path}/route"))
    hold(f"{files}/{{file}}", drafter.call("DELETE", f"{path}/attachments/{attached['id']}"))
    hold(document, drafter.call("GET", path))
    hold(f"{document}/submission", drafter.call("POST", f"{path}/submission"))
    cast.has_todo("reviewer", made["id"])
    hold(f"{document}/submission", drafter.call("DELETE", f"{path}/submission"))
    until(lambda: cast.card(made["id"])["state"] == "draft")
    hold(f"{document}/submission", drafter.call("POST", f"{path}/submission", {"line": line[1:]}))
    cast.has_todo("decider", made["id"])
    decisions = f"{document}/decisions"
    hold(decisions, cast.api("decider").call("POST", f"{path}/decisions", {"action": "approve"}))
    hold(decisions, cast.api("decider").call("POST", f"{path}/decisions", {"action": "approve"}))
    assert hold(document, drafter.call("GET", path))["state"] == "approved"
    hold(f"{document}/route", drafter.call("GET", f"{path}/route"))


def test_what_is_the_callers_own_is_as_described(cast: Cast, description: Description) -> None:
    api, hold = cast.drafter, description.hold
    absence = {"starts_at": "2099-01-01T00:00:00Z", "ends_at": "2099-01-02T00:00:00Z", "reason": "leave"}
    saved = {"name": "설명", "steps": cast.line("decider")}
    kept = [
        ("/me/absences", hold("/me/absences", api.call("POST", "/me/absences", absence))),
        ("/me/sessions", hold("/me/tokens", api.call("POST", "/me/tokens", {"name": "보고", "days": 1}))),
        ("/me/saved-lines", hold("/me/saved-lines", api.call("PUT", "/me/saved-lines", saved))),
    ]
    for path, made in kept:
        hold(path, api.call("GET", path))
        hold(f"{path}/{{id}}", api.call("DELETE", f"{path}/{made['id']}"))
        hold(f"{path}/{{id}}", api.call("DELETE", f"{path}/{made['id']}"))
    hold("/me", api.call("PATCH", "/me", {"locale": "ko"}))


def test_what_administrators_do_is_as_described(cast: Cast, description: Description) -> None:
    admin, hold = cast.api("admin"), description.hold
    department = hold("/departments", admin.call("POST", "/departments", {"name": "설명과", "code": "9990001"}))
    post = {"department": department["id"], "position": "주무관"}
    person = {"login": "explained", "name": "설명", "posts": [post]}
    made = hold("/people", admin.call("POST", "/people", person))
    hold("/people/{id}", admin.call("GET", f"/people/{made['id']}"))
    left = admin.call("PUT", f"/people/{made['id']}", {**person, "active": False}, headers=if_match(made["version"]))
    hold("/people/{id}", left)
    hold("/people/{id}", admin.call("PUT", f"/people/{made['id']}", person, headers=if_match(made["version"])))
    hold("/people/{id}/unlock", admin.call("POST", f"/people/{made['id']}/unlock"))
    hold("/people/{id}/second-factor", admin.call("DELETE", f"/people/{made['id']}/second-factor"))
    given = {"name": "설명과", "code": "9990001", "abolished": True}
    path = f"/departments/{department['id']}"
    hold("/departments/{id}", admin.call("PUT", path, given, headers=if_match(department["version"])))
    hold("/imports", admin.call("POST", "/imports", {"kind": "people", "content": "", "dry_run": True}))
    folder = {"title": "설명철", "unit_task": "설명", "retention": 5}
    opened = hold("/folders", cast.api("clerk").call("POST", "/folders", folder))
    hold("/folders/{id}", cast.api("clerk").call("PUT", f"/folders/{opened['id']}", folder))
    form = {"name": "설명", "body": "<p></p>", "retention": "5"}
    hold("/forms/{id}", cast.api("clerk").call("PUT", "/forms/explained", form))
