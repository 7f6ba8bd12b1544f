"""What is typed into forms."""

from __future__ import annotations

import pytest

from gateway.core.typed import seoul_time
from shared.errors import Invalid


def test_a_time_of_a_form_is_seouls() -> None:
    assert seoul_time({"at": "2026-03-02T09:30"}, "at") == "2026-03-02T09:30:00+09:00"


@pytest.mark.parametrize("typed", ["", "내일", "2026-13-01T09:00"])
def test_what_is_no_time_is_told_by_its_field(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        seoul_time({"at": typed}, "at")
    assert refused.value.fields == {"at": "not_a_date"}
