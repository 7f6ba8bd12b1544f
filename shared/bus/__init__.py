"""The message bus: RPC and events. A service needs these names and no others."""

from shared.bus.spec import Service, command, on_event, query
from shared.events import Event

__all__ = ["Event", "Service", "command", "on_event", "query"]
