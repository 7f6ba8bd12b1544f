"""The people of one organisation at their work, each through the API: who drafts, who decides, what is in between."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from typing import Any, TypeVar
from uuid import uuid4

from requests import Response

from tests.support.system import Api, System
from tests.support.waiting import until

T = TypeVar("T")
BODY = "<p>1. 관련: 총무과-12(2026. 1. 2.)</p><p>2. 위 호와 관련하여 다음과 같이 보고합니다.  끝.</p>"
ROLES = {"reviewer": "review", "cooperator": "cooperate", "decider": "decide"}


class Cast:
    """The demo's people of one tenant; each signs in when first needed."""

    def __init__(self, system: System, tenant: str | None = None) -> None:
        self.system = system
        self.tenant = tenant or system.tenant
        self._apis: dict[str, Api] = {}
        self._ids: dict[str, str] = {}

    def api(self, role: str) -> Api:
        """The API as the person in this role sees it."""
        if role not in self._apis:
            self._apis[role] = self.system.sign_in(role, self.tenant)
        return self._apis[role]

    def id(self, role: str) -> str:
        """The person's id."""
        if role not in self._ids:
            self._ids[role] = self.api(role).get("/me")["person"]["id"]
        return self._ids[role]

    @cached_property
    def drafter(self) -> Api:
        """Who drafts."""
        return self.api("drafter")

    # -- work ---------------------------------------------------------------------------------------

    def draft(self, title: str = "보고", **fields: Any) -> dict[str, Any]:
        """A new draft of the drafter's."""
        made: dict[str, Any] = self.drafter.post("/documents", {"title": title, "body": BODY, **fields}, 201)
        return made

    def line(self, *roles: str, parallel: Iterable[str] = ()) -> list[dict[str, Any]]:
        """An approval line of these roles' people, in this order."""
        return [
            {"person": self.id(role), "role": ROLES.get(role, "cooperate"), "parallel": role in parallel}
            for role in roles
        ]

    def submit(self, document: str, *roles: str, **more: Any) -> dict[str, Any]:
        """Submits along the line of these roles' people; only the decider where none is told."""
        line = self.line(*(roles or ("decider",)), **more)
        done: dict[str, Any] = self.drafter.post(f"/documents/{document}/submission", {"line": line}, 202)
        return done

    def submitted(self, title: str = "보고", *roles: str, **more: Any) -> str:
        """The id of a new document on its way."""
        document: str = self.draft(title)["id"]
        self.submit(document, *roles, **more)
        return document

    def decide(self, role: str, document: str, action: str = "approve", **more: Any) -> dict[str, Any]:
        """The person's decision."""
        done: dict[str, Any] = self.api(role).post(f"/documents/{document}/decisions", {"action": action, **more}, 200)
        return done

    def approved(self, title: str = "보고") -> str:
        """The id of a new document that is registered."""
        document = self.submitted(title)
        self.decide("decider", document)
        assert self.card(document)["state"] == "approved"
        return document

    # -- looking ------------------------------------------------------------------------------------

    def card(self, document: str, role: str = "drafter") -> dict[str, Any]:
        """The document's card as this person sees it."""
        found: dict[str, Any] = self.api(role).get(f"/documents/{document}")
        return found

    def todos(self, role: str) -> set[tuple[str, str]]:
        """What the person is to do: kind and document of each."""
        found: set[tuple[str, str]] = set()
        path = "/desk/todos?limit=100"
        following = path
        while following:
            page = self.api(role).get(following)
            found |= {(item["kind"], item["subject"]) for item in page["items"]}
            following = f"{path}&cursor={page['next']}" if page["next"] else ""
        return found

    def has_todo(self, role: str, document: str, kind: str = "approval") -> None:
        """Waits until the person is asked about the document."""
        until(lambda: (kind, document) in self.todos(role))

    def has_no_todo(self, role: str, document: str) -> None:
        """Waits until the person is asked nothing about the document."""
        until(lambda: document not in {subject for _, subject in self.todos(role)})

    def counts(self, role: str) -> dict[str, int]:
        """The person's counts of My Desk."""
        found: dict[str, int] = self.api(role).get("/desk/counts")
        return found


def key() -> dict[str, str]:
    """Headers with an idempotency key of its own."""
    return {"Idempotency-Key": uuid4().hex}


def if_match(version: int) -> dict[str, str]:
    """Headers of a change made on this version."""
    return {"If-Match": f'"{version}"'}


def at_once(calls: Iterable[Callable[[], T]], threads: int = 16) -> list[T]:
    """The answers of calls made in parallel, in their order."""
    with ThreadPoolExecutor(threads) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


def together(*calls: Callable[[], Response]) -> list[Response]:
    """The answers of calls let go at the same moment."""
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], Response]) -> Response:
        gate.wait()
        return call()

    return at_once([partial(run, call) for call in calls], threads=len(calls))


def problem(response: Response, status: int | Iterable[int], slug: str | None = None) -> dict[str, Any]:
    """The problem a call was refused with: problem+json that tells nothing of the inside."""
    allowed = {status} if isinstance(status, int) else set(status)
    told = (response.request.method, response.url, response.status_code, response.text[:500])
    assert response.status_code in allowed, told
    assert response.headers["Content-Type"] == "application/problem+json", told
    content: dict[str, Any] = response.json()
    assert content["status"] == response.status_code and content["type"].startswith("urn:oneway:problem:"), told
    assert content["title"] and "Traceback" not in response.text, told
    if slug:
        assert content["type"] == f"urn:oneway:problem:{slug}", told
    return content
