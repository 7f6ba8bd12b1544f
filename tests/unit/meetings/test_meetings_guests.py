"""Guests from outside: letters to them, and their answers by mail in whatever order they come."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import permutations
from typing import Any

import pytest

from services.meetings.service import MeetingsService
from shared.context import system
from shared.contracts import meetings as contract
from shared.errors import Conflict
from shared.ids import new_id
from shared.testing import TENANT, LocalService
from tests.unit.meetings.cast import START, Doc, Town, holds, seoul

HANA = {"name": "김하나", "email": "kim.hana@city.example"}
DURI = {"name": "박두리", "email": "duri@city.example"}


def claimed(town: Town) -> list[Doc]:
    """The letters that are due, which are sent at once."""
    found = town.mail("claim_letters", limit=100, lease=60)
    holds(contract.Letters, found)
    results = [{"id": each["id"], "lease": each["lease"], "outcome": "sent"} for each in found["items"]]
    if results:
        assert town.mail("report_letters", results=results) == {"taken": len(results)}
    return list(found["items"])


def said(letters: list[Doc]) -> list[tuple[str, str, int]]:
    return [(each["name"], each["method"], each["sequence"]) for each in letters]


def reply(town: Town, made: Doc, *, sequence: int = 0, minutes: int = 0, **given: Any) -> str:
    stamp = (START + timedelta(minutes=minutes)).isoformat()
    data = {"uid": f"{made['id']}@oneway", "sequence": sequence, "stamp": stamp, "address": HANA["email"]}
    answer = town.mail("answer_by_mail", **(data | {"partstat": "ACCEPTED"} | given))
    holds(contract.MailTaken, answer)
    return str(answer["outcome"])


def guest(town: Town, made: Doc) -> Doc:
    return dict(next(each for each in town.card(made)["guests"] if each["name"] == "김하나"))


def test_each_guest_gets_a_letter_with_all_that_a_mail_needs(town: Town) -> None:
    made = town.call(
        guests=[HANA, DURI], place="대회의실", agenda=[{"title": "예산안", "minutes": 20}], hide_guests=False
    )
    letters = claimed(town)
    assert said(letters) == [("김하나", "REQUEST", 0), ("박두리", "REQUEST", 0)]
    first = letters[0]
    assert (first["uid"], first["rid"], first["place"]) == (f"{made['id']}@oneway", None, "대회의실")
    assert first["agenda"] == [{"title": "예산안", "minutes": 20}]
    assert first["others"] == [{"name": "박두리", "address": DURI["email"]}]
    assert guest(town, made)["letter"] == "sent" and claimed(town) == []


def test_guests_do_not_see_each_other_unless_they_are_to(town: Town) -> None:
    made = town.call(town.clerk, guests=[HANA, DURI])
    assert claimed(town)[0]["others"] == []
    assert {each["email"] for each in town.card(made, town.clerk)["guests"]} == {""}


def test_the_same_address_in_another_case_is_one_guest(town: Town) -> None:
    town.call(guests=[HANA, {"name": "하나", "email": "Kim.Hana@City.Example"}])
    assert len(claimed(town)) == 1


def test_another_time_is_told_by_a_higher_sequence(town: Town) -> None:
    made = town.call(guests=[HANA])
    claimed(town)
    town.ask("change", town.boss, made, starts_at=seoul("2026-05-11", "10:00").isoformat())
    assert said(claimed(town)) == [("김하나", "REQUEST", 1)]
    town.ask("change", town.boss, made, purpose="예산 논의")
    assert said(claimed(town)) == [("김하나", "REQUEST", 1)]
    town.act(town.boss, made, "cancel", reason="일정 중복")
    assert said(claimed(town)) == [("김하나", "CANCEL", 2)]


def test_who_is_taken_off_it_alone_hears_that_it_is_cancelled(town: Town) -> None:
    made = town.call(guests=[HANA, DURI])
    claimed(town)
    town.ask("change", town.boss, made, guests=[DURI])
    assert said(claimed(town)) == [("김하나", "CANCEL", 1), ("박두리", "REQUEST", 1)]
    assert [each["name"] for each in town.card(made)["guests"]] == ["박두리"]
    # Who is invited again is above the cancellation.
    town.ask("change", town.boss, made, guests=[DURI, HANA])
    assert said(claimed(town)) == [("김하나", "REQUEST", 1)]


def test_who_is_taken_off_before_a_letter_went_out_makes_no_letter(town: Town) -> None:
    made = town.call(guests=[HANA, DURI])
    town.ask("change", town.boss, made, guests=[DURI])
    assert said(claimed(town)) == [("박두리", "REQUEST", 0)]


def test_guests_who_see_each_other_hear_of_another_one(town: Town) -> None:
    made = town.call(guests=[HANA], hide_guests=False)
    claimed(town)
    town.ask("change", town.boss, made, guests=[HANA, DURI])
    assert sorted(said(claimed(town))) == [("김하나", "REQUEST", 0), ("박두리", "REQUEST", 0)]


def test_a_room_that_is_lost_makes_no_answer_outdated(town: Town) -> None:
    made = town.call(guests=[HANA], room=town.room)
    town.lose(town.card(made)["booking"])
    assert town.card(made)["room"] is None and reply(town, made) == "applied"


def test_whom_no_letter_reached_hears_nothing_of_a_meeting_that_is_cancelled(town: Town) -> None:
    made = town.call(guests=[HANA])
    town.act(town.boss, made, "cancel", reason="일정 중복")
    assert claimed(town) == []


def test_what_changes_before_a_letter_is_sent_is_in_it_once(town: Town) -> None:
    made = town.call(guests=[HANA])
    for title in ("가", "나"):
        town.ask("change", town.boss, made, title=title)
    letters = claimed(town)
    assert said(letters) == [("김하나", "REQUEST", 2)] and letters[0]["title"] == "나"


def test_at_another_time_a_guest_is_asked_anew_and_what_they_said_before_counts_no_more(town: Town) -> None:
    made = town.call(guests=[HANA])
    claimed(town)
    assert reply(town, made, comment="갑니다") == "applied"
    town.ask("change", town.boss, made, place="소회의실")
    assert guest(town, made)["answer"] == "yes"
    starts = datetime.fromisoformat(town.card(made)["starts_at"]) + timedelta(hours=4)
    town.ask("change", town.boss, made, starts_at=starts, ends_at=starts + timedelta(hours=1))
    assert (guest(town, made)["answer"], guest(town, made)["word"]) == ("none", "")
    assert reply(town, made, minutes=5, comment="갑니다") == "outdated"
    assert reply(town, made, sequence=claimed(town)[-1]["sequence"], minutes=6) == "applied"
    assert guest(town, made)["answer"] == "yes"


def test_a_series_invites_to_each_meeting_four_weeks_before_it(town: Town) -> None:
    made = town.call(guests=[HANA], rule="FREQ=WEEKLY;COUNT=8")
    siblings = town.card(made)["siblings"]
    starts = [datetime.fromisoformat(each["starts_at"]) for each in siblings]
    invited = [datetime.fromisoformat(each["starts_at"]) for each in claimed(town)]
    assert invited == [each for each in starts if each - town.service.now <= timedelta(weeks=4)]
    assert 0 < len(invited) < len(starts) == 8
    last, due = siblings[-1], starts[-1] - timedelta(weeks=4)
    waiting = guest(town, last)
    assert waiting["letter"] == "waiting" and datetime.fromisoformat(waiting["letter_due"]) == due
    # Whom no letter has reached hears of no change of what they were never told, and of no cancellation.
    town.ask("change", town.boss, last, title="달라진 회의")
    assert claimed(town) == []
    town.service.now = due
    assert claimed(town)[-1]["title"] == "달라진 회의"


def test_whom_a_series_has_invited_hears_of_a_change_at_once(town: Town) -> None:
    made = town.call(guests=[HANA], rule="FREQ=WEEKLY;COUNT=8")
    claimed(town)
    town.ask("change", town.boss, made, title="달라진 회의")
    assert [each["title"] for each in claimed(town)] == ["달라진 회의"]


def test_a_letter_that_cannot_be_sent_is_tried_again_and_at_last_has_failed(town: Town) -> None:
    made = town.call(guests=[HANA])
    tries = 0
    for _ in range(20):
        found = town.mail("claim_letters", limit=10, lease=60)
        if found["items"]:
            tries += 1
            letter = found["items"][0]
            result = {"id": letter["id"], "lease": letter["lease"], "outcome": "again", "reason": "451"}
            town.mail("report_letters", results=[result], courier="gateway")
            # Who was late tells of a lease that is over.
            assert town.mail("report_letters", results=[result]) == {"taken": 0}
        town.service.now += timedelta(hours=6)
    assert tries == 6 and guest(town, made)["letter"] == "failed"


def test_a_lease_that_ran_out_is_given_again(town: Town) -> None:
    town.call(guests=[HANA])
    first = town.mail("claim_letters", limit=10, lease=60)["items"][0]
    assert town.mail("claim_letters", limit=10, lease=60)["items"] == []
    town.service.now += timedelta(seconds=61)
    again = town.mail("claim_letters", limit=10, lease=60)["items"][0]
    assert again["id"] == first["id"] and again["lease"] != first["lease"]


# -- answers ----------------------------------------------------------------------------------------


def test_an_answer_by_mail_is_applied_whatever_the_case_of_its_address(town: Town) -> None:
    made = town.call(guests=[HANA])
    assert reply(town, made, address="MAILTO:Kim.Hana@City.Example", comment="갑니다") == "applied"
    found = guest(town, made)
    assert (found["answer"], found["word"], found["email"]) == ("yes", "갑니다", HANA["email"])
    assert len(town.card(made)["guests"]) == 1


def test_an_answer_to_an_earlier_time_changes_nothing(town: Town) -> None:
    made = town.call(guests=[HANA])
    town.ask("change", town.boss, made, starts_at=seoul("2026-05-11", "10:00").isoformat())
    assert reply(town, made, sequence=0, minutes=9) == "outdated"
    assert guest(town, made)["answer"] == "none"
    assert reply(town, made, sequence=1) == "applied"


def test_answers_in_any_order_end_the_same(town: Town) -> None:
    told = [(0, "ACCEPTED"), (5, "TENTATIVE"), (9, "DECLINED")]
    for order in permutations(told):
        with LocalService(MeetingsService) as service:
            there = Town(service)
            made = there.call(guests=[HANA])
            for minutes, partstat in order:
                reply(there, made, minutes=minutes, partstat=partstat)
            assert guest(there, made)["answer"] == "no"


def test_a_strangers_answer_is_held_for_those_who_lead(town: Town) -> None:
    made = town.call(town.clerk, guests=[HANA])
    assert reply(town, made, address="somebody@else.example", comment="저도요") == "held"
    assert [each["address"] for each in town.card(made)["held_answers"]] == ["somebody@else.example"]
    assert town.card(made, town.clerk)["held_answers"] == []
    for n in range(100):
        reply(town, made, address=f"{n}@else.example")
    assert len(town.card(made)["held_answers"]) == 100


def test_an_answer_to_a_meeting_of_a_series_finds_it_by_its_first_time(town: Town) -> None:
    made = town.call(guests=[HANA], rule="FREQ=WEEKLY;COUNT=3")
    second = town.card(made)["siblings"][1]["id"]
    assert reply(town, made, uid=f"{made['series']}@oneway", rid="20260515T010000Z") == "applied"
    assert guest(town, {"id": second})["answer"] == "yes"
    assert reply(town, made, uid="nobody@oneway") == "unknown"


def test_an_answer_that_is_not_sure_to_be_the_guests_is_held_though_it_says_so(town: Town) -> None:
    made = town.call(guests=[HANA])
    assert reply(town, made, sure=False) == "held"
    assert guest(town, made)["answer"] == "none"


def test_a_letter_that_could_not_be_sent_does_not_come_after_a_later_one(town: Town) -> None:
    made = town.call(guests=[HANA])
    (first,) = town.mail("claim_letters", limit=10, lease=60)["items"]
    town.act(town.boss, made, "cancel", reason="일정 중복")
    assert said(claimed(town)) == [("김하나", "CANCEL", 1)]
    again = [{"id": first["id"], "lease": first["lease"], "outcome": "again", "reason": "451"}]
    assert town.mail("report_letters", results=again) == {"taken": 1}
    town.service.now += timedelta(hours=6)
    assert claimed(town) == []


def test_a_letter_whose_courier_died_does_not_come_after_a_later_one(town: Town) -> None:
    made = town.call(guests=[HANA])
    town.mail("claim_letters", limit=10, lease=60)
    town.act(town.boss, made, "cancel", reason="일정 중복")
    town.service.now += timedelta(seconds=61)
    assert said(claimed(town)) == [("김하나", "CANCEL", 1)]


def test_a_letter_names_the_papers_of_the_agenda_unless_the_meeting_is_closed(town: Town) -> None:
    made = town.call(guests=[HANA], agenda=[{"title": "예산안"}])
    item = town.card(made)["agenda"][0]["id"]
    paper(town, item)
    (first,) = claimed(town)
    assert [(each["name"], each["type"]) for each in first["papers"]] == [("예산안.pdf", "application/pdf")]
    town.ask("change", town.boss, made, closed=True, title="비공개 회의")
    assert claimed(town)[0]["papers"] == []


def paper(town: Town, item: str) -> None:
    """A paper of an agenda item."""
    who, content = town.as_(town.boss), b"%PDF-1.7\n"
    ticket = town.service.call("begin_file", who, {"id": item, "name": "예산안.pdf", "size": len(content)})
    told = {"size": len(content), "sha256": sha256(content).hexdigest(), "head": b64encode(content).decode()}
    town.service.call("complete_file", who, {"id": item, "file": ticket["file"], "name": "예산안.pdf", **told})


def test_a_letter_that_came_back_has_failed_once_it_was_sent(town: Town) -> None:
    made = town.call(guests=[HANA])
    (letter,) = town.mail("claim_letters", limit=10, lease=60)["items"]
    assert town.mail("bounce_letter", id=letter["id"], reason="bounced 5.1.1") == {"taken": 0}
    town.mail("report_letters", results=[{"id": letter["id"], "lease": letter["lease"], "outcome": "sent"}])
    assert [town.mail("bounce_letter", id=letter["id"])["taken"] for _ in range(2)] == [1, 0]
    assert guest(town, made)["letter"] == "failed"


def test_one_reader_at_a_time_has_the_turn_to_read_the_mailbox(town: Town) -> None:
    first, second = new_id(), new_id()
    turn = {"key": "mailbox:1"}
    for _ in range(2):
        taken = town.service.call("take_mailbox", system(TENANT), {"reader": first}, **turn)
        holds(contract.MailboxTaken, taken)
        assert taken == {"reader": first}
    with pytest.raises(Conflict):
        town.service.call("take_mailbox", system(TENANT), {"reader": second}, **turn)
