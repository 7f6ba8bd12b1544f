"""Who listens to what. No event is published before each service that listens has a queue which keeps it for it."""

from __future__ import annotations

import contextlib
import threading
from typing import Any

from amqp.exceptions import NotFound

from shared import log
from shared.bus.broker import RETRY_DELAYS, event_queue, retry_queue
from shared.bus.link import BROKEN, connection, given_up

LISTENERS: dict[str, tuple[str, ...]] = {
    "*.desk": ("desk", "notify", "schedule"),
    "*.item": ("search",),
    "approval.approved": ("documents",),
    "approval.returned": ("documents",),
    "approval.withdrawn": ("documents",),
    "directory.absence": ("schedule",),
    "directory.people_changed": ("schedule",),
    "documents.submitted": ("approval",),
    "meetings.scheduled": ("schedule",),
    "requests.item": ("meetings",),
    "schedule.booking": ("meetings",),
}
# Seconds between two looks for queues that are not there, and how long the broker has to answer.
_AGAIN, _ANSWERED_WITHIN = 0.25, 5.0


def listeners_of(service: str) -> tuple[str, ...]:
    """The services that listen to what a service may publish."""
    found = [names for type_, names in LISTENERS.items() if type_.partition(".")[0] in ("*", service)]
    return tuple(sorted({name for names in found for name in names}))


class Listeners:
    """Whether all of `services` have their queues.

    A broker that is new, or was emptied, has none until they have started, and an event for which there is no queue it
    drops, and confirms. The queue that a service declares last is looked for: its bindings are made before.
    Looking needs no right at the broker.
    """

    def __init__(self, url: str, ca: str, services: tuple[str, ...]) -> None:
        self._url, self._ca = url, ca
        self._queues = {name: retry_queue(event_queue(name), RETRY_DELAYS[-1]) for name in services}
        self._missing = sorted(self._queues)
        self._told: list[str] = []
        self._connections = 0
        self._looker: threading.Thread | None = None
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._log = log.get("bus")

    @property
    def there(self) -> bool:
        """Whether all have them, as was last seen."""
        return not self._missing

    def look(self, made: Any) -> None:
        """Looks on a connection (py-amqp's) that has just been made: the broker may be another.

        Where some have none, it goes on looking in the background until they have.
        """
        missing = _missing(made, self._queues)
        with self._lock:
            self._connections += 1
            self._found(missing)
            if missing and self._looker is None:
                self._looker = threading.Thread(target=self._go_on, name="bus-listeners", daemon=True)
                self._looker.start()

    def stop(self) -> None:
        """Looks no more."""
        self._stopping.set()

    def _go_on(self) -> None:
        while not self._stopping.wait(_AGAIN):
            before = self._connections
            missing = self._looked()
            with self._lock:
                # What was seen of a broker before the last connection was made is of another, perhaps.
                if missing is not None and before == self._connections:
                    self._found(missing)
                if not self._missing:
                    self._looker = None
                    return

    def _looked(self) -> list[str] | None:
        # By a connection of its own: while a queue is missing, each look costs the channel it is made on.
        opened = connection(self._url, self._ca, connect_timeout=_ANSWERED_WITHIN)
        try:
            opened.connect()
            with given_up(opened.connection, _ANSWERED_WITHIN), contextlib.closing(opened.connection):
                return _missing(opened.connection, self._queues)
        except BROKEN:
            return None

    def _found(self, missing: list[str]) -> None:
        self._missing = missing
        if missing != self._told:
            self._told = missing
            self._log.info("listeners_without_queue", services=missing)


def _missing(made: Any, queues: dict[str, str]) -> list[str]:
    found = []
    channel = made.channel()
    for service, queue in queues.items():
        try:
            channel.queue_declare(queue, passive=True)
        except NotFound:
            found.append(service)
            channel = made.channel()
    channel.close()
    return sorted(found)
