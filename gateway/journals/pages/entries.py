"""Entries: filled in on a phone, looked at, verified one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from gateway.core import assets, backend, error_page
from gateway.core.auth import public, signed_in
from gateway.core.page import Call, ask, given, local_path, show
from gateway.journals.words import codes
from shared.errors import Conflict, Problem

bp = Blueprint("journal_entries", __name__)
SERVICE = "memo"
_OF_A_DAY = 100
# Where one is, is asked for on this page alone; the browser asks the person again.
_MAY_LOCATE = "camera=(), microphone=(), geolocation=(self)"


@bp.get("/journals/<uuid:id>/fill")
@signed_in
def fill(id: UUID) -> Response:  # noqa: A002
    """The form of a journal for a day or shift, made for a phone; with `entry` to change what one has written."""
    asked = given("day", "shift", "place", "entry")
    found = ask(needs={"journal": (SERVICE, "journal", {"id": str(id)})}, also={"counts": ("desk", "counts", {})})
    journal, entry = found["journal"], None
    if "entry" in asked:
        entry = backend.call(SERVICE, "journal_entry", {"id": asked["entry"]})
    if journal["form"] is None:
        raise Conflict("not-published")
    form = {"version": entry["form_version"], "fields": entry["fields"]} if entry else journal["form"]
    period = _period(journal, entry, asked)
    place = entry["place"] if entry else _place(str(id), asked.get("place"))
    data = {"journal": journal["id"], "form_version": form["version"], **period, "place": place and place["id"]}
    data["ends"] = journal["period"] and journal["period"]["ends"]
    data |= {"entry": entry and {name: entry[name] for name in ("id", "version", "values", "files")}}
    page = render_template(
        "journals/fill.html", **found, form=form, entry=entry, place=place, **period, data=data, words=_words()
    )
    response = make_response(page)
    response.headers["Permissions-Policy"] = _MAY_LOCATE
    return response


def _period(journal: Mapping[str, Any], entry: Mapping[str, Any] | None, asked: Mapping[str, str]) -> dict[str, Any]:
    """Which day and shift the form is for: the entry's, the one asked for, or that of now."""
    now = journal["period"] or {"day": "", "shift": ""}
    of = entry or {"day": asked.get("day") or now["day"], "shift": asked.get("shift") or now["shift"]}
    if "day" in asked and "shift" not in asked and not entry and journal["schedule"]["kind"] != "shift":
        of = {**of, "shift": ""}
    shifts = {shift["key"]: shift["name"] for shift in journal["schedule"]["shifts"]}
    return {"day": of["day"], "shift": of["shift"], "shift_name": shifts.get(of["shift"], "")}


def _place(journal: str, id_: str | None) -> dict[str, Any] | None:
    if not id_:
        return None
    places = backend.call(SERVICE, "journal_places", {"journal": journal})["items"]
    return next((place for place in places if place["id"] == id_), None)


def _words() -> dict[str, str]:
    """What the script says about a field or a sending."""
    return {**codes.problems(), **codes.refusals()} | {
        "required": gettext("입력해 주세요."),
        "out_of_range": gettext("쓸 수 있는 범위를 벗어났습니다."),
        "too_long": gettext("너무 깁니다. 줄여 주세요."),
        "wrong": gettext("다시 확인해 주세요."),
        "normal": gettext("정상"),
        "abnormal": gettext("이상"),
        "not_applicable": gettext("해당없음"),
        "all_normal": gettext("모두 정상으로 표시했습니다."),
        "summary_well": gettext("이상 없음"),
        "summary_bad": gettext("이상 {n}건"),
        "summary_left": gettext("입력할 항목 {n}개"),
        "sending": gettext("보내는 중"),
        "sent": gettext("보냈습니다."),
        "waiting": gettext("연결되면 자동으로 보냅니다. 이 기기에 보관 중입니다."),
        "waiting_many": gettext("보낼 일지 {n}건을 이 기기에 보관 중입니다. 연결되면 자동으로 보냅니다."),
        "signed_out": gettext("다시 로그인하면 보관한 일지를 보냅니다."),
        "another": gettext("다른 직원이 로그인해 있습니다. 작성한 직원이 로그인하면 보냅니다."),
        "closed": gettext("서버에서 받지 않았습니다. 이미 작성했거나 바뀐 일지인지 확인해 주세요."),
        "refused": gettext("표시된 항목을 수정해 주세요."),
        "located": gettext("위치를 입력했습니다. 오차 약 {n} m"),
        "not_located": gettext("위치를 확인하지 못했습니다. 위치 권한을 확인해 주세요."),
        "photo_remove": gettext("사진 {n} 삭제"),
        "repeat": gettext("{n}번"),
    }


# -- one --------------------------------------------------------------------------------------------


@bp.get("/journals/entries/<uuid:id>")
@signed_in
def entry(id: UUID) -> str:  # noqa: A002
    """One entry with its versions and what was decided on each."""
    found = ask(needs={"entry": (SERVICE, "journal_entry", {"id": str(id)})}, also={"counts": ("desk", "counts", {})})
    return _page(found)


def _page(found: Mapping[str, Any], refused: Problem | None = None) -> str:
    seen = request.args.get("version", type=int)
    shown = next((v for v in found["entry"]["versions"] if v["version"] == seen), found["entry"]["versions"][0])
    return render_template("journals/entry.html", **found, shown=shown, refused=refused)


@bp.post("/journals/entries/<uuid:id>/decisions")
@signed_in
def decide(id: UUID) -> str | tuple[str, int] | Response:  # noqa: A002
    """Verifies, sends back or admits the version that was shown. A refusal shows the entry as it is now."""
    form = request.form
    asked: dict[str, Any] = {"id": str(id), "version": form.get("version", 0, type=int), "act": form.get("act", "")}
    try:
        backend.call(SERVICE, "decide_entry", {**asked, "reason": form.get("reason", "")})
    except Problem as problem:
        if problem.status not in (403, 409, 422, 503):
            raise
        found = ask(needs={"entry": (SERVICE, "journal_entry", {"id": str(id)})})
        return _page(found, problem), problem.status
    done = {
        "verify": gettext("확인했습니다."),
        "send_back": gettext("작성자에게 보완을 요청했습니다."),
        "admit": gettext("승인했습니다. 이제 확인할 수 있습니다."),
    }
    flash(done.get(asked["act"], ""))
    return redirect(local_path(form.get("next"), f"/journals/entries/{id}"), 303)


# -- one after the other ----------------------------------------------------------------------------


@bp.get("/journals/<uuid:id>/verify")
@signed_in
def verify(id: UUID) -> str:  # noqa: A002
    """The entries of a day that wait for verification, what is abnormal first; without a day all that wait."""
    asked: dict[str, Any] = {"journal": str(id), "sort": "-abnormal", "limit": _OF_A_DAY, **given("day", "cursor")}
    if "day" not in asked:
        asked["state"] = "to_verify"
    needs: dict[str, Call] = {
        "journal": (SERVICE, "journal", {"id": str(id)}),
        "page": (SERVICE, "journal_entries", asked),
    }
    refused = error_page.form_words(Conflict("other-version"))
    return show("journals/verify.html", needs=needs, day=asked.get("day", ""), refused=refused)


@bp.get("/journals/sw.js")
@public
def worker() -> Response:
    """The service worker: only for pages of journals, whose forms it keeps for when there is no net."""
    response = make_response((assets.BUILT / assets.manifest()["journals-worker.js"]).read_text())
    response.headers["Content-Type"] = "text/javascript; charset=utf-8"
    response.headers["Service-Worker-Allowed"] = "/journals"
    response.headers["Cache-Control"] = "no-cache"
    return response
