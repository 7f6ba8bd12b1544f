"""What a process answers to who scrapes it: its metrics, after a look at what is not counted as it happens."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from prometheus_client import REGISTRY, CollectorRegistry, Metric, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector

from shared import log, metrics

Look = Callable[[], None]
# Lines written at a time, before others have a turn.
_AT_A_TIME = 500
# Seconds between two looks of a process whose metrics another one may answer.
_FRESH = 5.0

_LOOKS: list[Look] = []


def before_scrape(look: Look) -> Callable[[], None]:
    """Calls `look` before each answer, from now on; until what is answered here is called.

    It must come back within a second or so, whatever is away.
    """
    _LOOKS.append(look)
    return lambda: _LOOKS.remove(look)


def exposition() -> bytes:
    """The metrics as text. Others have a turn meanwhile: it is much where there are many tenants."""
    _look()
    return b"".join(_text())


def keep_fresh() -> None:
    """Looks every few seconds, where several processes share their metrics: any of them may be the one to answer."""
    if _shared():
        threading.Thread(target=_look_for_ever, name="looks", daemon=True).start()


def _look_for_ever() -> None:
    while True:
        _look()
        time.sleep(_FRESH)


def _look() -> None:
    metrics.CLOCK.set(time.time())
    for look in list(_LOOKS):
        try:
            look()
        except Exception as error:
            # The others still tell what they know.
            log.get("scrape").warning("look_failed", error=repr(error))


def _shared() -> bool:
    """Whether the values are kept in files for several processes together (PROMETHEUS_MULTIPROC_DIR)."""
    return bool(values.ValueClass._multiprocess)


@dataclass
class _Part:
    """Some samples of one metric, in the place of a registry."""

    metric: Metric

    def collect(self) -> Iterator[Metric]:
        yield self.metric


def _text() -> Iterator[bytes]:
    registry = REGISTRY
    if _shared():
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    for metric in registry.collect():
        samples = metric.samples
        for start in range(0, max(1, len(samples)), _AT_A_TIME):
            part = Metric(metric.name, metric.documentation, metric.type)
            part.samples = samples[start : start + _AT_A_TIME]
            text = generate_latest(_Part(part))
            # What the metric is, two lines, is said once.
            yield text.split(b"\n", 2)[2] if start else text
            time.sleep(0)
