"""What a draft holds: the content of one version, how it changes, and the hash a decision is bound to."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from services.documents.domain import disclosure as disclosures
from shared import body as bodies

_KEPT_AS_GIVEN = (
    *("title", "summary", "form", "retention", "reading_scope", "folder"),
    *("sender_name", "recipients", "line", "attachments"),
)


@dataclass(frozen=True, slots=True)
class Content:
    """One version's content. `line` holds `{person: PersonRef, role, parallel}`, `attachments` what the card shows."""

    title: str
    body: str = ""
    summary: str = ""
    keywords: list[str] = field(default_factory=list)
    form: str = ""
    retention: str = ""
    disclosure: dict[str, Any] = field(default_factory=lambda: {"class": "open", "clauses": [], "reason": ""})
    reading_scope: str = "organisation"
    folder: str | None = None
    recipients: list[dict[str, Any]] = field(default_factory=list)
    sender_name: str = ""
    line: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)

    def rest(self) -> dict[str, Any]:
        """Everything but title and body, as it is kept beside them."""
        return {
            name: getattr(self, name)
            for name in ("summary", "keywords", "form", "retention", "disclosure", "reading_scope")
        } | {name: getattr(self, name) for name in ("folder", "recipients", "sender_name", "line", "attachments")}

    @classmethod
    def kept(cls, title: str, body: str, rest: dict[str, Any]) -> Content:
        """The content that `rest` was taken from."""
        return cls(title=title, body=body, **rest)


def changed(content: Content, changes: dict[str, Any], accepted: Callable[[str], str] = bodies.accepted) -> Content:
    """The content with the fields in `changes` replaced, each in its proper form; `accepted` cleans a body.

    Raises `Invalid` for a disclosure that breaks its rule, and for a body nested too deeply.
    """
    new: dict[str, Any] = {name: changes[name] for name in _KEPT_AS_GIVEN if name in changes}
    if "body" in changes:
        new["body"] = accepted(changes["body"])
    if "keywords" in changes:
        new["keywords"] = list(dict.fromkeys(changes["keywords"]))
    if "disclosure" in changes:
        new["disclosure"] = disclosures.checked(changes["disclosure"])
    return replace(content, **new)


def same(one: Content, other: Content) -> bool:
    """Whether nothing changed. People count by who they are, not by the title they have today."""
    return _comparable(one) == _comparable(other)


def _comparable(content: Content) -> Content:
    return replace(content, line=[{**step, "person": step["person"]["id"]} for step in content.line])


def content_hash(content: Content) -> str:
    """SHA-256 over the canonical JSON of what a decision is about; line and folder are not part of it."""
    decided_on = {
        "title": content.title,
        "body": content.body,
        "summary": content.summary,
        "keywords": content.keywords,
        "disclosure": content.disclosure,
        "retention": content.retention,
        "reading_scope": content.reading_scope,
        "recipients": content.recipients,
        "sender_name": content.sender_name,
        "attachments": [[a["name"], a["size"], a["sha256"]] for a in content.attachments],
    }
    return hashlib.sha256(orjson.dumps(decided_on, option=orjson.OPT_SORT_KEYS)).hexdigest()
