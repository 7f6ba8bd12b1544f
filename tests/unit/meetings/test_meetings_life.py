"""A meeting from its call to its confirmed minutes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.meetings.domain import minutes
from shared.contracts import meetings as contract
from shared.contracts import sources
from shared.contracts.meetings import Scheduled
from shared.errors import Invalid, NotFound
from shared.ids import new_id
from tests.unit.meetings.cast import START, Town, holds, seoul


def test_a_title_and_a_time_are_enough_and_who_calls_it_chairs_it(town: Town) -> None:
    made = town.call()
    holds(contract.MeetingResult, made)
    card = town.card(made)
    holds(contract.MeetingView, card)
    assert [(each["person"]["name"], each["role"], each["answer"]) for each in card["people"]] == [
        ("한과장", "chair", "yes")
    ]
    assert town.todos(made) == {}


def test_who_calls_it_writes_the_minutes_where_somebody_else_chairs_it(town: Town) -> None:
    made = town.call(invite=[{"person": town.other["id"], "role": "chair"}], by=town.clerk)
    roles = {each["person"]["name"]: each["role"] for each in town.card(made, town.clerk)["people"]}
    assert roles == {"서나래": "secretary", "송겨울": "chair"}


def test_a_department_is_everybody_in_it_each_once(town: Town) -> None:
    made = town.call(town.other, invite_departments=[town.department("기획과"), town.department("총무과")])
    assert sorted(each["person"]["name"] for each in town.card(made)["people"]) == [
        "서나래",
        "송겨울",
        "윤여름",
        "한과장",
    ]


def test_a_presenter_is_invited(town: Town) -> None:
    made = town.call(agenda=[{"title": "예산안", "presenter": town.third["id"], "minutes": 20}])
    assert town.todos(made) == {"윤여름": "answer"}


def test_who_cannot_be_invited_is_named_by_path(town: Town) -> None:
    town.left.add(town.third["id"])
    with pytest.raises(Invalid) as refused:
        town.call(town.other, town.third, agenda=[{"title": "가", "presenter": new_id()}])
    assert refused.value.fields == {"invite.1.person": "left", "agenda.0.presenter": "unknown_person"}


def test_two_chairs_are_refused(town: Town) -> None:
    chairs = [{"person": each["id"], "role": "chair"} for each in (town.other, town.third)]
    with pytest.raises(Invalid) as refused:
        town.call(invite=chairs)
    assert refused.value.fields == {"invite": "several_chairs"}


# -- answers ----------------------------------------------------------------------------------------


def test_an_answer_is_counted_and_off_the_desk(town: Town) -> None:
    made = town.call(town.clerk, town.other, town.third)
    town.ask("answer", town.clerk, made, answer="yes")
    town.ask("answer", town.other, made, answer="tentative", word="늦을 수 있습니다")
    card = town.card(made, town.clerk)
    assert card["counts"] == {"none": 1, "yes": 2, "no": 0, "tentative": 1} and card["answer"] == "yes"
    assert town.todos(made) == {"윤여름": "answer"}
    # The version is that of the meeting: who changes it is not held up by answers.
    assert card["version"] == made["version"] == 1


def test_the_same_answer_twice_changes_nothing(town: Town) -> None:
    made = town.call(town.clerk)
    town.ask("answer", town.clerk, made, answer="yes")
    before = len(town.service.events)
    town.ask("answer", town.clerk, made, answer="yes")
    assert len(town.service.events) == before


def test_who_cannot_come_sends_somebody_who_is_invited_in_their_stead(town: Town) -> None:
    made = town.call(town.clerk)
    town.ask("answer", town.clerk, made, answer="no", word="출장", substitute=town.third["id"])
    assert town.todos(made) == {"윤여름": "answer"}
    person = next(each for each in town.card(made, town.third)["people"] if each["stands_for"])
    assert (person["person"]["name"], person["stands_for"]) == ("윤여름", town.clerk["id"])
    town.ask("answer", town.clerk, made, answer="yes")
    with pytest.raises(NotFound):
        town.card(made, town.third)


def test_who_comes_in_the_chairs_stead_concludes(town: Town) -> None:
    made = town.call(invite=[{"person": town.other["id"], "role": "chair"}, town.third["id"]])
    town.ask("answer", town.other, made, answer="no", substitute=town.clerk["id"])
    town.act(town.clerk, made, "open")
    town.ask("write_minutes", town.clerk, made, body="<p>논의</p>")
    town.act(town.clerk, made, "end")
    town.act(town.boss, made, "ask_confirmation", due=seoul("2026-05-15").isoformat())
    town.ask("review", town.third, made, agree=True)
    assert town.todos(made) == {"서나래": "conclude"}
    assert town.refused("act", town.other, made, act="conclude").status == 403
    town.act(town.clerk, made, "conclude")


def test_the_organiser_hears_of_a_no_of_somebody_who_has_to_be_there(town: Town) -> None:
    made = town.call(invite=[town.clerk["id"], {"person": town.other["id"], "role": "optional"}])
    town.ask("answer", town.other, made, answer="no")
    assert town.notices(made) == []
    town.ask("answer", town.clerk, made, answer="no")
    assert town.notices(made) == [("한과장", "declined")]


def test_who_is_not_invited_cannot_answer_and_hears_of_nothing(town: Town) -> None:
    made = town.call(town.clerk)
    assert town.refused("answer", town.other, made, answer="yes").status == 404


# -- papers -----------------------------------------------------------------------------------------


def test_presenters_owe_papers_until_they_say_they_are_there(town: Town) -> None:
    due = seoul("2026-05-07", "12:00").isoformat()
    agenda = [{"title": "예산안", "presenter": town.clerk["id"]}, {"title": "기타"}]
    made = town.call(agenda=agenda, papers_due=due)
    town.ask("answer", town.clerk, made, answer="yes")
    assert town.todos(made) == {"서나래": "prepare"}
    town.service.pass_until(seoul("2026-05-06", "12:00"))
    assert town.notices(made) == [("서나래", "papers_due")]
    item = town.card(made)["agenda"][0]["id"]
    assert town.refused("ready", town.clerk, made, item=town.card(made)["agenda"][1]["id"]).status == 403
    town.ask("ready", town.clerk, made, item=item)
    assert town.todos(made) == {}


def test_papers_are_due_before_the_meeting(town: Town) -> None:
    with pytest.raises(Invalid) as refused:
        town.call(papers_due=seoul("2026-05-08", "10:00").isoformat())
    assert refused.value.fields == {"papers_due": "not_before"}


# -- change and cancelling --------------------------------------------------------------------------


def test_another_time_is_told_and_asked_anew(town: Town) -> None:
    made = town.call(town.clerk)
    town.ask("answer", town.clerk, made, answer="yes")
    starts = seoul("2026-05-11", "14:00")
    changed = town.ask("change", town.boss, made, version=1, starts_at=starts.isoformat())
    card = town.card(made)
    assert changed["version"] == 2 and card["ends_at"] == (starts + timedelta(hours=1)).isoformat()
    assert town.todos(made) == {"서나래": "answer"} and town.notices(made) == [("서나래", "changed")]
    assert card["counts"]["yes"] == 1


def test_a_change_of_an_older_version_is_refused(town: Town) -> None:
    made = town.call()
    town.ask("change", town.boss, made, version=1, title="새 제목")
    refused = town.refused("change", town.boss, made, version=1, title="다른 제목")
    assert (refused.status, refused.extra) == (412, {"current": 2})


def test_who_is_taken_off_it_is_told_and_reads_it_no_longer(town: Town) -> None:
    made = town.call(town.clerk, town.other)
    town.ask("change", town.boss, made, invite=[town.clerk["id"]])
    assert town.notices(made) == [("송겨울", "removed")]
    assert town.refused("card", town.other, made).status == 404
    told = town.scheduled(made)[-1]
    assert told["removed"] == [town.other["id"]] and told["total"] == 2
    assert town.other["id"] not in str(town.item(made)["audience"])


def test_a_secretary_who_changes_it_stays_the_secretary(town: Town) -> None:
    made = town.call(invite=[{"person": town.clerk["id"], "role": "secretary"}, town.other["id"]])
    town.ask("change", town.clerk, made, invite=[town.clerk["id"], town.third["id"]], agenda=[{"title": "보고"}])
    roles = {each["person"]["name"]: each["role"] for each in town.card(made)["people"]}
    assert roles == {"한과장": "chair", "서나래": "secretary", "윤여름": "required"}


def test_another_chair_takes_the_place_of_the_first(town: Town) -> None:
    made = town.call(town.clerk)
    town.ask("change", town.boss, made, invite=[{"person": town.clerk["id"], "role": "chair"}])
    roles = {each["person"]["name"]: each["role"] for each in town.card(made)["people"]}
    assert roles == {"한과장": "required", "서나래": "chair"}


def test_an_agenda_keeps_the_items_that_are_known_by_id(town: Town) -> None:
    made = town.call(agenda=[{"title": "가"}, {"title": "나"}])
    first, second = town.card(made)["agenda"]
    agenda = [{"id": second["id"], "title": "나"}, {"title": "다"}]
    town.ask("change", town.boss, made, agenda=agenda)
    items = town.card(made)["agenda"]
    assert [(each["title"], each["id"] == second["id"]) for each in items] == [("나", True), ("다", False)]
    refused = town.refused("change", town.boss, made, agenda=[{"id": first["id"], "title": "가"}])
    assert refused.fields == {"agenda.0.id": "unknown_item"}


def test_what_changes_nothing_tells_nobody(town: Town) -> None:
    made = town.call(town.clerk, place="소회의실")
    before = len(town.service.events)
    assert town.ask("change", town.boss, made, place="소회의실", invite=[town.clerk["id"]])["version"] == 1
    assert len(town.service.events) == before


def test_cancelling_needs_a_reason_and_tells_everybody(town: Town) -> None:
    made = town.call(town.clerk)
    assert town.refused("act", town.boss, made, act="cancel").fields == {"reason": "required"}
    assert town.refused("act", town.clerk, made, act="cancel", reason="사유").status == 403
    town.act(town.boss, made, "cancel", reason="일정 중복")
    assert town.notices(made) == [("서나래", "cancelled")] and town.todos(made) == {}
    assert town.scheduled(made)[-1]["state"] == "cancelled"
    assert town.refused("answer", town.clerk, made, answer="yes").slug == "finished"


# -- during -----------------------------------------------------------------------------------------


def test_who_has_the_code_says_oneself_that_one_is_there(town: Town) -> None:
    made = town.call(town.clerk)
    code = town.ask("code", town.boss, made)["code"]
    assert town.refused("code", town.clerk, made).status == 403
    assert town.refused("attend", town.clerk, made, code=code).slug == "not-now"
    town.service.now = seoul("2026-05-08", "09:10")
    assert town.refused("attend", town.clerk, made, code="other").fields == {"code": "wrong_code"}
    town.ask("attend", town.clerk, made, code=code)
    person = town.card(made)["people"][1]
    assert person["present"] is True and person["present_at"] == "2026-05-08T00:10:00+00:00"
    assert code not in str(town.card(made))


def test_the_clock_runs_for_one_item_at_a_time(town: Town) -> None:
    made = town.held(town.clerk, agenda=[{"title": "가"}, {"title": "나"}])
    first, second = (each["id"] for each in town.card(made)["agenda"])
    town.ask("time_item", town.boss, made, item=first, running=True)
    town.service.now += timedelta(minutes=5)
    town.ask("time_item", town.boss, made, item=second, running=True)
    town.service.now += timedelta(minutes=2)
    town.act(town.boss, made, "end")
    assert [(each["spent"], each["started_at"]) for each in town.card(made)["agenda"]] == [(300, None), (120, None)]


def test_a_meeting_that_nobody_opened_ends_by_the_clock(town: Town) -> None:
    made = town.call(town.clerk)
    town.service.pass_until(seoul("2026-05-08", "11:00"))
    assert town.card(made)["state"] == "minutes"
    assert town.todos(made) == {"한과장": "write_minutes"}
    assert ("서나래", "reminded") in town.notices(made)


# -- minutes ----------------------------------------------------------------------------------------


def test_minutes_have_all_that_the_law_demands(town: Town) -> None:
    made = town.held(town.clerk, town.other, present=(town.clerk,), agenda=[{"title": "예산안"}], place="소회의실")
    item = town.card(made)["agenda"][0]["id"]
    gist = [{"item": item, "body": "<p onclick='x'>증액<script>x</script></p>"}]
    town.ask("write_minutes", town.boss, made, version=0, body="<p>개회</p>", items=gist)
    town.ask("decide", town.boss, made, item=item, text="원안 가결")
    town.ask("add_action", town.boss, made, title="안내", person=town.clerk["id"], due="2026-05-20")
    found = town.ask("minutes", town.clerk, made)
    holds(contract.MinutesView, found)
    told = found["minutes"]
    assert (told["name"], told["host"]["name"], told["place"]) == ("주간 회의", "한과장", "소회의실")
    assert [each["name"] for each in told["present"]] == ["서나래"]
    assert [each["name"] for each in told["absent"]] == ["한과장", "송겨울"]
    assert told["items"][0]["gist"] == "<p>증액</p>" and told["items"][0]["decisions"][0]["text"] == "원안 가결"
    assert told["actions"][0]["person"]["name"] == "서나래"
    quoted = town.ask("quote", town.clerk, made)
    holds(sources.QuoteView, quoted)
    assert "<h3>1. 예산안</h3><p>증액</p>" in quoted["body"]


def test_two_who_write_at_once_do_not_write_over_each_other(town: Town) -> None:
    made = town.held(town.clerk)
    town.ask("write_minutes", town.boss, made, version=0, body="<p>가</p>")
    refused = town.refused("write_minutes", town.boss, made, version=0, body="<p>나</p>")
    assert (refused.status, refused.extra) == (412, {"current": 1})


def test_what_one_person_goes_on_writing_is_one_step_of_the_history(town: Town) -> None:
    made = town.held(invite=[{"person": town.clerk["id"], "role": "secretary"}])
    for version in range(3):
        town.ask("write_minutes", town.clerk, made, version=version, body=f"<p>{version}번째</p>")
        town.service.now += timedelta(minutes=2)
    town.ask("write_minutes", town.boss, made, body="<p>과장이 고침</p>")
    town.ask("write_minutes", town.clerk, made, body="<p>다시</p>")
    town.service.now += timedelta(minutes=10)
    town.ask("write_minutes", town.clerk, made, body="<p>나중에</p>")
    steps = [each["person"]["name"] for each in town.card(made)["history"] if each["action"] == "minutes_written"]
    assert steps == ["서나래", "서나래", "한과장", "서나래"]
    assert "나중에" in town.item(made)["text"]


def test_minutes_without_a_word_are_not_sent_round(town: Town) -> None:
    made = town.held(town.clerk, agenda=[{"title": "예산안"}])
    town.act(town.boss, made, "end")
    due = seoul("2026-05-15").isoformat()
    assert town.refused("act", town.boss, made, act="ask_confirmation", due=due).slug == "nothing-written"


def test_those_present_confirm_and_the_chair_concludes(town: Town) -> None:
    made = town.confirming(town.clerk, town.other, present=(town.clerk,))
    assert town.todos(made) == {"서나래": "confirm"}
    assert town.refused("review", town.other, made, agree=True).status == 403
    assert town.refused("act", town.boss, made, act="conclude").slug == "reviews-open"
    town.ask("review", town.clerk, made, agree=True)
    assert town.todos(made) == {"한과장": "conclude"}
    town.act(town.boss, made, "conclude")
    assert town.card(made)["state"] == "confirmed" and town.todos(made) == {}
    assert ("서나래", "confirmed") in town.notices(made)


def test_who_says_nothing_until_the_date_agrees_by_silence(town: Town) -> None:
    made = town.confirming(town.clerk, town.other)
    town.ask("review", town.other, made, agree=False, note="금액이 다릅니다")
    assert ("한과장", "objected") in town.notices(made)
    town.service.pass_until(seoul("2026-05-15", "18:00"))
    reviews = {each["person"]["name"]: each["review"] for each in town.ask("minutes", town.boss, made)["reviews"]}
    assert reviews == {"서나래": "silent", "송겨울": "objected"}
    assert town.todos(made) == {"한과장": "conclude"}


def test_an_objection_without_a_note_is_refused(town: Town) -> None:
    made = town.confirming(town.clerk)
    assert town.refused("review", town.clerk, made, agree=False).fields == {"note": "required"}


def test_confirmed_minutes_never_change_and_their_digest_is_on_the_record(town: Town) -> None:
    made = town.confirming(town.clerk)
    town.ask("review", town.clerk, made, agree=True)
    town.act(town.boss, made, "conclude")
    found = town.ask("minutes", town.boss, made)
    assert found["digest"] == minutes.digest(found["minutes"])
    for method, given in (
        ("write_minutes", {"body": "<p>다르게</p>"}),
        ("decide", {"text": "다르게"}),
        ("add_action", {"title": "다르게"}),
        ("change", {"title": "다르게"}),
        ("attend", {"people": [{"person": town.clerk["id"], "present": False}]}),
        ("act", {"act": "take_back"}),
    ):
        assert town.refused(method, town.boss, made, **given).slug == "finished", method
    assert town.ask("minutes", town.boss, made) == found


def test_minutes_taken_back_are_written_on_and_asked_anew(town: Town) -> None:
    made = town.confirming(town.clerk)
    town.ask("review", town.clerk, made, agree=False, note="틀림")
    town.act(town.boss, made, "take_back", reason="고칩니다")
    assert town.todos(made) == {"한과장": "write_minutes"}
    assert town.ask("minutes", town.boss, made)["reviews"] == []


# -- who reads --------------------------------------------------------------------------------------


def test_the_hosts_department_reads_unless_it_is_closed(town: Town) -> None:
    open_ = town.call(town.other)
    closed = town.call(town.other, closed=True)
    assert town.card(open_, town.clerk)["title"] == "주간 회의"
    assert town.refused("card", town.clerk, closed).status == 404
    assert [each["id"] for each in town.box(town.clerk, box="department")] == [open_["id"]]


def test_a_closed_meeting_may_be_read_from_its_day_on(town: Town) -> None:
    made = town.call(town.other, closed=True, closed_until="2026-06-01")
    town.service.pass_until(seoul("2026-05-31", "23:59"))
    assert town.refused("card", town.clerk, made).status == 404
    town.service.pass_until(seoul("2026-06-01"))
    assert town.card(made, town.clerk)["closed"] is True
    assert f"department:{town.department('총무과')}" in town.item(made)["audience"]


def test_an_auditor_reads_what_is_confirmed(town: Town) -> None:
    auditor = town.hire("감사과", "정감사", "auditor")
    made = town.confirming(town.clerk, closed=True)
    assert town.refused("card", auditor, made).status == 404
    town.ask("review", town.clerk, made, agree=True)
    town.act(town.boss, made, "conclude")
    assert town.card(made, auditor)["state"] == "confirmed"


def test_minutes_are_found_by_their_words_within_rights(town: Town) -> None:
    made = town.confirming(town.clerk, closed=True)
    item = town.item(made)
    assert "논의한 내용" in item["text"]
    assert item["audience"] == sorted(f"person:{each['id']}" for each in (town.boss, town.clerk))


# -- calendars --------------------------------------------------------------------------------------


def test_calendars_hear_of_all_that_changes_and_of_nothing_else(town: Town) -> None:
    made = town.call(town.clerk, place="소회의실", link="https://meet.example/1")
    for told in town.scheduled(made):
        holds(Scheduled, told)
    first = town.scheduled(made)[0]
    assert first["people"] == [
        {"person": town.boss["id"], "role": "chair", "answer": "yes"},
        {"person": town.clerk["id"], "role": "required", "answer": "none"},
    ]
    town.ask("answer", town.clerk, made, answer="yes")
    assert town.scheduled(made)[-1]["people"][1]["answer"] == "yes"
    assert town.scheduled(made)[-1]["sequence"] > first["sequence"]
    town.ask("comment", town.clerk, made, text="자료를 봐 주세요")
    assert len(town.scheduled(made)) == 2
    town.act(town.boss, made, "open")
    assert len(town.scheduled(made)) == 2
    town.act(town.boss, made, "end")
    assert [told["state"] for told in town.scheduled(made)] == ["called", "called", "ended"]


def test_two_thousand_are_told_in_parts_and_their_answers_gathered(town: Town) -> None:
    crowd = [town.hire("기획과", f"직원{n}") for n in range(1_998)]
    made = town.call(invite_departments=[town.department("기획과")])
    told = town.scheduled(made)
    assert [len(each["people"]) for each in told] == [500, 500, 500, 500, 1]
    assert {each["total"] for each in told} == {2_001} and len({each["sequence"] for each in told}) == 1
    for person in crowd[:3]:
        town.ask("answer", person, made, answer="yes")
    assert len(town.scheduled(made)) == len(told)
    town.service.pass_until(START + timedelta(seconds=31))
    later = town.scheduled(made)[len(told) :]
    assert sum(each["answer"] == "yes" for part in later for each in part["people"]) == 4
    with pytest.raises(Invalid) as refused:
        town.hire("기획과", "한 명 더")
        town.call(invite_departments=[town.department("기획과")])
    assert refused.value.fields == {"invite": "too_many"}
