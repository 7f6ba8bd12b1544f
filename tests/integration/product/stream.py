"""Journeys one after the other while something goes wrong: each act is repeated under its key until it is answered."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import requests

from tests.integration.product.cast import BODY, Cast
from tests.support.system import Api

_PATIENCE = 60.0


class Stream:
    """Several clients at work; `done` holds the documents whose last decision was acknowledged.

    They go to `base_url`, the system's own unless told. For who is not `patient` the first refusal is a failure.
    """

    def __init__(self, cast: Cast, title: str, clients: int = 3, *, base_url: str = "", patient: bool = True) -> None:
        self._base_url = base_url or cast.system.base_url
        self._patient = patient
        self.title = title
        self.done: list[str] = []
        self.failures: list[str] = []
        self.repeats = 0
        self._enough = threading.Event()
        # Everybody signs in before anything goes wrong.
        self._line = cast.line("reviewer", "decider")
        self._tokens = {role: cast.api(role).token for role in ("drafter", "reviewer", "decider")}
        self._threads = [threading.Thread(target=self._work) for _ in range(clients)]

    def start(self) -> Stream:
        """Lets the clients go."""
        for thread in self._threads:
            thread.start()
        return self

    def goes_on(self, more: int) -> None:
        """Waits until so many more journeys have come to their end."""
        want = len(self.done) + more
        until = time.monotonic() + _PATIENCE
        while len(self.done) < want:
            assert time.monotonic() < until and not self.failures, (self.done, self.failures)
            time.sleep(0.02)

    def stop(self) -> None:
        """Lets each client finish the journey it is on. Raises `AssertionError` where one could not."""
        self._enough.set()
        for thread in self._threads:
            thread.join()
        assert self.failures == []

    def _work(self) -> None:
        apis = {role: Api(self._base_url, token) for role, token in self._tokens.items()}
        try:
            while not self._enough.is_set():
                draft = self._act(apis["drafter"], "/documents", {"title": self.title, "body": BODY})
                path = f"/documents/{draft['id']}"
                self._act(apis["drafter"], f"{path}/submission", {"line": self._line})
                for role in ("reviewer", "decider"):
                    self._act(apis[role], f"{path}/decisions", {"action": "approve"}, self._not_yet)
                self.done.append(draft["id"])
        except Exception as error:
            self.failures.append(repr(error))

    @staticmethod
    def _not_yet(answer: requests.Response) -> bool:
        """Whether the turn may not have come yet: its submission is on its way."""
        return answer.status_code in (404, 409)

    def _act(
        self, api: Api, path: str, body: Any, not_yet: Callable[[requests.Response], bool] = lambda _: False
    ) -> dict[str, Any]:
        """One command, repeated under its key until it is acknowledged."""
        headers = {"Idempotency-Key": uuid4().hex}
        until = time.monotonic() + _PATIENCE
        while True:
            told = "no answer"
            try:
                answer = api.call("POST", path, body, headers=headers)
                if answer.ok:
                    found: dict[str, Any] = answer.json()
                    return found
                told = answer.text
                assert (self._patient and answer.status_code in (502, 503)) or not_yet(answer), told
            except requests.RequestException:
                if not self._patient:
                    raise
                api = Api(api.base_url, api.token)
            assert time.monotonic() < until, (path, told)
            self.repeats += 1
            time.sleep(0.1)
