"""Answers: whether they fit what was asked, and what all of them come to. List, count, chart and file count here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Question = Mapping[str, Any]
Values = dict[int, list[str]]
"""What somebody answered, by the number of the question."""


def taken(questions: Sequence[Question], answers: Iterable[Mapping[str, Any]]) -> tuple[Values, dict[str, str]]:
    """Answers by question, and what is wrong with them: codes by `answers.<number of the question>`."""
    values: Values = {}
    bad: dict[str, str] = {}
    for answer in answers:
        number = answer["question"]
        if number >= len(questions):
            bad[f"answers.{number}"] = "unknown_question"
        elif number in values:
            bad[f"answers.{number}"] = "twice"
        else:
            values[number] = list(dict.fromkeys(answer["value"]))
    for number, question in enumerate(questions):
        code = _problem(question, values.get(number, []))
        if code:
            bad[f"answers.{number}"] = code
    return {number: value for number, value in values.items() if value}, bad


def _problem(question: Question, value: list[str]) -> str:
    if not value:
        return "required" if question["required"] else ""
    if question["kind"] != "several" and len(value) > 1:
        return "too_many"
    if question["kind"] != "text" and not set(value) <= set(question["options"]):
        return "not_a_choice"
    return ""


def as_given(values: Values) -> list[dict[str, Any]]:
    """Answers as they are shown again to who gave them."""
    return [{"question": number, "value": value} for number, value in sorted(values.items())]


def counted(questions: Sequence[Question], values: Sequence[tuple[int, list[str]]]) -> list[dict[str, Any]]:
    """The questions with what was answered, as `QuestionResult`: texts in the order of the alphabet, not of coming."""
    return [_result(number, question, values) for number, question in enumerate(questions)]


def _result(number: int, question: Question, values: Sequence[tuple[int, list[str]]]) -> dict[str, Any]:
    own = [value for of, value in values if of == number]
    said = [each for value in own for each in value]
    is_text = question["kind"] == "text"
    return {
        **{name: question[name] for name in ("kind", "words", "options", "required")},
        "answered": len(own),
        "counts": [] if is_text else [{"option": each, "count": said.count(each)} for each in question["options"]],
        "texts": sorted(said) if is_text else [],
    }
