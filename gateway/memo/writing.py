"""What the page on which a memo is written begins with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.core import backend, receivers, sources
from gateway.core.auth import principal
from gateway.core.page import ask
from shared.errors import Invalid, NotFound

# So many receivers of a role are shown one by one; the others are one chip together.
_EACH = 100


def new(source: str, copy: str, template: str, to: Sequence[str]) -> dict[str, Any]:
    """A memo that is not kept yet: empty, of another object (`noun:id`), a copy, or from a template."""
    begun: dict[str, Any] = {"kind": "brief", "title": "", "body": "", "to": list(to), "cc": [], "sources": []}
    if copy:
        found = backend.call("memo", "memo", {"id": copy})
        begun |= {name: found[name] for name in ("kind", "title", "body")} | named(found)
    elif template:
        items = backend.call("memo", "templates", {})["items"]
        begun |= next(({k: each[k] for k in ("kind", "title", "body")} for each in items if each["id"] == template), {})
    elif source:
        begun |= _of(source)
    if not begun["to"]:
        begun["to"] = _head()
    return begun


def named(found: Mapping[str, Any]) -> dict[str, list[str]]:
    """Receivers as forms send them."""
    return {role: [f"{each['kind']}:{each['id']}" for each in found[role]] for role in ("to", "cc")}


def _of(source: str) -> dict[str, Any]:
    quoted, (noun, _, id_) = sources.quoted(source), source.partition(":")
    return {"title": quoted["title"], "body": quoted["body"], "sources": [{"noun": noun, "subject": id_}]}


def _head() -> list[str]:
    """The head above the writer, who is proposed."""
    found = ask(also={"above": ("directory", "superiors", {"person": principal().person})})["above"]
    return [f"person:{head['id']}" for head in found["heads"][:1]] if found else []


def parts(begun: Mapping[str, Any]) -> dict[str, Any]:
    """What the page needs beside the content: chips of receivers, those of last time, templates."""
    named_ones = [*begun["to"][:_EACH], *begun["cc"][:_EACH]]
    found = ask(also={"recent": ("memo", "recent_receivers", {}), "templates": ("memo", "templates", {})})
    recent = [f"{each['kind']}:{each['id']}" for each in (found["recent"] or {"recent": []})["recent"]]
    try:
        chosen = {f"{c['kind']}:{c['id']}": c for c in receivers.chosen(list(dict.fromkeys([*named_ones, *recent])))}
    except Invalid as error:
        raise NotFound("receiver") from error
    return {
        "to": [chosen[each] for each in begun["to"][:_EACH] if each in chosen],
        "cc": [chosen[each] for each in begun["cc"][:_EACH] if each in chosen],
        "more_to": begun["to"][_EACH:],
        "more_cc": begun["cc"][_EACH:],
        "recent": [chosen[each] for each in recent if each in chosen and each not in begun["to"]],
        "templates": (found["templates"] or {"items": []})["items"],
    }
