"""The service, and the people of most lines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.approval.service import ApprovalService
from shared.contracts.approval import EVENTS
from shared.testing import LocalService
from tests.unit.approval.cast import Doc, hire, holds


@pytest.fixture
def service() -> Iterator[LocalService]:
    """The service without a bus. Whatever a test makes it tell must be what the contract says."""
    with LocalService(ApprovalService) as local:
        yield local
        for told in local.events:
            holds(EVENTS[told.type], told.data)
            assert told.subject == told.data["subject" if told.type == "approval.desk" else "document"]


@pytest.fixture
def reviewer(service: LocalService) -> Doc:
    return hire(service, "김검토")


@pytest.fixture
def cooperator(service: LocalService) -> Doc:
    return hire(service, "박협조")


@pytest.fixture
def second(service: LocalService) -> Doc:
    return hire(service, "최협조")


@pytest.fixture
def decider(service: LocalService) -> Doc:
    return hire(service, "이결정")
