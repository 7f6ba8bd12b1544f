"""Journeys of weekly reports."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from shared.errors import Problem
from shared.events import Event
from tests.unit.memo.weekly import cast

_ACTS = ("submit_weekly", "submit_weekly", "recall_weekly", "take_weekly", "return_weekly", "ask_weekly")


def drive(choose: Random) -> list[Event]:
    """Two weeks of a department: written, handed in, joined, sent back, asked for, by people who come and go."""
    memo, office = cast.opened()
    with memo:
        division = office.department("총무과", head="과장")
        head = office.head(division)
        people = [office.hire(name, division) for name in ("김하나", "이둘")]
        cast.plan(memo, head, division)
        memo.pass_until(cast.MONDAY)
        for _ in range(choose.randint(6, 24)):
            who, of = choose.choice([*people, head]), choose.choice([*people, head])
            try:
                id_ = cast.mine(memo, of)["id"]
                act = choose.choice(_ACTS)
                if act == "submit_weekly":
                    cast.write(memo, who, cast.line("했다"))
                data = {"id": id_} | ({"reason": "다시"} if act == "return_weekly" else {})
                memo.call(act, cast.as_(who), data)
            except Problem:
                pass
            if choose.random() < 0.3:
                memo.pass_until(memo.now + timedelta(hours=choose.randint(4, 60)))
            if choose.random() < 0.05:
                office.move(people[0], None)
        return memo.events
