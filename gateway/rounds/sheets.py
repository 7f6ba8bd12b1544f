"""The results of a round as XLSX: counts, texts, and who answered what where that is not anonymous."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext

from gateway.core import backend
from gateway.core.format import moment
from gateway.core.xlsx import Cell, Sheet

Doc = dict[str, Any]


def sheets(round_: Doc, results: Doc) -> list[Sheet]:
    """One sheet of counts, one of texts, one of people."""
    head = [gettext("질문"), gettext("응답"), gettext("응답 수")]
    found = [Sheet(gettext("결과"), head, _counts(results))]
    texts = list(_texts(results))
    if texts:
        found.append(Sheet(gettext("서술형 응답"), [gettext("질문"), gettext("응답")], texts))
    if not round_["anonymous"]:
        people = [gettext("이름"), gettext("직위"), gettext("부서"), gettext("일시")]
        asked = [question["words"] for question in round_["questions"]]
        found.append(Sheet(gettext("응답자"), [*people, *asked], _people(round_)))
    return found


def _counts(results: Doc) -> Iterator[list[Cell]]:
    for number, result in enumerate(results["questions"], 1):
        for each in result["counts"]:
            yield [f"{number}. {result['words']}", each["option"], each["count"]]
        if result["kind"] == "text":
            yield [f"{number}. {result['words']}", None, result["answered"]]


def _texts(results: Doc) -> Iterator[list[Cell]]:
    for number, result in enumerate(results["questions"], 1):
        for text in result["texts"]:
            yield [f"{number}. {result['words']}", text]


def _people(round_: Doc) -> Iterator[list[Cell]]:
    """Everybody who was asked, page by page."""
    cursor = None
    while True:
        asked = {"id": round_["id"], "limit": 100, "cursor": cursor}
        page = backend.call("memo", "round_answers", asked)
        for row in page["items"]:
            said = {each["question"]: ", ".join(each["value"]) for each in row["answers"]}
            person = row["person"]
            named: list[Cell] = [person["name"], person["position"], person["department"], moment(row["at"])]
            yield named + [said.get(number) for number in range(len(round_["questions"]))]
        cursor = page["next"]
        if cursor is None:
            return
