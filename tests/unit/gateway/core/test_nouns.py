"""A noun that says what it has is everywhere it is to be, without a list that names it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import gateway
from gateway.core import nouns
from gateway.core.noun import Create, Key, Kind, Noun, Place
from shared.errors import Unavailable
from tests.unit.gateway.fake import ME, PRINCIPAL, TOKEN, FakeClient, application, browsing, signed_in

SUBJECT = "01900000-0000-7000-8000-0000000000aa"
COUNTS = {"approval": 2, "total": 3, "letter": 1}
LETTER = Noun(
    "letters",
    order=30,
    icon="mail",
    url="/letters/{id}",
    places=(
        Place("letters", "/letters", "mail", "받은 편지", 300, "편지", key="l", count="letter"),
        Place("stamps", "/stamps", "stamp", "우표 관리", 310, "편지", role="tenant_admin"),
    ),
    creates=(Create("l", "/letters/new", "mail", "편지쓰기", "새 편지", "편지", 50),),
    keys=(Key("y", "편지에서: 답장"),),
    kinds={"letter": Kind("편지", asks=lambda todo: "답장" if todo["role"] == "reply" else "")},
    notices={"arrived": lambda params: f"{params['title']} 편지가 왔습니다."},
)


def todo(**given: object) -> dict[str, object]:
    return {
        "id": ME,
        "kind": "letter",
        "noun": "letters",
        "subject": SUBJECT,
        "title": "안부",
        "role": "reply",
        "sender": None,
        "since": "2026-03-02T00:00:00+00:00",
        "due": None,
        "urgency": 0,
        "dismissible": False,
        "band": "undated",
        **given,
    }


@pytest.fixture
def bus() -> FakeClient:
    bus = FakeClient()
    notice = {"id": ME, "noun": "letters", "code": "arrived", "subject": SUBJECT, "params": {"title": "안부"}}
    bus.answers |= {
        ("desk", "counts"): COUNTS,
        ("desk", "todos"): {"items": [todo()], "next": None},
        ("desk", "pressing"): {"items": []},
        ("desk", "notices"): {"items": [{**notice, "at": "2026-03-02T00:00:00+00:00", "read": False}], "next": None},
        ("approval", "box"): Unavailable("approval"),
    }
    return bus


@pytest.fixture
def browser(bus: FakeClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    known = (*nouns.all_nouns(), LETTER)
    monkeypatch.setattr(nouns, "all_nouns", lambda: known)
    with browsing(bus, tmp_path, TOKEN, monkeypatch) as client:
        yield client


def test_every_folder_with_a_noun_is_found_by_itself() -> None:
    folders = {
        path.parent.name
        for folder in gateway.__path__
        for path in Path(folder).glob("*/__init__.py")
        if "NOUN = " in path.read_text()
    }
    assert {noun.name for noun in nouns.all_nouns()} == folders >= {"approval", "desk", "directory", "documents"}


def test_no_two_nouns_want_the_same_key_letter_or_place() -> None:
    found = [(noun.places, noun.creates) for noun in nouns.all_nouns()]
    for taken in (
        [place.name for places, _ in found for place in places],
        [place.key for places, _ in found for place in places if place.key],
        [create.letter for _, creates in found for create in creates],
        [place.order for places, _ in found for place in places],
    ):
        assert len(taken) == len(set(taken)), taken


def test_its_places_are_in_the_side_column_under_their_heading(browser: FlaskClient) -> None:
    page = browser.get("/desk").text
    side = page[page.index('id="side"') : page.index("</nav>")]
    assert re.search(r'side-title">편지<.*href="/letters".*받은 편지', side, re.S)
    assert 'data-go="l"' in side and 'data-create="l"' in side and "편지쓰기" in side
    assert re.search(r'id="count-letter"[^>]*>1<', side)
    assert "우표 관리" not in side


def test_a_place_for_a_role_is_shown_to_who_has_it(browser: FlaskClient, bus: FakeClient) -> None:
    bus.answers["directory", "session"] = {**PRINCIPAL, "roles": ["tenant_admin"]}
    assert "우표 관리" in browser.get("/desk").text


def test_its_shortcuts_are_in_the_list(browser: FlaskClient) -> None:
    page = browser.get("/desk").text
    keys = page[page.index('<dl class="keys">') :]
    assert (
        "새 편지" in keys and "<kbd>l</kbd></dt><dd>받은 편지" in keys and "<kbd>y</kbd></dt><dd>편지에서: 답장" in keys
    )


def test_its_to_dos_and_notices_are_on_the_desk_in_its_words(browser: FlaskClient) -> None:
    page = browser.get("/desk").text
    assert re.search(r'badge-primary">답장<', page)
    assert page.count(f'href="/letters/{SUBJECT}"') == 2
    assert "안부 편지가 왔습니다." in page
    assert re.search(r'href="/desk\?kind=letter"[^>]*>\s*편지 <strong>1<', page)


def test_what_no_noun_knows_is_shown_by_what_it_says_of_itself(browser: FlaskClient, bus: FakeClient) -> None:
    unknown = todo(kind="parcel", noun="parcels", title="소포")
    bus.answers["desk", "todos"] = {"items": [unknown], "next": None}
    page = browser.get("/desk").text
    assert ">parcel<" in page and ">소포<" in page and f'href="/desk" id="todo-{ME}"' not in page


def test_counts_of_a_change_reach_the_side_column_too(browser: FlaskClient) -> None:
    told = browser.get("/desk/badge").text
    assert 'data-count="3"' in told
    assert re.search(r'id="count-letter" hx-swap-oob="true">1<', told)


def test_a_program_is_told_of_every_kind_with_its_zero(bus: FakeClient, tmp_path: Path) -> None:
    app = application(bus, tmp_path)
    counts = signed_in(app).get("/api/v1/desk/counts").get_json()
    assert counts == {**dict.fromkeys(nouns.kinds(), 0), **COUNTS}
    assert {"approval", "returned", "memo", "request", "meeting", "total"} <= counts.keys()


def test_a_page_loads_what_is_its_nouns_own_and_nothing_of_others(
    browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = {name: name for name in ("ui.css", "ui.js", "icons.svg", "desk.css", "documents.css", "documents.js")}
    monkeypatch.setattr("gateway.core.assets.manifest", lambda: {**built, **_FONTS})
    page = browser.get("/desk").text
    assert "built/desk.css" in page and "built/documents" not in page


_FONTS = {"PretendardGOV-Regular.subset.woff2": "font.woff2"}
