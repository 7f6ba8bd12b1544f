"""A balancer of TCP connections, as a Service of Kubernetes is one."""

from __future__ import annotations

import itertools
import threading
from types import TracebackType

import requests

from tests.support.proxy import Proxy

# Seconds between two looks at who is ready.
_LOOK = 0.25


class Balancer(Proxy):
    """Each new connection goes to one of those that are ready, in turn; one that is open stays where it is.

    An endpoint is left out from when it says that it is not ready, or from `leave` on, which is called when it is told
    to stop. Nothing is tried a second time. Use it in a `with`.
    """

    def __init__(self, ports: dict[str, int]) -> None:
        self._ports = ports
        self._left: set[str] = set()
        self._ready: list[int] = []
        self._turns = itertools.count()
        self._ended = threading.Event()
        super().__init__(0)
        self._look()
        self._looker = threading.Thread(target=self._keep_looking, daemon=True)
        self._looker.start()

    @property
    def url(self) -> str:
        """Where clients go."""
        return f"http://127.0.0.1:{self.port}"

    def leave(self, name: str) -> None:
        """It is about to be told to stop."""
        self._left.add(name)
        self._look()

    def join(self, name: str) -> None:
        """It has been started again, and gets connections once it is ready."""
        self._left.discard(name)
        self._look()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._ended.set()
        self._looker.join()
        super().__exit__(kind, error, tb)

    def _target(self) -> int | None:
        ready = self._ready
        return ready[next(self._turns) % len(ready)] if ready else None

    def _keep_looking(self) -> None:
        while not self._ended.wait(_LOOK):
            self._look()

    def _look(self) -> None:
        self._ready = [port for name, port in self._ports.items() if name not in self._left and _is_ready(port)]


def _is_ready(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/readyz", timeout=5).status_code == 200
    except requests.RequestException:
        return False
