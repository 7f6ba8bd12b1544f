"""Lists of requests: received, sent, due soon, of the department, of an executive; as list, board, table and XLSX."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext

from gateway.core import backend, xlsx
from gateway.core.auth import principal, signed_in
from gateway.core.format import SEOUL, moment
from gateway.core.page import Call, ask, given, is_fragment, show
from gateway.requests import words
from gateway.requests.pages import writing
from shared.contracts.requests import KINDS, STATES

bp = Blueprint("request_lists", __name__, url_prefix="/requests")

VIEWS = ("list", "board", "table")
_SOON = 3
_MOST = 100
# So many rows a file has at the most.
_EXPORTED = 5_000
# The columns of the board, by state.
BOARD = (
    ("asked", ("asked",)),
    ("in_progress", ("accepted", "in_progress", "sent_back")),
    ("handed_in", ("handed_in",)),
    ("declined", ("declined",)),
)


@bp.get("")
@signed_in
def received() -> str:
    """What is asked of the reader."""
    return _list("received")


@bp.get("/<any(sent, due, department):name>")
@signed_in
def named(name: str) -> str:
    """Another list of the reader's."""
    return _list(name)


def _list(name: str) -> str:
    query = given("q", "kind", "state", "ended", "cursor")
    view = request.args.get("view", "list")
    view = view if view in VIEWS else "list"
    call: Call = ("requests", "box", _asked(name, query, 50 if view == "list" else _MOST))
    values: dict[str, Any] = {
        "box": name,
        "path": path_of(name),
        "query": query,
        "view": view,
        "views": VIEWS,
        "kinds": KINDS,
        "states": [state for state in STATES if (state in ("done", "withdrawn")) == ("ended" in query)],
        "narrowed": any(query.get(each) for each in ("q", "kind", "state")),
        "board": BOARD,
    }
    if is_fragment() and "cursor" in query:
        page = ask(needs={"page": call})["page"]
        return render_template("requests/_rows.html", page=page, more=_more(name, query, view, page), **values)
    found = ask(also={"page": call} | ({} if is_fragment() else {"counts": ("desk", "counts", {})}))
    values["more"] = _more(name, query, view, found["page"])
    return render_template("requests/_list.html" if is_fragment() else "requests/list.html", **values, **found)


def path_of(name: str) -> str:
    """The address of a list."""
    return "/requests" if name == "received" else f"/requests/{name}"


def _asked(name: str, query: dict[str, str], limit: int) -> dict[str, Any]:
    """What the service is asked for a list."""
    asked: dict[str, Any] = {key: query[key] for key in ("q", "kind", "state", "cursor") if key in query}
    asked |= {"box": "received" if name == "due" else name, "limit": limit}
    if name == "due":
        asked["until"] = writing.reckoned(days=_SOON)["due"]
    elif "ended" in query:
        asked |= {"running": False, "sort": "-at"}
    return asked


def _more(name: str, query: dict[str, str], view: str, page: dict[str, Any] | None) -> str:
    if not page or not page["next"]:
        return ""
    return f"{path_of(name)}?{urlencode({**query, 'view': view, 'cursor': page['next']})}"


# -- of an executive --------------------------------------------------------------------------------


@bp.get("/of/<uuid:id>")
@signed_in
def executive(id: UUID) -> str:  # noqa: A002
    """Every instruction somebody has given that the reader may read, by department and person."""
    call: Call = ("requests", "box", {"box": "sent", "of": str(id), "kind": "instruction", "limit": _MOST})
    found = ask(
        needs={"page": call, "person": ("directory", "person", {"id": str(id)})},
        also={"counts": ("desk", "counts", {})},
    )
    return render_template("requests/executive.html", groups=grouped(found["page"]["items"]), **found)


def grouped(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows by the department and the person of who leads, what is late first within each."""
    by_place: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        lead = next(part for part in row["parts"] if part["lead"])
        person, department = lead["person"], lead["department"]
        where = department["name"] if department else person["department"] if person else gettext("미정")
        by_place.setdefault((where, person["name"] if person else gettext("담당 미정")), []).append(row)
    departments: dict[str, list[dict[str, Any]]] = {}
    for (where, name), found in sorted(by_place.items()):
        found.sort(key=lambda row: -row["late"])
        departments.setdefault(where, []).append({"name": name, "rows": found})
    return [{"name": name, "people": people} for name, people in departments.items()]


# -- as a file --------------------------------------------------------------------------------------


@bp.get("/<any(received, sent, due, department):name>.xlsx")
@signed_in
def export(name: str) -> Response:
    """A list as a table in a file, with its filters."""
    query = given("q", "kind", "state", "ended")
    head = [
        gettext("종류"),
        gettext("제목"),
        gettext("상태"),
        gettext("요청자"),
        gettext("담당"),
        gettext("기한"),
        gettext("지연"),
        gettext("진행률(0~100)"),
        gettext("요청일시"),
        gettext("마지막 말"),
    ]
    title = gettext("요청·지시")
    return xlsx.answer(f"{title}.xlsx", xlsx.Sheet(title, head, _cells(name, query)))


def _cells(name: str, query: dict[str, str]) -> Iterator[list[xlsx.Cell]]:
    asked, count = _asked(name, query, _MOST), 0
    while True:
        page = backend.call("requests", "box", asked)
        for row in page["items"]:
            yield [
                words.request_kind(row["kind"]),
                row["title"],
                words.request_state(row["state"]),
                row["asker"]["name"],
                ", ".join(holders(row)),
                _due_cell(row["due"]),
                words.lateness(row["late"]) if row["late"] else "",
                row["progress"],
                moment(row["asked_at"]),
                row["word"]["text"] if row["word"] else "",
            ]
        count += len(page["items"])
        if page["next"] is None or count >= _EXPORTED:
            return
        asked["cursor"] = page["next"]


def _due_cell(due: str | None) -> xlsx.Cell:
    if not due:
        return None
    return date.fromisoformat(due) if len(due) == 10 else moment(due)


def holders(row: dict[str, Any]) -> list[str]:
    """The names of who does it."""
    parts = [part for part in row["parts"] if part["state"] != "declined"]
    return [str((part["person"] or part["department"] or {"name": gettext("선착순")})["name"]) for part in parts]


# -- figures ----------------------------------------------------------------------------------------


@bp.get("/statistics")
@signed_in
def statistics() -> str:
    """Lead time and lateness, by month and by department."""
    scopes = ["department", "asked", *(["all"] if principal().roles & {"tenant_admin", "auditor"} else [])]
    scope = request.args.get("scope", "department")
    scope = scope if scope in scopes else "department"
    now = datetime.now(UTC).astimezone(SEOUL)
    months = [f"{now.year - (now.month - n <= 0)}-{(now.month - n - 1) % 12 + 1:02}" for n in range(11, -1, -1)]
    asked = {"scope": scope, "from": months[0], "to": months[-1]}
    call: Call = ("requests", "statistics", asked)
    return show("requests/statistics.html", also={"found": call}, scope=scope, scopes=scopes, months=months, sums=sums)


def sums(rows: list[dict[str, Any]], by: str) -> dict[str, dict[str, Any]]:
    """The rows added up by month, or by department; `days` is the mean lead time in days."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        kept = found.setdefault(row[by], {"done": 0, "late": 0, "late_first": 0, "lead": 0, "name": row["department"]})
        for name in ("done", "late", "late_first"):
            kept[name] += row[name]
        kept["lead"] += row["lead"] * row["done"]
    for kept in found.values():
        kept["days"] = round(kept["lead"] / kept["done"] / 86400, 1)
    return found
