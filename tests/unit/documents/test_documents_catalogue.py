"""What the documents service tells the catalogue of its documents, and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.documents.service import DocumentsService
from shared import audience
from shared.context import Context
from shared.contracts.search import TEXT_LIMIT, ItemTold
from shared.errors import Forbidden
from shared.testing import LocalService, context, new_person

ME = context()
DECIDER = new_person("이결정")
Doc = dict[str, Any]


@pytest.fixture
def service() -> Iterator[LocalService]:
    with LocalService(DocumentsService) as local:
        local.people[DECIDER["id"]] = DECIDER
        yield local


def told(service: LocalService) -> list[Doc]:
    """What the catalogue was told, as it comes off the wire; each is what the contract says."""
    found = [orjson.loads(event.body)["data"] for event in service.events if event.type == "documents.item"]
    assert all(ItemTold().validate(each) == {} for each in found)
    return found


def draft(service: LocalService, **fields: Any) -> Doc:
    made: Doc = service.call(
        "create_draft", ME, {"title": "청사 보수", "body": "<p>지붕을 <b>고칩니다</b>.</p>", **fields}
    )
    return made


def submit(service: LocalService, document: str) -> None:
    line = [{"person": DECIDER["id"], "role": "decide"}]
    service.call("submit", ME, {"id": document, "line": line})


def end(service: LocalService, state: str, sequence: int = 2) -> None:
    """The approval service tells how the document submitted last went."""
    sent = [event for event in service.events if event.type == "documents.submitted"][-1].data
    names = ("document", "submission", "version", "content_hash", "title", "drafter")
    person = {name: value for name, value in DECIDER.items() if name != "active"}
    decision = {"person": person, "role": "decide", "action": "approve", "opinion": "예산에 맞음"}
    data = {name: sent[name] for name in names} | {"sequence": sequence, "state": state, "active": []}
    data["decision"] = None if state == "withdrawn" else decision | {"at": datetime.now(UTC).isoformat()}
    service.deliver(f"approval.{state}", data)


def test_a_document_is_based_on_what_it_was_made_from_at_each_step(service: LocalService) -> None:
    source = {"noun": "memo", "subject": "01900000-0000-7000-8000-0000000000f1"}
    made = draft(service, sources=[source])
    submit(service, made["id"])
    end(service, "approved")
    assert [each["links"] for each in told(service)] == [[{"role": "based_on", **source}]] * 3
    card = service.call("card", ME, {"id": made["id"]})
    assert card["sources"] == [source]
    draft(service)
    assert told(service)[-1]["links"] == []


def test_a_document_is_told_of_at_each_step_with_all_that_happened(service: LocalService) -> None:
    made = draft(service)
    submit(service, made["id"])
    end(service, "returned", 2)
    submit(service, made["id"])
    end(service, "withdrawn", 4)
    submit(service, made["id"])
    end(service, "approved", 6)
    steps = [(each["state"], each["happened"][-1]["code"]) for each in told(service)]
    assert steps == [
        ("draft", "drafted"),
        ("in_approval", "submitted"),
        ("returned", "returned"),
        ("in_approval", "submitted"),
        ("draft", "withdrawn"),
        ("in_approval", "submitted"),
        ("approved", "registered"),
    ]
    # One that is overtaken before it goes out takes nothing away that way.
    assert [len(each["happened"]) for each in told(service)] == list(range(1, 8))
    sequences = [each["sequence"] for each in told(service)]
    assert sequences == sorted(set(sequences))
    assert told(service)[-1]["number"] == "총무과-1"


def test_it_is_found_by_its_body_and_the_opinions_on_it(service: LocalService) -> None:
    made = draft(service, summary="지붕 누수", keywords=["청사", "누수"])
    submit(service, made["id"])
    end(service, "approved")
    assert told(service)[-1]["text"] == "지붕 누수\n청사, 누수\n예산에 맞음\n지붕을 고칩니다."


def test_a_long_body_is_told_as_far_as_the_catalogue_takes_it(service: LocalService) -> None:
    draft(service, body=f"<p>{'가' * 50_000}</p>")
    assert len(told(service)[-1]["text"]) == TEXT_LIMIT


def test_saving_tells_nothing_but_another_title(service: LocalService) -> None:
    made = draft(service)
    saved = service.call("save_draft", ME, {"id": made["id"], "version": 1, "body": "<p>다른 글</p>"})
    assert len(told(service)) == 1
    service.call("save_draft", ME, {"id": made["id"], "version": saved["version"], "title": "청사 신축"})
    assert [each["title"] for each in told(service)] == ["청사 보수", "청사 신축"]
    assert told(service)[-1]["text"] == "다른 글"


def test_a_deleted_draft_is_told_of_as_removed(service: LocalService) -> None:
    made = draft(service)
    service.call("delete_draft", ME, {"id": made["id"]})
    last = told(service)[-1]
    assert (last["removed"], last["text"], last["happened"][-1]["code"]) == (True, "", "deleted")


def test_a_draft_is_open_to_its_drafter_and_a_decided_document_as_far_as_its_scope_goes(service: LocalService) -> None:
    made = draft(service, reading_scope="department")
    submit(service, made["id"])
    end(service, "approved")
    first, second, last = (set(each["audience"]) for each in told(service))
    assert first == {audience.person(ME.person)}
    assert second == first | {audience.person(DECIDER["id"])}
    assert last == second | {audience.role("auditor"), audience.department(ME.department_id)}


def test_a_retelling_says_the_same_with_all_that_happened_in_batches(service: LocalService) -> None:
    ids = [draft(service)["id"] for _ in range(3)]
    submit(service, ids[1])
    end(service, "approved")
    service.call("delete_draft", ME, {"id": ids[2]})
    last = {each["subject"]: each for each in told(service)}
    before, after = len(told(service)), None
    operator = context(roles=frozenset({"platform_operator"}))
    for expected in (2, 1):
        answer = service.call("retell", operator, {"what": "item", "after": after, "limit": 2})
        assert answer["told"] == expected
        after = answer["next"]
    assert after is None
    again = {each["subject"]: each for each in told(service)[before:]}
    assert again == last
    assert [each["code"] for each in again[ids[1]]["happened"]] == ["drafted", "submitted", "registered"]
    with pytest.raises(Forbidden):
        service.call("retell", ME, {"what": "item"})


# -- the rule ---------------------------------------------------------------------------------------


def may_read(
    ctx: Context, *, participants: set[str], department_id: str, scope: str, closed: bool, decided: bool
) -> bool:
    """The rule in words: participants always; once it is decided auditors, and whom the scope includes."""
    if ctx.person in participants:
        return True
    if not decided:
        return False
    everybody = scope == "organisation" and not closed
    department = scope in ("department", "organisation") and ctx.department_id == department_id
    return ctx.has("auditor") or everybody or department


@given(
    participants=st.sets(st.sampled_from("abc")),
    department=st.sampled_from("de"),
    scope=st.sampled_from(("route", "department", "organisation")),
    closed=st.booleans(),
    decided=st.booleans(),
    person=st.sampled_from("abc"),
    of_department=st.sampled_from("de"),
    roles=st.frozensets(st.sampled_from(("auditor", "drafter"))),
)
def test_the_audience_of_a_document_is_who_may_read_it(
    participants: set[str],
    department: str,
    scope: str,
    closed: bool,
    decided: bool,
    person: str,
    of_department: str,
    roles: frozenset[str],
) -> None:
    ctx = context(person=person, department_id=of_department, roles=roles)
    document: Any = {"participants": participants, "department_id": department, "scope": scope}
    document |= {"closed": closed, "decided": decided}
    assert audience.may_read(ctx, audience.of_document(**document)) == may_read(ctx, **document)


def test_nobody_comes_as_nobody() -> None:
    assert audience.principals(context(person="")) == frozenset()
    assert audience.may_read(context(person="", department_id=""), {"organisation", "department:", "person:"}) is False
