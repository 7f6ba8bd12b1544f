"""An office whose journals are tried."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.memo.journals import cast
from tests.unit.memo.journals.cast import Office


@pytest.fixture
def office() -> Iterator[Office]:
    with cast.office() as found:
        yield found
