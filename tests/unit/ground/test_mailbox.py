"""Mail addresses in ASCII."""

from __future__ import annotations

import pytest

from shared import mailbox


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("hong@city.example", "hong@city.example"),
        ("hong@under_score.example", "hong@under_score.example"),
        ("hong@한국.kr", "hong@xn--3e0b707e.kr"),
        ("Hong@메일.한국。kr", "Hong@xn--h32bq4v.xn--3e0b707e.kr"),
        ("hong@ＣＩＴＹ.example", "hong@city.example"),
    ],
)
def test_a_domain_is_encoded_where_it_has_to_be(address: str, expected: str) -> None:
    assert mailbox.encoded(address) == expected


@pytest.mark.parametrize("address", ["홍@city.example", "hong@한국..kr", f"hong@{'한' * 64}.kr", "hong@한국 시.kr"])
def test_what_no_mail_server_takes_is_no_address(address: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        mailbox.encoded(address)
