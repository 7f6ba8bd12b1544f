"""Calls that are let go at the same moment, and an office of a few people whose calls are on the bus."""

from __future__ import annotations

import threading
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from shared.context import Context, system
from shared.errors import Problem
from shared.ids import new_id
from tests.support.services import TENANT, ServiceSystem, context

Doc = dict[str, Any]
ORGANISATION = {
    "name": "한빛시",
    "code": "AC00000",
    "admin_login": "admin",
    "admin_name": "관리자",
    "admin_password": "Ow-0123456789",
}
_DEPARTMENTS = "부서코드,부서명\nAC00001,총무과\n"


class Bureau:
    """People of one department, each by calls on the bus, to one service."""

    # Methods that write: each call of one has a key of its own.
    writes: frozenset[str] = frozenset()

    def __init__(self, services: ServiceSystem, service: str, people: int) -> None:
        self.client = services.client
        self.service = service
        self._prepare("bootstrap", ORGANISATION)
        rows = "".join(f"p{n},직원{n},AC00001,주무관\n" for n in range(people))
        for kind, content in (("departments", _DEPARTMENTS), ("people", f"아이디,이름,부서코드,직위\n{rows}")):
            data = {"kind": kind, "content": b64encode(content.encode()).decode(), "dry_run": False}
            self._prepare("import_csv", data)
        found = self.client.call(
            "directory", "people", context(person=new_id()), {"q": "총무과", "limit": 100}, timeout=60
        )
        known = ("name", "login", "position", "department", "department_id")
        self.people: dict[str, Context] = {
            each["login"]: context(person=each["id"], **{name: each[name] for name in known}) for each in found["items"]
        }

    def _prepare(self, method: str, data: Doc) -> None:
        self.client.call("directory", method, system(TENANT), data, idempotency_key=new_id(), timeout=60)

    def call(self, who: Context, method: str, **data: Any) -> Any:
        """A call of somebody's."""
        key = new_id() if method in self.writes else None
        return self.client.call(self.service, method, who, data, idempotency_key=key, timeout=60)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """The answers, or the problems, of calls let go at the same moment."""
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return call()
        except Problem as problem:
            return problem

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(run, call) for call in calls]]


def parted(answers: list[Any]) -> tuple[list[Doc], list[Problem]]:
    """What was done, and what was refused."""
    return [a for a in answers if not isinstance(a, Problem)], [a for a in answers if isinstance(a, Problem)]
