"""Every process is replaced, one after the other, while people are at work: nobody notices."""

from __future__ import annotations

import contextlib
import threading
from functools import partial

import pytest
import requests

from oneway.replicas import GATEWAY, counts
from tests.integration.product.cast import Cast
from tests.integration.product.settled import settled
from tests.integration.product.stream import Stream
from tests.support.balancer import Balancer
from tests.support.system import System

PARTS = tuple(counts(""))


class Page(threading.Thread):
    """Listens, and comes back as often as its stream ends; `answers` is what each coming was answered with."""

    def __init__(self, url: str, token: str) -> None:
        super().__init__(daemon=True)
        self.answers: list[int] = []
        self.enough = threading.Event()
        self._ask = partial(requests.get, f"{url}/live", headers={"Authorization": f"Bearer {token}"}, stream=True)

    def run(self) -> None:
        """Until it is enough, and the stream of then has ended."""
        while not self.enough.is_set():
            with self._ask(timeout=60) as stream, contextlib.suppress(requests.RequestException):
                self.answers.append(stream.status_code)
                # That it is cut off in the end is no failure.
                for _ in stream.iter_content(None):
                    pass


@pytest.mark.long
@pytest.mark.timeout(600)
def test_every_process_is_replaced_under_load_and_no_request_fails(pair: System) -> None:
    cast = Cast(pair)
    for part in PARTS:
        pair.end_one(f"{part}-2")
    ports = {name: pair.port + number for number, name in enumerate((GATEWAY, f"{GATEWAY}-2"))}
    with Balancer(ports) as balancer:
        page = Page(balancer.url, cast.drafter.token)
        page.start()
        stream = Stream(cast, "모르게 바뀜", base_url=balancer.url, patient=False).start()
        try:
            for part in PARTS:
                stream.goes_on(2)
                # The new one is ready before the old one is told to stop.
                pair.release(f"{part}-2")
                balancer.join(f"{part}-2")
                stream.goes_on(2)
                balancer.leave(part)
                pair.end_one(part)
            stream.goes_on(5)
        finally:
            page.enough.set()
            stream.stop()
    page.join(60)
    # It was on the gateway that left, and came back.
    assert len(page.answers) > 1 and set(page.answers) == {200}
    for part in PARTS:
        pair.release(part)
    settled(cast, stream)
