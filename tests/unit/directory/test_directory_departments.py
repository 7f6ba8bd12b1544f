"""Departments and absences: the tree in order, its history, and who is away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.directory.models import Absence, Department
from shared.context import Context, system
from shared.contracts import directory as contract
from shared.errors import Invalid, NotFound, Problem, Stale
from shared.ids import new_id
from shared.testing import TENANT
from tests.unit.directory.office import Doc, Office, holds


def tree(office: Office) -> list[Doc]:
    items: list[Doc] = office.call("departments")["items"]
    for item in items:
        holds(contract.DepartmentView, item)
    return items


def view(office: Office, id_: str) -> Doc:
    return next(item for item in tree(office) if item["id"] == id_)


def saved(office: Office, id_: str, **changes: Any) -> Doc:
    """Saves a department with changes, as the administrator's form does."""
    present = view(office, id_)
    names = ("id", "version", "name", "code", "parent", "order", "abolished")
    found: Doc = office.call("save_department", **{**{name: present[name] for name in names}, **changes})
    return found


def refused(office: Office, id_: str, **changes: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as raised:
        saved(office, id_, **changes)
    return dict(raised.value.fields)


# -- the tree ---------------------------------------------------------------------------------------


def test_departments_are_read_under_their_parents_by_order_then_name(office: Office) -> None:
    second = office.department("나국", order=2)
    first = office.department("다국", order=1)
    office.department("가과", second)
    office.department("나과", first)
    office.department("가팀", first, order=5)
    names = [(d["name"], d["depth"]) for d in tree(office)]
    assert names == [("한빛시", 0), ("다국", 1), ("나과", 2), ("가팀", 2), ("나국", 1), ("가과", 2)]


def test_a_department_shows_its_head_and_whose_main_post_is_in_it(office: Office) -> None:
    tax, audit = office.department("세무과"), office.department("감사과")
    chief = office.hire(
        "김과장",
        tax,
        "과장",
        posts=[{"department": tax, "position": "과장"}, {"department": audit, "position": "과장"}],
    )
    office.hire("이팀장", tax, "팀장")
    office.change(office.hire("박과장", tax, "과장"), active=False)
    found = view(office, tax)
    assert (found["people"], found["head"]["id"], found["head"]["position"]) == (2, chief["id"], "과장")
    beside = view(office, audit)
    assert (beside["people"], beside["head"]["id"], beside["head"]["department"]) == (0, chief["id"], "감사과")
    office.hire("최팀장", audit, "과장")
    assert view(office, audit)["head"]["name"] == "최팀장"


def test_a_renamed_department_keeps_its_old_name_and_its_people_are_told(office: Office) -> None:
    tax = office.department("세무과")
    made = office.hire("김보라", tax)
    renamed = saved(office, tax, name="세정과")
    assert (renamed["name"], renamed["version"]) == ("세정과", 2)
    assert renamed["names"] == [{"name": "세무과", "until": office.clock.present.isoformat()}]
    assert office.service.events[-1].data == {"people": [made["id"]]}
    assert office.call("people_by_ids", ids=[made["id"]])[made["id"]]["department"] == "세정과"
    office.clock.advance(days=1)
    assert [n["name"] for n in saved(office, tax, name="세입과")["names"]] == ["세무과", "세정과"]


def test_moving_a_department_keeps_no_name(office: Office) -> None:
    bureau, tax = office.department("행정국"), office.department("세무과")
    moved = saved(office, tax, parent=bureau)
    assert (moved["parent"], moved["depth"], moved["names"]) == (bureau, 2, [])
    assert saved(office, tax, parent=None)["parent"] == office.root


def test_a_save_without_a_change_or_on_an_old_version_writes_nothing(office: Office) -> None:
    tax = office.department("세무과")
    assert saved(office, tax)["version"] == 1
    saved(office, tax, order=3)
    with pytest.raises(Stale) as stale:
        saved(office, tax, version=1, order=4)
    assert stale.value.extra == {"current": 2}
    assert view(office, tax)["order"] == 3


def test_what_the_tree_does_not_allow_is_refused_by_field(office: Office) -> None:
    bureau = office.department("행정국")
    division = office.department("총무과", bureau, code="ZZ00001")
    office.hire("김보라", division)
    gone = office.department("옛국", abolished=True)
    assert refused(office, bureau, parent=division) == {"parent": "circle"}
    assert refused(office, bureau, parent=new_id()) == {"parent": "unknown_department"}
    assert refused(office, bureau, parent=gone) == {"parent": "abolished_department"}
    assert refused(office, bureau, code="ZZ00001") == {"code": "taken"}
    assert refused(office, division, abolished=True) == {"abolished": "department_has_people"}
    assert refused(office, bureau, abolished=True) == {"abolished": "department_has_departments"}
    assert refused(office, office.root, parent=bureau) == {"parent": "root_has_no_parent"}
    assert refused(office, office.root, abolished=True) == {"abolished": "root_is_not_abolished"}
    with pytest.raises(NotFound):
        office.call("save_department", id=new_id(), name="x", code="ZZ00009")


def test_a_department_is_abolished_when_its_people_are_elsewhere_and_takes_nobody_new(office: Office) -> None:
    tax, audit = office.department("세무과"), office.department("감사과")
    made = office.hire("김보라", tax)
    office.change(made, posts=[{"department": audit, "position": "주무관"}])
    assert saved(office, tax, abolished=True)["abolished"] is True
    with pytest.raises(Invalid) as raised:
        office.hire("이보라", tax)
    assert raised.value.fields == {"posts.0.department": "abolished_department"}


def test_the_organisation_itself_is_renamed_with_its_root(office: Office) -> None:
    saved(office, office.root, name="큰빛시", code="ABC0001")
    assert tree(office)[0]["name"] == "큰빛시"
    assert "큰빛시" in office.call("begin_totp")["uri"] or "%ED%81%B0" in office.call("begin_totp")["uri"]
    assert [row.subject for row in office.record("directory.department.saved")] == [office.root, office.root]


def test_a_new_department_is_entered_once_however_often_it_is_sent(office: Office) -> None:
    data = {"name": "세무과", "code": "ZZ00001"}
    first = office.call("save_department", key="k", **data)
    assert office.call("save_department", key="k", **data) == first
    assert office.count(Department) == 2


# -- absences ---------------------------------------------------------------------------------------


def span(office: Office, begin: float, end: float, **changes: Any) -> Doc:
    """An absence from `begin` to `end` days from now."""
    at = [(office.clock.present + timedelta(days=day)).isoformat() for day in (begin, end)]
    return {"starts_at": at[0], "ends_at": at[1], "reason": "leave", **changes}


@pytest.fixture
def narae(office: Office) -> Context:
    office.hire("서나래", login="narae")
    return office.signed_in("narae")


def test_an_absence_with_its_deputy_is_entered_and_listed_in_order(office: Office, narae: Context) -> None:
    deputy = office.hire("김보라")
    later = office.call("save_absence", narae, **span(office, 5, 6, reason="trip"))
    first = office.call("save_absence", narae, **span(office, 1, 2, deputy=deputy["id"], note="연가"))
    holds(contract.AbsenceView, first)
    assert (first["deputy"]["name"], first["note"]) == ("김보라", "연가")
    assert office.call("absences", narae)["items"] == [first, later]
    assert office.call("absences")["items"] == []
    assert office.record("directory.absence.entered")[0].subject == narae.person


def test_who_is_away_is_shown_so_while_it_lasts(office: Office, narae: Context) -> None:
    office.call("save_absence", narae, **span(office, 1, 2))
    seen = []
    for _ in range(3):
        found = office.call("people", q="나래")["items"][0]
        assert found["absent"] == office.call("person", id=narae.person)["absent"]
        seen.append(found["absent"] and found["absent"]["reason"])
        office.clock.advance(days=1)
    assert seen == [None, "leave", None]
    assert office.call("absences", narae)["items"] == []


@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    [
        (2, 2, {"ends_at": "not_after_start"}),
        (-2, -1, {"ends_at": "in_the_past"}),
        (1, 2000, {"ends_at": "too_long"}),
        (4, 6, {"starts_at": "overlaps"}),
        (1, 9, {"starts_at": "overlaps"}),
    ],
)
def test_an_absence_that_cannot_be_is_refused_by_field(
    office: Office, narae: Context, begin: int, end: int, expected: dict[str, str]
) -> None:
    office.call("save_absence", narae, **span(office, 3, 5))
    with pytest.raises(Invalid) as raised:
        office.call("save_absence", narae, **span(office, begin, end))
    assert raised.value.fields == expected
    assert office.count(Absence) == 1


def test_absences_may_touch_and_others_are_nobodys_concern(office: Office, narae: Context) -> None:
    office.call("save_absence", narae, **span(office, 3, 5))
    office.call("save_absence", narae, **span(office, 5, 6))
    office.call("save_absence", **span(office, 3, 5))
    assert office.count(Absence) == 3


def test_a_deputy_is_somebody_else_who_is_here(office: Office, narae: Context) -> None:
    gone = office.change(office.hire("박떠남"), active=False)
    for deputy, code in ((narae.person, "own_deputy"), (gone["id"], "inactive_person"), (new_id(), "unknown_person")):
        with pytest.raises(Invalid) as raised:
            office.call("save_absence", narae, **span(office, 1, 2, deputy=deputy))
        assert raised.value.fields == {"deputy": code}


def test_an_absence_to_come_is_taken_back_and_one_that_runs_ends_now(office: Office, narae: Context) -> None:
    coming = office.call("save_absence", narae, **span(office, 5, 6))
    running = office.call("save_absence", narae, **span(office, -1, 2))
    with pytest.raises(NotFound):
        office.call("cancel_absence", id=coming["id"])
    for absence in (coming, running):
        office.call("cancel_absence", narae, id=absence["id"])
    (kept,) = office.rows(Absence)
    assert (kept.id, kept.ends_at) == (running["id"], office.clock.present)
    assert office.call("person", id=narae.person)["absent"] is None
    with pytest.raises(NotFound):
        office.call("cancel_absence", narae, id=running["id"])


def test_a_time_without_a_zone_is_refused(office: Office, narae: Context) -> None:
    with pytest.raises(Invalid) as raised:
        office.call("save_absence", narae, **span(office, 1, 2, starts_at="2026-03-03T00:00:00"))
    assert list(raised.value.fields) == ["starts_at"]


def test_absences_are_told_to_calendars_as_they_come_to_be_change_and_end(office: Office, narae: Context) -> None:
    made = office.call("save_absence", narae, **span(office, 3, 5))
    assert office.call("save_absence", narae, **span(office, 3, 5)) == made
    office.call("change_absence", narae, id=made["id"], **span(office, 4, 6))
    with pytest.raises(Problem) as unknown:
        office.call("change_absence", id=made["id"], **span(office, 4, 6))
    assert unknown.value.status == 404
    told = [event.data for event in office.service.events if event.type == "directory.absence"]
    assert [(each["sequence"], each["ended"]) for each in told] == [(1, False), (2, False)]
    # Told anew, it says the same.
    answer = office.service.call("retell", system(TENANT), {"what": "calendar"})
    again = [event.data for event in office.service.events if event.type == "directory.absence"]
    assert (answer, again[-1]) == ({"told": 1, "next": None}, told[-1])
    office.call("cancel_absence", narae, id=made["id"])
    last = [event.data for event in office.service.events if event.type == "directory.absence"][-1]
    assert (last["sequence"], last["ended"], last["starts_at"]) == (3, True, last["ends_at"])
