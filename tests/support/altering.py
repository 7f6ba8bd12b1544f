"""A connection to RabbitMQ on which requests are altered on their way."""

from __future__ import annotations

from collections.abc import Callable

from shared.bus.broker import Message
from shared.bus.rabbit import RabbitBroker

Alter = Callable[[Message], object]


class AlteringBroker(RabbitBroker):
    """What `alter` does to a message is done to each request that is sent."""

    alter: Alter = staticmethod(lambda message: None)

    def request(self, message: Message) -> None:
        """See `Broker`."""
        self.alter(message)
        super().request(message)
