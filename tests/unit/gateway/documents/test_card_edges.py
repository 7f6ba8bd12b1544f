"""The card's edges: tampered forms, words that were meant to be markup, a live page whose card is gone."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from tests.unit.gateway.stage import (
    DOCUMENT,
    DRAFTER,
    FILE,
    HOSTILE,
    Services,
    card,
    line,
    my_turn,
    page,
    press,
    route,
)


def test_a_form_without_a_version_decides_on_nothing_that_was_not_shown(
    browser: FlaskClient, services: Services
) -> None:
    my_turn(services)
    services.answers["decide"] = {"document": DOCUMENT, "state": "in_approval", "step": 1}
    press(browser, "decisions", action="approve")
    assert services.last("decide")[0]["version"] == 0


def test_a_key_that_is_none_is_refused_before_anything_is_asked(browser: FlaskClient, services: Services) -> None:
    my_turn(services)
    assert press(browser, "decisions", action="approve", idempotency_key="한글 열쇠").status_code == 400
    assert not any(method == "decide" for method, _, _ in services.asked)


def test_a_live_page_whose_document_is_a_draft_again_goes_to_writing(browser: FlaskClient, services: Services) -> None:
    services.answers["card"] = card("draft", may=["edit", "submit"])
    answer = browser.get(f"/documents/{DOCUMENT}", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == f"/write/{DOCUMENT}"
    assert not answer.text


def test_nothing_on_the_page_needs_an_inline_script(browser: FlaskClient, services: Services) -> None:
    my_turn(services)
    text = page(browser)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r'\son[a-z]+="', text)


def test_people_files_and_reasons_cannot_become_markup_either(browser: FlaskClient, services: Services) -> None:
    villain = {**DRAFTER, "name": HOSTILE, "position": HOSTILE, "department": HOSTILE}
    closed = {"class": "closed", "clauses": [1], "reason": HOSTILE}
    file = {"id": FILE, "name": f'"{HOSTILE}', "size": 1, "type": "text/plain", "sha256": "0" * 64}
    services.answers["card"] = card(drafter=villain, department=HOSTILE, disclosure=closed, attachments=[file])
    steps = line("active", "waiting", "waiting", "waiting")
    steps[1]["person"] = {**steps[1]["person"], "name": HOSTILE, "department": HOSTILE}
    services.answers["route"] = route(steps)
    assert HOSTILE not in page(browser)


def test_a_step_that_was_decided_unread_is_not_said_to_be_still_unread(
    browser: FlaskClient, services: Services
) -> None:
    services.answers["route"] = route(line("approved", "active", "waiting", "waiting"))
    assert page(browser).count("아직</dd>") == 1
