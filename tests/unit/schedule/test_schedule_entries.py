"""Entries: entered, seen by whom, changed, taken out; series and their instances."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from services.schedule.models import Expansion
from shared.contracts import schedule as contract
from shared.contracts import sources
from tests.unit.schedule.cast import Office, holds, seoul, utc

WEEKLY = "FREQ=WEEKLY;BYDAY=TU;COUNT=5"


def test_what_somebody_enters_is_in_their_day(office: Office) -> None:
    made = office.enter("2026-09-02", title="현장 방문", kind="visit", place="한강공원", importance=2)
    holds(contract.EntryResult, made)
    found = office.ask(office.me, "entries", **{"from": "2026-09-02", "to": "2026-09-03"})
    holds(contract.WindowView, found)
    (line,) = found["items"]
    assert (line["title"], line["kind"], line["place"], line["importance"]) == ("현장 방문", "visit", "한강공원", 2)
    assert (line["starts_at"], line["ends_at"]) == (utc("2026-09-02", "10:00"), utc("2026-09-02", "11:00"))
    assert (line["access"], line["rid"], line["calendar"]) == ("own", None, office.main(office.me))
    assert office.window("2026-09-03", "2026-09-04") == []


def test_an_entry_is_shown_whole_with_what_its_reader_may_do(office: Office) -> None:
    made = office.enter(
        "2026-09-02", description="첫째 줄\n둘째 줄; 끝", reminders=[30, 10], rrule=WEEKLY.replace("TU", "WE")
    )
    card = office.card(made)
    holds(contract.CalendarEntryView, card)
    assert card["description"] == "첫째 줄\n둘째 줄; 끝"
    assert (card["reminders"], card["may"], card["owner"]["name"]) == ([10, 30], ["change", "remove"], "서나래")
    assert card["next"] == [utc(f"2026-09-{day:02}", "10:00") for day in (2, 9, 16)]


def test_another_object_is_begun_from_what_an_entry_says(office: Office) -> None:
    made = office.enter("2026-09-02", title="현장 방문", description="첫째 <줄>\n둘째 줄")
    quoted = office.ask(office.mate, "quote", id=made["id"])
    holds(sources.QuoteView, quoted)
    assert (quoted["title"], quoted["body"]) == ("현장 방문", "<p>첫째 &lt;줄&gt;</p><p>둘째 줄</p>")
    assert office.refused(office.other, "quote", id=made["id"]).status == 404


def test_colleagues_of_the_department_read_it_others_see_that_one_is_busy(office: Office) -> None:
    made = office.enter("2026-09-02", title="인사 협의", place="3층")
    (mate,) = office.window("2026-09-02", "2026-09-03", office.mate, people=[office.me["id"]])
    assert (mate["title"], mate["access"]) == ("인사 협의", "read")
    (other,) = office.window("2026-09-02", "2026-09-03", office.other, people=[office.me["id"]])
    assert (other["title"], other["place"], other["access"]) == ("", "", "busy")
    assert office.refused(office.other, "entry", id=made["id"]).status == 404
    assert office.refused(office.mate, "change", id=made["id"], title="다른 제목").slug == "read-only"


@pytest.mark.parametrize(("visibility", "mate"), [("busy", "busy"), ("private", "busy"), ("public", "read")])
def test_an_entry_is_as_open_as_its_writer_says(office: Office, visibility: str, mate: str) -> None:
    office.enter("2026-09-02", visibility=visibility)
    assert [each["access"] for each in office.window("2026-09-02", "2026-09-03")] == ["own"]
    seen = office.window("2026-09-02", "2026-09-03", office.mate, people=[office.me["id"]])
    assert [each["access"] for each in seen] == [mate]


def test_a_shared_calendar_is_written_by_whom_it_is_open_to(office: Office) -> None:
    made = office.enter("2026-09-02")
    share = {"principal": f"person:{office.other['id']}", "level": "write"}
    office.ask(office.me, "save_calendar", id=office.main(office.me), shares=[share])
    office.ask(office.other, "change", id=made["id"], title="바뀐 제목")
    assert office.card(made)["title"] == "바뀐 제목"
    assert office.notices(made) == [("서나래", "entry_changed")]
    # Who shares as they wish has taken the rule of everybody away.
    assert office.window("2026-09-02", "2026-09-03", office.mate, people=[office.me["id"]]) == []


def test_a_department_writes_its_calendar_and_the_organisation_reads_it(office: Office) -> None:
    calendar = office.department_calendar("총무과")
    made = office.enter("2026-09-02", calendar=calendar, title="부서 회식")
    office.ask(office.mate, "change", id=made["id"], place="구내식당")
    seen = office.window("2026-09-02", "2026-09-03", office.other, departments=[office.department("총무과")])
    assert [(each["title"], each["place"], each["access"]) for each in seen] == [("부서 회식", "구내식당", "read")]
    assert office.refused(office.other, "create", **_entry("2026-09-02"), calendar=calendar).slug == "read-only"


def _entry(day: str) -> dict[str, str]:
    return {"title": "일정", "starts_at": seoul(day, "10:00"), "ends_at": seoul(day, "11:00")}


# -- what is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"ends_at": seoul("2026-09-02", "09:00")}, {"ends_at": "before_start"}),
        ({"starts_at": "9999-01-01T00:00:00Z", "ends_at": "9999-01-02T00:00:00Z"}, {"starts_at": "year_out_of_range"}),
        ({"rrule": "FREQ=SECONDLY"}, {"rrule": "rule_not_supported"}),
        ({"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, {"rrule": "rule_yields_nothing"}),
        ({"rrule": "never"}, {"rrule": "not_a_rule"}),
        ({"zone": "Nowhere/Time"}, {"zone": "unknown_zone"}),
        ({"people": ["00000000-0000-7000-8000-000000000000"]}, {"people": "unknown_person"}),
    ],
)
def test_what_cannot_be_is_refused_by_its_field_and_nothing_is_kept(
    office: Office, changes: dict[str, object], fields: dict[str, str]
) -> None:
    assert office.refused(office.me, "create", **{**_entry("2026-09-02"), **changes}).fields == fields
    assert office.window("2026-08-01", "2026-12-01") == []


def test_a_window_is_refused_that_ends_before_it_begins_or_has_no_end(office: Office) -> None:
    assert office.refused(office.me, "entries", **{"from": "2026-09-02", "to": "2026-09-02"}).fields == {
        "to": "before_start"
    }
    assert office.refused(office.me, "entries", **{"from": "2026-01-01", "to": "2028-01-01"}).fields == {
        "to": "too_long"
    }


# -- series -------------------------------------------------------------------------------------------


def test_one_of_a_series_is_moved_and_the_others_stay(office: Office) -> None:
    made = office.enter("2026-09-01", rrule=WEEKLY)
    rid = office.window("2026-09-08", "2026-09-09")[0]["rid"]
    moved = {"starts_at": seoul("2026-09-17", "15:00"), "ends_at": seoul("2026-09-17", "16:00")}
    office.ask(office.me, "change", id=made["id"], rid=rid, scope="this", **moved)
    assert office.starts("2026-09-01", "2026-10-01") == [
        "09-01 10:00",
        "09-15 10:00",
        "09-17 15:00",
        "09-22 10:00",
        "09-29 10:00",
    ]
    assert office.starts("2026-09-07", "2026-09-14") == []
    (line,) = office.window("2026-09-17", "2026-09-18")
    assert (line["moved"], line["rid"]) == (True, rid)
    assert office.card(made, rid=rid)["starts_at"] == utc("2026-09-17", "15:00")


def test_this_and_the_following_go_on_as_a_series_of_their_own(office: Office) -> None:
    made = office.enter("2026-09-01", rrule=WEEKLY)
    rid = office.window("2026-09-15", "2026-09-16")[0]["rid"]
    times = {"starts_at": seoul("2026-09-15", "14:00"), "ends_at": seoul("2026-09-15", "15:00")}
    done = office.ask(office.me, "change", id=made["id"], rid=rid, scope="following", **times)
    assert office.starts("2026-09-01", "2026-10-01") == [
        "09-01 10:00",
        "09-08 10:00",
        "09-15 14:00",
        "09-22 14:00",
        "09-29 14:00",
    ]
    assert {each["id"] for each in office.window("2026-09-15", "2026-10-01")} == {done["also"]}


def test_of_a_series_one_those_that_follow_or_all_are_taken_out(office: Office) -> None:
    made = office.enter("2026-09-01", rrule=WEEKLY)
    rids = [each["rid"] for each in office.window("2026-09-01", "2026-10-01")]
    office.ask(office.me, "remove", id=made["id"], rid=rids[1], scope="this")
    assert office.starts("2026-09-01", "2026-10-01") == ["09-01 10:00", "09-15 10:00", "09-22 10:00", "09-29 10:00"]
    office.ask(office.me, "remove", id=made["id"], rid=rids[3], scope="following")
    assert office.starts("2026-09-01", "2026-10-01") == ["09-01 10:00", "09-15 10:00"]
    assert office.refused(office.me, "remove", id=made["id"], rid=rids[1], scope="this").status == 404
    office.ask(office.me, "remove", id=made["id"])
    assert office.window("2026-09-01", "2026-10-01") == []


def test_a_window_years_ahead_or_behind_is_reckoned(office: Office) -> None:
    office.enter("2026-09-01", rrule="FREQ=WEEKLY;BYDAY=TU")
    assert office.starts("2036-09-01", "2036-09-08") == ["09-02 10:00"]
    assert office.starts("2026-08-01", "2026-09-01") == []


def test_series_are_unfolded_on_as_time_goes_by(office: Office) -> None:
    office.enter("2026-09-01", rrule="FREQ=WEEKLY;BYDAY=TU")
    with office.service.tx() as tx:
        before = tx.scalar(select(Expansion.to_at))
    office.later("2027-06-28")
    with office.service.tx() as tx:
        assert tx.scalar(select(Expansion.to_at)) > before + timedelta(days=200)
    assert office.starts("2027-09-01", "2027-09-08") == ["09-07 10:00"]


def test_an_entry_of_whole_days_ends_before_its_last_one(office: Office) -> None:
    office.enter("2026-09-10", all_day=True, last="2026-09-12", title="워크숍")
    assert [each["all_day"] for each in office.window("2026-09-11", "2026-09-12")] == [True]
    (line,) = office.window("2026-09-09", "2026-09-20")
    assert (line["starts_at"], line["ends_at"]) == ("2026-09-10", "2026-09-12")
    assert office.window("2026-09-12", "2026-09-13") == []


def test_the_last_friday_of_september_is_chuseok_and_stays_where_it_is(office: Office) -> None:
    office.enter("2026-06-26", "15:00", "16:00", rrule="FREQ=MONTHLY;BYDAY=-1FR;COUNT=4")
    assert office.starts("2026-06-01", "2026-10-01") == ["06-26 15:00", "07-31 15:00", "08-28 15:00", "09-25 15:00"]
    days = office.ask(office.me, "entries", **{"from": "2026-09-25", "to": "2026-09-26"})["days"]
    assert [(each["name"], each["off"]) for each in days] == [("추석", True)]


def test_an_old_version_is_refused(office: Office) -> None:
    made = office.enter("2026-09-02")
    office.ask(office.me, "change", id=made["id"], version=1, title="둘째")
    assert office.refused(office.me, "change", id=made["id"], version=1, title="셋째").status == 412
    assert office.card(made)["title"] == "둘째"


# -- people, diary ------------------------------------------------------------------------------------


def test_who_is_named_has_it_in_their_calendar_and_nobody_else_changes_it(office: Office) -> None:
    made = office.enter("2026-09-02", people=[office.other["id"]])
    assert office.notices(made) == [("윤여름", "entry_shared")]
    (copy,) = office.window("2026-09-02", "2026-09-03", office.other)
    assert copy["source"] == {"noun": "schedule", "subject": made["id"]}
    assert office.refused(office.other, "change", id=copy["id"], title="남의 제목").slug == "is-fed"
    office.ask(office.me, "change", id=made["id"], title="같이 보는 제목")
    assert [each["title"] for each in office.window("2026-09-02", "2026-09-03", office.other)] == ["같이 보는 제목"]
    office.ask(office.me, "change", id=made["id"], people=[])
    assert office.window("2026-09-02", "2026-09-03", office.other) == []


def test_what_came_of_it_is_written_once_it_has_begun(office: Office) -> None:
    made = office.enter("2026-09-01", "09:00", "10:00")
    assert office.refused(office.me, "write_diary", id=made["id"], text="협의함").slug == "not-begun"
    office.later("2026-09-01", "12:00")
    holds(contract.DiaryView, office.ask(office.me, "write_diary", id=made["id"], text="협의함", progress=60))
    office.ask(office.me, "write_diary", id=made["id"], text="마무리함", progress=100)
    diary = office.card(made)["diary"]
    assert (diary["text"], diary["progress"], diary["by"]["name"]) == ("마무리함", 100, "서나래")


def test_a_reminder_comes_before_each_of_a_series(office: Office) -> None:
    made = office.enter("2026-09-01", rrule=WEEKLY, reminders=[60])
    office.later("2026-09-09")
    assert office.notices(made) == [("서나래", "reminder")] * 2
    office.later("2026-12-01")
    assert len(office.notices(made)) == 5


def test_an_entry_moves_to_another_calendar_and_out_of_the_one_it_was_in(office: Office) -> None:
    further = office.ask(office.me, "save_calendar", name="개인 공부", colour=3)["id"]
    made = office.enter("2026-09-02")
    office.ask(office.me, "change", id=made["id"], calendar=further)
    assert [each["id"] for each in office.window("2026-09-02", "2026-09-03", calendars=[further])] == [made["id"]]
    assert office.window("2026-09-02", "2026-09-03", calendars=[office.main(office.me)]) == []
    gone = office.ask(office.me, "dav_changes", calendar=office.main(office.me), since=1)["items"]
    assert [each["tag"] for each in gone] == [None]
