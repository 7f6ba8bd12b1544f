"""The pages of meetings: what is shown to whom, what a form sends, what a refusal keeps."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from flask.testing import FlaskClient

from gateway.meetings.pages.writing import guest
from shared.contracts import meetings as contract
from shared.errors import Conflict, Invalid, Problem, Unavailable
from tests.unit.gateway.stage import ANOTHER, DECIDER, HOSTILE, ONE, REVIEWER, Services, session

Doc = dict[str, Any]
MEETING = "01900000-0000-7000-8000-0000000000f1"
OTHER = "01900000-0000-7000-8000-0000000000f2"
ITEM = "01900000-0000-7000-8000-0000000000f3"
ACTION = "01900000-0000-7000-8000-0000000000f4"
VOTE = "01900000-0000-7000-8000-0000000000f5"
COMMITTEE = "01900000-0000-7000-8000-0000000000f6"
AT = "2099-05-08T01:00:00+00:00"
ENDS = "2099-05-08T02:00:00+00:00"
COUNTS = {"none": 1, "yes": 1, "no": 0, "tentative": 0}


def line(**changes: Any) -> Doc:
    found: Doc = {"id": MEETING, "title": "주간 회의", "kind": "meeting", "state": "called", "starts_at": AT}
    found |= {"ends_at": ENDS, "place": "소회의실", "link": None, "closed": False, "organiser": DECIDER}
    return found | {"number": None, "series": None, "counts": COUNTS, "answer": "none"} | changes


def person(ref: Doc, role: str = "required", **changes: Any) -> Doc:
    found: Doc = {"person": ref, "role": role, "answer": "none", "word": "", "substitute": None, "stands_for": None}
    found |= {"present": None, "present_at": None, "review": "", "note": "", "member": False}
    return found | changes


def item(**changes: Any) -> Doc:
    found: Doc = {"id": ITEM, "number": 1, "title": "예산안", "presenter": REVIEWER, "minutes": 20, "ready": False}
    return found | {"gist": "", "started_at": None, "spent": 0, "files": []} | changes


def action(**changes: Any) -> Doc:
    found: Doc = {"id": ACTION, "item": None, "title": "안내문 발송", "person": ONE, "due": "2099-05-20"}
    return found | {"request": None, "state": ""} | changes


def card(*may: str, **changes: Any) -> Doc:
    entry = {"number": 1, "at": AT, "action": "called", "person": DECIDER, "detail": {}}
    found = line() | {"version": 3, "purpose": "", "room": None, "booking": None, "closed_until": None}
    found |= {"hide_guests": True, "papers_due": None, "committee": None, "quorum": None, "rid": None, "rule": None}
    found |= {"siblings": [], "before": [], "people": [person(DECIDER, "chair", answer="yes"), person(REVIEWER)]}
    found |= {"guests": [], "held_answers": [], "agenda": [item()], "decisions": [], "votes": [], "actions": []}
    found |= {"minutes": {"version": 0, "body": "", "digest": "", "due": None, "written_by": None}}
    return found | {"sources": [], "cards": [], "files": [], "history": [entry], "may": list(may)} | changes


def minutes(**changes: Any) -> Doc:
    told: Doc = {
        "name": "주간 회의",
        "number": None,
        "host": DECIDER,
        "starts_at": AT,
        "ends_at": ENDS,
        "place": "소회의실",
    }
    told |= {"purpose": "", "closed": False, "present": [], "absent": [], "guests": [], "body": "<p>회의함</p>"}
    told |= {
        "items": [{"id": ITEM, "title": "예산안", "presenter": "", "gist": "<p>증액</p>", "decisions": [], "votes": []}]
    }
    told |= {"decisions": [], "votes": [], "actions": []}
    found = {"id": MEETING, "state": "held", "version": 2, "minutes": told, "digest": "", "due": None, "reviews": []}
    return found | changes


def committee(**changes: Any) -> Doc:
    members = [{"person": REVIEWER, "role": "chair", "from": "2026-01-01", "until": None, "current": True}]
    found: Doc = {"id": COMMITTEE, "version": 1, "name": "도시계획위원회", "purpose": "", "quorum": "majority"}
    found |= {"closed": False, "agenda": ["보고"], "members": members, "years": [2026], "may_change": True}
    return found | changes


RESULT = {"id": MEETING, "version": 4, "state": "called", "series": None, "made": 1, "skipped": [], "made_id": ACTION}


@pytest.fixture(autouse=True)
def answers(services: Services) -> None:
    services.answers |= {
        "session": session(REVIEWER),
        "card": card("answer"),
        "thread": {"items": [], "next": None, "read": 0, "unread": 0},
        "related": {"items": []},
        "box": {"items": [line()], "next": None},
        "minutes": minutes(),
        "committees": {"items": [], "next": None},
        "committee": committee(),
        "register": {"items": [line(number="도시계획위원회-2026-1")], "next": None},
        "receivers_by_ids": {"items": []},
        "people_by_ids": {DECIDER["id"]: DECIDER, REVIEWER["id"]: REVIEWER},
        "code": {"id": MEETING, "title": "주간 회의", "code": "abc-DEF"},
        "quote": {"noun": "meetings", "subject": MEETING, "title": "주간 회의", "body": "<p>회의함</p>", "files": []},
        "create_draft": {"id": OTHER},
        **dict.fromkeys(("create", "change", "act", "answer", "attend", "decide", "add_action"), RESULT),
        **dict.fromkeys(("open_vote", "cast", "close_vote", "time_item", "review", "action_asked"), RESULT),
        **dict.fromkeys(("write_minutes", "comment"), RESULT),
        "save_committee": {"id": COMMITTEE, "version": 2},
    }


def shown(browser: FlaskClient, path: str, status: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == status, answer.text[:2000]
    return answer.text


def post(browser: FlaskClient, path: str, **form: Any) -> Any:
    token = browser.get("/session").get_json()["csrf_token"]
    return browser.post(path, data={"csrf_token": token, **form})


def test_the_views_the_pages_are_tried_with_are_those_of_the_contract() -> None:
    for schema, view in (
        (contract.MeetingView, card()),
        (contract.MinutesView, minutes()),
        (contract.CommitteeView, committee()),
        (contract.MadeResult, RESULT),
        (contract.CommitteeResult, {"id": COMMITTEE, "version": 2}),
        (contract.CodeView, {"id": MEETING, "title": "주간 회의", "code": "abc"}),
    ):
        assert schema().validate(view) == {}, schema


# -- lists ------------------------------------------------------------------------------------------


def test_a_list_shows_when_what_and_ones_answer(browser: FlaskClient, services: Services) -> None:
    services.answers["box"] = {"items": [line(), line(id=OTHER, title=HOSTILE, closed=True)], "next": None}
    text = shown(browser, "/meetings")
    for words in ("주간 회의", "10:00~11:00", "소회의실", "답변 대기", "비공개"):
        assert words in text, words
    assert HOSTILE not in text and "&lt;script&gt;" in text


def test_the_lists_ask_for_what_they_are_called(browser: FlaskClient, services: Services) -> None:
    shown(browser, "/meetings/past?state=confirmed&q=예산")
    asked = services.last("box")[0]
    assert (asked["box"], asked["ahead"], asked["state"], asked["q"]) == ("mine", False, "confirmed", "예산")
    shown(browser, "/meetings/department")
    assert (services.last("box")[0]["box"], services.last("box")[0]["ahead"]) == ("department", True)


def test_an_empty_list_says_what_belongs_there(browser: FlaskClient, services: Services) -> None:
    services.answers["box"] = {"items": [], "next": None}
    assert "예정된 회의가 없습니다" in shown(browser, "/meetings")
    assert "지난 회의가 없습니다" in shown(browser, "/meetings/past")
    assert "찾는 회의가 없습니다" in shown(browser, "/meetings?q=없음")
    services.answers["box"] = Unavailable("meetings")
    assert "잠시 보여 드릴 수 없습니다" in shown(browser, "/meetings")


# -- the card ---------------------------------------------------------------------------------------


def test_an_answer_is_one_press(browser: FlaskClient, services: Services) -> None:
    assert 'id="answer-yes"' in shown(browser, f"/meetings/{MEETING}")
    done = post(browser, f"/meetings/{MEETING}/answers", answer="yes", scope="all", idempotency_key="k")
    assert (done.status_code, done.headers["Location"]) == (303, f"/meetings/{MEETING}")
    assert services.last("answer")[0] == {"id": MEETING, "answer": "yes", "scope": "all"}
    assert str(services.last("answer")[1]).endswith(":k")


def test_each_act_is_shown_to_who_may_do_it(browser: FlaskClient, services: Services) -> None:
    services.answers["card"] = card()
    text = shown(browser, f"/meetings/{MEETING}")
    assert not [each for each in ("act-open", "act-cancel", "answer-yes", "mark-dialog") if f'id="{each}' in text]
    services.answers["card"] = card("open", "end", "cancel", "change", "mark")
    text = shown(browser, f"/meetings/{MEETING}")
    for id_ in ("act-open", "act-end", "act-cancel", "mark-dialog", "cancel-dialog"):
        assert f'id="{id_}"' in text, id_
    # Not before its time is near.
    assert 'class="button button-primary" id="act-open"' not in text
    services.answers["card"] = card("open", starts_at="2026-05-08T01:00:00+00:00")
    assert 'class="button button-primary" id="act-open"' in shown(browser, f"/meetings/{MEETING}")
    services.answers["card"] = card("review", state="confirming")
    assert 'id="act-review"' in shown(browser, f"/meetings/{MEETING}")
    services.answers["card"] = card("take_back", "conclude", state="confirming")
    assert 'id="act-conclude"' in shown(browser, f"/meetings/{MEETING}")


def test_results_are_shown_and_an_action_item_is_sent_as_a_request(browser: FlaskClient, services: Services) -> None:
    tally = {"for": 3, "against": 1, "abstain": 0}
    vote: Doc = {"id": VOTE, "item": None, "question": "찬성?", "secret": False, "closed": True, "tally": tally}
    vote |= {"carried": True, "voted": [ONE], "ballots": [{"person": ONE, "choice": "for"}]}
    decided = {"id": ITEM, "item": None, "text": HOSTILE, "quorate": None}
    given: Doc = {"state": "minutes", "votes": [vote], "decisions": [decided], "actions": [action()]}
    services.answers["card"] = card("ask", "write", **given)
    services.answers["create"] = {"id": OTHER}
    text = shown(browser, f"/meetings/{MEETING}")
    assert "찬성 3" in text and "가결" in text and "박협조 찬성" in text and HOSTILE not in text
    assert post(browser, f"/meetings/{MEETING}/requests", action=ACTION).status_code == 303
    asked, key = services.last("create")
    assert (asked["title"], asked["assignees"], asked["due"]) == ("안내문 발송", [{"person": ONE["id"]}], "2099-05-20")
    assert asked["sources"] == [{"noun": "meetings", "subject": MEETING}]
    assert key == f"meetings:{MEETING}:{ACTION}"
    assert services.last("action_asked")[0] == {"id": MEETING, "action": ACTION, "request": OTHER}


def test_an_action_item_of_nobody_is_no_request(browser: FlaskClient, services: Services) -> None:
    services.answers["card"] = card("ask", state="minutes", actions=[action(person=None)])
    assert post(browser, f"/meetings/{MEETING}/requests", action=ACTION).status_code == 422
    assert not [name for name, *_ in services.asked if name == "create"]
    assert post(browser, f"/meetings/{MEETING}/requests", action=OTHER).status_code == 404
    services.answers["card"] = card(state="minutes", actions=[action()])
    assert post(browser, f"/meetings/{MEETING}/requests", action=ACTION).status_code == 403
    assert not [name for name, *_ in services.asked if name in ("create", "action_asked")]


def test_a_refusal_shows_the_meeting_with_why(browser: FlaskClient, services: Services) -> None:
    services.answers["decide"] = Conflict("no-quorum", present=1, needed=3)
    services.answers["card"] = card("decide", state="held")
    answer = post(browser, f"/meetings/{MEETING}/decisions", text="가결")
    assert answer.status_code == 409 and "의사정족수 3명 가운데 1명" in answer.text
    services.answers["act"] = Invalid({"reason": "required"})
    assert post(browser, f"/meetings/{MEETING}/acts", act="cancel").status_code == 422


def test_the_forms_send_what_the_service_takes(browser: FlaskClient, services: Services) -> None:
    at = f"/meetings/{MEETING}"
    post(browser, f"{at}/acts", act="ask_confirmation", due="2099-05-15T18:00")
    assert services.last("act")[0]["due"] == "2099-05-15T18:00:00+09:00"
    post(browser, f"{at}/attendance", people=[REVIEWER["id"], ONE["id"]], present=[ONE["id"]])
    marks = [{"person": REVIEWER["id"], "present": False}, {"person": ONE["id"], "present": True}]
    assert services.last("attend")[0] == {"id": MEETING, "people": marks}
    post(browser, f"{at}/votes", question="찬성?", secret="yes")
    assert services.last("open_vote")[0] == {"id": MEETING, "question": "찬성?", "secret": True}
    post(browser, f"{at}/timer", item=ITEM, running="no")
    assert services.last("time_item")[0]["running"] is False
    post(browser, f"{at}/reviews", agree="no", note="금액이 다릅니다")
    assert services.last("review")[0] == {"id": MEETING, "note": "금액이 다릅니다", "agree": False}


def test_of_a_vote_nothing_is_kept_under_a_key(browser: FlaskClient, services: Services) -> None:
    at = f"/meetings/{MEETING}"
    post(browser, f"{at}/ballots", vote=VOTE, choice="for", idempotency_key="k")
    assert services.last("cast") == ({"id": MEETING, "vote": VOTE, "choice": "for"}, None)
    post(browser, f"{at}/closings", vote=VOTE, idempotency_key="k")
    assert services.last("close_vote")[1] is not None


def test_a_document_is_begun_from_the_minutes(browser: FlaskClient, services: Services) -> None:
    done = post(browser, f"/meetings/{MEETING}/document")
    assert done.headers["Location"] == f"/write/{OTHER}"
    assert services.last("create_draft")[0]["title"] == "주간 회의 회의록"


def test_the_picture_of_attendance_leads_to_one_press(browser: FlaskClient, services: Services) -> None:
    text = shown(browser, f"/meetings/{MEETING}/qr")
    assert f"/meetings/{MEETING}/attend?code=abc-DEF" in text and "<svg" in text
    assert 'value="abc-DEF"' in shown(browser, f"/meetings/{MEETING}/attend?code=abc-DEF")
    assert post(browser, f"/meetings/{MEETING}/attend", code="abc-DEF").status_code == 303
    services.answers["attend"] = Invalid({"code": "wrong_code"})
    refused = post(browser, f"/meetings/{MEETING}/attend", code="x")
    assert refused.status_code == 422 and "출석 코드가 맞지 않습니다" in refused.text


# -- writing ----------------------------------------------------------------------------------------


def form(**changes: Any) -> Doc:
    found: Doc = {"title": "주간 회의", "day": "2099-05-08", "time": "10:00", "minutes": "90", "place": "소회의실"}
    found |= {"invite": [f"person:{ONE['id']}", f"department:{ONE['department_id']}"], "chair": DECIDER["id"]}
    found |= {
        "agenda": ["0", "3"],
        "agenda_title_0": "예산안",
        "agenda_minutes_0": "20",
        "agenda_presenter_0": ONE["id"],
    }
    return found | {"agenda_title_3": ""} | changes


def test_the_form_says_who_when_where_and_about_what(browser: FlaskClient, services: Services) -> None:
    assert "meeting-day" in shown(browser, "/meetings/new?day=2099-05-08&time=14:00")
    guests = "김하나 <hana@city.example>\n\nduri@city.example"
    post(browser, "/meetings", **form(guests=guests, rule="FREQ=WEEKLY", until="2099-06-30", closed="yes"))
    asked = services.last("create")[0]
    assert (asked["starts_at"], asked["ends_at"]) == ("2099-05-08T10:00:00+09:00", "2099-05-08T11:30:00+09:00")
    assert asked["invite"] == [{"person": DECIDER["id"], "role": "chair"}, ONE["id"]]
    assert asked["agenda"] == [{"title": "예산안", "minutes": 20, "presenter": ONE["id"]}]
    assert [each["email"] for each in asked["guests"]] == ["hana@city.example", "duri@city.example"]
    assert asked["rule"] == "FREQ=WEEKLY;UNTIL=20990630" and asked["closed"] is True
    assert contract.CreateMeeting().validate(asked) == {}


def test_a_meeting_of_a_committee_without_items_has_its_standing_agenda(
    browser: FlaskClient, services: Services
) -> None:
    post(browser, "/meetings", **form(committee=COMMITTEE, agenda_title_0=""))
    asked = services.last("create")[0]
    assert (asked["kind"], asked["committee"]) == ("committee", COMMITTEE) and "agenda" not in asked


@pytest.mark.parametrize(
    "problem",
    [Invalid({"ends_at": "not_later", "agenda.0.presenter": "left"}), Conflict("room-taken"), Unavailable("x")],
)
def test_a_refused_form_keeps_what_was_typed(browser: FlaskClient, services: Services, problem: Problem) -> None:
    services.answers["create"] = problem
    answer = post(browser, "/meetings", **form(purpose=HOSTILE))
    assert answer.status_code == problem.status
    assert 'value="예산안"' in answer.text and 'value="2099-05-08"' in answer.text and HOSTILE not in answer.text


def test_a_date_that_is_none_is_the_services_to_name(browser: FlaskClient, services: Services) -> None:
    for wrong in ({"day": ""}, {"time": "x"}, {"minutes": "x"}, {"minutes": "9" * 30}):
        post(browser, "/meetings", **form(**wrong))
        assert contract.CreateMeeting().validate(services.last("create")[0]).keys() <= {"starts_at", "ends_at"}


def test_a_change_is_made_on_the_version_that_was_seen(browser: FlaskClient, services: Services) -> None:
    services.answers["card"] = card(
        "change", series=OTHER, siblings=[{"id": MEETING, "starts_at": AT, "state": "called"}] * 2
    )
    text = shown(browser, f"/meetings/{MEETING}/edit")
    assert 'value="2099-05-08"' in text and 'value="10:00"' in text and 'id="meeting-scope"' in text
    row = {"agenda_id_0": ITEM}
    done = post(browser, f"/meetings/{MEETING}/edit", **form(version="3", scope="following", **row))
    assert done.status_code == 303
    asked = services.last("change")[0]
    assert (asked["version"], asked["scope"], asked["agenda"][0]["id"]) == (3, "following", ITEM)
    assert contract.ChangeMeeting().validate(asked) == {}
    services.answers["card"] = card()
    assert browser.get(f"/meetings/{MEETING}/edit").status_code == 302


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("김하나 <hana@city.example>", ("김하나", "hana@city.example")),
        ("hana@city.example", ("hana", "hana@city.example")),
        ("  <a@b.example> ", ("a", "a@b.example")),
        ("이름만", ("이름만", "이름만")),
    ],
)
def test_a_guest_is_a_name_and_an_address_on_a_line(line: str, found: tuple[str, str]) -> None:
    assert tuple(guest(line).values()) == found


# -- minutes ----------------------------------------------------------------------------------------


def test_minutes_are_written_by_who_leads_and_read_by_others(browser: FlaskClient, services: Services) -> None:
    services.answers["card"] = card("write", "decide", state="held")
    text = shown(browser, f"/meetings/{MEETING}/minutes")
    assert 'id="minutes-form"' in text and f'name="gist_{ITEM}"' in text
    done = post(
        browser,
        f"/meetings/{MEETING}/minutes",
        version="2",
        item=ITEM,
        body="<p>가</p>",
        **{f"gist_{ITEM}": "<p>나</p>"},
    )
    assert done.status_code == 303
    asked = services.last("write_minutes")[0]
    assert asked == {"id": MEETING, "version": 2, "items": [{"item": ITEM, "body": "<p>나</p>"}], "body": "<p>가</p>"}
    services.answers["card"] = card(state="confirmed")
    services.answers["minutes"] = minutes(
        state="confirmed", digest="a" * 64, reviews=[{"person": ANOTHER, "review": "objected", "note": "다릅니다"}]
    )
    text = shown(browser, f"/meetings/{MEETING}/minutes")
    assert 'id="minutes-form"' not in text and "a" * 64 in text and "<p>증액</p>" in text and "이의" in text


def test_minutes_that_somebody_else_has_written_keep_what_was_typed(browser: FlaskClient, services: Services) -> None:
    services.answers["card"] = card("write", state="held")
    services.answers["write_minutes"] = Problem(412, "stale", "", current=9)
    answer = post(browser, f"/meetings/{MEETING}/minutes", version="2", item=ITEM, body="<p>내가 쓴 것</p>")
    assert answer.status_code == 412 and "내가 쓴 것" in answer.text and "그 사이에" in answer.text


# -- committees -------------------------------------------------------------------------------------


def test_a_committee_shows_its_members_and_the_register(browser: FlaskClient, services: Services) -> None:
    services.answers["committees"] = {
        "items": [{"id": COMMITTEE, "name": HOSTILE, "purpose": "", "members": 3}],
        "next": None,
    }
    assert HOSTILE not in shown(browser, "/committees")
    text = shown(browser, f"/committees/{COMMITTEE}?year=2026")
    for words in ("도시계획위원회", "재적 위원 과반수", "김검토", "위원장", "도시계획위원회-2026-1"):
        assert words in text, words
    assert services.last("register")[0]["year"] == 2026


def test_the_register_of_a_year_is_a_file(browser: FlaskClient, services: Services) -> None:
    answer = browser.get(f"/committees/{COMMITTEE}/2026.xlsx")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as file:
        assert "도시계획위원회-2026-1" in file.read("xl/sharedStrings.xml").decode()


def test_a_committee_is_founded_and_changed(browser: FlaskClient, services: Services) -> None:
    assert 'id="committee-name"' in shown(browser, "/committees/new")
    told = {"name": "도시계획위원회", "quorum": "number", "needed": "3", "agenda": "보고\n\n기타", "member": ["0", "1"]}
    told |= {"person_0": REVIEWER["id"], "role_0": "chair", "from_0": "2026-01-01", "until_0": "", "person_1": ""}
    done = post(browser, "/committees", **told)
    assert done.headers["Location"] == f"/committees/{COMMITTEE}"
    asked = services.last("save_committee")[0]
    assert asked["members"] == [{"person": REVIEWER["id"], "role": "chair", "from": "2026-01-01", "until": None}]
    assert (asked["quorum"], asked["agenda"]) == ("3", ["보고", "기타"])
    assert contract.SaveCommittee().validate(asked) == {}
    assert "김검토" in shown(browser, f"/committees/{COMMITTEE}/edit")
    services.answers["save_committee"] = Invalid({"members.0.until": "not_later"})
    refused = post(browser, f"/committees/{COMMITTEE}/edit", version="1", **told)
    assert refused.status_code == 422 and "김검토" in refused.text
    services.answers["committee"] = committee(may_change=False)
    assert browser.get(f"/committees/{COMMITTEE}/edit").status_code == 302
