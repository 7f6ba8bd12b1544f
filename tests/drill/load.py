"""Journeys that end where the system is cut off."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import requests

from tests.integration.product.stream import Stream
from tests.support.system import Api


class Cut(Exception):
    """The system is gone."""


class Load(Stream):
    """Clients at work until `cut`; `done` has what was acknowledged."""

    def goes_on(self, more: int) -> None:
        """Waits until so many more journeys have come to their end; each few of them in bounded time."""
        while more > 0:
            super().goes_on(min(more, 10))
            more -= 10

    def cut(self) -> None:
        """Ends the clients, wherever they are."""
        self._enough.set()
        for thread in self._threads:
            thread.join()
        assert all("Cut" in failure for failure in self.failures), self.failures

    def _act(
        self, api: Api, path: str, body: Any, not_yet: Callable[[requests.Response], bool] = lambda _: False
    ) -> dict[str, Any]:
        headers = {"Idempotency-Key": uuid4().hex}
        while not self._enough.is_set():
            try:
                answer = api.call("POST", path, body, headers=headers)
            except requests.RequestException:
                api = Api(api.base_url, api.token)
            else:
                if answer.ok:
                    found: dict[str, Any] = answer.json()
                    return found
                assert answer.status_code in (502, 503) or not_yet(answer), answer.text
            time.sleep(0.05)
        raise Cut
