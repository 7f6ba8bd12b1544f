"""For each service that tells the desks, journeys of its subjects as its own code makes them, chosen at random."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import timedelta
from random import Random

from services.approval.service import ApprovalService
from services.documents.service import DocumentsService
from services.requests.service import RequestsService
from shared.contracts.requests import ACTS
from shared.errors import Problem
from shared.events import Event
from shared.ids import new_id
from shared.testing import LocalService
from tests.unit.approval import cast
<<<<<<< HEAD
from tests.unit.memo import cast as memos
=======
from tests.unit.requests.cast import Town
>>>>>>> 38633dd (Ask people and departments, and follow what was asked to its end)

LINE_ROLES = ("review", "cooperate")


def approval(choose: Random) -> list[Event]:
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


def documents(choose: Random) -> list[Event]:
    """Documents that are decided and get their numbers."""
    with LocalService(DocumentsService) as service:
        decider = cast.hire(service, "이결정")
        for _ in range(choose.randint(1, 4)):
            made = service.call("create_draft", cast.ME, {"title": "계획", "body": "<p>1. 한다.</p>"})
            service.call("submit", cast.ME, {"id": made["id"], "line": [{"person": decider["id"], "role": "decide"}]})
            told = [event for event in service.events if event.type == "documents.submitted"][-1].data
            at = told["submitted_at"]
            decision = {"person": cast.ref(decider), "role": "decide", "action": "approve", "opinion": "", "at": at}
            names = ("document", "submission", "version", "content_hash")
            ended = {name: told[name] for name in names} | {"sequence": 2, "state": "approved", "decision": decision}
            service.deliver("approval.approved", ended)
        return service.events


<<<<<<< HEAD
def memo(choose: Random) -> list[Event]:
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


DRIVERS: dict[str, Callable[[Random], list[Event]]] = {"approval": approval, "documents": documents, "memo": memo}
=======
def requests(choose: Random) -> list[Event]:
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


DRIVERS: dict[str, Callable[[Random], list[Event]]] = {
    "approval": approval,
    "documents": documents,
    "requests": requests,
}
>>>>>>> 38633dd (Ask people and departments, and follow what was asked to its end)
