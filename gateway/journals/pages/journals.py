"""Journals: what is to be written today, one with its month, who is missing, the printed sheet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from gateway.core import backend, error_page
from gateway.core.auth import signed_in
from gateway.core.format import SEOUL
from gateway.core.page import ask, given, show
from shared.errors import NotFound, Problem

bp = Blueprint("journals", __name__, url_prefix="/journals")
SERVICE = "memo"
_ROWS = 50
_BARS = 31


@bp.get("")
@signed_in
def journals() -> str | Response:
    """What is to be written today, and all journals; with `write` straight to the one that is open, if it is one."""
    needs = {
        "today": (SERVICE, "journals_today", {}),
        "every": (SERVICE, "journals", {**given("q", "cursor"), "limit": _ROWS}),
    }
    if "write" in request.args:
        open_ = [item for item in ask({"today": needs["today"]})["today"]["items"] if item["state"] == "open"]
        if len(open_) == 1:
            return redirect(f"/journals/{open_[0]['journal']['id']}/fill", 303)
    return show("journals/journals.html", needs=needs, query=given("q"))


@bp.get("/at/<uuid:id>")
@signed_in
def at(id: UUID) -> Response:  # noqa: A002
    """The page of whatever the id is of: a journal, a day of it, a month, an entry."""
    found = backend.call(SERVICE, "journal_whereabouts", {"id": str(id)})
    journal = f"/journals/{found['journal']}"
    if found["kind"] == "entry":
        return redirect(f"/journals/entries/{id}", 303)
    if found["kind"] == "month":
        return redirect(f"{journal}?month={found['month']}", 303)
    if found["kind"] == "round":
        page = "verify" if found["role"] == "verify" else "fill"
        shift = f"&shift={found['shift']}" if found["shift"] and page == "fill" else ""
        return redirect(f"{journal}/{page}?day={found['day']}{shift}", 303)
    return redirect(journal, 303)


@bp.get("/<uuid:id>")
@signed_in
def journal(id: UUID) -> str:  # noqa: A002
    """A journal: its month as a table and a chart, who is missing today, its form and places."""
    month = _month(request.args.get("month", ""))
    asked = {"journal": str(id), "month": month, "limit": _ROWS, **given("cursor")}
    found = ask(
        needs={
            "journal": (SERVICE, "journal", {"id": str(id)}),
            "month": (SERVICE, "journal_month", asked),
        },
        also={
            "missing": (SERVICE, "missing_entries", {"journal": str(id)}),
            "mine": (SERVICE, "journal_entries", {"journal": str(id), "month": month, "limit": 10}),
            "counts": ("desk", "counts", {}),
        },
    )
    days = _days(found["month"])
    around = {"before": _shifted(month, -1), "after": _shifted(month, 1)}
    return render_template("journals/journal.html", **found, days=days, rows=_rows(found["month"], days), **around)


@bp.get("/<uuid:id>/missing")
@signed_in
def missing(id: UUID) -> str:  # noqa: A002
    """Who has not written on a day."""
    asked = {"journal": str(id), **given("day")}
    needs = {"journal": (SERVICE, "journal", {"id": str(id)}), "missing": (SERVICE, "missing_entries", asked)}
    found = ask(needs=needs, also={"counts": ("desk", "counts", {})})
    day = date.fromisoformat(found["missing"]["day"])
    around = {"before": day - timedelta(days=1), "after": day + timedelta(days=1)}
    return render_template("journals/missing.html", **found, **around)


@bp.post("/<uuid:id>/months/<string(length=7):month>/signature")
@signed_in
def sign_off(id: UUID, month: str) -> Response:  # noqa: A002
    """Signs the month off."""
    said = gettext("마감했습니다. 이후에 제출하는 일지는 승인을 받아야 합니다.")
    return _of_month("sign_off_month", {"journal": str(id), "month": month}, said)


@bp.post("/<uuid:id>/months/<string(length=7):month>/reopening")
@signed_in
def reopen(id: UUID, month: str) -> Response:  # noqa: A002
    """Opens the month again that was signed off."""
    said = gettext("마감을 취소했습니다. 이제 제출하는 일지는 승인 없이 접수됩니다.")
    reason = request.form.get("reason", "")
    return _of_month("reopen_month", {"journal": str(id), "month": month, "reason": reason}, said)


def _of_month(method: str, asked: dict[str, str], said: str) -> Response:
    """Does it and says so, or why not; then the month."""
    try:
        backend.call(SERVICE, method, asked)
    except Problem as problem:
        if problem.status not in (409, 422, 503):
            raise
        flash(error_page.form_words(problem), "error")
    else:
        flash(said)
    return redirect(f"/journals/{asked['journal']}?month={asked['month']}", 303)


@bp.get("/<uuid:id>/sheet/<string(length=7):month>")
@signed_in
def sheet(id: UUID, month: str) -> str:  # noqa: A002
    """A month on one sheet, to be printed; with `as_of` as it was then."""
    asked = {"journal": str(id), "month": month, **given("writer", "as_of")}
    return show("journals/sheet.html", needs={"sheet": (SERVICE, "journal_sheet", asked)})


# -- a month as a table -----------------------------------------------------------------------------


def _month(asked: str) -> str:
    """The month asked for, that of today unless one is. Raises `NotFound` for what is none."""
    if not asked:
        return datetime.now(UTC).astimezone(SEOUL).strftime("%Y-%m")
    try:
        return datetime.strptime(asked, "%Y-%m").strftime("%Y-%m")
    except ValueError as error:
        raise NotFound("month") from error


def _shifted(month: str, by: int) -> str:
    year, number = map(int, month.split("-"))
    whole = year * 12 + number - 1 + by
    return f"{whole // 12:04}-{whole % 12 + 1:02}"


def _days(month: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The columns of the table: every day that is due or on which something was written, with its counts."""
    due = {period["day"]: period["holiday"] for period in month["periods"]}
    counts = {row["day"]: row for row in month["by_day"]}
    nothing = {"entries": 0, "abnormal": 0, "verified": 0}
    days = sorted(due.keys() | counts.keys())
    return [{"day": day, "due": day in due, **nothing, **counts.get(day, {})} for day in days]


def _rows(month: Mapping[str, Any], days: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A row for each writer, with what they wrote on each day, of several entries the one that asks most."""
    rows = []
    for item in month["items"]:
        by_day: dict[str, list[dict[str, Any]]] = {}
        for cell in item["cells"]:
            by_day.setdefault(cell["day"], []).append(cell)
        cells = [by_day.get(day["day"], []) for day in days]
        rows.append({"writer": item["writer"], "cells": [_worst(each) for each in cells]})
    return rows


def _worst(cells: list[dict[str, Any]]) -> dict[str, Any] | None:
    if not cells:
        return None
    first = max(cells, key=lambda cell: (cell["abnormal"] > 0, cell["state"] != "verified"))
    return {**first, "count": len(cells)}
