"""Invitations over a real mail server: their shape, what changes, who hears it, and that each goes out once."""

from __future__ import annotations

import threading
from datetime import datetime
from email.message import EmailMessage
from itertools import permutations
from pathlib import Path

import pytest

from shared.calendar import SEOUL
from shared.ical import itip
from shared.ical.itip import State
from tests.support.mailserver import MailServer
from tests.unit.gateway.meetings.mail.post import (
    BOSS,
    DURI,
    HANA,
    Post,
    calendar_bytes,
    calendar_part,
    event_of,
    ours,
    post,
    text_of,
)
from tests.unit.meetings.cast import Doc, seoul

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 20


def called(office: Post, **given: object) -> Doc:
    """A meeting with two guests, an agenda and a place."""
    agenda = [{"title": "2026년 예산안", "minutes": 20}, {"title": "기타 <안건>"}]
    content = {"title": "예산 협의 회의", "place": "대회의실", "purpose": "내년 예산을 정합니다.", "agenda": agenda}
    return office.town.call(**{"guests": [HANA, DURI], **content, **given})  # type: ignore[arg-type]


# -- the shape of the mail --------------------------------------------------------------------------


def test_each_guest_gets_one_mail_of_text_page_calendar_and_then_the_paper(office: Post) -> None:
    made = called(office)
    office.paper(made, PDF)
    mails = office.carried()
    assert sorted(each["X-To"] for each in mails) == [DURI["email"], HANA["email"]]
    for each in mails:
        assert each.get_content_type() == "multipart/mixed"
        alternative, paper = each.iter_parts()
        kinds = [part.get_content_type() for part in alternative.iter_parts()]
        assert kinds == ["text/plain", "text/html", "text/calendar"]
        assert alternative.get_content_type() == "multipart/alternative"
        assert (paper.get_content_type(), paper.get_filename()) == ("application/pdf", "예산안.pdf")
        assert paper.get_payload(decode=True) == PDF


def test_without_papers_the_mail_is_of_the_same_shape(office: Post) -> None:
    called(office)
    (alternative,) = office.carried()[0].iter_parts()
    assert alternative.get_content_type() == "multipart/alternative"


def test_the_calendar_part_says_its_method_twice_alike_and_is_no_attachment(office: Post) -> None:
    made = called(office)
    invited = office.carried()
    office.town.act(office.town.boss, made, "cancel", reason="일정 중복")
    for method, mails in (("REQUEST", invited), ("CANCEL", office.carried())):
        assert len(mails) == 2
        for each in mails:
            part = calendar_part(each)
            assert part.get_content_disposition() is None and part.get_filename() is None
            assert (part.get_param("method"), str(part.get_param("charset")).upper()) == (method, "UTF-8")
            content = calendar_bytes(each)
            assert f"\r\nMETHOD:{method}\r\n".encode() in content
            assert content.decode().count("\n") == content.decode().count("\r\n")
            assert max(map(len, content.split(b"\r\n"))) <= 75


def test_who_is_answered_is_who_the_mail_is_from_at_an_address_of_the_guests_own(office: Post) -> None:
    called(office)
    mails = office.carried()
    for each in mails:
        (sender,), (back,) = each["From"].addresses, each["Reply-To"].addresses
        assert ours(each) == sender.addr_spec == back.addr_spec
        assert sender.addr_spec.startswith("meetings+city-") and sender.addr_spec.endswith("@city.example")
        organizer = event_of(each)["ORGANIZER"]
        assert organizer.params["CN"] == sender.display_name == "한과장 (한빛시)"
        assert organizer.params["SENT-BY"] == f"mailto:{BOSS}"
        assert each["Sender"] is None
    assert len({ours(each) for each in mails}) == 2


def test_guests_see_nobody_else_where_the_list_is_hidden(office: Post) -> None:
    called(office, hide_guests=True)
    for each in office.carried():
        attendee = event_of(each)["ATTENDEE"]
        assert str(attendee) == f"mailto:{each['X-To']}" and attendee.params["RSVP"] == "TRUE"
        other = DURI["email"] if each["X-To"] == HANA["email"] else HANA["email"]
        assert other not in each.as_string() and other.encode() not in calendar_bytes(each)


def test_guests_see_each_other_and_each_is_asked_where_the_list_is_open(office: Post) -> None:
    called(office, hide_guests=False)
    for each in office.carried():
        attendees = event_of(each)["ATTENDEE"]
        assert {str(one) for one in attendees} == {f"mailto:{HANA['email']}", f"mailto:{DURI['email']}"}
        assert {one.params["RSVP"] for one in attendees} == {"TRUE"}


def test_the_event_says_what_when_and_where(office: Post) -> None:
    made = called(office, link="https://meet.example/1")
    event = event_of(office.carried()[0])
    assert (event["UID"], event["SEQUENCE"]) == (f"{made['id']}@oneway", 0)
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == ("예산 협의 회의", "대회의실")
    assert event["DTSTART"].dt == datetime(2026, 5, 8, 10, tzinfo=SEOUL)
    assert event["DTEND"].dt == datetime(2026, 5, 8, 11, tzinfo=SEOUL)
    assert "1. 2026년 예산안" in str(event["DESCRIPTION"])


def test_the_subject_in_hangul_is_encoded_on_the_wire(office: Post) -> None:
    called(office)
    office.carry()
    raw = next(office.server.directory.glob("*.eml")).read_bytes()
    (line,) = [line for line in raw.split(b"\r\n") if line.startswith(b"Subject:")]
    assert raw.partition(b"\r\n\r\n")[0].isascii() and b"=?utf-8?" in line
    assert str(office.server.mails[0]["Subject"]).endswith(": 예산 협의 회의")


def test_the_words_say_what_when_where_and_how_to_answer_in_both_languages(office: Post) -> None:
    called(office, link="https://meet.example/1")
    made = office.carried()[0]
    for kind in ("plain", "html"):
        text = text_of(made, kind)
        for words in (
            "한빛시에서 아래 회의에 초대합니다.",
            "2026. 5. 8.(금) 10:00~11:00",
            "대회의실",
            "수락",
            "https://meet.example/1",
        ):
            assert words in text, words
        assert "Fri 8 May 2026 10:00~11:00" in text and "Place: 대회의실" in text
    assert "2. 기타 <안건>" in text_of(made)
    assert "기타 &lt;안건&gt;" in text_of(made, "html")


@pytest.mark.parametrize("setting", [0, len(PDF) - 1])
def test_papers_that_may_not_go_out_or_are_too_large_are_only_told_of(
    mail_process: MailServer, tmp_path: Path, setting: int
) -> None:
    mail_process.manner()
    with post(mail_process, tmp_path, meeting_papers=setting) as office:
        office.paper(called(office), PDF)
        for each in office.carried():
            assert len(list(each.iter_parts())) == 1
            assert "붙이지 않은 안건 자료가 1건" in text_of(each) and "예산안.pdf" not in each.as_string()


def test_no_paper_of_a_closed_meeting_goes_out_nor_is_told_of(office: Post) -> None:
    made = called(office, closed=True)
    office.paper(made, PDF)
    for each in office.carried():
        assert len(list(each.iter_parts())) == 1 and "자료" not in text_of(each)


def test_programs_do_not_answer_a_letter_by_themselves(office: Post) -> None:
    called(office)
    for each in office.carried():
        assert each["Auto-Submitted"] == "auto-generated" and each["X-Auto-Response-Suppress"]


# -- what changes -----------------------------------------------------------------------------------


def seen(mails: list[EmailMessage]) -> list[tuple[str, str, int]]:
    """Who got which method, with which SEQUENCE."""
    found = []
    for each in mails:
        method = itip.method_of(calendar_bytes(each))
        found.append((each["X-To"], method, int(event_of(each)["SEQUENCE"])))
    return sorted(found)


def test_who_is_taken_off_alone_gets_a_cancellation_and_stands_alone_in_it(office: Post) -> None:
    made = called(office, hide_guests=False)
    before = {each["X-To"]: each for each in office.carried()}
    office.town.ask("change", office.town.boss, made, guests=[DURI], title="예산 협의 회의(2차)")
    mails = office.carried()
    assert seen(mails) == [(DURI["email"], "REQUEST", 1), (HANA["email"], "CANCEL", 1)]
    by = {each["X-To"]: each for each in mails}
    gone, left = event_of(by[HANA["email"]]), event_of(by[DURI["email"]])
    assert str(gone["ATTENDEE"]) == f"mailto:{HANA['email']}" and gone["STATUS"] == "CANCELLED"
    assert HANA["email"] not in str(left["ATTENDEE"]) and HANA["email"].encode() not in calendar_bytes(
        by[DURI["email"]]
    )
    assert gone["UID"] == event_of(before[HANA["email"]])["UID"]
    assert ours(by[HANA["email"]]) == ours(before[HANA["email"]])


def test_what_a_guest_was_told_in_any_order_ends_with_the_last(office: Post) -> None:
    made = called(office, guests=[HANA])
    told = [calendar_bytes(*office.carried())]
    for minutes, change in enumerate(({"starts_at": seoul("2026-05-11", "15:00").isoformat()}, {"place": "201호"}), 1):
        office.later(minutes=minutes)
        office.town.ask("change", office.town.boss, made, **change)
        told.append(calendar_bytes(*office.carried()))
    office.later(minutes=1)
    office.town.ask("change", office.town.boss, made, purpose="예산과 인력")
    told.append(calendar_bytes(*office.carried()))
    office.later(minutes=1)
    office.town.act(office.town.boss, made, "cancel", reason="일정 중복")
    told.append(calendar_bytes(*office.carried()))
    for last in (4, 5):
        ends = set()
        for order in permutations(told[:last]):
            state, _ = itip.apply(State(), [itip.read_message(each, "") for each in order])
            ends.add(str(state.entries))
        (end,) = ends
        assert ("CANCELLED" in end) == (last == 5) and "예산 협의 회의" in end


def test_a_meeting_of_a_series_is_cancelled_by_itself(office: Post) -> None:
    made = called(office, guests=[HANA], rule="FREQ=WEEKLY;COUNT=3")
    invited = [event_of(each) for each in office.carried()]
    assert len({str(event["UID"]) for event in invited}) == 3
    second = office.town.card(made)["siblings"][1]["id"]
    office.town.act(office.town.boss, second, "cancel", reason="공휴일")
    (gone,) = office.carried()
    assert event_of(gone)["UID"] == f"{second}@oneway" and "RECURRENCE-ID" not in event_of(gone)


def test_who_is_taken_off_a_series_gets_a_cancellation_of_each_and_the_others_an_update(office: Post) -> None:
    made = called(office, rule="FREQ=WEEKLY;COUNT=3")
    office.carry()
    office.town.ask("change", office.town.boss, made, guests=[DURI], scope="all")
    mails = office.carried()
    assert seen(mails) == [(DURI["email"], "REQUEST", 1)] * 3 + [(HANA["email"], "CANCEL", 1)] * 3
    assert len({str(event_of(each)["UID"]) for each in mails}) == 3


def test_who_is_invited_again_is_above_their_cancellation(office: Post) -> None:
    made = called(office, guests=[HANA])
    told = [calendar_bytes(*office.carried())]
    for guests in ([], [HANA]):
        office.later(minutes=1)
        office.town.ask("change", office.town.boss, made, guests=guests)
        told.append(calendar_bytes(*office.carried()))
    for order in permutations(told):
        state, _ = itip.apply(State(), [itip.read_message(each, "") for each in order])
        assert not state.cancelled


# -- each once --------------------------------------------------------------------------------------


def test_a_courier_that_ended_before_it_reported_sends_the_same_mail_again(office: Post) -> None:
    called(office, guests=[HANA])
    office.ends_before_reporting()
    office.carry()
    assert len(office.server.mails) == 1
    office.later(seconds=301)
    office.carry()
    first, second = office.server.mails
    assert first["Message-ID"] == second["Message-ID"] and first["Date"] == second["Date"]
    assert calendar_bytes(first) == calendar_bytes(second)
    office.later(days=1)
    assert office.carried() == []


def test_two_couriers_at_once_send_each_letter_once(office: Post) -> None:
    guests = [{"name": f"손님 {n}", "email": f"guest{n}@guest.example"} for n in range(25)]
    called(office, guests=guests)
    couriers = [threading.Thread(target=office.carry) for _ in range(2)]
    for courier in couriers:
        courier.start()
    for courier in couriers:
        courier.join(60)
    assert sorted(each["X-To"] for each in office.server.mails) == sorted(guest["email"] for guest in guests)


def test_what_a_server_refuses_for_good_has_failed_and_what_is_for_now_is_tried_again(office: Post) -> None:
    made = called(office, guests=[HANA])
    office.server.manner(rcpt="450 4.2.1 later")
    office.carry()
    assert office.guest(made)["letter"] == "waiting"
    office.later(minutes=2)
    office.server.manner(rcpt="550 5.1.1 no such user")
    office.carry()
    assert office.guest(made)["letter"] == "failed" and office.server.mails == []


def test_a_letter_to_ourselves_is_not_sent(office: Post) -> None:
    guest = {"name": "우리", "email": "Meetings+city-abc@city.example"}
    made = called(office, guests=[guest])
    assert office.carried() == []
    assert office.guest(made, "우리")["letter"] == "failed"


def test_a_name_brings_no_header_with_it(office: Post) -> None:
    called(office, guests=[{**HANA, "name": '하나" <all@city.example>, "둘'}])
    (made,) = office.carried()
    assert [each.addr_spec for each in made["To"].addresses] == [HANA["email"]]
