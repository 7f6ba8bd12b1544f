"""The gateway over a real memo service; the directory knows who was hired."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.context import Context
from shared.storage import Store
from shared.testing import LocalService
from tests.unit.gateway.fake import PRINCIPAL, TOKEN, FakeClient, application, browsing, signed_in
from tests.unit.memo.cast import ME, Doc, hire, office, opened


class MemoBus(FakeClient):
    """A bus with the memo service on it; `who` is signed in."""

    def __init__(self, service: LocalService) -> None:
        super().__init__()
        self.service = service
        self.forget: list[Any] = []
        self.answers["desk", "counts"] = {"total": 0}
        self.answers["search", "related"] = {"items": []}
        self.answers["directory", "superiors"] = lambda ctx, data: office(service).superiors(ctx, data)
        self.answers["directory", "receivers_by_ids"] = self._receivers

    def _receivers(self, ctx: Context, data: Doc) -> Doc:
        people = [self.service.people[each.partition(":")[2]] for each in data["receivers"]]
        shown = [{"kind": "person", "id": p["id"], "name": p["name"], "detail": p["department"]} for p in people]
        return {"items": [each | {"count": 1, "absent": None, "stale": False} for each in shown]}

    def call(self, service: str, method: str, context: Context, data: Any = None, **more: Any) -> Any:
        """As the real one."""
        if service == "memo":
            self.asked.append((service, method, data))
            return self.service.call(method, context, data, more.get("idempotency_key"))
        return super().call(service, method, context, data, **more)

    def on_live(self, callback: Any, missed: Any) -> None:
        """What the gateway forgets of who is signed in, when it has missed something."""
        self.forget.append(missed)

    def sign_in(self, person: Doc) -> None:
        """Somebody else is at the browser."""
        names = ("name", "position", "department", "department_id")
        who = PRINCIPAL | {"person": person["id"]} | {name: person[name] for name in names}
        self.answers["directory", "session"] = who
        for forget in self.forget:
            forget()


@pytest.fixture
def service() -> Iterator[LocalService]:
    with opened() as found:
        found.people[ME.person] = {**ME.person_ref, "active": True}
        yield found


@pytest.fixture
def bus(service: LocalService) -> MemoBus:
    return MemoBus(service)


@pytest.fixture
def kim(service: LocalService) -> Doc:
    return hire(service, "김과장", position="과장")


@pytest.fixture
def api(bus: MemoBus, tmp_path: Path) -> FlaskClient:
    return signed_in(application(bus, tmp_path))


@pytest.fixture
def browser(bus: MemoBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    with browsing(bus, tmp_path, TOKEN, monkeypatch) as client:
        store = Store((tmp_path / "objects").as_uri(), lambda _: b"k" * 32)
        client.application.extensions["oneway.backend"].__dict__["store"] = store
        yield client
