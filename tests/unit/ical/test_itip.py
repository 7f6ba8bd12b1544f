"""Invitations, cancellations and answers, in whatever order they come."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations

import icalendar
import pytest

from shared.ical import addresses
from shared.ical.content import Attendee, Organizer
from shared.ical.editing import NoSuchInstance, change, remove
from shared.ical.itip import (
    CANCEL,
    REPLY,
    REQUEST,
    Message,
    State,
    answered,
    apply,
    message,
    method_of,
    read_message,
    read_reply,
)
from shared.ical.lines import unfold
from shared.ical.objects import Object
from shared.ical.reading import NotACalendarObject
from tests.unit.ical.samples import NOW, at, calendar, event, hour, imported, shown, window

ORGANIZER = 'ORGANIZER;SENT-BY="mailto:secretary@city.example":mailto:park@city.example'
PARK = Organizer("park@city.example", "박 과장")
GUESTS = (Attendee("kim.hana@city.example", "김하나"), Attendee("guest@firm.example", "손님"))


def later(hours: int) -> datetime:
    return datetime(2026, 9, 1, hours, tzinfo=UTC)


def mail(method: str, sequence: int, stamp: str, start: str, *more: str, sender: str = "park@city.example") -> Message:
    lines = (f"SEQUENCE:{sequence}", f"DTSTART;TZID=Asia/Seoul:{start}", "DURATION:PT1H", ORGANIZER, *more)
    return read_message(calendar(f"METHOD:{method}", event(*lines, stamp=stamp)), sender)


def meeting(rrule: str | None = None) -> Object:
    return Object.new(hour("2026-10-06 10:00", rrule=rrule, organizer=PARK, attendees=GUESTS), "u1", NOW)


def tuesdays() -> Object:
    return meeting("FREQ=WEEKLY;BYDAY=TU;COUNT=4")


def rid(text: str) -> str:
    return f"{at(text).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def year(obj: Object | None) -> list[str]:
    return shown(window(obj, "2026-01-01", "2027-01-01")) if obj else []


FIVE = (
    mail(REQUEST, 0, "20260901T000000Z", "20260910T100000"),
    mail(REQUEST, 2, "20260903T000000Z", "20260911T150000"),
    mail(REQUEST, 1, "20260902T000000Z", "20260910T140000"),
    mail(REQUEST, 2, "20260903T010000Z", "20260911T150000", "LOCATION:201호"),
    mail(CANCEL, 1, "20260904T000000Z", "20260910T140000"),
)


def test_what_is_outdated_changes_nothing() -> None:
    state, outcomes = apply(State(), FIVE)

    assert outcomes == ("applied", "applied", "outdated", "applied", "outdated")
    assert year(state.object) == ["09-11 15:00"]
    assert state.object and state.object.master
    assert (state.object.master.place, state.object.master.status, state.cancelled) == ("201호", "confirmed", False)


def test_the_order_in_which_messages_come_does_not_matter() -> None:
    states = [apply(State(), order)[0] for order in permutations(FIVE)]

    assert all(state == states[0] for state in states)
    assert State.from_wire(states[0].to_wire()) == states[0]


def test_a_cancellation_counts_even_before_what_it_cancels() -> None:
    first = apply(State(), [mail(CANCEL, 1, "20260904T000000Z", "20260910T100000"), FIVE[0]])[0]

    assert first.cancelled and first.object is None
    assert year(apply(first, [FIVE[1]])[0].object) == ["09-11 15:00"]


@pytest.mark.parametrize(
    ("sender", "outcome"),
    [
        ("PARK@city.example", "applied"),
        ("secretary@city.example", "applied"),
        ("mallory@firm.example", "held"),
        ("park+x@city.example", "held"),
    ],
)
def test_a_message_of_somebody_else_is_held(sender: str, outcome: str) -> None:
    state = apply(State(), [FIVE[0]])[0]
    after, outcomes = apply(state, [replace(FIVE[1], sender=sender)])

    assert outcomes == (outcome,)
    assert (after == state) == (outcome == "held")


def test_nobody_becomes_the_one_who_calls_by_saying_so() -> None:
    state = apply(State(), [FIVE[0]])[0]
    lines = ("SEQUENCE:9", "DTSTART:20260911T000000Z", "ORGANIZER:mailto:mallory@firm.example")
    forged = read_message(calendar("METHOD:CANCEL", event(*lines)), "mallory@firm.example")

    assert apply(state, [forged]) == (state, ("held",))


def test_who_calls_cannot_be_changed_by_a_message() -> None:
    state = apply(State(), [FIVE[0]])[0]
    lines = ("SEQUENCE:9", "DTSTART:20260911T000000Z", "ORGANIZER:mailto:mallory@firm.example")
    handed = read_message(calendar("METHOD:REQUEST", event(*lines)), "park@city.example")

    assert apply(state, [handed]) == (state, ("held",))


def test_one_day_is_called_off_and_another_moved_without_loss_of_the_series() -> None:
    obj = tuesdays()
    state = apply(State(), [read_message(message(obj, REQUEST, "guest@firm.example", NOW))])[0]
    without = remove(obj, "this", rid("2026-10-13 10:00"), later(1))
    assert without
    cancel = message(
        obj, CANCEL, "guest@firm.example", later(1), rid=rid("2026-10-13 10:00"), sequence=without.sequence
    )
    moved = change(without, {"start": at("2026-10-20 15:00")}, later(2), "this", rid("2026-10-20 10:00"))[0]
    request = message(moved, REQUEST, "guest@firm.example", later(2), rid=rid("2026-10-20 10:00"))
    messages = [read_message(cancel), read_message(request)]
    assert request.count(b"BEGIN:VEVENT") == 1

    state, outcomes = apply(state, messages)
    assert outcomes == ("applied", "applied")
    assert year(state.object) == year(moved) == ["10-06 10:00", "10-20 15:00", "10-27 10:00"]
    assert apply(apply(State(), messages)[0], [read_message(message(obj, REQUEST, "g", NOW))])[0] == state

    whole = change(moved, {"start": at("2026-10-06 09:00")}, later(3))[0]
    state = apply(state, [read_message(message(whole, REQUEST, "guest@firm.example", later(3)))])[0]
    assert whole.sequence > moved.sequence
    assert year(state.object) == year(whole) == ["10-06 09:00", "10-20 09:00", "10-27 09:00"]


def test_a_guest_who_is_taken_out_alone_is_told_of_the_end() -> None:
    obj = tuesdays()
    after = change(obj, {"attendees": GUESTS[:1]}, later(1))[0]
    cancel = unfold(message(obj, CANCEL, "guest@firm.example", later(1), sequence=after.sequence))
    request = unfold(message(after, REQUEST, "kim.hana@city.example", later(1)))

    assert cancel.count("ATTENDEE") == 1 and "guest@firm.example" in cancel
    assert "METHOD:CANCEL\n" in cancel and "STATUS:CANCELLED\n" in cancel and "BEGIN:VALARM" not in cancel
    assert "guest@firm.example" not in request and "METHOD:REQUEST\n" in request
    had = apply(State(), [read_message(message(obj, REQUEST, "guest@firm.example", NOW))])[0]
    assert apply(had, [read_message(cancel.encode())])[0].object is None


def test_an_invitation_is_as_mail_programs_want_it() -> None:
    obj = change(meeting(), {"reminders": (10,)}, NOW)[0]
    data = message(obj, REQUEST, "guest@firm.example", later(1))
    parsed = icalendar.Calendar.from_ical(data)

    assert (method_of(data), parsed["METHOD"]) == ("REQUEST", "REQUEST")
    assert b"\n" not in data.replace(b"\r\n", b"") and "손님" in unfold(data)
    text = unfold(data)
    assert [line.count("RSVP=TRUE") for line in text.split("\n") if line.startswith("ATTENDEE")] == [1, 1]
    assert "ORGANIZER;CN=박 과장:mailto:park@city.example\n" in text
    assert "DTSTAMP:20260901T010000Z\n" in text and "BEGIN:VTIMEZONE" in text


def test_guests_do_not_see_each_other_where_the_list_is_hidden() -> None:
    text = unfold(message(meeting(), REQUEST, "Guest@Firm.example", NOW, hide_list=True))

    assert "guest@firm.example" in text and "kim.hana" not in text


def test_alarms_are_not_sent_along() -> None:
    alarm = "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT5M\nEND:VALARM"
    obj = imported(event("DTSTART:20260911T000000Z", ORGANIZER, "ATTENDEE:mailto:a@b.example", alarm))

    assert b"VALARM" not in message(obj, REQUEST, "a@b.example", NOW)


def test_a_message_needs_one_who_calls_and_an_instance_that_is_there() -> None:
    with pytest.raises(ValueError):
        message(Object.new(hour("2026-10-06 10:00"), "u1", NOW), REQUEST, "a@b.example", NOW)
    with pytest.raises(NoSuchInstance):
        message(tuesdays(), CANCEL, "a@b.example", NOW, rid=rid("2026-10-07 10:00"))


def test_an_answer_is_found_whatever_the_letters_of_its_address_are() -> None:
    data = message(meeting(), REPLY, "kim.hana@city.example", later(1), partstat="ACCEPTED", comment="가겠습니다, 네")
    loud = data.replace(b"mailto:kim.hana@city.example", b"MAILTO:Kim.Hana@City.Example")
    reply = read_reply(loud)

    assert (reply.uid, reply.rid, reply.partstat, reply.comment) == ("u1", "", "ACCEPTED", "가겠습니다, 네")
    after = answered(meeting(), reply, later(2))
    assert after and after.master
    assert [(guest.address, guest.partstat) for guest in after.master.attendees] == [
        ("kim.hana@city.example", "ACCEPTED"),
        ("guest@firm.example", "NEEDS-ACTION"),
    ]
    assert after.sequence == 0 and "mailto:MAILTO" not in after.text
    assert answered(meeting(), replace(reply, attendee="kim.hana+x@city.example"), later(2)) is None


def test_an_answer_to_a_series_is_one_to_its_moved_days_and_keeps_what_else_is_said_of_the_guest() -> None:
    obj = imported(
        event(
            "DTSTART:20261006T010000Z", "RRULE:FREQ=DAILY;COUNT=3", ORGANIZER, "ATTENDEE;X-GUESTS=2:mailto:a@b.example"
        ),
        event(
            "RECURRENCE-ID:20261007T010000Z",
            "DTSTART:20261007T030000Z",
            ORGANIZER,
            "ATTENDEE;X-GUESTS=2:mailto:a@b.example",
        ),
    )
    after = answered(obj, read_reply(message(obj, REPLY, "a@b.example", later(1), partstat="ACCEPTED")), later(2))

    assert (
        after and unfold(after.text.encode()).count("ATTENDEE;X-GUESTS=2;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED:") == 2
    )


def test_an_answer_can_be_to_one_instance() -> None:
    day = rid("2026-10-13 10:00")
    reply = read_reply(message(tuesdays(), REPLY, "guest@firm.example", later(1), rid=day, partstat="DECLINED"))
    after = answered(tuesdays(), reply, later(2))

    assert reply.rid == day and after and after.master
    assert [guest.partstat for guest in after.overrides[day].attendees] == ["NEEDS-ACTION", "DECLINED"]
    assert [guest.partstat for guest in after.master.attendees] == ["NEEDS-ACTION"] * 2
    assert len(year(after)) == 4


@pytest.mark.parametrize(
    "data",
    [
        calendar("METHOD:REQUEST", event("DTSTART:20260911T000000Z", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.example")),
        calendar("METHOD:REPLY", event("ATTENDEE:mailto:a@b", "ATTENDEE:mailto:c@d")),
        calendar("METHOD:REPLY", event("ATTENDEE;PARTSTAT=MAYBE:mailto:a@b.example")),
        calendar(
            "METHOD:REPLY", event("ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b", "RECURRENCE-ID;TZID=Nowhere:20260101T000000")
        ),
        calendar("METHOD:REPLY"),
        b"hello",
    ],
)
def test_what_is_no_answer_is_refused(data: bytes) -> None:
    with pytest.raises(NotACalendarObject):
        read_reply(data)


def test_a_cancellation_may_leave_out_when_it_was() -> None:
    cancel = calendar("METHOD:CANCEL", event("RECURRENCE-ID:20261013T010000Z", "SEQUENCE:5", ORGANIZER))
    state = apply(State.of(tuesdays()), [read_message(cancel, "park@city.example")])[0]

    assert year(state.object) == ["10-06 10:00", "10-20 10:00", "10-27 10:00"]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("mailto:kim.hana@city.example", "MAILTO:Kim.Hana@City.Example", True),
        ("mailto:MAILTO:kim@city.example", "kim@city.example", True),
        ("mailto:kim%40city.example", "kim@city.example", True),
        ("mailto:kim@city.example?subject=x", "kim@city.example", True),
        ("<kim@city.example>", " kim@city.example ", True),
        ("kim.hana+x@city.example", "kim.hana@city.example", False),
        ("kim@city.example", "lee@city.example", False),
    ],
)
def test_an_address_is_the_same_by_any_prefix_and_in_any_letters(one: str, other: str, alike: bool) -> None:
    assert addresses.same(one, other) == alike
    assert addresses.mailto(one).count("mailto:") == 1 and "MAILTO" not in addresses.mailto(one)
