"""The locks are whole and hold nothing else: every dependency, and those of the dependencies, pinned with hashes."""

from __future__ import annotations

import importlib.metadata
import json
import re
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent.parent.parent
RUNNING, DEVELOPING, TOOLS = "requirements.lock", "requirements-dev.lock", "requirements-tools.lock"
CALENDARS = "requirements-calendars.lock"
# Those with a list and an installation of their own.
APART = {TOOLS: ".tools", CALENDARS: ".calendars"}
FRONTEND = ROOT / "gateway" / "frontend"
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})\b")


@cache
def pinned(lock: str) -> dict[str, tuple[Requirement, int]]:
    """Each requirement of a lock by its name, and how many hashes it has."""
    found = {}
    text = re.sub(r"\\\n\s*", " ", (ROOT / lock).read_text())
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            requirement = Requirement(line.split(" --hash")[0])
            found[canonicalize_name(requirement.name)] = (requirement, len(_HASH.findall(line)))
    return found


def asked(lock: str) -> list[Requirement]:
    """What pyproject.toml, or a list of its own, asks for directly."""
    if lock in APART:
        return [Requirement(line) for line in (ROOT / lock).with_suffix(".in").read_text().split()]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    more = project["optional-dependencies"]["dev"] if lock == DEVELOPING else []
    return [Requirement(text) for text in (*project["dependencies"], *more)]


@cache
def overridden() -> dict[str, Requirement]:
    """What is taken in place of what packages themselves ask for, by name."""
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    found = [Requirement(text) for text in tool["uv"]["override-dependencies"]]
    return {canonicalize_name(one.name): one for one in found}


def applies(requirement: Requirement, extras: frozenset[str] = frozenset()) -> bool:
    """Whether it is meant for this platform, and for one of the extras where it is meant for some."""
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in (*extras, ""))


def installed(lock: str, name: str) -> importlib.metadata.Distribution:
    """The package as it is installed, some in a place of their own."""
    own = APART.get(lock)
    path = [str(next((ROOT / own / "lib").glob("python*/site-packages")))] if own else sys.path
    return next(iter(importlib.metadata.Distribution.discover(name=name, path=path)))


@cache
def needed(lock: str) -> set[str]:
    """Every package that what is asked for needs here, directly or by others."""
    found: dict[str, frozenset[str]] = {}
    waiting = [requirement for requirement in asked(lock) if applies(requirement)]
    while waiting:
        requirement = waiting.pop()
        name, extras = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if name in found and extras <= found[name]:
            continue
        found[name] = extras | found.get(name, frozenset())
        further = map(Requirement, installed(lock, name).requires or ())
        meant = (overridden().get(canonicalize_name(one.name), one) for one in further)
        waiting += [one for one in meant if applies(one, found[name])]
    return set(found)


@pytest.mark.parametrize("lock", [RUNNING, DEVELOPING, TOOLS, CALENDARS])
def test_every_dependency_is_pinned_with_hashes(lock: str) -> None:
    assert len(pinned(lock)) > 30
    loose = [
        str(requirement)
        for requirement, hashes in pinned(lock).values()
        if [s.operator for s in requirement.specifier] != ["=="] or not hashes or requirement.url
    ]
    assert loose == []


@pytest.mark.parametrize("lock", [RUNNING, DEVELOPING, TOOLS, CALENDARS])
def test_the_lock_holds_what_is_needed_and_nothing_else(lock: str) -> None:
    held = {name for name, (requirement, _) in pinned(lock).items() if applies(requirement)}
    assert needed(lock) == held


@pytest.mark.parametrize("lock", [RUNNING, DEVELOPING, TOOLS, CALENDARS])
def test_what_is_pinned_is_what_was_asked_for_and_what_is_installed(lock: str) -> None:
    held = pinned(lock)
    for requirement in asked(lock):
        (version,) = held[canonicalize_name(requirement.name)][0].specifier
        assert requirement.specifier.contains(version.version, prereleases=True), requirement
    for name in needed(lock):
        assert held[name][0].specifier.contains(installed(lock, name).version, prereleases=True), name


@pytest.mark.parametrize("lock", [RUNNING, DEVELOPING, TOOLS, CALENDARS])
def test_no_package_puts_itself_in_the_place_of_another(lock: str) -> None:
    owners: dict[str, str] = {}
    taken = []
    for name in sorted(needed(lock)):
        for path in map(str, installed(lock, name).files or ()):
            if owners.setdefault(path, name) != name:
                taken.append((path, owners[path], name))
    assert owners and taken == []


def test_both_locks_pin_the_same_version() -> None:
    running, developing = pinned(RUNNING), pinned(DEVELOPING)
    assert {name: str(r) for name, (r, _) in running.items()} == {name: str(developing[name][0]) for name in running}


def test_the_frontend_is_locked_as_a_whole() -> None:
    asked_for = json.loads((FRONTEND / "package.json").read_text())
    locked = json.loads((FRONTEND / "package-lock.json").read_text())["packages"]
    own = locked.pop("")
    for kind in ("dependencies", "devDependencies"):
        assert own[kind] == asked_for[kind]
    assert len(locked) > 50
    for path, package in locked.items():
        assert package["integrity"].startswith("sha512-") and package["version"], path
