"""Places of a journal: their QR codes, printed, and where scanning one leads."""

from __future__ import annotations

import io
from uuid import UUID

import segno
from flask import Blueprint, flash, redirect, request
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from gateway.core import backend, error_page
from gateway.core.auth import signed_in
from gateway.core.page import show
from shared.errors import NotFound, Problem

bp = Blueprint("journal_places", __name__)
SERVICE = "memo"


@bp.get("/j/<code>")
@signed_in
def scanned(code: str) -> Response:
    """Where the code of a place leads: the journal's form, for that place."""
    found = backend.call(SERVICE, "scanned_place", {"code": code})
    return redirect(f"/journals/{found['journal']}/fill?place={found['place']}", 303)


@bp.get("/journals/<uuid:id>/places")
@signed_in
def places(id: UUID) -> str:  # noqa: A002
    """The places of a journal with their last visits."""
    needs = {
        "journal": (SERVICE, "journal", {"id": str(id)}),
        "places": (SERVICE, "journal_places", {"journal": str(id)}),
    }
    return show("journals/places.html", needs=needs)


@bp.post("/journals/<uuid:id>/places")
@signed_in
def save_place(id: UUID) -> Response:  # noqa: A002
    """A new place, or another code for one."""
    form = request.form
    asked = {"journal": str(id), "id": form.get("id") or None, "name": form.get("name", "")}
    try:
        backend.call(SERVICE, "save_journal_place", {**asked, "renew": "renew" in form, "active": "ended" not in form})
    except Problem as problem:
        if problem.status not in (409, 422, 503):
            raise
        flash(error_page.form_words(problem), "error")
    else:
        flash(gettext("저장했습니다."))
    return redirect(f"/journals/{id}/places", 303)


@bp.get("/journals/<uuid:id>/places/<uuid:place>/qr")
@signed_in
def code(id: UUID, place: UUID) -> str:  # noqa: A002
    """A place's QR code on a page to be printed and put up (managers)."""
    found = backend.call(SERVICE, "journal_places", {"journal": str(id)})["items"]
    one = next((each for each in found if each["id"] == str(place) and each["code"]), None)
    if one is None:
        raise NotFound("place")
    address = f"{request.host_url}j/{one['code']}"
    needs = {"journal": (SERVICE, "journal", {"id": str(id)})}
    return show("journals/qr.html", needs=needs, place=one, address=address, drawing=_drawn(address))


def _drawn(address: str) -> Markup:
    """The code as SVG."""
    kept = io.BytesIO()
    # Of no size of its own: the page and the paper say how large it is.
    code = segno.make(address, error="m")
    code.save(kept, kind="svg", xmldecl=False, svgns=True, svgclass="qr", lineclass=None, omitsize=True)
    return Markup(kept.getvalue().decode())  # noqa: S704  # made here, of digits and an address
