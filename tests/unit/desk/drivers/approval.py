"""Journeys of documents along their lines."""

from __future__ import annotations

from random import Random

from services.approval.service import ApprovalService
from shared.errors import Problem
from shared.events import Event
from shared.ids import new_id
from shared.testing import LocalService
from tests.unit.approval import cast

LINE_ROLES = ("review", "cooperate")


def drive(choose: Random) -> list[Event]:
    """Submissions along lines, decided, returned or withdrawn, and submitted again; of two documents."""
    with LocalService(ApprovalService) as service:
        people = [cast.hire(service, name) for name in ("김검토", "박협조", "이결정")]
        documents = [new_id(), new_id()]
        submissions = dict.fromkeys(documents, 0)
        for _ in range(choose.randint(3, 14)):
            document = choose.choice(documents)
            if submissions[document] == 0 or choose.random() < 0.15:
                submissions[document] += 1
                *others, last = choose.sample(people, choose.randint(1, 3))
                line = [
                    cast.step(p, choose.choice(LINE_ROLES), n > 0 and choose.random() < 0.5)
                    for n, p in enumerate(others)
                ]
                told = {"document": document, "submission": submissions[document], "version": submissions[document] + 1}
                cast.submit(service, *line, cast.step(last, "decide"), **told)
            else:
                _act(service, choose, document, people)
        return service.events


def _act(service: LocalService, choose: Random, document: str, people: list[cast.Doc]) -> None:
    """One try of somebody to move it; most are refused, as in life."""
    who, what = choose.choice(people), choose.random()
    try:
        if what < 0.1:
            service.call("withdraw", cast.ME, {"document": document})
        else:
            action = "return" if what < 0.25 else "approve"
            service.call("decide", cast.as_(who), {"document": document, "action": action, "opinion": "의견"})
    except Problem:
        return
