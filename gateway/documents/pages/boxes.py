"""Boxes (문서함): where the reader's documents are, and the department's register (부서 등록대장)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template
from flask_babel import gettext
from werkzeug.wrappers import Response

from gateway.core.auth import principal, public, signed_in
from gateway.core.format import SEOUL, class_name, role_name
from gateway.core.page import Call, ask, given, is_fragment
from shared.contracts.documents import DISCLOSURE_CLASSES, LINE_ROLES
from shared.errors import NotFound

bp = Blueprint("boxes", __name__)

OVERSEERS = frozenset(("auditor", "records_officer"))
"""Who may look into other departments' registers; the documents service decides."""

Words = dict[str, str]
Filter = tuple[str, str, list[tuple[str, str]]]


@dataclass(frozen=True)
class Box:
    """A box's page: which service keeps it, what it shows, what it says when it is empty."""

    service: str
    columns: tuple[str, ...]
    sorts: tuple[str, ...]
    filters: tuple[str, ...]
    about: Callable[[], str]
    empty: Callable[[], Words]
    live: bool = False


def _empty(icon: str, title: str, text: str, href: str = "", action: str = "") -> Words:
    return {"icon": icon, "title": title, "text": text, "href": href, "action": action}


def _empty_draft(icon: str, title: str, text: str) -> Words:
    return _empty(icon, title, text, "/write", gettext("기안하기"))


BOXES: dict[str, Box] = {
    "received": Box(
        "approval",
        ("title", "role", "drafter", "waited"),
        ("at", "-at", "title"),
        ("role",),
        lambda: gettext("내 차례가 되어 결정을 기다리는 문서입니다."),
        lambda: _empty(
            "inbox",
            gettext("기다리는 결재가 없습니다"),
            gettext("문서가 내 차례가 되면 새로 고치지 않아도 여기에 나타납니다."),
            "/boxes/decided",
            gettext("결재한 문서 보기"),
        ),
        live=True,
    ),
    "progress": Box(
        "approval",
        ("title", "state", "drafter", "waiting_for", "at"),
        ("-at", "at", "title"),
        ("role",),
        lambda: gettext("내가 기안했거나 결재선에 있는 문서 가운데 결재가 끝나지 않은 것입니다."),
        lambda: _empty_draft(
            "send",
            gettext("진행 중인 문서가 없습니다"),
            gettext("상신한 문서가 누구에게 있는지 여기에서 볼 수 있습니다."),
        ),
        live=True,
    ),
    "decided": Box(
        "approval",
        ("title", "state", "role", "decision", "drafter", "at"),
        ("-at", "at", "title"),
        ("role",),
        lambda: gettext("내가 검토, 협조, 결재한 문서입니다."),
        lambda: _empty(
            "stamp",
            gettext("아직 결재한 문서가 없습니다"),
            gettext("결재하거나 반려한 문서가 여기에 모입니다."),
            "/boxes/received",
            gettext("받은 결재 보기"),
        ),
    ),
    "drafts": Box(
        "documents",
        ("title", "disclosure", "updated_at"),
        ("-updated", "updated", "title"),
        (),
        lambda: gettext("아직 상신하지 않은 문서입니다. 쓰던 그대로 보관됩니다."),
        lambda: _empty_draft("file-pen", gettext("쓰고 있는 문서가 없습니다"), gettext("새 문서를 기안해 보세요.")),
    ),
    "returned": Box(
        "documents",
        ("title", "state", "disclosure", "updated_at"),
        ("-updated", "updated", "title"),
        ("disclosure",),
        lambda: gettext("반려된 내 문서입니다. 의견을 보고 고쳐서 다시 상신할 수 있습니다."),
        lambda: _empty_draft(
            "undo-2", gettext("반려된 문서가 없습니다"), gettext("반려되면 의견과 함께 여기에 나타납니다.")
        ),
        live=True,
    ),
    "finished": Box(
        "documents",
        ("number", "title", "disclosure", "registered_at"),
        ("-updated", "updated", "title", "-number", "number"),
        ("disclosure", "year"),
        lambda: gettext("결재가 끝나 생산등록번호를 받은 내 문서입니다."),
        lambda: _empty_draft(
            "circle-check-big",
            gettext("완료된 문서가 없습니다"),
            gettext("결재가 끝나면 등록번호와 함께 여기에 나타납니다."),
        ),
    ),
    "register": Box(
        "documents",
        ("number", "title", "drafter", "disclosure", "registered_at"),
        ("-number", "number", "title"),
        ("disclosure", "year", "department"),
        lambda: gettext("%(department)s의 생산등록대장입니다.", department=principal().department),
        lambda: _empty_draft(
            "book-text",
            gettext("이 해에 등록된 문서가 없습니다"),
            gettext("결재가 끝난 문서가 번호 순서로 등록됩니다."),
        ),
    ),
}


@bp.get("/boxes/")
@public
def boxes() -> Response:
    """Where to begin: what waits for the reader."""
    return redirect("/boxes/received")


@bp.get("/boxes/<name>")
@signed_in
def box(name: str) -> str:
    """A box; for htmx its list, or the following rows where a cursor is given."""
    found = BOXES.get(name)
    if found is None:
        raise NotFound("box")
    query = given("q", "cursor", *(("sort",) if found.sorts else ()), *found.filters)
    sort = query.setdefault("sort", found.sorts[0])
    values: dict[str, Any] = {
        "box": name,
        "about": found.about(),
        "empty": found.empty(),
        "live": found.live,
        "query": query,
        "columns": [(column, column_name(column)) for column in found.columns],
        "narrowed": any(query.get(key) for key in ("q", *found.filters)),
    }
    call: Call = (found.service, "box", {**query, "sort": sort, "box": name})
    if is_fragment():
        template = "boxes/_rows.html" if "cursor" in query else "boxes/_list.html"
        page = ask(**{"needs" if "cursor" in query else "also": {"page": call}})["page"]
        return render_template(template, page=page, more=_more(name, query, page), **values)
    also: dict[str, Call] = {"page": call}
    if "department" in found.filters and OVERSEERS.intersection(principal().roles):
        also["departments"] = ("directory", "departments", {})
    answers = ask(also={**also, "counts": ("desk", "counts", {})})
    values["filters"] = _filters(found, answers.get("departments"))
    return render_template("boxes/box.html", **values, **answers, more=_more(name, query, answers["page"]))


def column_name(column: str) -> str:
    """The heading of a column."""
    names = {
        "title": gettext("제목"),
        "number": gettext("등록번호"),
        "state": gettext("상태"),
        "role": gettext("역할"),
        "decision": gettext("내 결정"),
        "drafter": gettext("기안자"),
        "waiting_for": gettext("기다리는 사람"),
        "disclosure": gettext("공개구분"),
        "waited": gettext("기다린 시간"),
        "at": gettext("일시"),
        "updated_at": gettext("고친 때"),
        "registered_at": gettext("등록일시"),
    }
    return names[column]


def sort_name(sort: str) -> str:
    """A sort in words."""
    names = {
        "at": gettext("오래된 순"),
        "-at": gettext("최근 순"),
        "updated": gettext("오래된 순"),
        "-updated": gettext("최근 순"),
        "title": gettext("제목 순"),
        "number": gettext("번호 순"),
        "-number": gettext("번호 역순"),
    }
    return names[sort]


def _filters(box: Box, departments: dict[str, Any] | None) -> list[Filter]:
    """The choices above the list; the first of each is what holds without a choice."""
    this_year = datetime.now(UTC).astimezone(SEOUL).year
    years = [(str(year), gettext("%(year)d년", year=year)) for year in range(this_year, this_year - 10, -1)]
    choices: dict[str, tuple[str, list[tuple[str, str]]]] = {
        "role": (gettext("역할"), [("", gettext("모든 역할")), *((role, role_name(role)) for role in LINE_ROLES)]),
        "disclosure": (
            gettext("공개구분"),
            [("", gettext("모든 공개구분")), *((class_, class_name(class_)) for class_ in DISCLOSURE_CLASSES)],
        ),
        "year": (gettext("연도"), years if "department" in box.filters else [("", gettext("모든 연도")), *years]),
        "department": (
            gettext("부서"),
            [("", principal().department)]
            + [(item["id"], item["name"]) for item in (departments or {}).get("items", ())],
        ),
    }
    shown = [name for name in box.filters if name != "department" or departments]
    sorts: Filter = ("sort", gettext("순서"), [(sort, sort_name(sort)) for sort in box.sorts])
    return [*((name, *choices[name]) for name in shown), sorts]


def _more(name: str, query: dict[str, str], page: dict[str, Any] | None) -> str:
    """The address of the rows that follow; empty on the last page."""
    if not page or not page["next"]:
        return ""
    return f"/boxes/{name}?{urlencode({**query, 'cursor': page['next']})}"
