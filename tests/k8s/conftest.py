"""The single-node overlay, played with the image of this source. `make test-k8s`; not part of `make test`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.k8s.node import Node

# tests/k8s/run says where: elsewhere there is no network to play it on.
_PLACE = os.environ.get("ONEWAY_TEST_K8S", "")
collect_ignore_glob = [] if _PLACE else ["test_*.py"]


@pytest.fixture(scope="session")
def node() -> Iterator[Node]:
    """A node with nothing on it."""
    made = Node(Path(_PLACE) / "containers", Path(os.environ["ONEWAY_IMAGES"]))
    try:
        yield made
    finally:
        made.close()
