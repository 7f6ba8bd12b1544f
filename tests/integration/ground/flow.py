"""A stream of commands, each repeated under its key until it is answered, as a patient client does."""

from __future__ import annotations

import threading
import time

from shared.errors import Problem
from tests.integration.ground.stage import TENANT, Stage
from tests.support.waiting import LIMIT, until


class Flow:
    """`toy` makes one thing after the other until the block ends; `made` are the numbers that were answered for."""

    def __init__(self, stage: Stage, series: str, tenant: str = TENANT) -> None:
        self._stage = stage
        self._tenant = tenant
        self._series = series
        self._stopping = False
        self.made: list[int] = []
        self._errors: list[Exception] = []
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Flow:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping = True
        self._thread.join(LIMIT)
        assert not self._thread.is_alive()
        assert self._errors == []

    def go_on(self, count: int) -> None:
        """Waits until so many more are made."""
        so_far = len(self.made)
        until(lambda: self._errors or len(self.made) >= so_far + count)
        assert self._errors == []

    def _run(self) -> None:
        number = 0
        try:
            while not self._stopping:
                self._patiently(number)
                self.made.append(number)
                number += 1
        except Exception as error:
            self._errors.append(error)

    def _patiently(self, number: int) -> None:
        end = time.monotonic() + LIMIT
        while True:
            try:
                return self._stage.make(self._series, first=number, tenant=self._tenant, timeout=2.0)
            except Problem as problem:
                if problem.status != 503 or time.monotonic() > end:
                    raise
                time.sleep(0.05)
