"""The search service as it is called: what it finds, for whom, and what it makes of what it is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marshmallow import Schema
from sqlalchemy import select

from services.search.models import AUDIENCE, Card, Happening, Item, Link, Words
from services.search.service import SearchService
from shared import audience, catalogue
from shared.catalogue import Link as Refers
from shared.contracts import search as contract
from shared.errors import Invalid, NotFound, Poison
from shared.ids import new_id
from shared.testing import LocalService, context
from tests.unit.search.told import START, TYPE, found, happening, item, tell

HOSTILE = (
    '"',
    "*",
    "-",
    "NEAR",
    ":",
    "&",
    "title:예산",
    '"예산',
    "예산*",
    "-예산",
    "NEAR(예산 편성)",
    "' OR 1=1 --",
    "(",
    "|",
    "!",
    "\\",
)


def holds(schema: type[Schema], data: Any) -> None:
    """The data is a view of this schema: nothing missing, nothing unknown, nothing of another type."""
    assert schema().validate(data) == {}


# -- found by words ---------------------------------------------------------------------------------


def test_an_item_is_found_by_its_title_and_by_its_text(service: LocalService) -> None:
    one = item(title="하수관로 정비사업", text="주민 설명회를 개최하였습니다.")
    tell(service, one, item(title="체육대회"))
    assert found(service, "하수관로") == [one.subject]
    assert found(service, "설명회") == [one.subject]
    assert found(service, "하수관로 설명회") == [one.subject]
    assert found(service, "하수관로 체육대회") == []


def test_the_title_weighs_more_than_the_text(service: LocalService) -> None:
    in_text = item(title="회의 결과", text="올해의 예산을 논의하였다.", at=START + timedelta(days=1))
    in_title = item(title="예산 보고", text="다른 이야기")
    tell(service, in_text, in_title)
    assert found(service, "예산") == [in_title.subject, in_text.subject]


def test_an_answer_is_what_the_contract_says_with_the_hits_marked(service: LocalService) -> None:
    tell(service, item(title="알림", text="가나다\n" * 60 + "여기에 상수도 공사가 있다"))
    page = service.call("find", context(), {"q": "상수도"})
    holds(contract.FoundPage, page)
    (line,) = page["items"]
    assert [line["excerpt"][begin:end] for begin, end in line["marks"]] == ["상수도"]
    assert "\n" not in line["excerpt"]


def test_without_words_the_newest_come_first(service: LocalService) -> None:
    items = [item(at=START + timedelta(days=day)) for day in range(3)]
    tell(service, *items)
    assert found(service) == [each.subject for each in reversed(items)]


def test_filters_narrow_and_facets_count_whatever_the_kind_is(service: LocalService) -> None:
    paper, memo, other = item(), item(noun="memo", at=START + timedelta(days=2)), item(department_id=new_id())
    tell(service, paper, memo, other)
    assert found(service, "예산", kind="memo") == [memo.subject]
    assert found(service, "예산", **{"from": "2026-03-03"}) == [memo.subject]
    assert set(found(service, "예산", to="2026-03-02")) == {paper.subject, other.subject}
    assert found(service, "예산", department=other.department_id) == [other.subject]
    page = service.call("find", context(), {"q": "예산", "kind": "memo"})
    assert page["facets"] == [{"noun": "document", "count": 2}, {"noun": "memo", "count": 1}]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_any_day_may_be_asked_for(service: LocalService, day: str) -> None:
    one = item()
    tell(service, one)
    assert found(service, to=day) == ([one.subject] if day > "2026" else [])
    assert found(service, **{"from": day}) == ([one.subject] if day < "2026" else [])


@pytest.mark.parametrize("q", ["", "예산"])
def test_pages_follow_one_another_without_a_gap_or_a_double(service: LocalService, q: str) -> None:
    items = [item(title=f"예산 {'편성 ' * (number % 3)}{number}", at=START) for number in range(13)]
    tell(service, *items)
    seen: list[str] = []
    cursor = None
    while True:
        page = service.call("find", context(), {"q": q, "limit": 4, "cursor": cursor})
        seen += [each["subject"] for each in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert sorted(seen) == sorted(each.subject for each in items)


@pytest.mark.parametrize("q", HOSTILE)
def test_operators_are_letters_and_nothing_else(service: LocalService, q: str) -> None:
    one, other = item(title="예산 편성 near title or"), item(title="다른 일")
    tell(service, one, other)
    assert set(found(service, q)) <= {one.subject}
    assert (found(service, q) == []) == (not any(word in q.lower() for word in ("예산", "near")))


def test_a_question_longer_than_anybody_asks_is_refused(service: LocalService) -> None:
    with pytest.raises(Invalid) as refused:
        service.call("find", context(), {"q": "예산" * 5000})
    assert set(refused.value.fields) == {"q"}
    assert found(service, "가나 다라 마바 사아 " * 16) == []


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_asked_is_answered(service: LocalService, q: str) -> None:
    tell(service, item(title=q[:100]))
    assert isinstance(found(service, q), list)


# -- for whom ---------------------------------------------------------------------------------------


def test_only_what_the_caller_may_read_is_found_counted_and_listed(service: LocalService) -> None:
    me = context()
    mine = item(audience={audience.person(me.person)})
    ours = item(audience={audience.department(me.department_id)})
    audited, nobodys = item(audience={audience.role("auditor")}), item(audience=set())
    tell(service, mine, ours, audited, nobodys)
    for q in ("", "예산"):
        assert set(found(service, q)) == {mine.subject, ours.subject}
        assert service.call("find", me, {"q": q})["facets"] == [{"noun": "document", "count": 2}]
        assert found(service, q, context(person=new_id(), department_id=new_id(), roles={"auditor"})) == [
            audited.subject
        ]


def test_rights_shrink_as_well_as_grow(service: LocalService) -> None:
    other = context(person=new_id(), department_id="")
    one = item(audience={audience.person(other.person)})
    tell(service, one)
    assert found(service, "예산", other) == [one.subject]
    tell(service, replace(one, sequence=2, audience={audience.person(new_id())}))
    assert found(service, "예산", other) == []


PRINCIPALS = st.sampled_from(
    ["organisation", "person:a", "person:b", "department:a", "department:b", "role:auditor", "role:drafter"]
)


@given(
    audiences=st.lists(st.frozensets(PRINCIPALS, max_size=4), min_size=1, max_size=6),
    person=st.sampled_from(["a", "b", "c"]),
    department=st.sampled_from(["", "a", "b"]),
    roles=st.frozensets(st.sampled_from(["auditor", "drafter"])),
)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sql_and_python_have_the_same_rule(
    service: LocalService, audiences: list[frozenset[str]], person: str, department: str, roles: frozenset[str]
) -> None:
    ctx = context(person=person, department_id=department, roles=roles)
    told = {new_id(): each for each in audiences}
    with service.tx() as tx:
        for subject, each in told.items():
            audience.keep(tx, AUDIENCE, subject, each)
        rows = tx.all(
            select(AUDIENCE.c.subject).distinct().where(audience.readable(AUDIENCE.alias(), AUDIENCE.c.subject, ctx))
        )
    readable = {row.subject for row in rows} & told.keys()
    assert readable == {subject for subject, each in told.items() if audience.may_read(ctx, each)}


# -- what is told -----------------------------------------------------------------------------------


def kept(service: LocalService, subject: str) -> dict[str, list[tuple[Any, ...]]]:
    """Everything the service has of an item, but when it heard of it."""
    with service.tx() as tx:
        return {
            table.name: sorted(
                tuple(value for name, value in row._mapping.items() if name != "told_at")
                for row in tx.all(select(table).where(table.c.subject == subject))
            )
            for table in (AUDIENCE, *(model.__table__ for model in (Item, Words, Link, Card, Happening)))
        }


@given(st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_and_any_repetition_of_events_ends_in_the_same_catalogue(
    service: LocalService, data: st.DataObject
) -> None:
    cards, targets = [new_id() for _ in range(3)], [new_id() for _ in range(3)]
    ends = data.draw(st.booleans())
    story = [
        item(
            subject="",
            sequence=number,
            title=f"제목 {number}",
            text=data.draw(st.text("가나다 ", max_size=20)),
            audience=data.draw(st.frozensets(PRINCIPALS, max_size=3)),
            cards=data.draw(st.lists(st.sampled_from(cards), max_size=2)),
            links=[Refers("based_on", "document", each) for each in data.draw(st.sets(st.sampled_from(targets)))],
            happened=[happening("changed", number)],
            removed=ends and number == 4,
        )
        for number in range(1, 5)
    ]
    shuffled = data.draw(st.permutations([*story, *data.draw(st.lists(st.sampled_from(story), max_size=3))]))
    subjects = [new_id(), new_id()]
    for subject, events in zip(subjects, (story, shuffled), strict=True):
        tell(service, *(replace(each, subject=subject) for each in events))
    plain, mixed = (kept(service, subject) for subject in subjects)
    for name, rows in plain.items():
        same = [tuple(subjects[1] if value == subjects[0] else value for value in row) for row in rows]
        if name == "words":
            same, mixed[name] = ([row[1:] for row in each] for each in (same, mixed[name]))
        assert mixed[name] == sorted(same), name


def test_words_are_read_anew_where_they_changed_or_the_same_is_told_again(service: LocalService) -> None:
    one = item(title="하수관로 정비사업", text="주민 설명회")
    tell(service, one)

    def lose_the_words() -> None:
        with service.tx() as tx:
            tx.execute(Words.__table__.delete())

    lose_the_words()
    tell(service, replace(one, sequence=2, state="approved"))
    assert found(service, "하수관로") == []
    tell(service, replace(one, sequence=2, state="approved"))
    assert found(service, "하수관로") == [one.subject]
    lose_the_words()
    tell(service, replace(one, sequence=3, text="주민 공청회"))
    assert (found(service, "공청회"), found(service, "설명회")) == ([one.subject], [])


def test_of_a_removed_item_nothing_is_found_and_a_straggler_does_not_bring_it_back(service: LocalService) -> None:
    one = item(cards=[new_id()], links=[Refers("based_on", "document", new_id())], happened=[happening("made")])
    tell(service, one, replace(one, sequence=3, removed=True), replace(one, sequence=2))
    assert found(service, "예산") == found(service) == []
    left = kept(service, one.subject)
    assert [left[name] for name in ("audience", "words", "link", "card")] == [[], [], [], []]


def test_a_service_does_not_speak_of_anothers_objects(service: LocalService) -> None:
    one = item()
    tell(service, one)
    with pytest.raises(Poison):
        tell(service, replace(one, sequence=9, title="남의 것"), type_="memo.item")
    assert found(service, "예산") == [one.subject]


def test_what_is_malformed_is_parked(service: LocalService) -> None:
    told = catalogue.told(item())
    for bad in ({**told, "sequence": "many"}, {**told, "audience": ["x" * 100]}, {"subject": told["subject"]}):
        with pytest.raises(Poison):
            service.deliver(TYPE, bad)


def test_what_the_helper_tells_is_what_the_contract_says() -> None:
    one = item(
        text="가" * 50_000, cards=[new_id()], links=[Refers("reply_to", "memo", new_id())], happened=[happening("made")]
    )
    told = catalogue.told(one)
    told |= {"at": told["at"].isoformat()}
    told["happened"] = [{**each, "at": each["at"].isoformat()} for each in told["happened"]]
    holds(contract.ItemTold, told)
    assert len(told["text"]) == contract.TEXT_LIMIT


# -- what belongs together --------------------------------------------------------------------------


def test_relatives_are_found_in_both_directions_as_far_as_they_may_be_read(service: LocalService) -> None:
    old = item(title="근거")
    reply = item(title="회신", links=[Refers("based_on", "document", old.subject)])
    hidden = item(audience=set(), links=[Refers("follows", "document", old.subject)])
    tell(service, reply, hidden, old)
    answer = service.call("related", context(), {"subject": old.subject})
    holds(contract.RelatedList, answer)
    assert [(each["subject"], each["role"], each["direction"]) for each in answer["items"]] == [
        (reply.subject, "based_on", "from")
    ]
    (back,) = service.call("related", context(), {"subject": reply.subject})["items"]
    assert (back["subject"], back["direction"]) == (old.subject, "to")
    with pytest.raises(NotFound):
        service.call("related", context(), {"subject": hidden.subject})


def test_the_timeline_of_a_card_has_what_happened_to_its_objects_the_newest_first(service: LocalService) -> None:
    card = new_id()
    one = item(cards=[card], happened=[happening("drafted")])
    other = item(cards=[card], noun="memo", happened=[happening("sent", 5)])
    tell(service, one, replace(one, sequence=2, happened=[happening("submitted", 9)]), other)
    tell(service, item(cards=[card], audience=set(), happened=[happening("hidden", 1)]))
    tell(service, item(happened=[happening("elsewhere", 1)]))
    page = service.call("timeline", context(), {"card": card, "limit": 2})
    holds(contract.TimelinePage, page)
    rest = service.call("timeline", context(), {"card": card, "limit": 2, "cursor": page["next"]})
    codes = [each["code"] for each in (*page["items"], *rest["items"])]
    assert (codes, rest["next"]) == (["submitted", "sent", "drafted"], None)


def test_a_service_of_its_own_has_begun_nothing_until_it_is_told_to(service: LocalService) -> None:
    found_service = service._runtime.service
    assert isinstance(found_service, SearchService)
    assert found_service.indexing is None
    assert not found_service.analyser.worker.running
