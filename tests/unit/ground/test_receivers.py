"""Receivers by their names."""

from __future__ import annotations

import pytest

from shared import receivers


def test_receivers_are_told_apart_by_kind_in_their_order() -> None:
    named = ["person:a", "group:g", "person:b", "department:d"]
    assert receivers.by_kind(named) == {"people": ["a", "b"], "departments": ["d"], "groups": ["g"]}
    assert [receivers.parted(each) for each in named[:2]] == [("person", "a"), ("group", "g")]


@pytest.mark.parametrize("name", ["", "a", "role:auditor", ":a"])
def test_what_names_no_kind_is_no_receiver(name: str) -> None:
    with pytest.raises(ValueError, match="no kind"):
        receivers.by_kind(["person:a", name])
