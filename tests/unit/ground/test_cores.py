"""How many cores a process takes itself to have."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shared.cores import cores

_ABLE = len(os.sched_getaffinity(0))


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("100000 100000", 1),
        ("50000 100000", 1),
        ("150000 100000", min(2, _ABLE)),
        ("6400000 100000", _ABLE),
        ("max 100000", _ABLE),
        ("", _ABLE),
    ],
)
def test_a_containers_limit_counts_where_it_is_less_than_the_machine_has(
    tmp_path: Path, told: str, expected: int
) -> None:
    limit = tmp_path / "cpu.max"
    limit.write_text(told)
    assert cores(limit) == expected


def test_without_a_limit_it_is_the_machine(tmp_path: Path) -> None:
    assert cores(tmp_path / "none") == _ABLE
