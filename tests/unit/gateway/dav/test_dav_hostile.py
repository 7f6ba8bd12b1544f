"""Documents that were made to do harm are refused at once, and do none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.dav import xml
from gateway.dav.limits import BODY_LIMIT
from gateway.dav.paths import place_of
from shared.errors import Problem
from tests.unit.gateway.dav.program import CALENDAR, Program, document

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
METHODS = ("PROPFIND", "PROPPATCH", "REPORT", "MKCALENDAR", "MKCOL")


def entity(name: str, tmp_path: Path) -> bytes:
    secret = tmp_path / "secret"
    secret.write_text("geheim")
    return {
        "file": f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]><propfind xmlns="DAV:">&e;</propfind>',
        "network": '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><propfind xmlns="DAV:"/>',
        "parameter": f'<!DOCTYPE x [<!ENTITY % p SYSTEM "file://{secret}">%p;]><propfind xmlns="DAV:"/>',
        "laughs": f'<!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]><propfind xmlns="DAV:">&l9;</propfind>',
        "attribute": f'<!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]><propfind xmlns="DAV:" a="&l9;"/>',
        "plain": '<!DOCTYPE propfind><propfind xmlns="DAV:"><allprop/></propfind>',
    }[name].encode()


@pytest.mark.timeout(60)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", ["file", "network", "parameter", "laughs", "attribute", "plain"])
def test_a_document_type_is_refused_and_nothing_in_it_is_followed(
    program: Program, tmp_path: Path, method: str, name: str
) -> None:
    refused = program.ask(method, f"{CALENDAR}", entity(name, tmp_path), Depth="0")
    assert refused.status_code == 400 and "geheim" not in refused.text


@pytest.mark.parametrize(
    "body",
    [
        b"<",
        b"{}",
        b"<propfind/>",
        b'<propfind xmlns="DAV:"/>',
        b'<propfind xmlns="DAV:"><prop/><allprop/></propfind>',
        b"<a>" * 10_000,
        b'<propfind xmlns="DAV:"><prop>' + b"<a/>" * 30_000 + b"</prop></propfind>",
        b"\x00\x01\x02",
        "<propfind xmlns='DAV:'><prop><가\x07/></prop></propfind>".encode(),
        b'<?xml version="1.0" encoding="utf-7"?><propfind xmlns="DAV:"/>',
    ],
)
def test_what_is_no_document_of_this_kind_is_refused(program: Program, body: bytes) -> None:
    assert program.ask("PROPFIND", CALENDAR, body, Depth="0").status_code == 400


@pytest.mark.parametrize("method", METHODS)
def test_a_document_that_is_too_large_is_refused_unread(program: Program, method: str) -> None:
    assert program.ask(method, CALENDAR, b" " * (20 * 1024 * 1024), Depth="0").status_code == 413
    assert program.ask(method, CALENDAR, b" " * (BODY_LIMIT + 1), Depth="0").status_code == 413


def test_a_document_in_another_encoding_is_read_as_it_says(program: Program) -> None:
    body = document("D:propfind", "<D:prop><D:displayname/></D:prop>").replace("utf-8", "utf-16").encode("utf-16")
    assert program.ask("PROPFIND", CALENDAR, body, Depth="0").status_code == 207


def test_what_xml_cannot_write_is_left_out() -> None:
    assert xml.whole(xml.root("{DAV:}x", "가\x07\x00나\ufffe\ud800")).decode().endswith(">가나</D:x>")


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_whatever_comes_is_read_or_refused(body: bytes) -> None:
    try:
        xml.read(body)
    except Problem as problem:
        assert problem.status == 400


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60), st.text(alphabet="/.%2fdavclenrs:?#[]@ \r\n\0", max_size=60))
def test_any_address_is_a_place_or_none(one: str, other: str) -> None:
    for href in (one, other, f"/dav/calendars/{one}/{other}"):
        place = place_of(href)
        if place is not None:
            assert place_of(place.href) == place
            assert place.href.isascii() and not set(place.href) & set("\r\n \0")
