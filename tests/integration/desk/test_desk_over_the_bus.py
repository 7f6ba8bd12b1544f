"""The desk follows what documents and approval tell: four services on a real broker, without a gateway."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest

from shared.context import Context, system
from shared.ids import new_id
from tests.support.servers import Servers
from tests.support.services import OTHER, TENANT, ServiceSystem, context, serving
from tests.support.waiting import until

ORGANISATION = {
    "name": "한빛시",
    "code": "AC00000",
    "admin_login": "admin",
    "admin_name": "관리자",
    "admin_password": "Ow-0123456789",
}
DEPARTMENTS = "부서코드,부서명\nAC00001,총무과\n"
PEOPLE = "아이디,이름,부서코드,직위\nhong,홍기안,AC00001,주무관\nkim,김검토,AC00001,팀장\nlee,이결정,AC00001,과장\n"


@pytest.fixture(scope="module")
def _services(servers: Servers) -> Iterator[ServiceSystem]:
    with serving(servers, "approval", "desk", "directory", "documents", name="desks") as found:
        yield found


@pytest.fixture
def services(_services: ServiceSystem, request: pytest.FixtureRequest) -> Iterator[ServiceSystem]:
    """The services, ready; a failure shows the tail of their logs."""
    yield _services
    for name, tail in _services.logs().items():
        request.node.add_report_section("teardown", f"log of {name}", tail)


class Office:
    """The people of a tenant at their work, each by calls on the bus."""

    def __init__(self, services: ServiceSystem, tenant: str = TENANT) -> None:
        self._services = services
        self._prepare(tenant, "bootstrap", ORGANISATION)
        for kind, content in (("departments", DEPARTMENTS), ("people", PEOPLE)):
            data = {"kind": kind, "content": b64encode(content.encode()).decode(), "dry_run": False}
            self._prepare(tenant, "import_csv", data)
        somebody = context(tenant, person=new_id())
        found = services.client.call("directory", "people", somebody, {"q": "총무과"}, timeout=60)["items"]
        known = ("name", "login", "position", "department", "department_id")
        self.people: dict[str, Context] = {
            person["login"]: context(
                tenant, person=person["id"], roles=frozenset({"drafter"}), **{name: person[name] for name in known}
            )
            for person in found
        }

    def _prepare(self, tenant: str, method: str, data: dict[str, Any]) -> None:
        client = self._services.client
        client.call("directory", method, system(tenant), data, idempotency_key=new_id(), timeout=60)

    def ask(self, login: str, service: str, method: str, **data: Any) -> Any:
        """A call of somebody's."""
        return self._services.client.call(
            service, method, self.people[login], data, idempotency_key=new_id(), timeout=20
        )

    def submitted(self) -> str:
        """A document of hong's on its way to kim, who reviews, and lee, who decides."""
        document: str = self.ask("hong", "documents", "create_draft", title="청사 보수 계획")["id"]
        line = [
            {"person": self.people[who].person, "role": role} for who, role in (("kim", "review"), ("lee", "decide"))
        ]
        self.ask("hong", "documents", "submit", id=document, line=line)
        return document

    def decide(self, login: str, document: str, action: str) -> None:
        """Somebody's decision, once approval has heard of the document."""
        until(lambda: "decide" in (self.ask(login, "approval", "route", document=document) or {"may": ()})["may"])
        self.ask(login, "approval", "decide", document=document, action=action, opinion="그렇게 합시다")

    def todos(self, document: str) -> set[tuple[str, str]]:
        """Who is asked what about a document."""
        return {
            (login, todo["kind"])
            for login in self.people
            for todo in self.ask(login, "desk", "todos")["items"]
            if todo["subject"] == document
        }

    def notices(self, document: str) -> list[str]:
        """What hong is told of a document, oldest first."""
        told = self.ask("hong", "desk", "notices")["items"]
        return [notice["code"] for notice in reversed(told) if notice["subject"] == document]


def test_to_dos_follow_a_document_from_desk_to_desk_until_nobody_is_asked(services: ServiceSystem) -> None:
    office, elsewhere = Office(services), Office(services, OTHER)
    document = office.submitted()
    until(lambda: office.todos(document) == {("kim", "approval")})
    office.decide("kim", document, "approve")
    until(lambda: office.todos(document) == {("lee", "approval")})
    office.decide("lee", document, "return")
    until(lambda: office.todos(document) == {("hong", "returned")})
    until(lambda: office.notices(document) == ["returned"])
    assert elsewhere.todos(document) == set()


def test_a_desk_that_was_away_catches_up_with_what_was_told_meanwhile(services: ServiceSystem) -> None:
    office = Office(services)
    before = office.submitted()
    until(lambda: office.todos(before) == {("kim", "approval")})
    services.end("desk")
    during = office.submitted()
    for login in ("kim", "lee"):
        office.decide(login, before, "approve")
    office.decide("kim", during, "approve")
    services.ordinary("desk")
    until(lambda: office.todos(before) == set() and office.todos(during) == {("lee", "approval")})
    until(lambda: office.notices(before) == ["registered"])
    until(lambda: all(services.outbox(name) == 0 for name in ("approval", "documents")))
