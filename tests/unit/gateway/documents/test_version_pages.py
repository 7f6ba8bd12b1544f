"""Kept versions: the list, one of them, two beside each other."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.errors import Forbidden
from tests.unit.gateway.stage import (
    DECIDER,
    DOCUMENT,
    DRAFTER,
    FOLDER,
    HOSTILE,
    OPEN,
    Doc,
    Services,
    card,
    page,
)


def kept(*numbers: int) -> Doc:
    at = "2026-03-02T00:00:00+00:00"
    items = [
        {"version": n, "at": at, "person": DRAFTER, "title": f"{HOSTILE}{n}", "content_hash": "f" * 64} for n in numbers
    ]
    return {"items": items}


def comparison(**changes: Any) -> Doc:
    found = {"left": 2, "right": 3, "fields": [], "left_body": "<p>ㄱ</p>", "right_body": "<p>ㄴ</p>"}
    return {**found, "redline": "<p><del>ㄱ</del><ins>ㄴ</ins></p>", **changes}


def test_kept_versions_are_listed_the_newest_first_and_two_are_chosen(browser: FlaskClient, services: Services) -> None:
    services.answers["versions"] = kept(3, 2, 1)
    text = page(browser, "/versions")
    assert re.findall(r'<tr data-version="(\d)">', text) == ["3", "2", "1"]
    assert re.findall(r'name="(\w+)" value="(\d)"[^>]*checked', text) == [("right", "3"), ("left", "2")]
    assert HOSTILE not in text


def test_a_kept_version_is_shown_as_the_paper_it_was(browser: FlaskClient, services: Services) -> None:
    services.answers["versions"] = kept(3, 2, 1)
    content = {key: value for key, value in card().items() if key not in ("id", "state", "number", "history")}
    told = {"document": DOCUMENT, "version": 2, "at": "2026-03-01T00:00:00+00:00", "person": DRAFTER, "folder": FOLDER}
    services.answers["version"] = {**content, **told}
    services.answers["folders"] = {"items": [{"id": FOLDER, "title": "청사 관리"}]}
    text = page(browser, "/versions/2")
    assert "<p>본문입니다</p>" in text
    assert "지금 판은 제3판입니다" in text
    assert "청사 관리" in text
    assert services.last("version")[0] == {"id": DOCUMENT, "version": 2}


def test_the_newest_version_is_compared_with_the_one_before_it(browser: FlaskClient, services: Services) -> None:
    services.answers["versions"] = kept(3, 2, 1)
    services.answers["compare"] = comparison()
    text = page(browser, "/compare")
    assert services.last("compare")[0] == {"id": DOCUMENT, "left": 2, "right": 3}
    assert "<del>ㄱ</del><ins>ㄴ</ins>" in text


def test_two_versions_are_shown_side_by_side_the_older_first(browser: FlaskClient, services: Services) -> None:
    services.answers["versions"] = kept(3, 2, 1)
    services.answers["compare"] = comparison()
    text = page(browser, "/compare?left=3&right=1&view=side")
    assert services.last("compare")[0] == {"id": DOCUMENT, "left": 1, "right": 3}
    assert text.index("<p>ㄱ</p>") < text.index("<p>ㄴ</p>")
    assert "<del>ㄱ</del>" not in text


def test_changed_fields_are_named_in_words(browser: FlaskClient, services: Services) -> None:
    services.answers["versions"] = kept(3, 2)
    services.answers["folders"] = {"items": [{"id": FOLDER, "title": "청사 관리"}]}
    changes = [
        ("retention", "5", "permanent"),
        ("disclosure", OPEN, {"class": "closed", "clauses": [5], "reason": "검토 중"}),
        ("folder", None, FOLDER),
        ("line", [], [{"person": DECIDER, "role": "decide", "parallel": False}]),
        ("title", "옛 제목", HOSTILE),
    ]
    fields = [{"field": field, "left": left, "right": right} for field, left, right in changes]
    services.answers["compare"] = comparison(fields=fields)
    text = page(browser, "/compare")
    for shown in ("보존기간", "영구", "비공개(5)", "검토 중", "청사 관리", "결재 이결정 과장", "<del>옛 제목</del>"):
        assert shown in text
    assert HOSTILE not in text


def test_two_equal_versions_are_said_to_be_equal(browser: FlaskClient, services: Services) -> None:
    services.answers["versions"] = kept(1)
    services.answers["compare"] = comparison(left=1, right=1, right_body="<p>ㄱ</p>")
    assert "두 판은 내용이 같습니다" in page(browser, "/compare")
    assert services.last("compare")[0] == {"id": DOCUMENT, "left": 1, "right": 1}


@pytest.mark.parametrize("path", ["/versions", "/versions/1", "/compare"])
def test_versions_are_not_for_everybody(browser: FlaskClient, services: Services, path: str) -> None:
    for method in ("versions", "version", "compare"):
        services.answers[method] = Forbidden("earlier versions are for those on its route")
    assert browser.get(f"/documents/{DOCUMENT}{path}").status_code == 403
