"""Boxes (문서함): a noun's lists of documents with their filters, orders and words; each noun has boxes of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import render_template
from flask_babel import gettext

from gateway.core import nouns
from gateway.core.auth import principal
from gateway.core.page import Call, ask, given, is_fragment

Empty = dict[str, str]
Options = list[tuple[str, str]]


@dataclass(frozen=True)
class Filter:
    """A choice above a list. `choices` gives its label and options; None where there is nothing to choose."""

    name: str
    choices: Callable[[Mapping[str, Any]], tuple[str, Options] | None]


def _no_calls() -> dict[str, Call]:
    return {}


@dataclass(frozen=True)
class Box:
    """A box's page: what it shows, and what it says when it is empty.

    `also` are the calls its filters need, `live` is the topic of which a change makes it ask for itself anew.
    """

    columns: tuple[str, ...]
    sorts: tuple[str, ...]
    filters: tuple[Filter, ...]
    about: Callable[[], str]
    empty: Callable[[], Empty]
    live: str = ""
    also: Callable[[], dict[str, Call]] = _no_calls


def empty(icon: str, title: str, text: str, href: str = "", action: str = "") -> Empty:
    """What stands in the place of an empty list."""
    return {"icon": icon, "title": title, "text": text, "href": href, "action": action}


def show(service: str, name: str, box: Box) -> str:
    """A box that `service` keeps; for htmx its list, or the following rows where a cursor is given."""
    query = given("q", "cursor", "sort", *(found.name for found in box.filters))
    sort = query.setdefault("sort", box.sorts[0])
    values: dict[str, Any] = {
        "box": name,
        "title": next(place.label for place in nouns.places(principal().roles) if place.name == name),
        "about": box.about(),
        "empty": box.empty(),
        "live": box.live,
        "query": query,
        "columns": [(column, heading(column)) for column in box.columns],
        "narrowed": any(query.get(key) for key in ("q", *(found.name for found in box.filters))),
    }
    call: Call = (service, "box", {**query, "sort": sort, "box": name})
    if is_fragment():
        template = "boxes/_rows.html" if "cursor" in query else "boxes/_list.html"
        page = ask(**{"needs" if "cursor" in query else "also": {"page": call}})["page"]
        return render_template(template, page=page, more=_more(name, query, page), **values)
    answers = ask(also={"page": call, **box.also(), "counts": ("desk", "counts", {})})
    values["filters"] = _filters(box, answers)
    return render_template("boxes/box.html", **values, **answers, more=_more(name, query, answers["page"]))


def heading(column: str) -> str:
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


def _filters(box: Box, answers: Mapping[str, Any]) -> list[tuple[str, str, Options]]:
    """The choices above the list; the first of each is what holds without a choice."""
    found = [(each.name, choices) for each in box.filters if (choices := each.choices(answers))]
    sorts = ("sort", gettext("순서"), [(sort, sort_name(sort)) for sort in box.sorts])
    return [*((name, *choices) for name, choices in found), sorts]


def _more(name: str, query: dict[str, str], page: dict[str, Any] | None) -> str:
    """The address of the rows that follow; empty on the last page."""
    if not page or not page["next"]:
        return ""
    return f"/boxes/{name}?{urlencode({**query, 'cursor': page['next']})}"
