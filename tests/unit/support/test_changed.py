"""Which tests `make check` runs for what was changed."""

from __future__ import annotations

import pytest

from tests.support.changed import PROMISES, UNITS, changed, graph, reached, selected, services_alone


@pytest.mark.parametrize(
    ("path", "asked_for", "left_out"),
    [
        ("services/desk/lists.py", "desk/test_desk_service.py", "approval/test_approval_domain.py"),
        ("services/desk/lists.py", "conformance/test_conformance_calls.py", "documents/test_documents_domain.py"),
        (
            "services/desk/migrations/versions/0001_desk.py",
            "desk/test_desk_service.py",
            "directory/test_directory_domain.py",
        ),
        ("shared/paging.py", "ground/test_paging.py", "load/test_arrivals.py"),
        ("tests/unit/approval/conftest.py", "approval/test_approval_domain.py", "desk/test_desk_service.py"),
        ("deploy/k8s/base/kustomization.yaml", "deploy", "desk/test_desk_service.py"),
        ("tests/unit/desk/test_desk_service.py", "desk/test_desk_service.py", "directory/test_directory_domain.py"),
    ],
)
def test_a_change_asks_for_what_reaches_it_and_not_for_the_rest(path: str, asked_for: str, left_out: str) -> None:
    found = selected([path])
    assert f"{UNITS}/{asked_for}" in found
    assert f"{UNITS}/{left_out}" not in found


@pytest.mark.parametrize(
    ("paths", "services"),
    [
        (["services/desk/lists.py", "services/desk/README.md", "docs/api.md"], {"desk"}),
        (["services/desk/lists.py", "tests/support/examples/approval.py"], {"desk", "approval"}),
        (["services/desk/lists.py", "tests/unit/desk/cast.py"], {"desk"}),
        (["services/desk/lists.py", "shared/paging.py"], set()),
        (["tests/unit/conformance/test_conformance_calls.py"], set()),
        (["tests/unit/gateway/fake.py", "services/desk/lists.py"], set()),
        (["tests/support/examples/example.py"], set()),
        ([], set()),
    ],
)
def test_the_kit_looks_at_some_services_only_where_nothing_else_was_changed(
    paths: list[str], services: set[str]
) -> None:
    assert services_alone(paths) == services


def test_the_promises_are_always_asked_for() -> None:
    assert selected([]) == [PROMISES]


def test_what_concerns_every_test_runs_them_all() -> None:
    assert selected(["pyproject.toml"]) == [UNITS]


def test_modules_reach_what_they_import_by_way_of_others() -> None:
    assert reached(["a"], {"a": {"b"}, "b": {"c", "a"}, "d": {"e"}}) == {"a", "b", "c"}
    assert "shared/db/tx.py" in reached(["services/desk/service.py"], graph())
    assert "services/desk/models.py" in graph()["oneway/parts.py"]


def test_what_git_says_is_changed_lies_in_the_project() -> None:
    assert all(not path.startswith(("/", "..")) for path in changed())
