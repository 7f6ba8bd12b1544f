"""Bad input is named by its path with a stable code."""

from __future__ import annotations

import pytest

from shared.contracts.documents import CreateDraft, Submit
from shared.errors import Invalid
from shared.validation import load


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({}, {"title": "required"}),
        ({"title": ""}, {"title": "required"}),
        ({"title": "x" * 301}, {"title": "wrong_length"}),
        ({"title": "x", "colour": "red"}, {"colour": "unknown_field"}),
        ({"title": 3}, {"title": "not_valid"}),
        ({"title": "x", "retention": "7"}, {"retention": "not_a_choice"}),
        ({"title": "x", "disclosure": {"class": "open", "clauses": [9]}}, {"disclosure.clauses.0": "out_of_range"}),
        ({"title": "x", "line": [{"person": "me", "role": "decide"}]}, {"line.0.person": "not_an_id"}),
        ([], {"body": "wrong_type"}),
        ("text", {"body": "wrong_type"}),
    ],
)
def test_each_bad_field_is_named(data, fields):
    with pytest.raises(Invalid) as problem:
        load(CreateDraft(), data)
    for path, code in fields.items():
        found = problem.value.fields[path]
        assert found == code or {found, code} <= {"wrong_length", "too_short", "too_long"}


def test_a_whole_number_of_years_is_taken_for_its_text():
    assert load(CreateDraft(), {"title": "x", "retention": 5})["retention"] == "5"


def test_control_characters_do_not_reach_the_record():
    assert load(CreateDraft(), {"title": " a\x00\x1bb\u200e "})["title"] == "ab"


def test_a_list_that_is_too_long_is_refused_whole():
    with pytest.raises(Invalid) as problem:
        load(CreateDraft(), {"title": "x", "keywords": [7] * 1_000_000})
    assert problem.value.fields == {"keywords": "too_long"}


def test_a_hundred_bad_fields_are_named_at_the_most():
    with pytest.raises(Invalid) as problem:
        load(CreateDraft(), {str(n): n for n in range(10_000)})
    assert len(problem.value.fields) == 100


def test_an_empty_line_is_refused():
    with pytest.raises(Invalid):
        load(Submit(), {"id": "01900000-0000-7000-8000-000000000001", "line": []})
