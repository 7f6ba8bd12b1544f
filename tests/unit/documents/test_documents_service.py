"""The documents service as it is called: what it keeps, answers, refuses and tells."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from marshmallow import Schema
from sqlalchemy import event, func, inspect, select, update
from sqlalchemy.engine import Engine

from services.documents import boxes, models
from services.documents.domain import compare, lifecycle
from services.documents.models import Document, Folder, Reading, Version
from services.documents.service import DocumentsService
from shared import body, desk, paging
from shared.bus import news
from shared.context import Context
from shared.contracts import documents as contract
from shared.contracts.approval import Ended
from shared.contracts.files import FileTicket
from shared.errors import Conflict, Forbidden, Invalid, NotFound, Poison, Problem, Stale, TooLarge, Unavailable
from shared.events import Event
from shared.ids import new_id
from shared.testing import LocalService, context, new_person
from tests.support.waiting import LIMIT, until

ME = context()
PDF = b"%PDF-1.7\n" + b"x" * 100
Doc = dict[str, Any]


@pytest.fixture
def service() -> Iterator[LocalService]:
    with LocalService(DocumentsService) as local:
        yield local


@pytest.fixture
def reviewer(service: LocalService) -> Doc:
    return hire(service, "김검토")


@pytest.fixture
def decider(service: LocalService) -> Doc:
    return hire(service, "이결정")


def hire(service: LocalService, name: str, **changes: Any) -> Doc:
    person = new_person(name, **changes)
    service.people[person["id"]] = person
    return person


def as_(person: Doc, **changes: Any) -> Context:
    fields = {name: person[name] for name in ("name", "position", "department", "department_id")}
    return context(**{"person": person["id"], "login": "x", **fields, **changes})


def stranger(**changes: Any) -> Context:
    return context(**{"person": new_id(), "department": "세무과", "department_id": new_id(), **changes})


def holds(schema: type[Schema], data: Any) -> None:
    """The data is a view of this schema: nothing missing, nothing unknown, nothing of another type."""
    assert schema().validate(data) == {}


def draft(service: LocalService, ctx: Context = ME, **fields: Any) -> Doc:
    given = {"title": "청사 보수 계획", "body": "<p>1. 보수합니다.</p>", **fields}
    created: Doc = service.call("create_draft", ctx, given)
    return created


def submitted(service: LocalService, decider: Doc, ctx: Context = ME, **fields: Any) -> Doc:
    made = draft(service, ctx, **fields)
    line = [{"person": decider["id"], "role": "decide"}]
    sent: Doc = service.call("submit", ctx, {"id": made["id"], "line": line})
    return sent


def progress(service: LocalService, state: str, decider: Doc, sequence: int = 3, **changes: Any) -> Doc:
    """What the approval service tells of the document submitted last."""
    sent = [told for told in service.events if told.type == "documents.submitted"][-1].data
    ref = {name: decider[name] for name in ("id", "name", "position", "department", "department_id")}
    at = datetime.now(UTC).isoformat()
    decision = {"person": ref, "role": "decide", "action": "approve", "opinion": "의견", "at": at}
    told = {name: sent[name] for name in ("document", "submission", "version", "content_hash")}
    told |= {"sequence": sequence, "state": state, "decision": None if state == "withdrawn" else decision}
    holds(Ended, told)
    return told | changes


def registered(service: LocalService, decider: Doc, ctx: Context = ME, **fields: Any) -> Doc:
    submitted(service, decider, ctx, **fields)
    told = progress(service, "approved", decider)
    service.deliver("approval.approved", told)
    card: Doc = service.call("card", ctx, {"id": told["document"]})
    return card


def card(service: LocalService, document: str, ctx: Context = ME, **asked: Any) -> Doc:
    found: Doc = service.call("card", ctx, {"id": document, **asked})
    return found


def decisive(service: LocalService) -> list[Event]:
    """What was told that moves a document on its way; what the catalogue is told stands apart."""
    return [told for told in service.events if told.type != "documents.item"]


def count(service: LocalService, model: Any) -> int:
    with service.tx() as tx:
        return int(tx.scalar(select(func.count()).select_from(model)))


# -- drafts -----------------------------------------------------------------------------------------


def test_what_a_draft_was_made_from_stays_and_is_on_record(service: LocalService) -> None:
    source = {"noun": "memo", "subject": new_id()}
    made = draft(service, sources=[source])
    with pytest.raises(Invalid) as refused:
        service.call("save_draft", ME, {"id": made["id"], "version": 1, "sources": []})
    assert list(refused.value.fields) == ["sources"]
    assert card(service, made["id"])["sources"] == [source]
    with pytest.raises(Invalid):
        draft(service, sources=[source] * 21)


def test_a_draft_starts_with_everything_but_what_only_the_drafter_knows(service: LocalService) -> None:
    made = service.call("create_draft", ME, {"title": "2027년 예산안"})
    holds(contract.SaveResult, made)
    view = card(service, made["id"])
    holds(contract.DocumentView, view)
    assert view["folder"]["unit_task"] == "예산·회계"
    assert view["retention"] == view["folder"]["retention"]
    assert "끝." in view["body"]
    assert (view["state"], view["version"], view["may"]) == ("draft", 1, ["edit", "submit", "delete"])


def test_a_department_opens_its_folders_once(service: LocalService) -> None:
    draft(service)
    draft(service)
    assert count(service, Folder) == 5


def test_a_new_year_goes_on_with_the_folders_of_the_last(service: LocalService) -> None:
    with service.tx() as tx:
        tx.insert(
            Folder,
            id=new_id(),
            department_id=ME.department_id,
            year=2020,
            unit_task="하천관리",
            title="하천",
            retention="30",
            position=0,
        )
    view = card(service, draft(service)["id"])
    assert (view["folder"]["unit_task"], view["retention"]) == ("하천관리", "30")
    assert view["folder"]["year"] > 2020


def test_the_folder_last_used_is_proposed_where_the_title_says_nothing(service: LocalService) -> None:
    draft(service, title="민원 회신")
    found = service.call("folders", ME, {"title": "xyz"})["items"]
    assert [f["likely"] for f in found] == [True, False, False, False, False]
    assert found[0]["unit_task"] == "민원처리"
    for folder in found:
        holds(contract.Folder, folder)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"disclosure": {"class": "closed"}}, {"disclosure.clauses": "clauses_required"}),
        ({"disclosure": {"class": "open", "clauses": [1]}}, {"disclosure.clauses": "not_for_open"}),
        ({"form": "none"}, {"form": "unknown_form"}),
        ({"folder": new_id()}, {"folder": "unknown_folder"}),
        (
            {"line": [{"person": "01900000-0000-7000-8000-00000000ffff", "role": "decide"}]},
            {"line.0.person": "unknown_person"},
        ),
        ({"retention": "7"}, {"retention": "not_a_choice"}),
        ({"title": " "}, {"title": "required"}),
    ],
)
def test_a_bad_draft_is_refused_by_field_and_nothing_is_kept(
    service: LocalService, fields: Doc, expected: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refused:
        draft(service, **fields)
    assert list(refused.value.fields) == list(expected)
    assert list(refused.value.fields.values()) == list(expected.values()) or "title" in expected
    assert count(service, Document) == count(service, Version) == 0


def test_a_body_beyond_the_limit_is_refused(service: LocalService) -> None:
    with pytest.raises(Invalid) as refused:
        draft(service, body="가" * 2_000_001)
    assert refused.value.fields == {"body": "too_long"}


def test_every_change_is_a_version_and_no_change_is_none(service: LocalService) -> None:
    made = draft(service)
    saved = service.call("save_draft", ME, {"id": made["id"], "version": 1, "body": "<p>다른 본문</p>"})
    assert saved["version"] == 2
    again = service.call("save_draft", ME, {"id": made["id"], "version": 2, "body": "<p>다른 본문</p>"})
    assert (again["version"], count(service, Version)) == (2, 2)


def test_a_save_on_an_old_version_changes_nothing(service: LocalService) -> None:
    made = draft(service)
    service.call("save_draft", ME, {"id": made["id"], "version": 1, "title": "먼저"})
    with pytest.raises(Stale) as refused:
        service.call("save_draft", ME, {"id": made["id"], "version": 1, "title": "나중"})
    assert refused.value.extra == {"current": 2}
    assert card(service, made["id"])["title"] == "먼저"


def test_a_repeated_command_gives_the_same_answer(service: LocalService) -> None:
    first = service.call("create_draft", ME, {"title": "가"}, key="k")
    assert service.call("create_draft", ME, {"title": "가"}, key="k") == first
    assert count(service, Document) == 1


def test_recipients_bring_a_sender_name_which_may_be_changed(service: LocalService) -> None:
    made = draft(service, recipients=[{"name": "상수도사업본부"}])
    assert card(service, made["id"])["sender_name"] == "총무과장"
    service.call("save_draft", ME, {"id": made["id"], "version": 1, "sender_name": "한빛시장"})
    assert card(service, made["id"])["sender_name"] == "한빛시장"


def test_a_chosen_folder_brings_its_retention_unless_it_is_given(service: LocalService) -> None:
    officer = context(roles=frozenset({"document_officer"}))
    folder = service.call("save_folder", officer, {"title": "설계", "unit_task": "청사관리", "retention": "30"})
    holds(contract.Folder, folder)
    made = draft(service)
    service.call("save_draft", ME, {"id": made["id"], "version": 1, "folder": folder["id"]})
    assert card(service, made["id"])["retention"] == "30"
    assert card(service, draft(service, folder=folder["id"], retention=10)["id"])["retention"] == "10"


def test_only_a_document_officer_saves_folders_and_only_of_the_department(service: LocalService) -> None:
    asked = {"title": "설계", "unit_task": "청사관리", "retention": "30"}
    with pytest.raises(Forbidden):
        service.call("save_folder", ME, asked)
    officer = context(roles=frozenset({"document_officer"}))
    folder = service.call("save_folder", officer, asked)
    changed = service.call("save_folder", officer, {**asked, "id": folder["id"], "title": "설계도"})
    assert (changed["id"], changed["title"]) == (folder["id"], "설계도")
    with pytest.raises(NotFound):
        service.call("save_folder", stranger(roles=frozenset({"document_officer"})), {**asked, "id": folder["id"]})


def test_a_tenants_form_takes_the_place_of_the_one_that_comes_with_the_system(service: LocalService) -> None:
    asked = {"id": "general", "name": "우리 기안", "body": "<p>우리<script>x</script></p>", "retention": "1"}
    officer = context(roles=frozenset({"document_officer"}))
    service.call("save_form", officer, asked)
    service.call("save_form", officer, asked)
    found = service.call("forms", ME)["items"]
    for form in found:
        holds(contract.Form, form)
    assert [f["name"] for f in found] == ["우리 기안", "내부결재", "보고서", "회의결과 보고", "협조요청"]
    made = service.call("create_draft", ME, {"title": "가"})
    assert card(service, made["id"])["body"] == "<p>우리</p>"


def test_a_deleted_draft_is_gone_but_its_versions_stay(service: LocalService) -> None:
    made = draft(service)
    service.call("delete_draft", ME, {"id": made["id"]})
    for call in ("card", "versions", "delete_draft"):
        with pytest.raises(NotFound):
            service.call(call, ME, {"id": made["id"]})
    assert service.call("box", ME, {"box": "drafts"})["items"] == []
    assert count(service, Version) == 1


# -- who may ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "data"),
    [
        *(("card", {}), ("versions", {}), ("preview_submission", {}), ("delete_draft", {}), ("submit", {})),
        *(("version", {"version": 1}), ("compare", {"left": 1, "right": 1}), ("save_draft", {"version": 1})),
        *(("begin_file", {"name": "a.pdf"}), ("file_ticket", {"file": new_id()})),
        *(("remove_file", {"file": new_id()}),),
    ],
)
def test_a_draft_is_nobody_elses_concern(service: LocalService, method: str, data: Doc) -> None:
    made = draft(service)
    for who in (context(person=new_id()), stranger(), stranger(roles=frozenset({"auditor"}))):
        with pytest.raises(NotFound):
            service.call(method, who, {"id": made["id"], **data})


def test_those_on_the_line_read_what_is_submitted_but_do_not_change_it(service: LocalService, decider: Doc) -> None:
    sent = submitted(service, decider)
    who = as_(decider)
    assert card(service, sent["id"], who)["may"] == []
    assert service.call("versions", who, {"id": sent["id"]})["items"][0]["version"] == sent["version"]
    with pytest.raises(Forbidden):
        service.call("save_draft", who, {"id": sent["id"], "version": 2, "title": "x"})


def test_a_registered_document_opens_by_its_reading_scope(service: LocalService, decider: Doc) -> None:
    colleague, other = context(person=new_id()), stranger()
    wide = registered(service, decider)["id"]
    narrow = registered(service, decider, reading_scope="department")["id"]
    route = registered(service, decider, reading_scope="route")["id"]
    assert card(service, wide, other)["id"] == wide
    assert card(service, narrow, colleague)["id"] == narrow
    with pytest.raises(NotFound):
        card(service, narrow, other)
    # The colleague sees it in the register of the department, and is told why it does not open.
    with pytest.raises(Forbidden):
        card(service, route, colleague)
    with pytest.raises(NotFound):
        card(service, route, other)


def test_earlier_versions_are_for_those_who_took_part(service: LocalService, decider: Doc) -> None:
    document = registered(service, decider)["id"]
    with pytest.raises(Forbidden):
        service.call("versions", stranger(), {"id": document})
    assert service.call("versions", stranger(roles=frozenset({"auditor"})), {"id": document})["items"]


def test_reading_by_another_is_recorded_and_ones_own_is_not(service: LocalService, decider: Doc) -> None:
    sent = submitted(service, decider)
    card(service, sent["id"])
    card(service, sent["id"], as_(decider))
    service._runtime.housekeeping.finish()
    with service.tx() as tx:
        rows = tx.all(select(Reading.document, Reading.version, Reading.person))
    assert [(r.document, r.version, r.person["id"]) for r in rows] == [(sent["id"], sent["version"], decider["id"])]


# -- submission -------------------------------------------------------------------------------------


def test_submission_tells_the_approval_service_what_it_needs(
    service: LocalService, reviewer: Doc, decider: Doc
) -> None:
    made = draft(service)
    line = [{"person": reviewer["id"], "role": "review"}, {"person": decider["id"], "role": "decide"}]
    sent = service.call("submit", ME, {"id": made["id"], "line": line, "version": 1})
    holds(contract.SaveResult, sent)
    assert sent["state"] == "in_approval"
    (told,) = decisive(service)
    assert (told.type, told.subject) == ("documents.submitted", made["id"])
    holds(contract.Submitted, told.data)
    view = card(service, made["id"])
    assert (told.data["version"], told.data["content_hash"]) == (view["version"], view["content_hash"])
    assert [step["person"]["name"] for step in told.data["line"]] == ["김검토", "이결정"]
    assert (view["summary"], view["keywords"]) == ("보수합니다.", ["청사", "보수"])
    assert view["history"][-1]["detail"] == {"submission": 1, "derived": ["keywords", "summary"]}


def test_the_saved_line_is_taken_where_none_is_given(service: LocalService, decider: Doc) -> None:
    line = [{"person": decider["id"], "role": "decide"}]
    made = draft(service, line=line, summary="요지", keywords=["가"])
    sent = service.call("submit", ME, {"id": made["id"]})
    assert (sent["state"], sent["version"]) == ("in_approval", 1)


def test_a_doubled_submission_is_told_so_and_a_repeated_one_answered_the_same(
    service: LocalService, decider: Doc
) -> None:
    made = draft(service)
    asked = {"id": made["id"], "line": [{"person": decider["id"], "role": "decide"}]}
    first = service.call("submit", ME, asked, key="k")
    assert service.call("submit", ME, asked, key="k") == first
    with pytest.raises(Conflict) as refused:
        service.call("submit", ME, asked)
    assert refused.value.slug == "already-submitted"
    assert len(decisive(service)) == 1


def test_what_stands_in_the_way_is_said_before_and_at_submission(service: LocalService, decider: Doc) -> None:
    gone = hire(service, "퇴직자")
    made = draft(service, body="", line=[{"person": gone["id"], "role": "decide"}])
    service.people[gone["id"]]["active"] = False
    preview = service.call("preview_submission", ME, {"id": made["id"]})
    holds(contract.SubmissionPreview, preview)
    expected = {"body": "required", "line.0.person": "inactive_person"}
    assert {p["field"]: p["code"] for p in preview["problems"]} == expected
    with pytest.raises(Invalid) as refused:
        service.call("submit", ME, {"id": made["id"]})
    assert refused.value.fields == expected
    assert card(service, made["id"])["state"] == "draft"
    assert decisive(service) == []


def test_a_submission_of_an_old_version_is_refused(service: LocalService, decider: Doc) -> None:
    made = draft(service)
    service.call("save_draft", ME, {"id": made["id"], "version": 1, "title": "새 제목"})
    with pytest.raises(Stale):
        line = [{"person": decider["id"], "role": "decide"}]
        service.call("submit", ME, {"id": made["id"], "version": 1, "line": line})


def test_without_the_directory_nothing_is_half_done(service: LocalService) -> None:
    made = draft(service)

    def away(ctx: Context, ids: list[str]) -> dict[str, Doc]:
        raise Unavailable("directory")

    service._runtime.service._people = away
    with pytest.raises(Unavailable):
        service.call("submit", ME, {"id": made["id"], "line": [{"person": new_id(), "role": "decide"}]})
    assert card(service, made["id"])["state"] == "draft"


# -- what the approval service tells ----------------------------------------------------------------


def test_a_decided_document_is_registered_with_its_number(service: LocalService, decider: Doc) -> None:
    view = registered(service, decider)
    holds(contract.DocumentView, view)
    assert (view["state"], view["number"], view["may"]) == ("approved", "총무과-1", [])
    assert view["decision"]["person"]["id"] == decider["id"]
    assert (view["decision"]["version"], view["decision"]["content_hash"]) == (view["version"], view["content_hash"])
    assert [e["action"] for e in view["history"]] == ["drafted", "submitted", "registered"]
    told = decisive(service)[-1]
    assert told.type == "documents.desk"
    holds(contract.EVENTS["documents.desk"], told.data)
    (notice,) = told.data["notices"]
    assert (notice["person"], notice["code"], notice["params"]) == (ME.person, "registered", {"number": "총무과-1"})
    assert (told.data["noun"], told.data["slots"]) == ("documents", [])
    assert set(told.data["watchers"]) == {ME.person, decider["id"]}


def test_a_number_that_is_still_news_is_told_anew_just_as_it_was(service: LocalService, decider: Doc) -> None:
    operator = context(person="", roles=frozenset({"platform_operator"}))
    told = []
    for _ in range(3):
        registered(service, decider)
        told.append(decisive(service)[-1].data)
    with service.tx() as tx:
        long_ago = datetime.now(UTC) - desk.NEWS - timedelta(days=1)
        tx.execute(update(Document).where(Document.id == told[0]["subject"]).values(registered_at=long_ago))
    before, after, rounds = len(decisive(service)), None, 0
    while after or not rounds:
        after = service.call("retell", operator, {"what": "desk", "after": after, "limit": 1})["next"]
        rounds += 1
    # But for who looks on: nothing has changed for open pages.
    assert [event.data for event in decisive(service)[before:]] == [{**each, "watchers": []} for each in told[1:]]


def test_what_is_decided_cannot_be_changed(service: LocalService, decider: Doc) -> None:
    view = registered(service, decider)
    for method, data in (("save_draft", {"version": 2, "title": "x"}), ("submit", {}), ("delete_draft", {})):
        with pytest.raises(Conflict):
            service.call(method, ME, {"id": view["id"], **data})


def test_an_event_told_twice_registers_once(service: LocalService, decider: Doc) -> None:
    sent = submitted(service, decider)
    told = progress(service, "approved", decider)
    service.deliver("approval.approved", told)
    service.deliver("approval.approved", told)
    assert card(service, sent["id"])["number"] == "총무과-1"
    assert registered(service, decider)["number"] == "총무과-2"


def test_a_decision_on_other_content_is_parked(service: LocalService, decider: Doc) -> None:
    sent = submitted(service, decider)
    with pytest.raises(Poison):
        service.deliver("approval.approved", progress(service, "approved", decider, content_hash="0" * 64))
    with pytest.raises(Poison):
        service.deliver("approval.approved", progress(service, "approved", decider, document=new_id()))
    assert card(service, sent["id"])["state"] == "in_approval"


def test_a_returned_document_is_changed_and_submitted_again(service: LocalService, decider: Doc) -> None:
    sent = submitted(service, decider)
    old = progress(service, "returned", decider)
    service.deliver("approval.returned", old)
    view = card(service, sent["id"])
    assert (view["state"], view["may"], view["history"][-1]["action"]) == ("returned", ["edit", "submit"], "returned")
    assert view["history"][-1]["detail"] == {"submission": 1, "opinion": "의견"}
    service.call("save_draft", ME, {"id": sent["id"], "version": sent["version"], "body": "<p>고침</p>"})
    assert card(service, sent["id"])["state"] == "returned"
    service.call("submit", ME, {"id": sent["id"]})
    assert decisive(service)[-1].data["submission"] == 2
    # Old news of the first run, told again, is passed over.
    service.deliver("approval.returned", {**old, "sequence": 4})
    assert card(service, sent["id"])["state"] == "in_approval"
    service.deliver("approval.approved", progress(service, "approved", decider, sequence=9))
    assert card(service, sent["id"])["state"] == "approved"


def test_who_was_on_an_earlier_line_and_is_on_it_no_longer_keeps_the_version_of_then(
    service: LocalService, decider: Doc
) -> None:
    reviewer = hire(service, "타부서", department_id=new_id())
    first = [{"person": reviewer["id"], "role": "review"}, {"person": decider["id"], "role": "decide"}]
    made = draft(service, reading_scope="department")
    service.call("submit", ME, {"id": made["id"], "line": first})
    service.deliver("approval.returned", progress(service, "returned", reviewer))
    shown = card(service, made["id"], as_(reviewer))
    service.call(
        "save_draft", ME, {"id": made["id"], "version": shown["version"], "title": "새 계획", "body": "<p>뒤</p>"}
    )
    service.call("submit", ME, {"id": made["id"], "line": first[1:]})
    service.deliver("approval.approved", progress(service, "approved", decider, sequence=5))
    now = card(service, made["id"])
    assert (now["title"], now["number"]) == ("새 계획", "총무과-1")

    kept = card(service, made["id"], as_(reviewer))
    holds(contract.DocumentView, kept)
    assert kept == shown | {"updated_at": kept["updated_at"]}
    assert (kept["state"], kept["number"], kept["decision"], kept["may"]) == ("returned", None, None, [])
    versions = service.call("versions", as_(reviewer), {"id": made["id"]})["items"]
    assert [line["version"] for line in versions] == list(range(shown["version"], 0, -1))
    assert (
        service.call("version", as_(reviewer), {"id": made["id"], "version": shown["version"]})["body"] == kept["body"]
    )
    later = now["version"]
    for method, asked in (("version", {"version": later}), ("compare", {"left": 1, "right": later})):
        with pytest.raises(NotFound):
            service.call(method, as_(reviewer), {"id": made["id"], **asked})
    with pytest.raises(NotFound):
        card(service, made["id"], stranger())
    assert card(service, made["id"], as_(decider))["version"] == later


def test_who_is_put_on_the_line_again_sees_the_document_as_it_is(
    service: LocalService, reviewer: Doc, decider: Doc
) -> None:
    made = draft(service)
    seen = []
    for people in ([reviewer, decider], [decider], [reviewer, decider]):
        roles = ["review", "decide"][-len(people) :]
        line = [{"person": person["id"], "role": role} for person, role in zip(people, roles, strict=True)]
        service.call("submit", ME, {"id": made["id"], "line": line})
        view = card(service, made["id"], as_(reviewer))
        seen.append((view["version"], view["state"], sum(e["action"] == "submitted" for e in view["history"])))
        service.deliver("approval.withdrawn", progress(service, "withdrawn", decider, sequence=10 * len(seen)))
    first, _, last = seen
    assert [state for _, state, _ in seen] == ["in_approval", "draft", "in_approval"]
    assert seen[1][0] == first[0] < last[0] == card(service, made["id"])["version"]
    assert [submissions for *_, submissions in seen] == [1, 1, 3]


def test_a_withdrawn_document_is_a_draft_again(service: LocalService, decider: Doc) -> None:
    sent = submitted(service, decider)
    service.deliver("approval.withdrawn", progress(service, "withdrawn", decider))
    view = card(service, sent["id"])
    assert (view["state"], view["may"]) == ("draft", ["edit", "submit"])
    assert view["history"][-1]["person"]["id"] == ME.person


@pytest.mark.parametrize("told", ["withdrawn", "returned"])
@pytest.mark.parametrize("act", ["submit", "save", "attach"])
def test_what_its_drafter_does_right_after_it_came_back_waits_for_that_news(
    service: LocalService, decider: Doc, monkeypatch: pytest.MonkeyPatch, told: str, act: str
) -> None:
    for bound in ("_LONGEST", "_LOOK"):
        monkeypatch.setattr(news, bound, LIMIT)
    sent = submitted(service, decider)
    asked: dict[str, tuple[str, Doc]] = {
        "submit": ("submit", {"id": sent["id"]}),
        "save": ("save_draft", {"id": sent["id"], "version": sent["version"], "summary": "고친 요지"}),
        "attach": ("begin_file", {"id": sent["id"], "name": "a.txt", "size": 9}),
    }
    method, data = asked[act]
    with ThreadPoolExecutor(1) as pool:
        early = pool.submit(service.call, method, ME, data, key="k")
        until(lambda: service._runtime._news.waiting)
        service.deliver(f"approval.{told}", progress(service, told, decider))
        answer = early.result(LIMIT)
    assert service.call(method, ME, data, key="k") == answer


def test_a_card_told_to_be_settled_waits_for_it_and_then_answers(
    service: LocalService, decider: Doc, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = submitted(service, decider)
    tries: list[str | None] = []
    real = lifecycle.is_behind

    def counted(state: str, told: str | None) -> bool:
        tries.append(told)
        return real(state, told)

    monkeypatch.setattr(lifecycle, "is_behind", counted)
    assert card(service, sent["id"], settled="approved")["state"] == "in_approval"
    assert len(tries) > 2
    tries.clear()
    service.deliver("approval.approved", progress(service, "approved", decider))
    assert card(service, sent["id"], settled="approved")["state"] == "approved"
    assert len(tries) == 1


def test_numbers_are_without_gaps_and_doubles_when_fifty_are_decided_at_once(
    service: LocalService, decider: Doc
) -> None:
    told = []
    for _ in range(50):
        submitted(service, decider)
        told.append(progress(service, "approved", decider))
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda data: service.deliver("approval.approved", data), told))
    with service.tx() as tx:
        serials = [row[0] for row in tx.all(select(Document.number_serial).order_by(Document.number_serial))]
    assert serials == list(range(1, 51))


def test_the_series_is_of_the_year_of_the_decision_in_seoul(service: LocalService, decider: Doc) -> None:
    for at, number in (
        ("2026-12-31T14:59:59+00:00", "총무과-1"),
        ("2026-12-31T15:00:00+00:00", "총무과-1"),
        ("2026-12-31T14:59:59+00:00", "총무과-2"),
    ):
        sent = submitted(service, decider)
        told = progress(service, "approved", decider)
        service.deliver("approval.approved", {**told, "decision": {**told["decision"], "at": at}})
        assert card(service, sent["id"])["number"] == number


# -- versions ---------------------------------------------------------------------------------------


def test_versions_are_kept_whole_and_compared(service: LocalService, decider: Doc) -> None:
    made = draft(service)
    changes = {"title": "새 제목", "body": "<p>1. 고칩니다.</p>", "line": [{"person": decider["id"], "role": "decide"}]}
    service.call("save_draft", ME, {"id": made["id"], "version": 1, **changes})
    items = service.call("versions", ME, {"id": made["id"]})["items"]
    assert [item["version"] for item in items] == [2, 1]
    for item in items:
        holds(contract.VersionLine, item)
    first = service.call("version", ME, {"id": made["id"], "version": 1})
    holds(contract.VersionView, first)
    assert (first["title"], first["line"]) == ("청사 보수 계획", [])
    compared = service.call("compare", ME, {"id": made["id"], "left": 1, "right": 2})
    holds(contract.Comparison, compared)
    assert [f["field"] for f in compared["fields"]] == ["title", "line"]
    assert "<ins>" in compared["redline"]
    with pytest.raises(NotFound):
        service.call("version", ME, {"id": made["id"], "version": 9})


# -- attachments ------------------------------------------------------------------------------------


def upload(service: LocalService, document: str, name: str = "계획.pdf", data: bytes = PDF) -> Doc:
    ticket = service.call("begin_file", ME, {"id": document, "name": name, "size": len(data)})
    holds(FileTicket, ticket)
    stored = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest(), "head": base64.b64encode(data).decode()}
    done: Doc = service.call("complete_file", ME, {"id": document, "file": ticket["file"], "name": name, **stored})
    return done


def test_an_attachment_is_part_of_the_draft_its_version_and_its_hash(service: LocalService) -> None:
    made = draft(service)
    before = card(service, made["id"])["content_hash"]
    done = upload(service, made["id"])
    holds(contract.AttachmentResult, done)
    assert (done["type"], done["version"]) == ("application/pdf", 2)
    view = card(service, made["id"])
    assert [a["name"] for a in view["attachments"]] == ["계획.pdf"]
    assert view["content_hash"] != before
    ticket = service.call("file_ticket", ME, {"id": made["id"], "file": done["id"]})
    holds(FileTicket, ticket)
    assert ticket["object"] == f"documents/{made['id']}/{done['id']}"
    with pytest.raises(NotFound):
        service.call("file_ticket", stranger(), {"id": made["id"], "file": done["id"]})
    removed = service.call("remove_file", ME, {"id": made["id"], "file": done["id"]})
    assert removed["version"] == 3
    assert card(service, made["id"])["content_hash"] == before
    kept = service.call("version", ME, {"id": made["id"], "version": 2})
    assert [a["id"] for a in kept["attachments"]] == [done["id"]]


def test_a_removed_attachment_is_not_given_to_mere_readers(service: LocalService, decider: Doc) -> None:
    made = draft(service)
    done = upload(service, made["id"])
    service.call("remove_file", ME, {"id": made["id"], "file": done["id"]})
    line = [{"person": decider["id"], "role": "decide"}]
    service.call("submit", ME, {"id": made["id"], "line": line})
    service.deliver("approval.approved", progress(service, "approved", decider))
    asked = {"id": made["id"], "file": done["id"]}
    assert service.call("file_ticket", ME, asked)["name"] == "계획.pdf"
    with pytest.raises(NotFound):
        service.call("file_ticket", stranger(), asked)


def test_a_refused_file_leaves_the_draft_as_it_was(service: LocalService) -> None:
    made = draft(service)
    with pytest.raises(Invalid) as refused:
        upload(service, made["id"], "계획.pdf", b"MZ\x90\0\x03")
    assert refused.value.fields == {"file": "executable"}
    assert card(service, made["id"])["version"] == 1


@pytest.mark.parametrize(("size", "error"), [(0, Invalid), (200 * 1024 * 1024 + 1, TooLarge)])
def test_an_empty_or_too_large_file_is_refused_before_it_is_sent(
    service: LocalService, size: int, error: type[Problem]
) -> None:
    made = draft(service)
    with pytest.raises(error):
        service.call("begin_file", ME, {"id": made["id"], "name": "a.pdf", "size": size})


def test_a_draft_takes_thirty_attachments(service: LocalService) -> None:
    made = draft(service)
    for index in range(30):
        upload(service, made["id"], f"{index}.pdf")
    with pytest.raises(Invalid) as refused:
        upload(service, made["id"])
    assert refused.value.fields == {"attachments": "too_many"}


def test_what_is_submitted_takes_no_more_attachments(service: LocalService, decider: Doc) -> None:
    sent = submitted(service, decider)
    with pytest.raises(Conflict):
        upload(service, sent["id"])


# -- boxes ------------------------------------------------------------------------------------------


def walk(service: LocalService, ctx: Context = ME, **asked: Any) -> list[Doc]:
    """All rows of a box, page by page."""
    found: list[Doc] = []
    cursor = None
    while True:
        page = service.call("box", ctx, {"limit": 3, "cursor": cursor, **asked})
        holds(contract.DocumentPage, page)
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            return found


@pytest.mark.parametrize("sort", ["-updated", "updated", "title", "number", "-number"])
@pytest.mark.parametrize("box", ["finished", "register"])
def test_boxes_are_walked_page_by_page_in_every_order(service: LocalService, decider: Doc, box: str, sort: str) -> None:
    made = [registered(service, decider, title=f"{letter} 문서") for letter in "다가나라마바사"]
    expected = {"title": sorted(made, key=lambda d: d["title"])}.get(sort, made[::-1] if sort[0] == "-" else made)
    assert [d["id"] for d in walk(service, box=box, sort=sort)] == [d["id"] for d in expected]


def test_each_box_holds_its_own(service: LocalService, decider: Doc) -> None:
    done = registered(service, decider)
    back = submitted(service, decider)
    service.deliver("approval.returned", progress(service, "returned", decider))
    sent = submitted(service, decider)
    made = draft(service)
    holds_ids = {box: [d["id"] for d in walk(service, box=box)] for box in contract.BOXES}
    assert holds_ids == {
        "drafts": [made["id"]],
        "progress": [sent["id"]],
        "returned": [back["id"]],
        "finished": [done["id"]],
        "register": [done["id"]],
    }
    other = context(person=new_id())
    assert [d["id"] for box in contract.BOXES for d in walk(service, other, box=box)] == [done["id"]]


def test_a_box_is_searched_by_title_and_number_and_disclosure(service: LocalService, decider: Doc) -> None:
    registered(service, decider, title="100% 도로")
    closed = {"class": "closed", "clauses": [6]}
    registered(service, decider, title="하천 정비", disclosure=closed)
    assert [d["title"] for d in walk(service, box="finished", q="도로")] == ["100% 도로"]
    assert [d["title"] for d in walk(service, box="finished", q="%")] == ["100% 도로"]
    assert [d["title"] for d in walk(service, box="register", q="총무과-2")] == ["하천 정비"]
    assert [d["title"] for d in walk(service, box="register", disclosure="closed")] == ["하천 정비"]
    assert walk(service, box="register", year=1999) == []


def test_another_departments_register_is_for_overseers(service: LocalService, decider: Doc) -> None:
    registered(service, decider)
    asked = {"box": "register", "department": ME.department_id}
    with pytest.raises(Forbidden):
        walk(service, stranger(), **asked)
    assert len(walk(service, stranger(roles=frozenset({"auditor"})), **asked)) == 1


def test_a_cursor_of_another_list_is_refused(service: LocalService, decider: Doc) -> None:
    for _ in range(2):
        draft(service)
    cursor = service.call("box", ME, {"box": "drafts", "limit": 1})["next"]
    forged = paging.encode(["drafts -updated", 1, 2])
    for asked in (
        *({"box": "drafts", "sort": "title"}, {"box": "finished"}),
        *({"box": "drafts", "cursor": "x"}, {"box": "drafts", "cursor": forged}),
    ):
        with pytest.raises(Invalid) as refused:
            service.call("box", ME, {"cursor": cursor, **asked})
        assert refused.value.fields == {"cursor": "broken_cursor"}


@pytest.mark.parametrize(
    ("box", "sort"),
    [
        *[(box, "-updated") for box in contract.BOXES],
        *[("finished", "title"), ("finished", "-number"), ("register", "title"), ("register", "number")],
    ],
)
def test_every_finished_list_is_read_from_an_index_in_order(service: LocalService, box: str, sort: str) -> None:
    asked = {"box": box, "sort": sort, "limit": 20, "cursor": None, "q": "", "department": None, "year": None}
    with service.tx() as tx:
        order = boxes._order(box, sort)
        scope = boxes._scope(tx, ME, asked, order)
        statement = select(*boxes._COLUMNS).where(*scope).order_by(*order.clauses()).limit(21)
        sql = statement.compile(tx.connection.engine, compile_kwargs={"literal_binds": True})
        plan = [row[-1] for row in tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}")]
    assert len(plan) == 1
    assert "USING INDEX document_" in plan[0]


# -- cost and shape ---------------------------------------------------------------------------------


def test_the_migrated_tables_are_those_of_the_models(service: LocalService) -> None:
    with service.tx() as tx:
        seen = inspect(tx.connection)
        for table in models.Base.metadata.sorted_tables:
            columns = {c["name"]: (str(c["type"]), c["nullable"]) for c in seen.get_columns(table.name)}
            dialect = tx.connection.dialect
            assert columns == {c.name: (c.type.compile(dialect), c.nullable) for c in table.columns}, table.name
            found = {(i["name"], tuple(i["column_names"]), bool(i["unique"])) for i in seen.get_indexes(table.name)}
            assert found == {(i.name, tuple(c.name for c in i.columns), i.unique) for i in table.indexes}, table.name


def test_an_alembic_revision_names_the_service() -> None:
    revision = Path(str(models.__file__)).parent / "migrations/versions/0001_initial.py"
    assert 'revision = "documents_0001"' in revision.read_text()


def statements(service: LocalService, call: Any) -> list[str]:
    """The first word of every statement that `call` sends to the service's own tables."""
    seen: list[str] = []

    def listen(conn: Any, cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement.split()[0] if "INSERT" not in statement else f"INSERT {statement.split()[2]}")

    event.listen(Engine, "before_cursor_execute", listen)
    try:
        call()
    finally:
        event.remove(Engine, "before_cursor_execute", listen)
    return [s for s in seen if s not in ("BEGIN", "COMMIT", "PRAGMA")]


def test_the_hot_methods_send_few_statements(service: LocalService, decider: Doc) -> None:
    made = draft(service)
    line = [{"person": decider["id"], "role": "decide"}]
    assert statements(service, lambda: draft(service)) == [
        *("SELECT", "INSERT document", "INSERT version", "INSERT audit", "INSERT outbox"),
    ]
    assert statements(service, lambda: card(service, made["id"])) == ["SELECT"]
    assert statements(service, lambda: service.call("submit", ME, {"id": made["id"], "line": line})) == [
        *("SELECT", "UPDATE", "INSERT version", "INSERT audit", "INSERT outbox", "INSERT outbox"),
    ]


def test_what_is_slow_by_content_runs_beside_the_service(
    service: LocalService, decider: Doc, monkeypatch: pytest.MonkeyPatch
) -> None:
    def here(*_: str) -> str:
        raise AssertionError("in the service's own process")

    first, second = ("".join(f"<p>{word}</p>" for _ in range(4_000)) for word in ("같다", "다르다"))
    monkeypatch.setattr(body, "accepted", here)
    monkeypatch.setattr(compare, "redline", here)
    made = draft(service, body=first)
    service.call("save_draft", ME, {"id": made["id"], "version": 1, "body": second})

    try:
        compared = service.call("compare", ME, {"id": made["id"], "left": 1, "right": 2})
    except Problem as problem:
        # On a machine that is slow enough.
        assert (problem.status, problem.slug) == (422, "too-slow")
    else:
        holds(contract.Comparison, compared)
        assert "<ins>" in compared["redline"]
    assert service.call("card", ME, {"id": made["id"]})["body"] == second
