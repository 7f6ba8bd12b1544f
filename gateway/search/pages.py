"""The part 관련 of an object's card: what it refers to, and what refers to it."""

from __future__ import annotations

from itertools import groupby, product
from typing import Any

from flask import Blueprint, render_template

from gateway.core import backend
from gateway.core.auth import signed_in
from shared.contracts.search import LINK_ROLES
from shared.errors import Problem

bp = Blueprint("related", __name__)

_AWAY = (500, 502, 503, 504)
_ORDER = {way: place for place, way in enumerate(product(LINK_ROLES, ("to", "from")))}


@bp.get("/related/<uuid:subject>")
@signed_in
def related(subject: object) -> str:
    """Both directions, grouped by what the one is to the other; a part of a page, for htmx."""
    return render_template("search/_related.html", groups=_groups(str(subject)))


def _groups(subject: str) -> list[tuple[tuple[str, str], list[dict[str, Any]]]] | None:
    """The relatives by role and direction; None while the search is away."""
    try:
        found = backend.call("search", "related", {"subject": subject})["items"]
    except Problem as problem:
        if problem.status == 404:
            # Not told of yet, or nothing that the reader may see.
            return []
        if problem.status in _AWAY:
            return None
        raise
    ordered = sorted(found, key=_place)
    return [(way, list(items)) for way, items in groupby(ordered, key=lambda item: (item["role"], item["direction"]))]


def _place(item: dict[str, Any]) -> int:
    return _ORDER.get((item["role"], item["direction"]), len(_ORDER))
