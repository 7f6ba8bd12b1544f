"""Journeys of documents to their numbers."""

from __future__ import annotations

from random import Random

from services.documents.service import DocumentsService
from shared.events import Event
from shared.testing import LocalService
from tests.unit.approval import cast


def drive(choose: Random) -> list[Event]:
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
