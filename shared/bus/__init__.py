"""The message bus: RPC, events and alarms. A service needs these names and no others."""

from shared.bus.spec import Service, command, on_event, on_time, query
from shared.events import Event

__all__ = ["Event", "Service", "command", "on_event", "on_time", "query"]
