"""Names of files as people gave them, whatever a client made of them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.files.names import repaired, tidy


def test_a_name_loses_its_path_and_is_composed() -> None:
    decomposed = unicodedata.normalize("NFD", "가.pdf")
    assert tidy("C:\\문서\\" + decomposed) == "가.pdf"
    assert tidy("../../a.pdf") == "a.pdf"


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("가\u202efdp.exe.pdf", "가fdp.exe.pdf"),
        ("예산\u00a0편성\u3000안.hwp", "예산 편성 안.hwp"),
        ("a\r\nb\t.pdf", "a b .pdf"),
        ("가족 👨\u200d👩\u200d👧.png", "가족 👨\u200d👩\u200d👧.png"),
        (" . .", ""),
        ("\u200b", ""),
    ],
)
def test_what_hides_in_a_name_goes_and_what_is_part_of_it_stays(name: str, plain: str) -> None:
    assert tidy(name) == plain


@given(st.text())
def test_a_tidy_name_is_one_line_composed_and_stays_as_it_is(name: str) -> None:
    plain = tidy(name)
    assert tidy(plain) == plain
    assert unicodedata.is_normalized("NFC", plain)
    assert not set(plain) & set("/\\\r\n\t\0\u202e\u2028")


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_utf_8_that_was_taken_for_latin_1_is_read_as_it_was_meant(name: str) -> None:
    assert repaired(name.encode().decode("latin-1")) == name


@given(st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1))
def test_hangul_is_read_whichever_of_its_encodings_a_header_had(name: str) -> None:
    assert repaired(name) == name
    assert repaired(name.encode("cp949").decode("latin-1")) in (name, name.encode("cp949").decode("utf-8", "ignore"))


def test_a_name_that_is_neither_stays() -> None:
    assert repaired("Curaçao é.pdf") == "Curaçao é.pdf"
    assert repaired("plan.pdf") == "plan.pdf"
