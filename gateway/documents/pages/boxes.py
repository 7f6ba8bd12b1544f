"""Boxes of documents: the reader's own, and the department's register (부서 등록대장)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint
from flask_babel import gettext

from gateway.core.auth import principal, signed_in
from gateway.core.boxes import Box, Empty, Filter, Options, empty, show
from gateway.core.format import SEOUL
from gateway.core.page import Call
from gateway.documents.words.codes import class_name
from shared.contracts.documents import DISCLOSURE_CLASSES

bp = Blueprint("document_boxes", __name__)

OVERSEERS = frozenset(("auditor", "records_officer"))
"""Who may look into other departments' registers; the documents service decides."""


def empty_draft(icon: str, title: str, text: str) -> Empty:
    """An empty box that one fills by drafting."""
    return empty(icon, title, text, "/write", gettext("기안하기"))


def _classes(_: Mapping[str, Any]) -> tuple[str, Options]:
    every = ("", gettext("모든 공개구분"))
    return gettext("공개구분"), [every, *((class_, class_name(class_)) for class_ in DISCLOSURE_CLASSES)]


def _years(_: Mapping[str, Any]) -> tuple[str, Options]:
    this_year = datetime.now(UTC).astimezone(SEOUL).year
    years = range(this_year, this_year - 10, -1)
    return gettext("연도"), [(str(year), gettext("%(year)d년", year=year)) for year in years]


def _any_year(answers: Mapping[str, Any]) -> tuple[str, Options]:
    label, years = _years(answers)
    return label, [("", gettext("모든 연도")), *years]


def _departments(answers: Mapping[str, Any]) -> tuple[str, Options] | None:
    found = answers.get("departments")
    if not found:
        return None
    others = [(item["id"], item["name"]) for item in found["items"]]
    return gettext("부서"), [("", principal().department), *others]


def other_departments() -> dict[str, Call]:
    """The departments, for who may look into their registers."""
    return {"departments": ("directory", "departments", {})} if OVERSEERS & principal().roles else {}


DISCLOSURE = Filter("disclosure", _classes)
YEAR = Filter("year", _years)
ANY_YEAR = Filter("year", _any_year)
DEPARTMENT = Filter("department", _departments)
BOXES: dict[str, Box] = {
    "drafts": Box(
        ("title", "disclosure", "updated_at"),
        ("-updated", "updated", "title"),
        (),
        lambda: gettext("아직 상신하지 않은 문서입니다. 쓰던 그대로 보관됩니다."),
        lambda: empty_draft("file-pen", gettext("쓰고 있는 문서가 없습니다"), gettext("새 문서를 기안해 보세요.")),
    ),
    "returned": Box(
        ("title", "state", "disclosure", "updated_at"),
        ("-updated", "updated", "title"),
        (DISCLOSURE,),
        lambda: gettext("반려된 내 문서입니다. 의견을 보고 고쳐서 다시 상신할 수 있습니다."),
        lambda: empty_draft(
            "undo-2", gettext("반려된 문서가 없습니다"), gettext("반려되면 의견과 함께 여기에 나타납니다.")
        ),
        live="documents",
    ),
    "finished": Box(
        ("number", "title", "disclosure", "registered_at"),
        ("-updated", "updated", "title", "-number", "number"),
        (DISCLOSURE, ANY_YEAR),
        lambda: gettext("결재가 끝나 생산등록번호를 받은 내 문서입니다."),
        lambda: empty_draft(
            "circle-check-big",
            gettext("완료된 문서가 없습니다"),
            gettext("결재가 끝나면 등록번호와 함께 여기에 나타납니다."),
        ),
    ),
    "register": Box(
        ("number", "title", "drafter", "disclosure", "registered_at"),
        ("-number", "number", "title"),
        (DISCLOSURE, YEAR, DEPARTMENT),
        lambda: gettext("%(department)s의 생산등록대장입니다.", department=principal().department),
        lambda: empty_draft(
            "book-text",
            gettext("이 해에 등록된 문서가 없습니다"),
            gettext("결재가 끝난 문서가 번호 순서로 등록됩니다."),
        ),
        also=other_departments,
    ),
}


@bp.get("/boxes/<any(drafts, returned, finished, register):name>")
@signed_in
def box(name: str) -> str:
    """One of these boxes."""
    return show("documents", name, BOXES[name])
