"""Forms: what an administrator may build, what an entry has to be, and what is 이상 in one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from services.memo.journals.domain import answers, forms, schema
from shared.errors import Invalid

Doc = dict[str, Any]
CHECK = {"key": "door", "type": "check", "label": "출입문"}
WHOLE: list[Doc] = [
    CHECK,
    {"key": "note", "type": "text", "label": "특이 사항", "most": 5},
    {"key": "gas", "type": "number", "label": "가스", "unit": "ppm", "low": "0", "high": "10"},
    {"key": "state", "type": "choice", "label": "상태", "options": ["양호", "누수"], "abnormal": ["누수"]},
    {"key": "seen", "type": "choice", "label": "본 곳", "options": ["위", "아래"], "several": True},
    {"key": "photo", "type": "photo", "label": "사진"},
    {"key": "spot", "type": "place", "label": "위치"},
    {"key": "sign", "type": "signature", "label": "서명"},
    {"key": "pumps", "type": "group", "label": "펌프", "most": 3, "fields": [CHECK | {"key": "runs", "label": "운전"}]},
]
FIELDS = forms.checked(WHOLE)
WELL: Doc = {"door": {"result": "normal"}}


def refused(fields: list[Doc]) -> Doc:
    with pytest.raises(Invalid) as problem:
        forms.checked(fields)
    return problem.value.fields


def bad(values: Doc) -> Doc:
    try:
        answers.kept(FIELDS, {**WELL, **values})
    except Invalid as problem:
        return problem.fields
    return {}


# -- built ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ({}, {"fields.0.type": "required", "fields.0.key": "required", "fields.0.label": "required"}),
        (CHECK | {"type": "script"}, {"fields.0.type": "not_a_choice"}),
        (CHECK | {"key": "Door!"}, {"fields.0.key": "not_valid"}),
        (CHECK | {"options": ["a", "b"]}, {"fields.0.options": "unknown_field"}),
        (CHECK | {"type": "choice", "options": ["하나"]}, {"fields.0.options": "required"}),
        (CHECK | {"type": "choice", "options": ["가", "가"]}, {"fields.0.options": "taken"}),
        (
            CHECK | {"type": "choice", "options": ["가", "나"], "abnormal": ["다"]},
            {"fields.0.abnormal": "not_a_choice"},
        ),
        (CHECK | {"type": "number", "low": "12,5"}, {"fields.0.low": "not_a_number"}),
        (CHECK | {"type": "number", "least": 5, "most": "4"}, {"fields.0.most": "out_of_range"}),
        (CHECK | {"type": "text", "most": 10**9}, {"fields.0.most": "out_of_range"}),
        (CHECK | {"type": "text", "most": "many"}, {"fields.0.most": "wrong_type"}),
        (CHECK | {"type": "group"}, {"fields.0.fields": "required"}),
        (
            CHECK | {"type": "group", "fields": [CHECK | {"type": "group", "fields": [CHECK]}]},
            {"fields.0.fields.0.type": "not_a_choice", "fields.0.fields.0.fields": "unknown_field"},
        ),
        (CHECK | {"type": "group", "fields": [CHECK, CHECK]}, {"fields.0.fields.1.key": "taken"}),
    ],
)
def test_a_form_that_was_made_wrong_is_refused_by_the_field_that_is_wrong(field: Doc, fields: Doc) -> None:
    assert refused([field]) == fields


def test_a_form_has_fields_each_with_a_name_of_its_own_and_not_a_thousand_of_them() -> None:
    assert refused([]) == {"fields": "required"}
    assert refused([CHECK, CHECK]) == {"fields.1.key": "taken"}
    many = [CHECK | {"key": f"k{n}"} for n in range(1_000)]
    assert refused(many) == {"fields": "too_many"}
    group = {"key": "all", "type": "group", "label": "모두", "fields": many[:200]}
    assert refused([group]) == {"fields": "too_many"}
    assert len(forms.checked(many[:200])) == 200


def test_the_schema_under_a_form_is_one_and_has_no_pattern() -> None:
    made = schema.of(FIELDS)
    Draft202012Validator.check_schema(made)
    assert "pattern" not in str(made)


# -- filled in --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({}, {}),
        ({"unheard": 1}, {"values.unheard": "unknown_field"}),
        ({"door": None}, {"values.door": "required"}),
        ({"door": {"result": "fine"}}, {"values.door.result": "not_a_choice"}),
        ({"door": "normal"}, {"values.door": "wrong_type"}),
        ({"note": "여섯 글자가 넘는다"}, {"values.note": "too_long"}),
        ({"note": "\u200b \t"}, {}),
        ({"state": "젖음"}, {"values.state": "not_a_choice"}),
        ({"seen": ["위", "위"]}, {"values.seen": "taken"}),
        ({"photo": ["x"]}, {"values.photo.0": "required"}),
        ({"spot": {"latitude": 91, "longitude": 0}}, {"values.spot.latitude": "out_of_range"}),
        ({"sign": {"name": "", "strokes": []}}, {"values.sign.name": "required"}),
        ({"sign": {"name": "홍", "strokes": [[0, 0, 1001, 5]]}}, {"values.sign.strokes.0.2": "out_of_range"}),
        ({"pumps": [{"runs": {"result": "normal"}}] * 4}, {"values.pumps": "too_many"}),
        ({"pumps": [{}]}, {"values.pumps.0.runs": "required"}),
        ({"pumps": ["x"]}, {"values.pumps.0": "wrong_type"}),
    ],
)
def test_what_is_entered_is_judged_field_by_field(values: Doc, fields: Doc) -> None:
    assert bad(values) == fields


@pytest.mark.timeout(60)
def test_what_is_too_much_is_refused_before_it_is_looked_at() -> None:
    assert bad({"note": "x" * 300_000}) == {"values": "too_long"}
    deep: Any = []
    for _ in range(200):
        deep = [deep]
    assert bad({"note": deep}) == {"values.note": "wrong_type"}


def test_what_is_abnormal_is_told_with_its_value_and_note() -> None:
    values = answers.kept(
        FIELDS,
        {
            "door": {"result": "abnormal", "note": " 잠기지 않음 "},
            "gas": "10.01",
            "state": "누수",
            "seen": ["위"],
            "pumps": [{"runs": {"result": "normal"}}, {"runs": {"result": "abnormal"}}],
        },
    )
    assert answers.abnormal(FIELDS, values) == [
        {"label": "출입문", "value": "", "note": "잠기지 않음"},
        {"label": "가스", "value": "10.01 ppm", "note": ""},
        {"label": "상태", "value": "누수", "note": ""},
        {"label": "운전", "value": "", "note": ""},
    ]
    assert answers.abnormal(FIELDS, answers.kept(FIELDS, {**WELL, "gas": "10"})) == []
    assert answers.abnormal(FIELDS, {"door": {"result": "not_applicable"}}) == []


def test_the_difference_of_two_versions_names_the_fields() -> None:
    before, after = {"door": {"result": "normal"}, "old": "x"}, {"door": {"result": "abnormal"}, "gas": "1"}
    assert [each["label"] for each in answers.changed(FIELDS, before, after)] == ["출입문", "가스", "old"]
    assert answers.changed(FIELDS, after, after) == []


_PATIENT = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
_JSON: Any = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**62), 2**62)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@_PATIENT
@given(st.dictionaries(st.sampled_from([field["key"] for field in FIELDS]), _JSON))
def test_no_values_break_a_form_and_what_is_kept_is_kept_again(values: Doc) -> None:
    try:
        kept = answers.kept(FIELDS, values)
    except Invalid as problem:
        assert all(name.startswith("values") for name in problem.fields)
        return
    assert answers.kept(FIELDS, kept) == kept
    answers.abnormal(FIELDS, kept)


@_PATIENT
@given(st.lists(st.dictionaries(st.sampled_from(["key", "type", "label", "most", "options"]), _JSON), max_size=3))
def test_no_field_breaks_the_builder(fields: list[Doc]) -> None:
    typed = [{k: v for k, v in each.items() if k == "most" or isinstance(v, str)} for each in fields]
    try:
        forms.checked(typed)
    except Invalid as problem:
        assert problem.fields
