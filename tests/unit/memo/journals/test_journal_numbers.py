"""Numbers as typed on phones: exact, and no comma is guessed (JRN-04)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.memo.journals.domain import answers, forms
from services.memo.journals.domain.numbers import NotANumber, number
from shared.errors import Invalid

FIELD = forms.checked([{"key": "pressure", "type": "number", "label": "압력", "least": "-5", "most": 2000}])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1,234.5", "1234.5"),
        ("１２．５", "12.5"),
        ("１，２３４", "1234"),
        ("12.50", "12.50"),
        ("12.10", "12.10"),
        ("-0", "0"),
        ("-0.00", "0.00"),
        (" 12.5 ", "12.5"),
        ("+7", "7"),
        ("007", "7"),
        ("−3.5", "-3.5"),
        (12, "12"),
        (12.5, "12.5"),
        (12.1, "12.1"),
        (1e3, "1000.0"),
        (1e-7, "0.0000001"),
        ("", None),
        ("   ", None),
        (None, None),
    ],
)
def test_what_is_typed_is_kept_exactly(typed: object, kept: str | None) -> None:
    assert number(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        *("12,5", "1.234,5", "1e3", "12..5", "1,23,456", ",5", "1,2345", ".5", "5.", "--1", "0x10", "NaN", "∞", "일"),
        *("1 234", True, [], {}, float("nan"), float("inf"), 10**30, "9" * 400, "1_000", "½", "²"),
    ],
)
def test_what_could_be_read_in_two_ways_or_in_none_is_refused(typed: object) -> None:
    with pytest.raises(NotANumber):
        number(typed)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**12), max_value=10**12))
def test_a_number_survives_its_way_into_the_journal_and_back(value: Decimal) -> None:
    kept = number(f"{value:,.3f}")
    assert kept is not None and Decimal(kept) == value
    assert number(kept) == kept


def entered(value: Any) -> Any:
    try:
        return answers.kept(FIELD, {"pressure": value})
    except Invalid as problem:
        return problem.fields


def test_a_refused_number_names_its_field_and_blank_is_not_zero() -> None:
    assert entered("12,5") == {"values.pressure": "not_a_number"}
    assert entered("") == entered(None) == {}
    assert entered("-0") == {"pressure": "0"}
    assert entered("2000.01") == {"values.pressure": "out_of_range"}
    assert entered("-5") == {"pressure": "-5"}
