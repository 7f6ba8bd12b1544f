"""The rules of documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.documents.domain import (
    compare,
    content,
    disclosure,
    forms,
    history,
    lifecycle,
    line,
    proposals,
    submission,
)
from services.documents.domain.content import Content
from services.documents.domain.folders import DEFAULTS
from services.documents.domain.lifecycle import Standing
from services.documents.domain.registration import production_number
from services.documents.folders import FolderView
from shared import body
from shared.contracts.documents import RETENTIONS
from shared.errors import Conflict, Invalid

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def person(id_: str, **changes: Any) -> dict[str, Any]:
    ref = {"id": id_, "name": id_, "position": "주무관", "department": "총무과", "department_id": "d"}
    return {**ref, "active": True, **changes}


def step(id_: str, role: str, parallel: bool = False) -> dict[str, Any]:
    return {"person": id_, "role": role, "parallel": parallel}


PEOPLE = {name: person(name) for name in ("drafter", "a", "b", "c", "d")}


class TestBody:
    @pytest.mark.parametrize(
        ("dirty", "clean"),
        [
            ("<p>가<script>alert(1)</script></p>", "<p>가</p>"),
            ('<p onclick="x()">가</p>', "<p>가</p>"),
            ('<a href="javascript:x()">가</a>', '<a rel="noopener noreferrer">가</a>'),
            ("<iframe src=x>나</iframe><p>가</p>", "<p>가</p>"),
            ("<svg><text>나</text></svg><p>가</p>", "<p>가</p>"),
            ('<p style="position: fixed; text-align: center">가</p>', '<p style="text-align: center">가</p>'),
            ('<p style="text-align: url(//x)">가</p>', "<p>가</p>"),
            ('<p class="admin ql-align-center">가</p>', '<p class="ql-align-center">가</p>'),
            ('<img src="x" onerror="y">', ""),
            ("<form><input></form><p>가</p>", "<p>가</p>"),
        ],
    )
    def test_only_what_a_document_may_hold_is_kept(self, dirty: str, clean: str) -> None:
        assert body.clean(dirty) == clean

    def test_tables_keep_their_shape(self) -> None:
        table = '<table><tbody><tr><td colspan="2" rowspan="3">가</td></tr></tbody></table>'
        assert body.clean(table) == table
        assert "colspan" not in body.clean('<table><tbody><tr><td colspan="x">가</td></tr></tbody></table>')

    @given(st.text(alphabet="<>/=\"' apscritdonlk:;가&#", max_size=200))
    def test_cleaning_twice_changes_nothing_more_and_lets_no_script_through(self, text: str) -> None:
        once = body.clean(text)
        assert body.clean(once) == once
        assert "<script" not in once

    @pytest.mark.parametrize("unit", ["<div>", "<b>", "<b><p>", "<div></b>", "<table><tr><td>", "<DIV\n>", "<div/>"])
    def test_a_body_nested_beyond_any_document_is_refused_at_once(self, unit: str) -> None:
        with pytest.raises(Invalid) as refused:
            body.accepted(unit * 100_000)
        assert refused.value.fields == {"body": "too_deep"}

    def test_a_long_body_is_no_deep_body(self) -> None:
        long = "<p>가나다 <b>라</b></p><p>나<div>다</div>" * 40_000
        assert len(body.lines(body.accepted(long))) == 120_000

    def test_text_has_a_line_for_each_block(self) -> None:
        html = "앞<p>1. 가&amp;</p><ul><li>나 <b>다</b>라</li></ul><table><tr><td>마</td><td>바</td></tr></table>"
        assert body.lines(body.clean(html)) == ["앞", "1. 가&", "나 다라", "마 바"]

    @pytest.mark.parametrize("html", ["", "<p></p>", "<p> &nbsp;<br></p>", "<table><tr><td></td></tr></table>", "<hr>"])
    def test_markup_without_words_is_an_empty_body(self, html: str) -> None:
        assert body.is_empty(body.clean(html))


class TestDisclosure:
    def test_clauses_are_for_what_is_not_open(self) -> None:
        with pytest.raises(Invalid) as refused:
            disclosure.checked({"class": "open", "clauses": [6]})
        assert refused.value.fields == {"disclosure.clauses": "not_for_open"}

    @pytest.mark.parametrize("class_", ["partly_open", "closed"])
    def test_what_is_not_open_names_its_clauses(self, class_: str) -> None:
        with pytest.raises(Invalid) as refused:
            disclosure.checked({"class": class_, "clauses": []})
        assert refused.value.fields == {"disclosure.clauses": "clauses_required"}
        assert disclosure.checked({"class": class_, "clauses": [6, 5, 6]})["clauses"] == [5, 6]


class TestLine:
    @pytest.mark.parametrize(
        "steps",
        [
            [step("a", "decide")],
            [step("drafter", "decide")],
            [step("a", "review"), step("b", "decide")],
            [step("a", "cooperate"), step("b", "cooperate", True), step("c", "review"), step("d", "decide")],
        ],
    )
    def test_a_sound_line_has_no_problems(self, steps: list[dict[str, Any]]) -> None:
        assert line.problems(steps, "drafter", PEOPLE) == {}

    @pytest.mark.parametrize(
        ("steps", "expected"),
        [
            ([], {"line": "required"}),
            ([step("a", "review")], {"line": "no_decider"}),
            ([step("a", "decide"), step("b", "decide")], {"line": "several_deciders"}),
            ([step("a", "decide"), step("b", "review")], {"line": "decider_not_last"}),
            ([step("x", "decide")], {"line.0.person": "unknown_person"}),
            ([step("a", "review"), step("a", "decide")], {"line.1.person": "duplicate_person"}),
            ([step("drafter", "review"), step("a", "decide")], {"line.0.person": "duplicate_person"}),
            ([step("a", "review"), step("drafter", "decide")], {"line.1.person": "duplicate_person"}),
            ([step("a", "cooperate", True), step("b", "decide")], {"line.0.parallel": "parallel_without_cooperate"}),
            (
                [step("a", "review"), step("b", "cooperate", True), step("c", "decide")],
                {"line.1.parallel": "parallel_without_cooperate"},
            ),
        ],
    )
    def test_what_is_wrong_is_named_by_its_place(self, steps: list[dict[str, Any]], expected: dict[str, str]) -> None:
        assert line.problems(steps, "drafter", PEOPLE) == expected

    def test_who_left_cannot_be_on_a_line(self) -> None:
        people = {"a": person("a", active=False)}
        assert line.problems([step("a", "decide")], "drafter", people) == {"line.0.person": "inactive_person"}

    def test_a_line_is_kept_with_names_of_the_moment_and_nothing_more(self) -> None:
        found, bad = line.resolved([step("a", "review"), step("x", "decide")], PEOPLE)
        assert bad == {"line.1.person": "unknown_person"}
        assert set(found[0]["person"]) == {"id", "name", "position", "department", "department_id"}


class TestProposals:
    def test_the_summary_is_the_first_sentences_without_numbers_and_closing(self) -> None:
        html = "<p>1. 관련: 민원법</p><p>2. 회의를 개최합니다. 참석 바랍니다.</p><p>붙임 1부. 끝.</p>"
        assert proposals.summary(html) == "관련: 민원법 회의를 개최합니다. 참석 바랍니다."

    @given(st.lists(st.text(alphabet="가나다 .", min_size=1, max_size=400), max_size=5))
    def test_a_summary_is_never_longer_than_its_limit(self, paragraphs: list[str]) -> None:
        html = "".join(f"<p>{text}</p>" for text in paragraphs)
        assert len(proposals.summary(html)) <= proposals.SUMMARY_LIMIT

    def test_keywords_are_the_significant_words(self) -> None:
        assert proposals.keywords("2026년 도로 보수를 위한 예산 편성 계획(안)") == ["도로", "보수", "예산", "편성"]

    @given(st.text(min_size=1, max_size=300).filter(lambda t: bool(t.strip())))
    def test_every_title_has_a_keyword_of_a_length_that_can_be_saved(self, title: str) -> None:
        found = proposals.keywords(title)
        assert 1 <= len(found) <= proposals.KEYWORDS
        assert all(0 < len(word) <= 50 for word in found)

    @pytest.mark.parametrize(
        ("title", "task"),
        [
            ("2027년도 예산안 제출", "예산·회계"),
            ("직원 복무점검 결과", "인사·복무"),
            ("도로 민원에 대한 회신", "민원처리"),
            ("xyz", "주요업무계획"),
        ],
    )
    def test_a_folder_is_proposed_by_words_in_common_then_by_last_use(self, title: str, task: str) -> None:
        folders = [FolderView(t.unit_task, t.title, t.unit_task, 2026, t.retention) for t in DEFAULTS]
        assert proposals.by_likelihood(folders, title, "주요업무계획")[0].unit_task == task


class TestContent:
    FULL = Content(title="제목", body="<p>가</p>", retention="5", line=[{**step("", "decide"), "person": person("a")}])

    def test_the_hash_does_not_depend_on_line_and_folder_but_on_all_else(self) -> None:
        digest = content.content_hash(self.FULL)
        unrelated: list[dict[str, Any]] = [{"line": []}, {"folder": "x"}, {"form": "y"}]
        for same in unrelated:
            assert content.content_hash(replace(self.FULL, **same)) == digest
        file = {"id": "i", "name": "a.pdf", "size": 1, "type": "t", "sha256": "0"}
        for other in (
            *({"title": "x"}, {"body": "x"}, {"summary": "x"}, {"keywords": ["x"]}, {"retention": "10"}),
            *({"reading_scope": "route"}, {"recipients": [{"name": "x", "code": ""}]}, {"sender_name": "x"}),
            *({"disclosure": {"class": "closed", "clauses": [1], "reason": ""}}, {"attachments": [file]}),
        ):
            assert content.content_hash(replace(self.FULL, **other)) != digest

    def test_the_hash_of_a_content_is_fixed_for_all_time(self) -> None:
        expected = "5de3f92ef596"
        assert content.content_hash(Content(title="제목", body="<p>본문</p>", retention="5"))[:12] == expected

    def test_keeping_and_reading_back_changes_nothing(self) -> None:
        assert Content.kept(self.FULL.title, self.FULL.body, self.FULL.rest()) == self.FULL

    def test_a_new_title_of_somebody_on_the_line_is_no_change(self) -> None:
        promoted = [{**self.FULL.line[0], "person": person("a", position="과장")}]
        assert content.same(self.FULL, replace(self.FULL, line=promoted))
        assert not content.same(self.FULL, replace(self.FULL, line=[]))

    def test_changes_are_cleaned(self) -> None:
        changed = content.changed(self.FULL, {"body": "<p>나<script>x</script></p>", "keywords": ["a", "b", "a"]})
        assert (changed.body, changed.keywords, changed.title) == ("<p>나</p>", ["a", "b"], "제목")


class TestLifecycle:
    def test_only_the_newest_event_of_the_present_submission_counts(self) -> None:
        standing = Standing("in_approval", 2, 5)
        assert lifecycle.after(standing, "approved", 2, 6) == "approved"
        assert lifecycle.after(standing, "withdrawn", 2, 6) == "draft"
        assert lifecycle.after(standing, "returned", 1, 6) is None
        assert lifecycle.after(standing, "returned", 2, 5) is None

    @given(st.permutations([("returned", 1, 2), ("approved", 2, 5), ("returned", 1, 2), ("approved", 2, 5)]))
    def test_repeats_in_any_order_end_the_same(self, told: list[tuple[str, int, int]]) -> None:
        standing = Standing("in_approval", 2, 2)
        for state, run, sequence in told:
            new = lifecycle.after(standing, state, run, sequence)
            standing = Standing(new, run, sequence) if new else standing
        assert standing == Standing("approved", 2, 5)

    def test_what_is_decided_or_under_way_is_not_edited(self) -> None:
        for state, slug in (("in_approval", "in-approval"), ("approved", "immutable")):
            with pytest.raises(Conflict) as refused:
                lifecycle.require_editable(state)
            assert refused.value.slug == slug
        lifecycle.require_editable("returned")

    def test_what_was_submitted_once_is_not_deleted(self) -> None:
        assert lifecycle.may(Standing("draft", 0, 0), True) == ["edit", "submit", "delete"]
        assert lifecycle.may(Standing("draft", 1, 3), True) == ["edit", "submit"]
        assert lifecycle.may(Standing("draft", 0, 0), False) == []
        with pytest.raises(Conflict):
            lifecycle.require_deletable(Standing("draft", 1, 3))


class TestSubmission:
    READY = Content(title="제목", body="<p>1. 가.</p>", retention="5", line=[step("a", "decide")])

    def test_what_is_ready_has_no_problems(self) -> None:
        assert submission.problems(self.READY, "drafter", PEOPLE) == {}

    def test_what_is_missing_is_named(self) -> None:
        empty = Content(title=" ", body="<p></p>", recipients=[{"name": "x", "code": ""}])
        assert submission.problems(empty, "drafter", PEOPLE) == {
            "title": "required",
            "body": "required",
            "sender_name": "required",
            "line": "required",
        }

    def test_what_the_drafter_wrote_is_not_replaced(self) -> None:
        own = replace(self.READY, summary="요지", keywords=["가"])
        assert submission.completed(own) == (own, [])
        full, derived = submission.completed(self.READY)
        assert (full.summary, full.keywords, derived) == ("가.", ["제목"], ["keywords", "summary"])

    def test_the_preview_says_what_will_happen_in_order(self) -> None:
        closed = {"class": "closed", "clauses": [6], "reason": ""}
        steps = [step("a", "review"), step("b", "decide")]
        asked = replace(self.READY, line=steps, disclosure=closed, recipients=[{"name": "상수도", "code": ""}])
        codes = [told["code"] for told in submission.consequences(asked, "총무과", 2026)]
        assert codes == [
            *("summary_derived", "keywords_derived", "goes_to", "then_goes_to", "then_registered_as"),
            *("for_dispatch", "will_not_be_published", "kept_for"),
        ]
        codes = [told["code"] for told in submission.consequences(self.READY, "총무과", 2026)]
        assert codes[-3:] == ["internal", "will_be_published", "kept_for"]

    def test_personal_data_and_a_forgotten_attachment_are_warned_of(self) -> None:
        risky = replace(self.READY, body="<p>홍길동 800101-1234567</p><p>붙임 계획서 1부. 끝.</p>")
        assert [(w["field"], w["code"]) for w in submission.warnings(risky)] == [
            ("body", "personal_data_published"),
            ("attachments", "attachment_mentioned"),
        ]
        assert submission.warnings(self.READY) == []


class TestRegistration:
    def test_the_number_is_department_and_serial(self) -> None:
        assert production_number("친환경급식과", 6067) == "친환경급식과-6067"


class TestHistory:
    def test_saves_in_a_row_are_one_line(self) -> None:
        lines = [history.entry(NOW, "drafted", person("a"), 1)]
        for version, name in ((2, "body"), (3, "title"), (4, "body")):
            at = NOW + timedelta(minutes=version)
            new = history.entry(at, "saved", person("a"), version, **{"from": version - 1, "changed": [name]})
            lines = history.with_entry(lines, new)
        assert len(lines) == 2
        assert lines[1]["version"] == 4
        assert lines[1]["detail"] == {
            "since": (NOW + timedelta(minutes=2)).isoformat(),
            "from": 1,
            "changed": ["body", "title"],
        }

    def test_other_acts_stand_alone(self) -> None:
        lines = [history.entry(NOW, "saved", person("a"), 2, **{"from": 1, "changed": []})]
        lines = history.with_entry(lines, history.entry(NOW, "submitted", person("a"), 2))
        lines = history.with_entry(lines, history.entry(NOW, "saved", person("a"), 3, **{"from": 2, "changed": []}))
        assert [e["action"] for e in lines] == ["saved", "submitted", "saved"]


class TestCompare:
    def test_the_redline_shows_what_came_and_went(self) -> None:
        red = compare.redline("<p>예산 100원</p><p>그대로</p>", "<p>예산 200원</p><p>그대로</p>")
        assert "<ins>200원</ins>" in red
        assert "<del>100원</del>" in red
        assert "<p>그대로</p>" in red

    def test_equal_bodies_have_no_marks(self) -> None:
        assert compare.redline("<p>가</p>", "<p>가</p>") == "<p>가</p>"
        assert compare.redline("", "") == ""

    def test_a_body_that_came_or_went_is_marked_whole(self) -> None:
        assert "<ins>가</ins>" in compare.redline("", "<p>가</p>")
        assert "<del>가</del>" in compare.redline("<p>가</p>", "")

    def test_each_paragraph_is_compared_with_the_one_in_its_place_what_went_before_what_came(self) -> None:
        red = compare.redline("<p>장소: 3층 회의실</p>", "<p>장소: 4층 회의실</p><p>장비 12대</p>")
        assert "<del>3층</del> <ins>4층</ins>" in red
        assert red.endswith("<p><ins>장비 12대</ins></p>")

    def test_nothing_is_marked_where_nothing_stands(self) -> None:
        for left, right in (("<p>가</p>", "<p>가</p><p>나</p>"), ("<p>가</p><p>나</p>", "<p>가</p>")):
            red = compare.redline(left, right)
            assert "<del></del>" not in red
            assert "<ins></ins>" not in red

    def test_a_long_text_rewritten_is_still_compared_soon(self) -> None:
        old, new = ("".join(f"<p>{word} {i}</p>" for i in range(30_000)) for word in ("옛 문장", "새 문장"))
        red = compare.redline(old, new)
        assert red.index("<del>") < red.index("<ins>")

    def test_changed_fields_are_listed_old_and_new(self) -> None:
        old, new = Content(title="가", retention="5"), Content(title="나", retention="5")
        assert compare.changed_fields(old, new) == [{"field": "title", "left": "가", "right": "나"}]


def test_the_forms_that_come_with_the_system_are_sound() -> None:
    assert {form["name"] for form in forms.DEFAULTS.values()} == {
        *("일반기안", "내부결재", "보고서", "회의결과 보고", "협조요청"),
    }
    for form in forms.DEFAULTS.values():
        assert body.clean(form["body"]) == form["body"]
        assert form["retention"] in RETENTIONS
        assert disclosure.checked(form["disclosure"]) == form["disclosure"]
        assert not body.is_empty(form["body"])
