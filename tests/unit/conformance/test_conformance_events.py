"""Events come in any order and more than once: what people see in the end is the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oneway import parts
from shared.bus.spec import handlers
from shared.testing import LocalService
from tests.support import conformance as kit
from tests.support.examples.example import Example, Told, class_of, example_of

HEARING = [service for service in parts.SERVICES if handlers(parts.service_class(service))]


class Prepared(NamedTuple):
    """An example that has told its story to nobody yet, its file, and what is seen when it was told in order."""

    example: Example
    story: list[Told]
    path: Path
    seen: Any


@pytest.fixture(scope="module", params=HEARING)
def prepared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    """The service before its events."""
    path = tmp_path_factory.mktemp("story") / "before.sqlite"
    with example_of(request.param) as example:
        story = example.story()
        example.service.save(path)
        kit.deliver(example, story, list(range(len(story))))
        yield Prepared(example, story, path, example.view())


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_and_any_repetition_end_the_same(prepared: Prepared, data: st.DataObject) -> None:
    numbers = range(len(prepared.story))
    order = data.draw(st.permutations([*numbers, *data.draw(st.lists(st.sampled_from(numbers), max_size=5))]))
    example = prepared.example
    former = example.service
    with LocalService(parts.service_class(former._runtime.name), template=prepared.path) as service:
        service.people.update(former.people)
        example.service = service
        try:
            kit.deliver(example, prepared.story, order)
            assert example.view() == prepared.seen
        finally:
            example.service = former


def test_every_service_that_hears_has_a_story(prepared: Prepared) -> None:
    assert prepared.story and prepared.seen
    assert isinstance(prepared.example, class_of(prepared.example.service._runtime.name))
