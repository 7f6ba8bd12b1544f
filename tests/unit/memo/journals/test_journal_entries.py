"""Entries: sent once however often, changed in versions, verified by version (JRN-05, JRN-06)."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from marshmallow import Schema

from shared.contracts import journals as contract
from shared.ids import new_id
from tests.unit.memo.journals.cast import NIGHT, VALUES, Doc, Office, as_, at, ref

BAD: Doc = {**VALUES, "door": {"result": "abnormal", "note": "잠기지 않음"}}


def holds(schema: type[Schema], data: Any) -> None:
    assert schema().validate(data) == {}


# -- JRN-05: night shift, offline phone, double send -------------------------------------------------


def test_what_was_written_before_and_after_midnight_is_of_the_shift_that_began_in_may(office: Office) -> None:
    journal = office.journal(schedule=NIGHT)
    office.service.now = at("2026-06-01 00:10")
    first = office.write(journal, written_at="2026-05-31T14:50:00+00:00", sent_at="2026-05-31T15:10:00+00:00")
    office.service.now = at("2026-06-01 02:00")
    second = office.write(journal, office.other, written_at="2026-05-31T17:00:00Z")
    for saved in (first, second):
        assert (saved["day"], saved["shift"], saved["flagged"]) == ("2026-05-31", "night", False)
    assert [row["day"] for row in office.sheet(journal)["rows"]] == ["2026-05-31"] * 2
    entry = office.entry(first["id"])
    assert entry["written_at"] == "2026-05-31T14:50:00Z" or entry["written_at"].startswith("2026-05-31T14:50:00")
    assert entry["difference"] == 0


def test_a_clock_that_is_two_hours_fast_is_flagged_and_its_time_is_kept_as_it_was_told(office: Office) -> None:
    journal = office.journal(schedule=NIGHT)
    office.service.now = at("2026-06-01 05:00")
    saved = office.write(journal, written_at="2026-06-01T07:00:00+09:00", sent_at="2026-06-01T07:00:00+09:00")
    assert (saved["day"], saved["shift"], saved["flagged"]) == ("2026-05-31", "night", True)
    entry = office.entry(saved["id"])
    assert entry["difference"] == 7_200
    assert entry["written_at"].startswith("2026-05-31T22:00:00")
    assert entry["received_at"].startswith("2026-05-31T20:00:00")


def test_a_clock_a_day_wrong_is_flagged_whichever_way(office: Office) -> None:
    journal = office.journal()
    slow = office.write(journal, written_at="2026-05-19T09:00:00+09:00")
    fast = office.write(journal, office.other, written_at="2026-05-21T09:00:00+09:00")
    assert [each["flagged"] for each in (slow, fast)] == [True, True]
    assert [each["day"] for each in (slow, fast)] == ["2026-05-20"] * 2


def test_three_sends_are_one_entry(office: Office) -> None:
    journal, id_ = office.journal(), new_id()
    answers = [office.write(journal, id=id_, written_at="2026-05-20T09:00:00+09:00") for _ in range(3)]
    assert [each["repeated"] for each in answers] == [False, True, True]
    assert {each["version"] for each in answers} == {1}
    page = office.service.call("journal_entries", as_(office.verifier), {"journal": journal})
    assert [item["id"] for item in page["items"]] == [id_]
    holds(contract.EntryPage, page)
    holds(contract.SavedEntry, answers[0])


def test_a_change_that_is_sent_twice_is_one_version(office: Office) -> None:
    journal = office.journal()
    first = office.write(journal)
    for repeated in (False, True):
        again = office.write(journal, id=first["id"], version=1, values=BAD)
        assert (again["version"], again["repeated"]) == (2, repeated)


def test_a_place_that_is_scanned_twice_within_a_minute_was_visited_once(office: Office) -> None:
    journal = office.journal()
    place = office.service.call("save_journal_place", office.admin, {"journal": journal, "name": "기계실"})
    first = office.write(journal, id=new_id(), place=place["id"], written_at="2026-05-20T09:00:00+09:00")
    again = office.write(journal, id=new_id(), place=place["id"], written_at="2026-05-20T09:00:45+09:00")
    assert (again["id"], again["repeated"]) == (first["id"], True)
    assert [note["code"] for note in office.entry(first["id"])["notes"]] == ["scanned_again"]
    later = office.write(journal, id=new_id(), place=place["id"], written_at="2026-05-20T09:02:00+09:00")
    assert later["id"] != first["id"]
    other = {"place": place["id"], "values": BAD, "written_at": "2026-05-20T09:02:30+09:00"}
    refused = office.refused("save_entry", office.writer, journal=journal, id=new_id(), **other)
    assert (refused.status, refused.slug, refused.extra["current"]) == (409, "already-written", later["id"])


def test_scans_of_a_code_within_a_minute_are_one_visit(office: Office) -> None:
    journal = office.journal()
    place = office.service.call("save_journal_place", office.admin, {"journal": journal, "name": "기계실"})
    for moment in ("2026-05-20 10:00", "2026-05-20 10:01", "2026-05-20 10:30"):
        office.service.now = at(moment)
        found = office.service.call("scanned_place", as_(office.writer), {"code": place["code"]})
        holds(contract.Scanned, found)
    office.service._runtime.housekeeping.finish()
    shown = office.service.call("journal_places", office.admin, {"journal": journal})
    holds(contract.Places, shown)
    assert [visit["scans"] for visit in shown["items"][0]["visits"]] == [1, 2]
    told = office.service.call("journal_places", as_(office.writer), {"journal": journal})
    assert told["items"][0]["code"] is None
    renewed = {"id": place["id"], "journal": journal, "name": "기계실", "renew": True}
    assert office.service.call("save_journal_place", office.admin, renewed)["code"] != place["code"]
    assert office.refused("scanned_place", office.writer, code=place["code"]).status == 404


def test_after_the_month_was_signed_off_an_entry_needs_approval(office: Office) -> None:
    journal = office.journal()
    office.write(journal)
    signed = office.service.call("sign_off_month", as_(office.verifier), {"journal": journal, "month": "2026-05"})
    holds(contract.SignedOff, signed)
    again = office.refused("sign_off_month", office.verifier, journal=journal, month="2026-05")
    assert (again.status, again.slug) == (409, "already-signed-off")
    before = office.sheet(journal)
    late = office.write(journal, office.other)
    assert late["state"] == "awaiting_approval"
    assert office.sheet(journal)["rows"] == before["rows"]
    refused = office.refused("decide_entry", office.verifier, id=late["id"], version=1, act="verify")
    assert (refused.status, refused.slug) == (409, "awaiting-approval")
    assert office.decide(late["id"], act="admit")["state"] == "to_verify"
    assert office.decide(late["id"])["state"] == "verified"
    assert len(office.sheet(journal)["rows"]) == 2
    assert office.sheet(journal, as_of=before["as_of"])["rows"] == before["rows"]


def test_a_month_that_was_signed_off_is_opened_again_with_a_reason_that_stays_and_its_sheets_too(
    office: Office,
) -> None:
    journal, by = office.journal(), as_(office.verifier)
    asked = {"journal": journal, "month": "2026-05"}
    office.write(journal)
    refused = office.refused("reopen_month", office.verifier, **asked, reason="틀림")
    assert (refused.status, refused.slug) == (409, "not-signed-off")
    office.service.call("sign_off_month", by, asked)
    late = office.write(journal, office.other)
    printed = office.sheet(journal)
    assert office.refused("reopen_month", office.writer, **asked, reason="틀림").status == 403
    assert office.refused("reopen_month", office.verifier, **asked, reason=" ").fields == {"reason": "required"}
    holds(contract.Reopened, office.service.call("reopen_month", by, {**asked, "reason": "빠진 일지가 있습니다."}))
    month = office.service.call("journal_month", by, asked)
    holds(contract.MonthView, month)
    assert (month["closed_at"], month["may"]) == (None, ["sign_off"])
    assert [(each["by"]["id"], each["reason"]) for each in month["reopened"]] == [(by.person, "빠진 일지가 있습니다.")]
    assert office.sheet(journal)["closed_at"] is None
    assert office.sheet(journal, as_of=printed["as_of"]) == printed and printed["closed_at"] is not None
    assert office.entry(late["id"])["state"] == "awaiting_approval"
    office.service.call("sign_off_month", by, asked)
    assert office.service.call("journal_month", by, asked)["may"] == ["reopen"]


# -- JRN-06: changing an entry that was verified -----------------------------------------------------


def test_who_verifies_an_old_page_is_shown_what_has_changed(office: Office) -> None:
    journal = office.journal()
    entry = office.write(journal)["id"]
    office.write(journal, id=entry, version=1, values=BAD)
    refused = office.refused("decide_entry", office.verifier, id=entry, version=1, act="verify")
    assert (refused.status, refused.slug, refused.extra["current"]) == (409, "other-version", 2)
    assert [(each["label"], each["after"]["result"]) for each in refused.extra["changes"]] == [("출입문", "abnormal")]
    assert office.decide(entry, 2)["state"] == "verified"


def test_an_edit_of_what_was_verified_is_to_be_verified_again_and_the_verified_version_stays(office: Office) -> None:
    journal = office.journal()
    entry = office.write(journal)["id"]
    office.decide(entry)
    before = office.sheet(journal)
    assert before["rows"][0]["verifier"]["name"] == "박확인"
    changed = office.write(journal, id=entry, version=1, values=BAD)
    assert (changed["version"], changed["state"]) == (2, "to_verify")
    found = office.entry(entry)
    holds(contract.EntryView, found)
    now, then = found["versions"]
    assert (now["version"], now["decided_by"]) == (2, None)
    assert (then["version"], then["decision"], then["decided_by"]["name"]) == (1, "verified", "박확인")
    assert then["decided_at"] and then["values"] == VALUES
    after = office.sheet(journal)
    assert (after["rows"][0]["version"], after["rows"][0]["verifier"]) == (2, None)
    assert office.sheet(journal, as_of=before["as_of"]) == before
    holds(contract.Sheet, after)


def test_nobody_verifies_what_they_wrote(office: Office) -> None:
    journal = office.journal(verifiers=[office.writer["id"], office.verifier["id"]])
    entry = office.write(journal)["id"]
    refused = office.refused("decide_entry", office.writer, id=entry, version=1, act="verify")
    assert (refused.status, refused.slug) == (403, "own-entry")


def test_nor_as_the_deputy_of_who_verifies(office: Office) -> None:
    journal = office.journal()
    entry = office.write(journal)["id"]
    office.deputies[office.verifier["id"]] = ref(office.writer)
    refused = office.refused("decide_entry", office.writer, id=entry, version=1, act="verify")
    assert (refused.status, refused.slug) == (403, "own-entry")


def test_nor_does_a_deputy_of_who_wrote_it(office: Office) -> None:
    journal = office.journal(verifiers=[office.writer["id"]])
    entry = office.write(journal)["id"]
    deputy = office.hire("정대리")
    office.deputies[office.writer["id"]] = ref(deputy)
    refused = office.refused("decide_entry", deputy, id=entry, version=1, act="verify")
    assert (refused.status, refused.slug) == (403, "own-entry")


def test_a_deputy_verifies_in_the_place_of_who_is_away(office: Office) -> None:
    journal = office.journal()
    entry = office.write(journal)["id"]
    deputy = office.hire("정대리")
    assert office.refused("decide_entry", deputy, id=entry, version=1, act="verify").status == 404
    office.deputies[office.verifier["id"]] = ref(deputy)
    assert office.decide(entry, by=deputy)["state"] == "verified"
    found = office.entry(entry)
    assert (found["decided_by"]["name"], found["decided_for"]["name"]) == ("정대리", "박확인")


def test_who_may_only_write_does_not_verify(office: Office) -> None:
    entry = office.write(office.journal())["id"]
    assert office.refused("decide_entry", office.other, id=entry, version=1, act="verify").status == 403


def test_an_entry_that_is_sent_back_says_why_and_asks_its_writer(office: Office) -> None:
    journal = office.journal()
    entry = office.write(journal)["id"]
    refused = office.refused("decide_entry", office.verifier, id=entry, version=1, act="send_back")
    assert refused.fields == {"reason": "required"}
    office.decide(entry, act="send_back", reason="압력을 다시 재 주십시오.")
    assert office.todos(office.writer) == [("journal", "revise")]
    assert office.todos(office.verifier) == []
    assert [notice["params"]["reason"] for notice in office.notices("sent_back")] == ["압력을 다시 재 주십시오."]
    again = office.refused("decide_entry", office.verifier, id=entry, version=1, act="verify")
    assert again.slug == "already-sent-back"
    office.write(journal, id=entry, version=1, values=BAD)
    assert office.todos(office.writer) == []
    assert office.todos(office.verifier) == [("verify", "verify")]


# -- what is refused --------------------------------------------------------------------------------


def test_another_entry_for_the_same_day_is_refused_and_says_which_there_is(office: Office) -> None:
    journal = office.journal()
    first = office.write(journal)
    refused = office.refused("save_entry", office.writer, journal=journal, id=new_id(), values=BAD)
    assert (refused.status, refused.slug, refused.extra["current"]) == (409, "already-written", first["id"])


def test_a_change_of_an_old_version_is_refused_with_the_difference(office: Office) -> None:
    journal = office.journal()
    entry = office.write(journal)["id"]
    office.write(journal, id=entry, version=1, values=BAD)
    third = {**VALUES, "pressure": "9"}
    refused = office.refused("save_entry", office.writer, journal=journal, id=entry, version=1, values=third)
    assert (refused.status, refused.slug, refused.extra["current"]) == (409, "other-version", 2)
    assert {each["key"] for each in refused.extra["changes"]} == {"door", "pressure"}


def test_somebody_elses_entry_is_not_to_be_written_over(office: Office) -> None:
    journal = office.journal()
    entry = office.write(journal)["id"]
    assert office.refused("save_entry", office.other, journal=journal, id=entry, version=1, values=BAD).status == 403


def test_who_is_not_among_the_writers_neither_writes_nor_reads(office: Office) -> None:
    journal = office.journal()
    stranger = office.hire("오손님")
    for method, data in (("save_entry", {"values": VALUES}), ("journal_entries", {}), ("missing_entries", {})):
        assert office.refused(method, stranger, journal=journal, **data).status == 404


@pytest.mark.parametrize("day", ["2026-05-22", "2020-01-01", "2099-12-31"])
def test_nobody_writes_for_a_day_that_has_not_begun_or_is_long_past(office: Office, day: str) -> None:
    refused = office.refused("save_entry", office.writer, journal=office.journal(), values=VALUES, day=day)
    assert refused.fields == {"day": "out_of_range"}


def test_a_number_with_a_comma_that_may_be_a_point_is_refused_by_its_name(office: Office) -> None:
    values = {**VALUES, "pressure": "12,5"}
    refused = office.refused("save_entry", office.writer, journal=office.journal(), values=values)
    assert (refused.status, refused.fields) == (422, {"values.pressure": "not_a_number"})


def test_an_entry_keeps_the_version_of_the_form_it_was_filled_with(office: Office) -> None:
    journal = office.journal()
    entry = office.write(journal)["id"]
    fields = [{"key": "oil", "type": "check", "label": "기름"}]
    office.service.call("save_journal", office.admin, {**office.settings(fields=fields), "id": journal})
    office.service.call("publish_journal", office.admin, {"id": journal, "note": "기름만"})
    assert [field["key"] for field in office.entry(entry)["fields"]] == ["door", "pressure", "note", "photo"]
    changed = office.write(journal, id=entry, version=1, values=BAD)
    assert changed["version"] == 2 and office.entry(entry)["form_version"] == 1
    offline = office.write(journal, office.other, form_version=1)
    assert office.entry(offline["id"])["form_version"] == 1


def test_a_form_that_nobody_published_is_not_filled_in(office: Office) -> None:
    made = office.service.call("save_journal", office.admin, office.settings())
    assert made["state"] == "draft"
    assert office.refused("save_entry", office.writer, journal=made["id"], values=VALUES).status == 403
    same = office.journal()
    again = office.refused("publish_journal", office.admin, id=same)
    assert (again.status, again.slug) == (409, "already-published")


# -- photos -----------------------------------------------------------------------------------------


def photo(office: Office, entry: str) -> str:
    """Uploads a picture to an entry; its id."""
    content = b"\x89PNG\r\n\x1a\n" + b"x" * 100
    writer = as_(office.writer)
    begun = office.service.call("begin_file", writer, {"id": entry, "name": "문.png", "size": len(content)})
    told = {"id": entry, "file": begun["file"], "name": "문.png", "size": len(content)}
    told |= {"sha256": hashlib.sha256(content).hexdigest(), "head": base64.b64encode(content).decode()}
    made: str = office.service.call("complete_file", writer, told)["id"]
    return made


def test_photos_are_uploaded_to_an_entry_that_is_only_begun_which_nobody_else_sees(office: Office) -> None:
    journal, id_ = office.journal(), new_id()
    assert office.write(journal, id=id_, draft=True, values={})["state"] == "draft"
    file = photo(office, id_)
    assert office.refused("journal_entry", office.verifier, id=id_).status == 404
    assert office.refused("file_ticket", office.verifier, id=id_, file=file).status == 404
    sent = office.write(journal, id=id_, values={**VALUES, "photo": [file]})
    assert (sent["version"], sent["repeated"]) == (1, False)
    assert [each["id"] for each in office.entry(id_)["files"]] == [file]
    assert office.service.call("file_ticket", as_(office.verifier), {"id": id_, "file": file})["name"] == "문.png"
    values = {**VALUES, "photo": [new_id()]}
    refused = office.refused("save_entry", office.writer, journal=journal, id=id_, version=1, values=values)
    assert refused.fields == {"values": "unknown_photo"}


def test_what_is_begun_and_never_sent_goes_after_a_week(office: Office) -> None:
    journal, id_, kept = office.journal(), new_id(), new_id()
    office.write(journal, id=id_, draft=True, values={})
    photo(office, id_)
    office.write(journal, office.other, id=kept, draft=True, values={})
    office.write(journal, office.other, id=kept)
    office.service.pass_until(at("2026-05-28 10:00"))
    assert office.refused("begin_file", office.writer, id=id_, name="a.png", size=10).status == 404
    assert office.entry(kept)["version"] == 1
