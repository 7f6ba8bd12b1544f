"""A service's methods as nameko's entrypoints: what a container finds on the class, and what nameko's tools list.

`shared.bus.spec` puts them on the methods. What comes in is not handed to the container's workers, but to the runtime
beside them (docs/decisions/0001): the entrypoints tie it to the container's life.
"""

from __future__ import annotations

import warnings
from typing import Any, Protocol

warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated.*")

from nameko.exceptions import ConfigurationError  # noqa: E402
from nameko.extensions import Entrypoint, ProviderCollector, SharedExtension, register_entrypoint  # noqa: E402

from shared.errors import Problem  # noqa: E402

# Where a container's configuration holds its `Hosting`.
HOST = "oneway"


class Hosting(Protocol):
    """What receives for a container: `shared.bus.host.Host`."""

    def start(self) -> None:
        """Receives from now on."""

    def finish(self) -> None:
        """Receives no more, and finishes what is in hand."""

    def close(self) -> None:
        """Lets go of the broker and the databases."""


class Bus(ProviderCollector, SharedExtension):  # type: ignore[misc]
    """The broker link of a container: one for all of its entrypoints."""

    def setup(self) -> None:
        """Takes what receives from the container's configuration. Raises `ConfigurationError` where it is not there."""
        host: Hosting | None = self.container.config.get(HOST)
        if host is None:
            raise ConfigurationError(
                "A service of One Way needs its own container: nameko run --config deploy/nameko/config.yaml …"
            )
        self._host = host

    def start(self) -> None:
        """See `Extension`."""
        self._host.start()

    def unregister_provider(self, provider: Entrypoint) -> None:
        """With the last entrypoint that stops nothing comes in any more; returns when what came in is done."""
        super().unregister_provider(provider)
        if not self._providers:
            self._host.finish()

    def stop(self) -> None:
        """See `Extension`; entrypoints and dependencies have stopped before."""
        super().stop()
        self._host.close()

    def kill(self) -> None:
        """See `Extension`: what is in hand comes again."""
        self._host.close()


class OverTheBus(Entrypoint):  # type: ignore[misc]
    """An entrypoint that messages of the broker come in by."""

    bus = Bus()

    def setup(self) -> None:
        """See `Extension`."""
        self.bus.register_provider(self)

    def stop(self) -> None:
        """See `Extension`."""
        self.bus.unregister_provider(self)


class Rpc(OverTheBus):
    """A method that is called over the bus; `method` is its `shared.bus.spec.Method`."""

    def __init__(self, method: Any, **more: Any) -> None:
        super().__init__(expected_exceptions=Problem, **more)
        self.method = method


class Command(Rpc):
    """A write: `@command`."""


class Query(Rpc):
    """A read: `@query`."""


class EventHandler(OverTheBus):
    """A method that events of these `types` come to: `@on_event`."""

    def __init__(self, types: tuple[str, ...], **more: Any) -> None:
        super().__init__(**more)
        self.types = types


def call(function: Any, method: Any) -> None:
    """Makes a function the entrypoint of its `Method`."""
    register_entrypoint(function, (Command if method.writes else Query)(method))


def event(function: Any, types: tuple[str, ...]) -> None:
    """Makes a function the entrypoint of these types of events."""
    register_entrypoint(function, EventHandler(types))
