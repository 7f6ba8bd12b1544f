"""What carriers of messages have in common: what came of one, and who it is for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from flask import Flask

from gateway.core.smtp import Outcome, reason
from shared import log
from shared.settings import Settings
from shared.tenants import Tenant

Doc = Mapping[str, Any]
__all__ = ["Carrier", "Doc", "Outcome", "Route", "reason", "unworded"]


@dataclass(frozen=True, slots=True)
class Route:
    """What is known of a claim: where it comes from, and where each person is reached."""

    app: Flask
    settings: Settings
    tenant: Tenant
    addresses: Mapping[str, Doc]

    def locale(self, person: str) -> str:
        """The language of a person."""
        return str(self.addresses.get(person, {}).get("locale", ""))


class Carrier(Protocol):
    """Carries messages by one channel."""

    channel: str

    def carry(self, route: Route, messages: Sequence[Doc]) -> Iterator[tuple[Doc, Outcome]]:
        """Each message with what came of it, as soon as it is known. Raises nothing that can be helped."""

    def rests(self) -> float:
        """Seconds for which nothing is to be claimed, as its server is away."""


def unworded(message: Doc, error: Exception) -> Outcome:
    """Of a message that a noun has no words for: a defect of ours, which is to hold up no other message."""
    log.get("notify").error("message_unworded", message=message["id"], exc_info=error)
    return "again", type(error).__name__
