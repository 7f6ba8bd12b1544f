"""A report as XLSX."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext

from gateway.core.xlsx import Cell, Sheet
from gateway.weekly.words import section_name, standing_name, state_name
from shared.contracts.weekly import SECTIONS

Doc = dict[str, Any]


def sheets(report: Doc) -> list[Sheet]:
    """One sheet of lines with their writers, and for who joins it one of those who report."""
    head = [gettext("구분"), gettext("내용"), gettext("작성자"), gettext("부서")]
    found = [Sheet(gettext("보고"), head, _lines(report))]
    if report["below"]:
        head = [gettext("이름"), gettext("부서"), gettext("상태")]
        found.append(Sheet(gettext("제출 현황"), head, _below(report)))
    return found


def said(report: Doc, section: str) -> list[Doc]:
    """The lines of a section that the report says."""
    lines = [each for each in report["lines"] if each["section"] == section and not each["left_out"]]
    return [each for each in lines if not each["withdrawn"] or each["editor"]]


def _lines(report: Doc) -> Iterator[list[Cell]]:
    for section in SECTIONS:
        for line in said(report, section):
            names = ", ".join(ref["name"] for ref in line["writers"])
            departments = ", ".join(dict.fromkeys(ref["department"] for ref in line["writers"]))
            yield [section_name(section, report["cadence"]), line["text"], names, departments]


def _below(report: Doc) -> Iterator[list[Cell]]:
    for each in report["below"]:
        named = standing_name(each["standing"]) or state_name(each["state"])
        yield [each["writer"]["name"], each["writer"]["department"], named]
