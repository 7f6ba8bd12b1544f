"""Calendars and other programs: collections with their changes, files taken in and given out, secret addresses."""

from __future__ import annotations

from typing import Any

import pytest

from shared.contracts import dav as contract
from shared.contracts import schedule as schedules
from shared.ids import new_id
from tests.unit.schedule.cast import Office, holds, seoul, utc


def ics(uid: str = "u1", start: str = "20260902T100000", **lines: str) -> str:
    """One entry as another program writes it."""
    more = "".join(f"{name.replace('_', '-')}:{value}\r\n" for name, value in lines.items())
    title = "" if "SUMMARY" in lines else "SUMMARY:남의 일정\r\n"
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nBEGIN:VEVENT\r\n"
        f"UID:{uid}\r\nDTSTAMP:20260801T000000Z\r\nDTSTART;TZID=Asia/Seoul:{start}\r\nDURATION:PT1H\r\n"
        f"{title}{more}END:VEVENT\r\nEND:VCALENDAR\r\n"
    )


class Collection:
    """The main calendar of somebody, as a client keeps it."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.id = office.main(office.me)

    def put(self, name: str = "a.ics", content: str = "", **given: Any) -> Any:
        asked = {"calendar": self.id, "name": name, "content": content or ics(name), **given}
        return self.office.ask(self.office.me, "dav_put", **asked)

    def objects(self, **asked: Any) -> Any:
        found = self.office.ask(self.office.me, "dav_objects", calendar=self.id, **asked)
        holds(contract.DavObjects, found)
        return found

    def changes(self, since: int | None = None, **asked: Any) -> Any:
        found = self.office.ask(self.office.me, "dav_changes", calendar=self.id, since=since, **asked)
        holds(contract.DavChanges, found)
        return found


@pytest.fixture
def collection(office: Office) -> Collection:
    return Collection(office)


# -- collections --------------------------------------------------------------------------------------


def test_what_a_client_puts_is_in_the_day_and_comes_back_as_it_was(office: Office, collection: Collection) -> None:
    put = collection.put("b.ics", ics(LOCATION="2층\\, 소회의실", X_APPLE_TRAVEL="20"))
    holds(contract.DavPutResult, put)
    assert put["created"] is True
    (line,) = office.window("2026-09-02", "2026-09-03")
    assert (line["title"], line["place"], line["starts_at"]) == (
        "남의 일정",
        "2층, 소회의실",
        utc("2026-09-02", "10:00"),
    )
    (kept,) = collection.objects()["items"]
    assert "X-APPLE-TRAVEL:20" in kept["text"] and kept["tag"] == put["tag"]
    office.ask(office.me, "change", id=line["id"], title="우리가 바꾼 제목")
    (kept,) = collection.objects()["items"]
    assert "X-APPLE-TRAVEL:20" in kept["text"] and "우리가 바꾼 제목" in kept["text"]


def test_who_puts_over_a_version_they_have_not_seen_is_refused(collection: Collection) -> None:
    first = collection.put()
    assert collection.put()["tag"] == first["tag"]
    office = collection.office
    second = collection.put(content=ics("a.ics", SUMMARY="둘째"), tag=first["tag"])
    asked = {"calendar": collection.id, "name": "a.ics", "content": ics("a.ics", SUMMARY="셋째")}
    assert office.refused(office.me, "dav_put", **asked, tag=first["tag"]).status == 412
    assert office.refused(office.me, "dav_put", **asked, absent=True).status == 412
    assert office.refused(office.me, "dav_put", **{**asked, "name": "c.ics"}).slug == "uid-elsewhere"
    assert office.refused(office.me, "dav_delete", calendar=collection.id, name="a.ics", tag="x").status == 412
    office.ask(office.me, "dav_delete", calendar=collection.id, name="a.ics", tag=second["tag"])
    assert collection.objects()["items"] == []


@pytest.mark.parametrize("content", ["", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "x" * 1000, ics() + ics("u2")])
def test_what_is_no_entry_is_refused_and_nothing_changes(collection: Collection, content: str) -> None:
    office = collection.office
    asked = {"calendar": collection.id, "name": "a.ics", "content": content or " "}
    assert office.refused(office.me, "dav_put", **asked).fields.keys() == {"content"}
    assert collection.objects()["items"] == []


def test_changes_are_told_once_each_with_what_is_gone(collection: Collection) -> None:
    start = collection.changes()["number"]
    for name in ("x", "y", "z"):
        collection.put(f"{name}.ics")
    seen = collection.changes(start)
    assert [each["name"] for each in seen["items"]] == ["x.ics", "y.ics", "z.ics"]
    assert collection.changes(seen["number"]) == {"items": [], "number": seen["number"], "more": False}
    office = collection.office
    collection.put("y.ics", ics("y.ics", SUMMARY="바뀜"))
    office.ask(office.me, "dav_delete", calendar=collection.id, name="z.ics")
    collection.put("w.ics")
    office.ask(office.me, "dav_delete", calendar=collection.id, name="w.ics")
    changed = collection.changes(seen["number"])["items"]
    assert [(each["name"], each["tag"] is None) for each in changed] == [
        ("y.ics", False),
        ("z.ics", True),
        ("w.ics", True),
    ]
    part = collection.changes(seen["number"], limit=2)
    assert ([each["name"] for each in part["items"]], part["more"]) == (["y.ics", "z.ics"], True)
    assert [each["name"] for each in collection.changes(part["number"])["items"]] == ["w.ics"]
    assert [each["name"] for each in collection.changes()["items"]] == ["x.ics", "y.ics"]
    assert office.refused(office.me, "dav_changes", calendar=collection.id, since=10**9).slug == "sync-token-unknown"


def test_resources_are_found_by_time_also_series_and_what_was_moved(collection: Collection) -> None:
    collection.put("once.ics", ics("once", "20260910T100000"))
    collection.put("series.ics", ics("series", "20260901T100000", RRULE="FREQ=WEEKLY"))
    asked = {"from": seoul("2027-03-01"), "to": seoul("2027-03-08"), "text": False}
    assert [each["name"] for each in collection.objects(**asked)["items"]] == ["series.ics"]
    asked = {"from": seoul("2026-09-10"), "to": None, "text": False}
    assert [each["name"] for each in collection.objects(**asked)["items"]] == ["once.ics", "series.ics"]
    found = collection.objects(names=["once.ics", "nowhere.ics"])
    assert ([each["name"] for each in found["items"]], found["missing"]) == (["once.ics"], ["nowhere.ics"])


def test_who_reads_a_collection_gets_what_is_open_to_them_and_writes_nothing(office: Office) -> None:
    office.enter("2026-09-02", title="공개")
    office.enter("2026-09-02", title="비밀", place="어디", visibility="private")
    calendar = office.main(office.me)
    office.ask(office.me, "save_calendar", id=calendar, shares=[{"principal": "organisation", "level": "read"}])
    listed = office.ask(office.other, "dav_calendars")
    holds(contract.DavCalendars, listed)
    office.ask(
        office.me, "save_calendar", id=calendar, shares=[{"principal": f"person:{office.other['id']}", "level": "read"}]
    )
    found = office.ask(office.other, "dav_objects", calendar=calendar)["items"]
    texts = "".join(each["text"] for each in found)
    assert "공개" in texts and "비밀" not in texts and "어디" not in texts and "바쁨" in texts
    assert [each["writable"] for each in found] == [False, False]
    asked = {"calendar": calendar, "name": "a.ics", "content": ics()}
    assert office.refused(office.other, "dav_put", **asked).slug == "read-only"
    taken = office.ask(
        office.other, "dav_busy", calendar=calendar, **{"from": seoul("2026-09-02"), "to": seoul("2026-09-03")}
    )
    assert [each["starts_at"] for each in taken["items"][calendar]] == [utc("2026-09-02", "10:00")]
    assert office.refused(office.boss, "dav_objects", calendar=calendar).status == 404


def test_one_makes_a_further_calendar_under_an_id_of_the_clients(office: Office) -> None:
    id_ = new_id()
    office.ask(office.me, "dav_make", id=id_, name="집", colour=2)
    assert office.refused(office.me, "dav_make", id=id_, name="집").slug == "calendar-exists"
    found = office.ask(office.me, "calendars")
    holds(schedules.CalendarList, found)
    assert [each["name"] for each in found["items"]] == ["서나래", "집", "총무과", ""]
    office.ask(office.me, "remove_calendar", id=id_)
    assert len(office.ask(office.me, "calendars")["items"]) == 3
    assert office.refused(office.me, "remove_calendar", id=office.main(office.me)).status in (404, 409)


def test_an_id_that_was_given_back_can_be_taken_again_and_its_states_go_on(office: Office) -> None:
    id_ = new_id()
    office.ask(office.me, "dav_make", id=id_, name="출장")
    office.ask(office.me, "dav_put", calendar=id_, name="a.ics", content=ics("a"))
    seen = office.ask(office.me, "dav_changes", calendar=id_)["number"]
    version = office.ask(office.me, "remove_calendar", id=id_) and office.ask(
        office.me, "dav_make", id=id_, name="다시"
    )
    assert version["version"] == 2
    assert office.ask(office.me, "dav_objects", calendar=id_)["items"] == []
    (gone,) = office.ask(office.me, "dav_changes", calendar=id_, since=seen)["items"]
    assert gone == {"name": "a.ics", "tag": None}
    assert office.refused(office.me, "dav_make", id=id_, name="또").slug == "calendar-exists"
    office.ask(office.me, "remove_calendar", id=id_)
    assert office.refused(office.mate, "dav_make", id=id_, name="남의 것").slug == "calendar-exists"


def test_an_entry_of_another_program_may_say_nothing_of_what_it_is_about(collection: Collection) -> None:
    content = ics("a").replace("SUMMARY:남의 일정\r\n", "")
    assert collection.put("a.ics", content)["created"]


# -- files --------------------------------------------------------------------------------------------


def test_a_file_is_taken_in_once_and_only_what_is_later_changes_it(office: Office) -> None:
    def one(sequence: int, stamp: str, hour: int) -> str:
        return ics("u1", f"20260910T{hour}0000", SEQUENCE=str(sequence)).replace("20260801T000000Z", stamp)

    first = office.import_(one(2, "20260801T000000Z", 10).encode())
    holds(schedules.ImportView, first)
    assert (first["new"], first["applied"]) == (1, True)
    again = office.import_(one(2, "20260801T000000Z", 10).encode())
    assert (again["new"], again["changed"], again["same"]) == (0, 0, 1)
    assert office.import_(one(1, "20260803T000000Z", 14).encode())["older"] == 1
    assert office.import_(one(2, "20260802T000000Z", 11).encode())["changed"] == 1
    assert office.starts("2026-09-10", "2026-09-11") == ["09-10 11:00"]
    further = office.ask(office.me, "save_calendar", name="둘째")["id"]
    assert office.import_(one(2, "20260801T000000Z", 10).encode(), calendar=further)["new"] == 1
    exported = office.ask(office.me, "export", id=office.main(office.me))
    holds(schedules.IcsFile, exported)
    assert exported["content"].count("UID:u1") == 1


def test_what_is_wrong_in_a_file_is_named_and_the_rest_is_taken_in(office: Office) -> None:
    bad = ics("u2").replace("TZID=Asia/Seoul", "TZID=Nowhere Time")
    text = ics("u1") + bad + ics("u3").replace("DURATION:PT1H", "DTEND;TZID=Asia/Seoul:20260902T090000")
    found = office.import_(text.encode(), dry_run=True)
    assert (found["new"], found["applied"]) == (1, False)
    assert {(each["uid"], each["code"], each["held"]) for each in found["problems"]} >= {("u2", "unknown_zone", True)}
    assert office.window("2026-09-01", "2026-09-05") == []
    chosen = office.import_(text.encode(), zone="Asia/Seoul")
    assert chosen["new"] == 2
    assert office.starts("2026-09-01", "2026-09-05") == ["09-02 10:00", "09-02 10:00"]


def test_a_file_that_is_none_is_refused_in_words(office: Office) -> None:
    found = office.import_(b"\x00\x01 no calendar")
    assert (found["new"], len(found["problems"])) == (0, 1)
    assert office.refused(office.me, "import_ics", content="%%%").fields == {"content": "not_base64"}
    asked = {"content": "eA==", "zone": "Nowhere/Time"}
    assert office.refused(office.me, "import_ics", **asked).fields == {"zone": "unknown_zone"}


# -- secret addresses ---------------------------------------------------------------------------------


def test_who_knows_the_address_reads_along_until_it_is_revoked(office: Office) -> None:
    office.enter("2026-09-02", title="공개", description="내용")
    office.enter("2026-09-03", title="비밀", place="어디", visibility="private", reminders=[10])
    made = office.ask(office.me, "create_feed", calendar=office.main(office.me), name="집 달력", level="read")
    holds(schedules.NewFeed, made)
    read = office.ask(office.me, "feed", secret=made["secret"])
    content = read["content"]
    assert "SUMMARY:공개" in content and "비밀" not in content and "어디" not in content and "VALARM" not in content
    assert office.ask(office.me, "feed", secret=made["secret"])["tag"] == read["tag"]
    listed = office.ask(office.me, "feeds")
    holds(schedules.FeedList, listed)
    assert [each["name"] for each in listed["items"]] == ["집 달력"]
    assert office.refused(office.other, "revoke_feed", id=made["id"]).status == 404
    office.ask(office.me, "revoke_feed", id=made["id"])
    assert office.refused(office.me, "feed", secret=made["secret"]).status == 404
    busy = office.ask(office.me, "create_feed", calendar=office.main(office.me), name="남에게", level="busy")
    content = office.ask(office.me, "feed", secret=busy["secret"])["content"]
    assert "공개" not in content and content.count("SUMMARY:바쁨") == 2
