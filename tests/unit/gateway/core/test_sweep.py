"""Objects of files that are to go are deleted where the store is reached, and told to be gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from gateway.core import backend, sweep
from shared.context import Context
from shared.errors import Problem, Unavailable
from tests.unit.gateway.fake import FakeClient, application


class Files:
    """A service that names its files, two at once, until they are told to be gone."""

    def __init__(self, count: int) -> None:
        self.left = {f"file{n}": f"documents/{n}" for n in range(count)}

    def __call__(self, context: Context, asked: dict[str, Any]) -> dict[str, Any]:
        assert (context.tenant, context.roles) == ("city", {"platform_operator"})
        for file in asked["gone"]:
            self.left.pop(file, None)
        return {"files": [{"file": file, "object": place} for file, place in list(self.left.items())[:2]]}


@pytest.fixture
def bus() -> FakeClient:
    return FakeClient()


@pytest.fixture
def app(bus: FakeClient, tmp_path: Path) -> Flask:
    return application(bus, tmp_path)


def swept(app: Flask) -> int:
    return sweep.sweep(backend.of(app))


def objects(app: Flask) -> set[str]:
    return set(backend.of(app).store.keys("city"))


def test_what_is_to_go_goes_and_the_rest_stays(app: Flask, bus: FakeClient) -> None:
    for number in range(7):
        backend.of(app).store.write("city", f"documents/{number}", [b"x"], 10)
    bus.answers["documents", "sweep_files"] = files = Files(5)
    assert swept(app) == 5
    assert (files.left, objects(app)) == ({}, {"documents/5", "documents/6"})
    assert swept(app) == 0


def test_an_object_that_is_gone_already_is_no_hindrance(app: Flask, bus: FakeClient) -> None:
    bus.answers["documents", "sweep_files"] = files = Files(3)
    assert (swept(app), files.left) == (3, {})


def test_a_sweep_is_bounded(app: Flask, bus: FakeClient) -> None:
    bus.answers["documents", "sweep_files"] = files = Files(1000)
    assert swept(app) == 200
    assert len(files.left) == 1000 - 200 + 2


@pytest.mark.parametrize("problem", [Unavailable("documents"), Problem(404, "not-found", "No such method")])
def test_a_service_that_is_away_is_swept_another_time(app: Flask, bus: FakeClient, problem: Problem) -> None:
    bus.answers["documents", "sweep_files"] = problem
    assert swept(app) == 0
    bus.answers["documents", "sweep_files"] = Files(1)
    assert swept(app) == 1
