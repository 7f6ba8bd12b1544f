"""What is published is agreed on in a contract, and what is listened to is published by somebody."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest
from marshmallow import Schema

from oneway import parts
from shared.bus.spec import handlers, handling
from shared.contracts.desk import Told
from tests.unit.promises import source

# What a service tells through the ground, which makes it an event of that service.
TOLD = {"desk.tell": ("desk", "shared.desk"), "catalogue.tell": ("item", "shared.catalogue")}


def emitted() -> dict[str, set[str]]:
    """The types each service emits, by service; where a type is put together, every ending its code mentions."""
    found: dict[str, set[str]] = {name: set() for name in parts.SERVICES}
    for name, types in found.items():
        for path in source.modules(f"services/{name}"):
            for node in ast.walk(source.tree(path)):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    types |= _types_of(name, path, node, node.func)
    return found


def _types_of(service: str, path: Path, call: ast.Call, function: ast.Attribute) -> set[str]:
    if function.attr == "emit":
        return _types(service, call.args[0])
    teller = ast.unparse(function)
    kind = TOLD.get(teller)
    return {f"{service}.{kind[0]}"} if kind and kind[1] in source.imports(path) else set()


def _types(service: str, given: ast.expr) -> set[str]:
    if isinstance(given, ast.Constant):
        return {str(given.value)}
    assert isinstance(given, ast.JoinedStr) and isinstance(given.values[0], ast.Constant), ast.dump(given)
    beginning = str(given.values[0].value)
    mentioned = set().union(*(source.texts(path) for path in source.modules(f"services/{service}")))
    return {beginning + ending for ending in mentioned} & set(agreed(service))


def agreed(service: str) -> dict[str, type[Schema]]:
    """The event types of a service's contract with their schemas."""
    found: dict[str, type[Schema]] = importlib.import_module(f"shared.contracts.{service}").EVENTS
    return found


@pytest.mark.parametrize("service", parts.SERVICES)
def test_a_service_publishes_the_types_of_its_contract_and_no_others(service: str) -> None:
    assert emitted()[service] == set(agreed(service))


@pytest.mark.parametrize("service", parts.SERVICES)
def test_a_type_is_named_after_the_service_that_publishes_it(service: str) -> None:
    assert all(type_.startswith(f"{service}.") for type_ in agreed(service))


@pytest.mark.parametrize("service", parts.SERVICES)
def test_every_type_a_service_listens_to_is_published_by_somebody(service: str) -> None:
    heard = handlers(parts.service_class(service))
    published = set().union(*emitted().values())
    assert {type_ for type_ in heard if "*" not in type_} <= published
    assert all(any(handling({pattern: [""]}, type_) for type_ in published) for pattern in heard if "*" in pattern)


def test_every_published_type_is_listened_to_by_somebody() -> None:
    # People's names are kept fresh by the ground of every service, not by a handler.
    heard = [handlers(parts.service_class(name)) for name in parts.SERVICES]
    published = set().union(*emitted().values())
    unheard = {type_ for type_ in published if not any(handling(by_type, type_) for by_type in heard)}
    assert unheard <= {"directory.people_changed"}


@pytest.mark.parametrize("service", parts.SERVICES)
def test_what_a_service_tells_the_desks_has_their_form(service: str) -> None:
    assert agreed(service).get(f"{service}.desk", Told) is Told
