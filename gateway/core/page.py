"""Asking services for a page: everything at once, and what is away leaves a gap instead of an error page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g, render_template, request

from gateway.core import backend, nouns
from gateway.core.noun import Banner
from shared.errors import Problem

Call = tuple[str, str, Mapping[str, Any]]
"""(service, method, data)."""

NO_CALLS: Mapping[str, Call] = {}


def ask(
    needs: Mapping[str, Call] = NO_CALLS, also: Mapping[str, Call] = NO_CALLS, spare: Mapping[str, Call] = NO_CALLS
) -> dict[str, Any]:
    """The answer to each call, by its name.

    A Problem of one of `needs` is raised. One of `also` gives None where its service does not answer (5xx) or
    the caller may not (403): the page is shown without that part. For those that are `spare` nobody waits longer than
    for the others: None where one has not come, for whatever reason, and its part asks for itself. Whole pages ask for
    the `counts` of the header; their banners are asked along then, and make nobody wait.
    """
    calls = {**needs, **also, **spare}
    banners = nouns.banners() if "counts" in calls and g.get("principal") and not is_fragment() else []
    asked = [*calls.values(), *(banner.call for banner in banners)]
    answers = backend.call_many(
        [(service, method, dict(data)) for service, method, data in asked], spare=len(spare) + len(banners)
    )
    if banners:
        g.banners = {banner.href: told for banner, told in zip(banners, answers[len(calls) :], strict=True)}
    found: dict[str, Any] = {}
    for name, answer in zip(calls, answers, strict=False):
        if not isinstance(answer, Problem):
            found[name] = answer
        elif name not in spare and (name in needs or answer.status not in (403, 500, 502, 503, 504)):
            raise answer
        else:
            found[name] = None
    return found


def show(
    template: str,
    *,
    needs: Mapping[str, Call] = NO_CALLS,
    also: Mapping[str, Call] = NO_CALLS,
    **values: Any,
) -> str:
    """The template with its values and the answers to its calls; the counts of the header are asked along."""
    also = {**also, "counts": ("desk", "counts", {})}
    return render_template(template, **{**values, **ask(needs, also)})


def banners() -> list[tuple[Banner, Any]]:
    """Every banner with what it is told; None where that was not asked or has not come, so that it asks for itself."""
    told = g.get("banners", {})
    answers = ((banner, told.get(banner.href)) for banner in nouns.banners())
    return [(banner, None if isinstance(answer, Problem) else answer) for banner, answer in answers]


def is_fragment() -> bool:
    """Whether htmx asks for a part of the page (and not to restore a whole one from its history)."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def given(*names: str) -> dict[str, str]:
    """The named arguments of the query that are not empty."""
    return {name: value for name in names if (value := request.args.get(name, "").strip())}


def local_path(path: str | None, otherwise: str = "/desk") -> str:
    """`path` where it is a place in this system, so that nobody is sent elsewhere by a link."""
    inside = bool(path) and path is not None and path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if inside and path and path.isprintable() else otherwise
