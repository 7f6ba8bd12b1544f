"""Journeys of memos."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from shared.errors import Problem
from shared.events import Event
from shared.testing import LocalService
from tests.unit.approval import cast
from tests.unit.memo import cast as memos


def drive(choose: Random) -> list[Event]:
    """Memos that are sent, read, answered, passed on, put off, talked about and recalled; two of them."""
    with memos.opened() as service:
        people = [memos.hire(service, name) for name in ("김과장", "이주무", "박주무")]
        sent = [memos.send(service, *choose.sample(people, 2), urgent=n == 0, asks=True) for n in range(2)]
        for _ in range(choose.randint(3, 14)):
            service.pass_until(service.now + timedelta(minutes=choose.choice((1, 40))))
            _act_on_memo(service, choose, choose.choice(sent), people)
        return service.events


def _act_on_memo(service: LocalService, choose: Random, subject: str, people: list[cast.Doc]) -> None:
    """One try of somebody; some are refused, as in life."""
    tomorrow = (service.now + timedelta(days=1)).isoformat()
    acts: dict[str, cast.Doc] = {
        "read": {},
        "answer": {"answer": "agreed"},
        "mark": {"snooze_till": choose.choice((tomorrow, None))},
        "forward": {"to": [choose.choice(people)["id"]]},
        "comment": {"text": "확인했습니다."},
        "recall": {},
    }
    method = choose.choices([*acts], weights=(6, 4, 3, 3, 2, 1))[0]
    who = cast.ME if method == "recall" else cast.as_(choose.choice(people))
    try:
        service.call(method, who, {"id": subject, **acts[method]})
    except Problem:
        return
