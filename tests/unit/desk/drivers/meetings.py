"""Journeys of meetings."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from services.meetings.service import MeetingsService
from shared.contracts.meetings import ACTS
from shared.errors import Problem
from shared.events import Event
from shared.testing import LocalService
from tests.unit.meetings.cast import Town, seoul


def drive(choose: Random) -> list[Event]:
    """A meeting with papers and a short series, which are answered, changed, held, minuted and confirmed."""
    with LocalService(MeetingsService) as service:
        town = Town(service)
        people = [town.boss, town.clerk, town.other, town.third]
        agenda = [{"title": "보고", "presenter": town.other["id"]}]
        due = seoul("2026-05-07").isoformat()
        made = [
            town.call(town.clerk, town.other, agenda=agenda, papers_due=due),
            town.call(town.clerk, rule="FREQ=DAILY;COUNT=3", agenda=agenda),
        ]
        steps = _steps(town, choose)
        for _ in range(choose.randint(5, 25)):
            with contextlib.suppress(Problem):
                choose.choice(steps)(choose.choice(people), choose.choice(made))
            if choose.random() < 0.1:
                service.pass_until(service.now + timedelta(days=choose.randint(1, 4)))
        service.pass_until(service.now + timedelta(days=choose.randint(0, 20)))
        return service.events


def _steps(town: Town, choose: Random) -> list[Callable[[Any, Any], Any]]:
    later = seoul("2026-05-28").isoformat()

    def answer(who: Any, made: Any) -> None:
        said, scope = choose.choice(("yes", "no", "tentative")), choose.choice(("this", "all"))
        substitute = town.third["id"] if said == "no" and choose.random() < 0.3 else None
        town.ask("answer", who, made, answer=said, scope=scope, substitute=substitute)

    def move(who: Any, made: Any) -> None:
        town.act(choose.choice((who, town.boss)), made, choose.choice(ACTS), reason="사유", due=later)

    def change(who: Any, made: Any) -> None:
        invite = [person["id"] for person in (town.clerk, town.other, town.third) if choose.random() < 0.6]
        town.ask("change", town.boss, made, invite=invite, title=choose.choice(("가", "나")))

    return [
        answer,
        move,
        move,
        change,
        lambda who, made: town.ask("attend", town.boss, made, people=[{"person": who["id"], "present": True}]),
        lambda who, made: town.ask("write_minutes", town.boss, made, body="<p>논의</p>"),
        lambda who, made: town.ask("review", who, made, agree=choose.random() < 0.7, note="의견"),
        lambda who, made: town.ask("comment", who, made, text="의견입니다"),
        lambda who, made: town.ask("ready", town.other, made, item=town.card(made)["agenda"][0]["id"]),
    ]
