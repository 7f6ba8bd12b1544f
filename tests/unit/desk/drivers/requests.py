"""Journeys of requests."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from random import Random

from services.requests.service import RequestsService
from shared.contracts.requests import ACTS
from shared.errors import Problem
from shared.events import Event
from shared.testing import LocalService
from tests.unit.requests.cast import Town


def drive(choose: Random) -> list[Event]:
    """Requests to people, a pool and a department, which are taken, passed on, extended, handed in and sent back."""
    with LocalService(RequestsService) as service:
        town = Town(service)
        people = [town.boss, town.worker, town.other, town.third]
        made = [
            town.ask(town.worker, due="2026-05-08"),
            town.ask(town.worker, town.other, pool=True),
            town.ask(assignees=[{"department": town.department("총무과")}, {"person": town.third["id"]}]),
        ]
        for _ in range(choose.randint(5, 25)):
            given = {"reason": "사유", "percent": choose.randint(0, 99), "granted": choose.random() < 0.5}
            given |= {"due": "2026-05-20", "to": {"person": choose.choice(people)["id"]}}
            act = choose.choice(ACTS)
            with contextlib.suppress(Problem):
                town.act(choose.choice(people), choose.choice(made), act, **given)
        service.pass_until(service.now + timedelta(days=choose.randint(0, 20)))
        return service.events
