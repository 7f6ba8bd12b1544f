"""Journeys of opinion rounds."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from shared.errors import Problem
from shared.events import Event
from tests.unit.memo.rounds import cast


def drive(choose: Random) -> list[Event]:
    """Rounds that are answered, extended, closed early, talked about and withdrawn; one of them anonymous."""
    with cast.opened() as service:
        people = cast.hire(service, 6)
        rounds = [cast.start(service, people, anonymous=anonymous) for anonymous in (False, True)]
        for _ in range(choose.randint(3, 14)):
            round_, who = choose.choice(rounds), choose.choice(people)
            later = (service.now + timedelta(hours=choose.randint(1, 60))).isoformat()
            acts = {
                "extend_round": (cast.ME, {"closes_at": later}),
                "close_round_early": (cast.ME, {}),
                "withdraw_round": (cast.ME, {"reason": "다시 묻겠습니다"}),
                "comment": (cast.as_(who), {"text": "묻습니다"}),
            }
            try:
                if choose.random() < 0.6:
                    cast.answer(service, round_, who)
                else:
                    method = choose.choices([*acts], weights=(3, 1, 1, 2))[0]
                    caller, given = acts[method]
                    service.call(method, caller, {"id": round_, **given})
            except Problem:
                pass
            service.pass_until(service.now + timedelta(hours=choose.choice((0, 1, 8))))
        return service.events
