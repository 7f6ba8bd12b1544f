"""What journals put on desks at their time, who is missing, months as tables and what is handed out."""

from __future__ import annotations

from datetime import date
from typing import Any

from shared.calendar import Exceptions
from shared.context import system
from shared.contracts import journals as contract
from tests.unit.memo.journals.cast import NIGHT, VALUES, Doc, Office, as_, at

MORNING: Doc = {"kind": "day", "days": "working", "opens": "09:00"}
BAD: Doc = {**VALUES, "door": {"result": "abnormal", "note": "잠기지 않음"}}


def missing(office: Office, journal: str, **more: Any) -> list[Doc]:
    found = office.service.call("missing_entries", as_(office.verifier), {"journal": journal, **more})
    assert contract.Missing().validate(found) == {}
    items: list[Doc] = found["items"]
    return items


def names(people: list[Doc]) -> list[str]:
    return [person["name"] for person in people]


# -- desks ------------------------------------------------------------------------------------------


def test_when_a_day_opens_its_writers_are_asked_until_they_have_written(office: Office) -> None:
    journal = office.journal(schedule=MORNING)
    office.service.pass_until(at("2026-05-21 08:59"))
    assert office.desk() == {}
    office.service.pass_until(at("2026-05-21 09:00"))
    assert office.todos(office.writer) == office.todos(office.other) == [("journal", "write")]
    (todo, _) = office.desk().values()
    assert todo["due"].startswith("2026-05-21T15:00:00")
    office.write(journal)
    assert office.todos(office.writer) == []
    assert office.todos(office.other) == [("journal", "write")]
    assert office.todos(office.verifier) == [("verify", "verify")]


def test_a_day_off_asks_nobody_and_the_next_working_day_does(office: Office) -> None:
    office.service.holidays = Exceptions({date(2026, 5, 21): "개청 기념일"})
    office.journal(schedule=MORNING)
    office.service.pass_until(at("2026-05-22 08:00"))
    assert office.desk() == {}
    office.service.pass_until(at("2026-05-22 10:00"))
    assert office.todos(office.writer) == [("journal", "write")]


def test_who_is_on_leave_is_not_asked_and_not_missing(office: Office) -> None:
    journal = office.journal(schedule=MORNING)
    office.away(김작성={"reason": "leave", "until": "2026-05-22T15:00:00+00:00", "deputy": None})
    office.service.pass_until(at("2026-05-21 10:00"))
    assert office.todos(office.writer) == []
    (standing,) = missing(office, journal)
    assert (names(standing["missing"]), names(standing["excused"])) == (["최작성"], ["김작성"])
    assert (standing["expected"], standing["written"]) == (2, 0)
    office.service.pass_until(at("2026-05-22 01:00"))
    office.away()
    (yesterday,) = missing(office, journal, day="2026-05-21")
    assert names(yesterday["excused"]) == ["김작성"]


def test_what_was_not_written_leaves_the_desk_with_the_next_day_and_stays_in_the_list(office: Office) -> None:
    journal = office.journal(schedule=MORNING)
    office.service.pass_until(at("2026-05-22 10:00"))
    assert office.todos(office.writer) == [("journal", "write")]
    assert len(office.desk()) == 2
    assert names(missing(office, journal, day="2026-05-21")[0]["missing"]) == ["김작성", "최작성"]
    assert [notice["params"]["count"] for notice in office.notices("missing")] == [2]


def test_of_a_department_one_entry_is_enough_where_the_journal_says_so(office: Office) -> None:
    department = "01900000-0000-7000-8000-0000000000d9"
    office.departments[department] = [office.writer["id"], office.other["id"]]
    journal = office.journal(schedule=MORNING, writers=[f"department:{department}"], way="any")
    office.service.pass_until(at("2026-05-21 10:00"))
    assert len(office.desk()) == 2
    person = {**office.other, "department_id": department}
    office.write(journal, person)
    assert [key[2] for key in office.desk()] == ["verify"]
    (standing,) = missing(office, journal)
    assert (standing["expected"], standing["missing"]) == (1, [])
    today = office.service.call("journals_today", as_({**office.writer, "department_id": department}), {})
    assert today["items"][0]["state"] == "to_verify"


def test_each_shift_asks_its_own_people(office: Office) -> None:
    shifts = [{**NIGHT["shifts"][0]}, {**NIGHT["shifts"][1], "writers": [f"person:{office.other['id']}"]}]
    journal = office.journal(schedule={**NIGHT, "shifts": shifts})
    office.service.pass_until(at("2026-05-20 22:30"))
    assert office.todos(office.other) == [("journal", "write")]
    day, night = missing(office, journal, day="2026-05-20")
    assert (day["shift"], names(night["missing"])) == ("day", ["최작성"])
    office.service.pass_until(at("2026-05-21 07:00"))
    assert office.todos(office.writer) == [("journal", "write")]


def test_many_entries_of_a_day_are_one_to_do_for_who_verifies(office: Office) -> None:
    journal = office.journal()
    first, second = office.write(journal), office.write(journal, office.other, values=BAD)
    ((_, todo),) = [(key, todo) for key, todo in office.desk().items() if key[2] == "verify"]
    assert todo["params"] == {"count": 2, "abnormal": 1, "day": "2026-05-20"}
    assert todo["urgency"] == 1
    office.decide(second["id"])
    office.decide(first["id"])
    assert office.desk() == {}


def test_the_deputy_of_a_verifier_who_is_away_is_asked_as_well(office: Office) -> None:
    deputy = office.hire("정대리")
    journal = office.journal(schedule=MORNING)
    office.away(박확인={"reason": "trip", "until": None, "deputy": {"id": deputy["id"]}})
    office.service.pass_until(at("2026-05-21 10:00"))
    office.write(journal)
    assert office.todos(deputy) == [("verify", "verify")]


def test_an_ended_journal_asks_nobody_any_more(office: Office) -> None:
    journal = office.journal(schedule=MORNING)
    office.service.call("save_journal", office.admin, {**office.settings(ended=True), "id": journal})
    office.service.pass_until(at("2026-05-25 10:00"))
    assert office.desk() == {}


def test_told_anew_the_desk_is_the_same(office: Office) -> None:
    journal = office.journal(schedule=MORNING)
    office.service.pass_until(at("2026-05-21 10:00"))
    entry = office.write(journal)["id"]
    office.decide(entry, act="send_back", reason="다시")
    before = office.desk()
    assert len(before) == 2
    told = office.service.call("retell", system("city"), {"what": "desk"})
    assert told == {"told": 1, "next": None}
    assert office.desk() == before


# -- today ------------------------------------------------------------------------------------------


def test_todays_journals_come_with_what_is_open_first(office: Office) -> None:
    done, open_ = office.journal(title="가"), office.journal(title="나")
    office.write(done)
    today = office.service.call("journals_today", as_(office.writer), {})
    assert contract.Today().validate(today) == {}
    assert [(item["journal"]["id"], item["state"]) for item in today["items"]] == [(open_, "open"), (done, "to_verify")]
    assert today["items"][0]["period"]["day"] == "2026-05-20"


def test_an_id_is_told_from_another(office: Office) -> None:
    journal = office.journal()
    entry = office.write(journal)["id"]
    rounds = {key[0] for key in office.desk()}
    asked = [journal, entry, *rounds]
    found = [office.service.call("journal_whereabouts", as_(office.verifier), {"id": id_}) for id_ in asked]
    assert all(contract.Whereabouts().validate(each) == {} for each in found)
    assert [each["kind"] for each in found] == ["journal", "entry", "round"]
    assert found[2]["role"] == "verify"


# -- months -----------------------------------------------------------------------------------------


def month(office: Office, journal: str, **more: Any) -> Doc:
    asked = {"journal": journal, "month": "2026-05", **more}
    found: Doc = office.service.call("journal_month", as_(office.verifier), asked)
    assert contract.MonthView().validate(found) == {}
    return found


def test_a_month_is_a_table_of_its_writers_with_counts_of_each_day(office: Office) -> None:
    journal = office.journal()
    for day in ("2026-05-18", "2026-05-19", "2026-05-20"):
        office.write(journal, day=day)
    bad = office.write(journal, office.other, day="2026-05-19", values=BAD)
    office.decide(bad["id"])
    found = month(office, journal)
    assert found["counts"] == {"entries": 4, "abnormal": 1, "verified": 1, "awaiting": 0}
    assert [(row["writer"]["name"], len(row["cells"])) for row in found["items"]] == [("김작성", 3), ("최작성", 1)]
    by_day = {row["day"]: (row["entries"], row["abnormal"], row["verified"]) for row in found["by_day"]}
    assert by_day == {"2026-05-18": (1, 0, 0), "2026-05-19": (2, 1, 1), "2026-05-20": (1, 0, 0)}
    assert len(found["periods"]) == 31
    first = month(office, journal, limit=1)
    assert [row["writer"]["name"] for row in month(office, journal, limit=1, cursor=first["next"])["items"]] == [
        "최작성"
    ]


def test_a_sheet_of_many_entries_has_a_row_for_each_day(office: Office) -> None:
    people = [office.hire(f"작성{n:02}") for n in range(42)]
    journal = office.journal(writers=[f"person:{person['id']}" for person in people])
    for person in people:
        office.write(journal, person)
    sheet = office.sheet(journal)
    assert sheet["each"] is False
    assert sheet["rows"] == [{"day": "2026-05-20", "entries": 42, "abnormal": 0, "verified": 0}]
    one = office.sheet(journal, writer=people[0]["id"])
    assert one["each"] and len(one["rows"]) == 1


def test_a_sheet_of_a_time_to_come_is_that_of_the_last_that_happened(office: Office) -> None:
    journal = office.journal()
    office.write(journal)
    sheet = office.sheet(journal, as_of="2026-12-31T00:00:00Z")
    assert sheet["as_of"] == office.sheet(journal)["as_of"]


def test_two_clocks_that_differ_do_not_change_what_was_printed(office: Office) -> None:
    journal = office.journal()
    office.write(journal)
    before = office.sheet(journal)
    office.service.now = at("2026-05-20 08:00")
    office.write(journal, office.other)
    assert office.sheet(journal, as_of=before["as_of"]) == before
    assert len(office.sheet(journal)["rows"]) == 2


def test_entries_are_handed_out_as_cells_under_the_forms_own_columns(office: Office) -> None:
    journal = office.journal()
    office.write(journal, values={**BAD, "pressure": "1,234.50"})
    found = office.service.call("export_entries", as_(office.verifier), {"journal": journal, "month": "2026-05"})
    assert contract.Export().validate(found) == {}
    keys = [column["key"] for column in found["columns"]]
    row = dict(zip(keys, found["rows"][0], strict=True))
    assert (row["day"], row["writer"], row["pressure"], row["abnormal"]) == ("2026-05-20", "김작성", "1234.50", 2)


# -- who may, and what is told ----------------------------------------------------------------------


def test_a_head_of_a_department_may_make_a_journal_and_others_not(office: Office) -> None:
    head = as_(office.writer)
    assert office.refused("save_journal", head, **office.settings()).status == 403
    of_mine = {"id": head.department_id, "head": {"id": head.person}}
    office.service.answers[("directory", "departments")] = lambda ctx, data: {"items": [of_mine]}
    made = office.service.call("save_journal", head, office.settings())
    assert contract.SavedJournal().validate(made) == {}
    shown = office.service.call("journal", head, {"id": made["id"]})
    assert contract.JournalView().validate(shown) == {}
    assert shown["may"] == ["manage"] and shown["draft"]
    stale = office.refused("save_journal", head, **office.settings(), id=made["id"], version=7)
    assert stale.status == 412


def test_writers_who_are_unknown_or_gone_are_refused_by_name(office: Office) -> None:
    nobody = "01900000-0000-7000-8000-00000000ffff"
    refused = office.refused("save_journal", office.admin, **office.settings(writers=[f"person:{nobody}"]))
    assert refused.fields == {"writers": "unknown"}
    refused = office.refused("save_journal", office.admin, **office.settings(verifiers=[nobody]))
    assert refused.fields == {"verifiers": "unknown_person"}


def items(office: Office) -> dict[str, Doc]:
    """The newest item of each subject."""
    return {event.subject: event.data for event in office.service.events if event.type == "memo.item"}


def test_the_catalogue_knows_the_journal_and_its_month_with_what_was_found(office: Office) -> None:
    journal = office.journal()
    office.write(journal)
    entry = office.write(journal, office.other, values=BAD)["id"]
    found = items(office)
    assert entry not in found and len(found) == 2
    month_ = next(item for subject, item in found.items() if subject != journal)
    assert "잠기지 않음" in month_["text"] and month_["links"][0]["subject"] == journal
    assert f"person:{office.writer['id']}" in found[journal]["audience"]
    settings = office.settings(writers=[f"person:{office.other['id']}"])
    office.service.call("save_journal", office.admin, {**settings, "id": journal})
    for item in items(office).values():
        assert f"person:{office.writer['id']}" not in item["audience"]


def test_who_joins_a_group_may_write_from_the_next_day_on(office: Office) -> None:
    group = "01900000-0000-7000-8000-0000000000c1"
    office.departments[group] = [office.writer["id"]]
    journal = office.journal(schedule=MORNING, writers=[f"group:{group}"])
    assert office.refused("save_entry", office.other, journal=journal, values=VALUES).status == 404
    office.departments[group].append(office.other["id"])
    office.service.pass_until(at("2026-05-21 09:00"))
    assert office.write(journal, office.other)["version"] == 1
