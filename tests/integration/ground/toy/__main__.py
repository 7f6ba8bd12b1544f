"""`python -m tests.integration.ground.toy …`: the product's command line, with the toy services in it."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from oneway.__main__ import prepare, run

prepare(sys.argv[1:])

from shared.bus import broker, host, rabbit, topology  # noqa: E402
from tests.integration.ground.toy.install import installed  # noqa: E402
from tests.integration.ground.toy.service import SinkService  # noqa: E402


def _retry_soon(delays: tuple[int, ...]) -> None:
    for module in (broker, host, topology):
        module.RETRY_DELAYS = delays  # type: ignore[attr-defined]


def _die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


# Where a process can be gone between a commit and what is told after it.
_DEATHS = {
    "before publishing": (rabbit.RabbitBroker, "publish_event"),
    "before acknowledging": (rabbit.RabbitDelivery, "ack"),
}

_retry_soon((1, 2))
if "TOY_DIES" in os.environ:
    setattr(*_DEATHS[os.environ["TOY_DIES"]], _die)
if "TOY_HEARS" in os.environ:
    # An older version of the sink, which does not listen to what the newer one does.
    SinkService.take._oneway_events = (os.environ["TOY_HEARS"],)  # type: ignore[attr-defined]
with installed():
    run(sys.argv[1:])
