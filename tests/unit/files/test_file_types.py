"""Which files are taken, and as what."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Invalid
from shared.files.types import accepted_name, content_type


def _zip(first: bytes, data: bytes = b"") -> bytes:
    return b"PK\x03\x04" + b"\x14\0" * 11 + len(first).to_bytes(2, "little") + b"\0\0" + first + data


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100
DOCX = _zip(b"[Content_Types].xml", b"\x01\x02")
ODT = _zip(b"mimetype", b"application/vnd.oasis.opendocument.textPK")
HWPX = _zip(b"mimetype", b"application/hwp+zipPK")
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"


@pytest.mark.parametrize(
    ("name", "head"),
    [
        *(("a.hwp", OLE), ("a.hwpx", HWPX), ("a.pdf", b"%PDF-1.7\n"), ("a.docx", DOCX), ("a.XLSX", DOCX)),
        *(("a.odt", ODT), ("a.png", PNG), ("a.jpg", JPEG), ("a.jpeg", JPEG), ("a.gif", b"GIF89a\x01\0\x01\0")),
        *(
            ("a.zip", _zip(b"a.txt")),
            ("a.zip", DOCX),
            ("a.txt", "안녕".encode()),
            ("a.csv", "이름,가".encode("cp949")),
        ),
        *(("a.txt", "가".encode("utf-16")), ("a.txt", "MZ세대 정책".encode()), ("a.txt", "가나".encode()[:-1])),
    ],
)
def test_office_documents_pictures_and_texts_are_taken(name: str, head: bytes) -> None:
    assert "/" in content_type(name, head, True)


@pytest.mark.parametrize(
    ("name", "head", "code"),
    [
        ("a.pdf", b"MZ\x90\0\x03", "executable"),
        ("a.txt", b"\x7fELF\x02\x01", "executable"),
        ("a.txt", b"#!/bin/sh\nrm", "executable"),
        ("a.zip", _zip(b"META-INF/MANIFEST.MF"), "executable"),
        ("a.txt", b"<html><body>", "active_content"),
        ("a.txt", b"\xef\xbb\xbf  <!DOCTYPE html>", "active_content"),
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'>", "active_content"),
        ("a.csv", b"a,b\n<script>x</script>", "active_content"),
        ("a.txt", "<html>".encode("utf-16"), "active_content"),
        ("a.exe", b"hello", "type_not_allowed"),
        ("a.svg", b"<svg>", "type_not_allowed"),
        ("a", b"hello", "type_not_allowed"),
        ("a.pdf", PNG, "content_contradicts_name"),
        ("a.docx", _zip(b"a.txt"), "content_contradicts_name"),
        ("a.docx", ODT, "content_contradicts_name"),
        ("a.hwp", b"plain text", "content_contradicts_name"),
        ("a.txt", b"a\0b", "content_contradicts_name"),
        ("a.jpg", b"\0\x01\x02", "content_contradicts_name"),
    ],
)
def test_others_are_refused_with_the_reason(name: str, head: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        content_type(name, head, True)
    assert refused.value.fields == {"file": code}


@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.pdf", "a.docx", "a.hwp", "a.png"]))
def test_any_bytes_are_taken_or_refused_but_never_break(head: bytes, name: str) -> None:
    try:
        assert content_type(name, head, True)
    except Invalid as refused:
        assert "file" in refused.fields


# -- the encoding of a text -------------------------------------------------------------------------

KOREAN = "번호,이름\n1,홍길동\n"


@pytest.mark.parametrize(
    ("head", "charset"),
    [
        (KOREAN.encode(), "utf-8"),
        (KOREAN.encode("utf-8-sig"), "utf-8"),
        (KOREAN.encode("cp949"), "euc-kr"),
        ("똠방각하 펲시콜라".encode("cp949"), "euc-kr"),
        (KOREAN.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + KOREAN.encode("utf-16-be"), "utf-16"),
        (b"a,b\n1,2\n", "utf-8"),
        (KOREAN.encode()[:-1] + "가".encode()[:2], "utf-8"),
        ((KOREAN + "가").encode("cp949")[:-1], "euc-kr"),
    ],
)
def test_a_text_says_in_which_encoding_it_is(head: bytes, charset: str) -> None:
    assert content_type("a.txt", head, whole=True) == f"text/plain; charset={charset}"
    assert content_type("a.csv", head, whole=True) == f"text/csv; charset={charset}"


def test_a_text_whose_beginning_fits_every_encoding_says_none() -> None:
    assert content_type("a.csv", b"1,2\n" * 2048, whole=False) == "text/csv"
    assert content_type("a.csv", b"1,2\n" * 2048, whole=True) == "text/csv; charset=utf-8"


def test_only_a_text_has_an_encoding() -> None:
    assert content_type("a.pdf", b"%PDF-1.7\n", whole=True) == "application/pdf"


@given(
    st.text(st.characters(codec="cp949", exclude_characters="\0<#"), min_size=1), st.sampled_from(["utf-8", "utf-16"])
)
def test_what_is_labelled_is_read_by_its_label(text: str, encoding: str) -> None:
    raw = text.encode(encoding)
    try:
        label = content_type("a.txt", raw, whole=True).partition("charset=")[2]
    except Invalid:
        # A text may look like something else.
        return
    assert raw.decode(label) == text


# -- the name ---------------------------------------------------------------------------------------


def test_a_name_without_an_extension_that_is_taken_is_refused() -> None:
    assert accepted_name("../계획.PDF") == "계획.PDF"
    for name, code in (
        ("a.exe", "type_not_allowed"),
        ("a", "type_not_allowed"),
        (" / ", "required"),
        ("..", "required"),
    ):
        with pytest.raises(Invalid) as refused:
            accepted_name(name)
        assert refused.value.fields == {"name": code}
