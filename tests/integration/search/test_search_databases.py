"""What is found is the same on both databases: words, audience, operators, pages."""

from __future__ import annotations

import unicodedata
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from services.search import finding, items, relations
from services.search.analysers import Analyser, Read
from services.search.domain import syllables
from services.search.domain.question import Term
from services.search.models import AUDIENCE, Item
from shared import audience, catalogue
from shared.catalogue import Link
from shared.contracts.search import FindQuery
from shared.db import Tx
from shared.ids import new_id
from shared.testing import context
from tests.integration.search.conftest import Open
from tests.unit.search.test_search_service import HOSTILE, PRINCIPALS
from tests.unit.search.told import item

SYLLABLES = Analyser(syllables.NAME)
# Hangul, Hanja, Latin, Greek, Cyrillic, figures, and what stands between them.
WRITTEN = st.one_of(
    *(st.characters(min_codepoint=first, max_codepoint=last) for first, last in ((0xAC00, 0xD7A3), (0x4E00, 0x9FFF))),
    st.characters(min_codepoint=1, max_codepoint=0x24F),
    st.characters(min_codepoint=0x386, max_codepoint=0x44F, categories=["L"]),
    st.sampled_from("①㎡㈜·…「」 \n"),
)


def tell(tx: Tx, *told: catalogue.Item, analyser: Any = SYLLABLES) -> None:
    for each in told:
        items.keep(tx, "documents", orjson.loads(orjson.dumps(catalogue.told(each))), analyser)


def find(tx: Tx, q: str = "", **asked: Any) -> dict[str, Any]:
    put = (syllables.asked(q),) if q else None
    return finding.find(tx, context(), FindQuery().load({"q": q, **asked}), put)


def subjects(page: dict[str, Any]) -> list[str]:
    return [each["subject"] for each in page["items"]]


def test_words_are_found_in_title_and_text_the_title_before_the_text(opened: Open) -> None:
    in_text = item(title="회의 결과", text="올해의 예산을 논의하였다.")
    in_title = item(title="예산 보고", text="다른 이야기")
    with opened() as tx:
        tell(tx, in_text, in_title, item(title="체육대회"))
        page = find(tx, "예산")
        assert subjects(page) == [in_title.subject, in_text.subject]
        assert page["facets"] == [{"noun": "document", "count": 2}]
        assert subjects(find(tx, "budget")) == []
        assert len(subjects(find(tx))) == 3
        assert len(subjects(find(tx, kind="document", to="2026-03-02", **{"from": "2026-03-02"}))) == 3


def test_what_was_told_anew_is_found_as_it_is_now(opened: Open) -> None:
    one = item(title="옛날 제목", links=[Link("based_on", "document", new_id())])
    with opened() as tx:
        tell(tx, one, item(subject=one.subject, sequence=2, title="새로운 이름"))
        assert (subjects(find(tx, "옛날")), subjects(find(tx, "새로운"))) == ([], [one.subject])
        assert relations.related(tx, context(), one.subject) == {"items": []}
        tell(tx, item(subject=one.subject, sequence=3, removed=True))
        assert subjects(find(tx, "새로운")) == []


def test_what_the_morphemes_could_not_read_is_found_beside_what_they_could(opened: Open) -> None:
    class Reads:
        at_once = True

        @staticmethod
        def read(title: str, text: str) -> Read:
            return Read("morphemes", ["도로", "굴착"], [])

    read, unread = item(title="도로굴착을"), item(title="도로굴착")
    with opened() as tx:
        tell(tx, read, analyser=Reads())
        tell(tx, unread)
        question = ((Term("도로"), Term("굴착")), syllables.asked("도로굴착"))
        page = finding.find(tx, context(), FindQuery().load({"q": "도로굴착"}), question)
        assert set(subjects(page)) == {read.subject, unread.subject}


@pytest.mark.parametrize("q", HOSTILE)
def test_operators_are_letters_and_nothing_else(opened: Open, q: str) -> None:
    with opened() as tx:
        one = item(title="예산 편성 near title or")
        tell(tx, one, item(title="다른 일"))
        assert set(subjects(find(tx, q))) <= {one.subject}


@given(q=st.text(WRITTEN, min_size=1, max_size=60))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_word_is_found_by_itself_whatever_it_is_written_in(opened: Open, q: str) -> None:
    text = unicodedata.normalize("NFC", q)
    with opened() as tx:
        one = item(title=text)
        tell(tx, one)
        found = subjects(
            finding.find(tx, context(), FindQuery().load({"q": ""}) | {"q": text}, (syllables.asked(text),))
        )
        assert found == ([one.subject] if syllables.asked(text) else [])


def test_pages_follow_one_another_without_a_gap_or_a_double(opened: Open) -> None:
    told = [item(title=f"예산 {'편성 ' * (number % 3)}{number}") for number in range(11)]
    with opened() as tx:
        tell(tx, *told)
        seen: list[str] = []
        cursor = None
        for _ in range(4):
            page = find(tx, "예산", limit=3, cursor=cursor)
            seen += subjects(page)
            cursor = page["next"]
        assert cursor is None
        assert sorted(seen) == sorted(each.subject for each in told)


@given(
    audiences=st.lists(st.frozensets(PRINCIPALS, max_size=4), min_size=1, max_size=6),
    person=st.sampled_from(["a", "b", "c"]),
    department=st.sampled_from(["", "a", "b"]),
    roles=st.frozensets(st.sampled_from(["auditor", "drafter"])),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_audience_in_sql_is_the_audience_in_python(
    opened: Open, audiences: list[frozenset[str]], person: str, department: str, roles: frozenset[str]
) -> None:
    ctx = context(person=person, department_id=department, roles=roles)
    told = [item(audience=each) for each in audiences]
    with opened() as tx:
        tell(tx, *told)
        rows = tx.all(select(Item.subject).where(audience.readable(AUDIENCE, Item.subject, ctx)))
        expected = {each.subject for each in told if audience.may_read(ctx, each.audience)}
        assert {row.subject for row in rows} == expected
