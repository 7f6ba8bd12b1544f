"""Pages and calls of minutes that are written together: who gets the editor, and what goes to the service."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from shared.contracts import meetings as contract
from shared.errors import Conflict
from tests.unit.gateway.meetings.test_meetings_pages import MEETING, Doc, card, minutes, post, shown
from tests.unit.gateway.stage import Services

UPDATES = f"/api/v1/meetings/{MEETING}/minutes/updates"
PUSHED: Doc = {"key": "01900000-0000-7000-8000-0000000000c1", "update": "AAA=", "client": 5, "cursor": ""}
PULLED: Doc = {"id": MEETING, "state": "held", "begun": True, "everyone": True, "writes": True, "may_write": True}
PULLED |= {"number": 3, "snapshot": None, "updates": [], "more": False}


@pytest.fixture(autouse=True)
def _answers(services: Services) -> None:
    result = {"id": MEETING, "version": 1, "state": "held", "series": None, "made": 1, "skipped": []}
    services.answers |= {"card": card("write", "decide", state="held"), "minutes": minutes(), "begin_minutes": result}
    services.answers |= {"pull_minutes": PULLED, "push_minutes": {"id": MEETING, "number": 4}}


def test_who_leads_begins_it_and_has_the_editor_then(browser: FlaskClient, services: Services) -> None:
    page = f"/meetings/{MEETING}/minutes"
    text = shown(browser, page)
    assert 'id="minutes-form"' in text and f'action="{page}/sharing"' in text and "<co-editor" not in text
    assert post(browser, f"{page}/sharing", everyone="yes").location == page
    assert services.last("begin_minutes")[0] == {"id": MEETING, "everyone": True}
    services.answers["minutes"] = minutes() | {"shared": {"writes": True, "everyone": True}}
    text = shown(browser, page)
    assert "<co-editor" in text and 'id="minutes-form"' not in text and 'id="co-decision"' in text
    post(browser, f"{page}/sharing", everyone="no")
    assert services.last("begin_minutes")[0]["everyone"] is False


def test_who_is_present_writes_and_enters_no_results(browser: FlaskClient, services: Services) -> None:
    services.answers["card"] = card(state="held")
    services.answers["minutes"] = minutes() | {"shared": {"writes": True, "everyone": True}}
    text = shown(browser, f"/meetings/{MEETING}/minutes")
    assert "<co-editor" in text and 'id="co-decision"' not in text and "/sharing" not in text


def test_who_only_reads_sees_what_was_settled_and_is_offered_what_is_left(
    browser: FlaskClient, services: Services
) -> None:
    services.answers["card"] = card(state="confirming")
    services.answers["minutes"] = minutes() | {"shared": {"writes": False, "everyone": True}}
    text = shown(browser, f"/meetings/{MEETING}/minutes")
    assert "<co-editor" not in text and "<unsent-minutes" in text and "data-alone" in text


def test_why_it_is_not_begun_is_said_on_the_page(browser: FlaskClient, services: Services) -> None:
    services.answers["begin_minutes"] = Conflict("not-now", state="confirming")
    post(browser, f"/meetings/{MEETING}/minutes/sharing", everyone="yes")
    assert "지금 상태에서는 할 수 없습니다." in shown(browser, f"/meetings/{MEETING}/minutes")


def test_programs_push_and_pull(browser: FlaskClient, services: Services) -> None:
    token = {"X-CSRFToken": browser.get("/session").get_json()["csrf_token"]}
    assert browser.post(UPDATES, json=PUSHED, headers=token).get_json() == {"id": MEETING, "number": 4}
    assert services.last("push_minutes")[0] == {"id": MEETING, **PUSHED}
    found = browser.get(f"{UPDATES}?after=2").get_json()
    assert contract.MinutesUpdates().validate(found) == {}
    assert services.last("pull_minutes")[0] == {"id": MEETING, "after": "2"}
    services.answers["push_minutes"] = Conflict("signed", state="confirmed")
    refused = browser.post(UPDATES, json=PUSHED, headers=token)
    assert refused.status_code == 409 and refused.get_json()["type"].endswith("signed")
