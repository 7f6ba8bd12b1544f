"""The nouns there are: every package of the gateway that has a `NOUN`, and what its rooms hold."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import groupby
from pathlib import Path
from types import ModuleType
from typing import Any

import gateway
from gateway.core.noun import Banner, Create, Key, Kind, Noun, Place, Words


@cache
def all_nouns() -> tuple[Noun, ...]:
    """Every noun, in their order."""
    names = (found.name for found in pkgutil.iter_modules(gateway.__path__) if found.ispkg)
    packages = (importlib.import_module(f"gateway.{name}") for name in names)
    found = [noun for package in packages if (noun := getattr(package, "NOUN", None)) is not None]
    return tuple(sorted(found, key=lambda noun: noun.order))


def noun_of(name: str) -> Noun | None:
    """The noun of this name; None for one that this gateway does not have."""
    return next((noun for noun in all_nouns() if noun.name == name), None)


def room(noun: Noun, name: str) -> Iterator[ModuleType]:
    """The module of a noun by this name, and those in it where it is a folder; nothing where it has none."""
    folders = [str(Path(folder) / noun.name) for folder in gateway.__path__]
    if not any(found.name == name for found in pkgutil.iter_modules(folders)):
        return
    module = importlib.import_module(f"gateway.{noun.name}.{name}")
    yield module
    for found in pkgutil.iter_modules(getattr(module, "__path__", ())):
        yield importlib.import_module(f"{module.__name__}.{found.name}")


def blueprints(noun: Noun, name: str) -> Iterator[Any]:
    """The blueprints (`bp`) of a noun's `pages` or `api`."""
    yield from (module.bp for module in room(noun, name) if hasattr(module, "bp"))


# -- what is made of them ---------------------------------------------------------------------------


def places(roles: frozenset[str]) -> list[Place]:
    """The places that somebody with these roles is shown, in their order."""
    found = [place for noun in all_nouns() for place in noun.places if not place.role or place.role in roles]
    return sorted(found, key=lambda place: place.order)


def groups(roles: frozenset[str]) -> list[tuple[Words, list[Place]]]:
    """The places under their headings."""
    return [(group, list(of_it)) for group, of_it in groupby(places(roles), key=lambda place: str(place.group))]


def creates() -> list[Create]:
    """What can be made, in their order."""
    return sorted((create for noun in all_nouns() for create in noun.creates), key=lambda create: create.order)


def banners() -> list[Banner]:
    """What cannot wait."""
    return [noun.banner for noun in all_nouns() if noun.banner]


def keys() -> list[Key]:
    """The further shortcuts of all nouns."""
    return [key for noun in all_nouns() for key in noun.keys]


def kinds() -> Mapping[str, Kind]:
    """Every kind of to-do; where two nouns name the same one, it is the first's."""
    found: dict[str, Kind] = {}
    for noun in all_nouns():
        for name, kind in noun.kinds.items():
            found.setdefault(name, kind)
    return found
