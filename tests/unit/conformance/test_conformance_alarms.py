"""Alarms: one that goes off for what is not there, or not so any more, changes nothing."""

from __future__ import annotations

import pytest

from oneway import parts
from shared import alarms
from shared.bus.spec import bells
from shared.context import system
from shared.ids import new_id
from shared.testing import TENANT
from tests.support import conformance as kit
from tests.support.examples.example import example_of

BELLS = [(service, kind) for service in parts.SERVICES for kind in bells(parts.service_class(service))]


@pytest.mark.parametrize(("service", "kind"), BELLS)
def test_one_for_what_is_not_there_changes_nothing(service: str, kind: str) -> None:
    with example_of(service) as example:
        local = example.service
        before = kit.content(local, TENANT)
        with local.tx(system(TENANT)) as tx:
            alarms.at(tx, tx.now, kind, new_id())
        local.pass_until(local.now)
        assert kit.content(local, TENANT) == before
        assert local.events == []


@pytest.mark.parametrize("service", sorted({service for service, _ in BELLS}))
def test_a_kind_fits_its_column(service: str) -> None:
    assert all(len(kind) <= 30 for kind in bells(parts.service_class(service)))
