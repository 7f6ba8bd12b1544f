"""Imports point one way: oneway → services, gateway → shared. No service knows another, and nothing knows the tests.

Nothing imports in a circle.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

import pytest

from oneway import parts
from tests.unit.promises import source

ALLOWED = {
    "shared": {"shared"},
    "gateway": {"shared", "gateway"},
    "oneway": {"shared", "gateway", "services", "oneway"},
}
FRAMEWORKS = {"nameko", "kombu", "amqp", "eventlet"}
DOMAIN_MAY_NOT = {"sqlalchemy", "requests", "flask", "time", "random", "secrets", "uuid", "os", "socket"}


def reached(part: str) -> dict[str, set[str]]:
    """Which parts of the project each module below `part` imports from."""
    return {
        source.name_of(path): {name.split(".")[0] for name in source.imports(path)} & {*source.PARTS, "tests"}
        for path in source.modules(part)
    }


@pytest.mark.parametrize("part", ALLOWED)
def test_imports_point_one_way(part: str) -> None:
    assert {name: found - ALLOWED[part] for name, found in reached(part).items() if found - ALLOWED[part]} == {}


@pytest.mark.parametrize("service", parts.SERVICES)
def test_a_service_imports_itself_and_the_common_library_only(service: str) -> None:
    for path in source.modules(f"services/{service}"):
        for name in source.imports(path):
            first, *rest = name.split(".")
            assert first not in {"gateway", "oneway", "tests"}, (path, name)
            assert first != "services" or rest[0] == service, (path, name)


def test_the_framework_stays_behind_the_bus() -> None:
    for path in source.modules("services", "gateway"):
        found = {name.split(".")[0] for name in source.imports(path)} & FRAMEWORKS
        assert not found, f"{path} imports {found}"


def test_the_gateway_runs_without_the_framework() -> None:
    program = f"import sys, gateway.core.app; print(sorted({FRAMEWORKS!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_rules_of_the_domain_reach_for_nothing_outside() -> None:
    for path in source.modules("services"):
        if "domain" in path.parts:
            found = {name.split(".")[0] for name in source.imports(path)} & DOMAIN_MAY_NOT
            assert not found, f"{path} imports {found}"
            assert not any(name.startswith("shared.db") for name in source.imports(path)), path


def circle(graph: Mapping[str, set[str]]) -> str:
    """A circle in what imports what, as `a → b → a`; empty where there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return " → ".join(reversed(error.args[1]))
    return ""


def folders(graph: Mapping[str, set[str]], part: str) -> dict[str, set[str]]:
    """The same graph between the folders of one part."""
    found: dict[str, set[str]] = {}
    for name, imported in graph.items():
        if name.startswith(f"{part}."):
            folder = name.split(".")[1]
            others = {other.split(".")[1] for other in imported if other.startswith(f"{part}.")} - {folder}
            found.setdefault(folder, set()).update(others)
    return found


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = source.graph(*source.PARTS)
    assert len(graph) > 200
    assert circle(graph) == ""


def test_no_noun_of_the_gateway_needs_one_that_needs_it_and_their_core_needs_none() -> None:
    graph = folders(source.graph("gateway"), "gateway")
    assert circle(graph) == ""
    assert graph["core"] == set() != graph["documents"]


def test_a_circle_is_told_by_the_names_of_who_is_in_it() -> None:
    graph = {"a": {"b"}, "b": {"c", "d"}, "c": {"a"}, "d": set[str]()}
    assert set(circle(graph).split(" → ")) == {"a", "b", "c"}
    assert circle({"a": {"b"}, "b": set()}) == ""
