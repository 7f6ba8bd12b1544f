"""The part 관련 of a card: both directions by what the one is to the other; a gap while the search is away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.errors import NotFound, Unavailable
from tests.unit.gateway.fake import TOKEN, FakeClient, browsing

SUBJECT = "01900000-0000-7000-8000-0000000000a1"
OTHER = "01900000-0000-7000-8000-0000000000a2"


def item(**changes: Any) -> dict[str, Any]:
    given = {
        "noun": "documents",
        "subject": OTHER,
        "title": "청사 <안내판>",
        "number": "총무과-12",
        "state": "approved",
    }
    given |= {"at": "2026-03-02T00:00:00+00:00", "owner": {"name": "김주무"}, "department": "총무과"}
    return {**given, "role": "based_on", "direction": "to", **changes}


@pytest.fixture
def bus() -> FakeClient:
    return FakeClient()


@pytest.fixture
def browser(bus: FakeClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    with browsing(bus, tmp_path, TOKEN, monkeypatch) as client:
        yield client


def test_relatives_are_grouped_and_named_with_kind_number_title_and_state(
    browser: FlaskClient, bus: FakeClient
) -> None:
    items = [item(direction="from"), item(role="follows"), item(), item(title="둘째", role="follows", number=None)]
    bus.answers["search", "related"] = {"items": items}
    page = browser.get(f"/related/{SUBJECT}").text
    assert bus.asked == [("search", "related", {"subject": SUBJECT})]
    headings = ["근거가 된 것", "이것을 근거로 만든 것", "앞선 것"]
    assert [page.index(f">{words}<") for words in headings] == sorted(page.index(f">{words}<") for words in headings)
    assert page.count("related-title") == 3
    for words in (
        "총무과-12",
        "청사 &lt;안내판&gt;",
        "결재 완료",
        f'href="/documents/{OTHER}"',
        ">문서<",
        "김주무",
        "2026. 3. 2.",
    ):
        assert words in page, words


def test_an_object_of_a_noun_that_is_not_here_is_named_without_a_link(browser: FlaskClient, bus: FakeClient) -> None:
    bus.answers["search", "related"] = {"items": [item(noun="parades", role="unheard_of", owner=None)]}
    page = browser.get(f"/related/{SUBJECT}").text
    assert "<a " not in page and "parades" in page and ">관련<" in page


@pytest.mark.parametrize("answer", [{"items": []}, NotFound("item")])
def test_where_nothing_is_related_it_says_so(browser: FlaskClient, bus: FakeClient, answer: Any) -> None:
    bus.answers["search", "related"] = answer
    found = browser.get(f"/related/{SUBJECT}")
    assert found.status_code == 200 and "관련된 것이 없습니다." in found.text


def test_while_the_search_is_away_it_says_so(browser: FlaskClient, bus: FakeClient) -> None:
    bus.answers["search", "related"] = Unavailable("search")
    found = browser.get(f"/related/{SUBJECT}")
    assert found.status_code == 200 and "잠시 보여 드릴 수 없습니다" in found.text
