"""No contract is agreed on for nobody, and every method of a service is held to one."""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path

import pytest
from marshmallow import Schema

from oneway import parts
from shared.bus.spec import methods
from tests.unit.promises import source

CONTRACTS = [path for path in source.modules("shared/contracts") if path.stem != "__init__"]


@cache
def mentioned_in_code() -> set[str]:
    """Every name that services, gateway and the ground mention, contracts apart."""
    paths = [path for path in source.modules("shared", "services", "gateway", "oneway") if path not in CONTRACTS]
    return set().union(*(source.names(path) for path in paths))


def mentioned_in_contracts() -> set[str]:
    """Every name a contract uses: as a base, a field or an event's schema."""
    return set().union(*(source.names(path) for path in CONTRACTS))


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda path: path.stem)
def test_every_schema_is_used(path: Path) -> None:
    module = importlib.import_module(f"shared.contracts.{path.stem}")
    schemas = {
        name
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, Schema) and value is not Schema and name[0].isupper()
    }
    # Views that no code needs by name are what tests hold a service's answers against.
    held = set().union(*(source.names(test) for test in source.modules("tests")))
    assert schemas <= mentioned_in_code() | mentioned_in_contracts() | held


@pytest.mark.parametrize("service", parts.SERVICES)
def test_every_method_has_the_schema_of_a_contract(service: str) -> None:
    for method in methods(parts.service_class(service)).values():
        assert type(method.schema).__module__.startswith("shared.contracts."), method.name
