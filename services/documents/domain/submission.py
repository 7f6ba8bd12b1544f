"""상신: what stands in the way of a submission, what it completes, and what it will bring about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.documents.domain import line as lines
from services.documents.domain import proposals
from services.documents.domain.content import Content
from shared import body as bodies

Told = dict[str, Any]
"""`{code, params}`, with `field` for problems and warnings; the page puts it into words."""

_RESIDENT_NUMBER = re.compile(r"(?<!\d)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-[1-8]\d{6}(?!\d)")
_ENCLOSURE = re.compile(r"^붙임.*\S.*부")


def completed(content: Content) -> tuple[Content, list[str]]:
    """The content with summary and keywords derived where the drafter left them empty, and which were [Reg 5②]."""
    derived: dict[str, Any] = {}
    if not content.summary:
        derived["summary"] = proposals.summary(content.body)
    if not content.keywords:
        derived["keywords"] = proposals.keywords(content.title)
    return replace(content, **derived), sorted(derived)


def problems(content: Content, drafter: str, people: Mapping[str, dict[str, Any]]) -> dict[str, str]:
    """What makes a draft unfit for submission, by field; empty when nothing does."""
    found: dict[str, str] = {}
    if not content.title.strip():
        found["title"] = "required"
    if bodies.is_empty(content.body):
        found["body"] = "required"
    if content.recipients and not content.sender_name:
        found["sender_name"] = "required"
    return found | lines.problems(content.line, drafter, people)


def warnings(content: Content) -> list[Told]:
    """What the drafter may have overlooked."""
    found: list[Told] = []
    text = bodies.lines(content.body)
    numbers = sum(len(_RESIDENT_NUMBER.findall(line)) for line in (*text, content.title, content.summary))
    if numbers:
        code = "personal_data_published" if content.disclosure["class"] == "open" else "personal_data"
        found.append(_at("body", code, kind="resident_number", count=numbers))
    if not content.attachments and any(_ENCLOSURE.match(line) for line in text):
        found.append(_at("attachments", "attachment_mentioned"))
    if content.sender_name and not content.recipients:
        found.append(_at("sender_name", "no_sender_on_internal"))
    return found


def consequences(content: Content, department: str, year: int) -> list[Told]:
    """What submission will bring about, in order of happening."""
    full, derived = completed(content)
    will: list[Told] = []
    if "summary" in derived:
        will.append(_will("summary_derived", summary=full.summary))
    if "keywords" in derived:
        will.append(_will("keywords_derived", keywords=full.keywords))
    for index, step in enumerate(content.line):
        code = "then_goes_to" if index else "goes_to"
        will.append(_will(code, person=step["person"], role=step["role"], parallel=step["parallel"]))
    will.append(_will("then_registered_as", series=department, year=year))
    if content.recipients:
        names = [recipient["name"] for recipient in content.recipients]
        will.append(_will("for_dispatch", recipients=names, sender_name=content.sender_name))
    else:
        will.append(_will("internal"))
    class_, clauses = content.disclosure["class"], content.disclosure["clauses"]
    code = {"open": "will_be_published", "partly_open": "will_be_published_partly"}.get(class_, "will_not_be_published")
    will.append(_will(code, **({"clauses": clauses} if clauses else {})))
    will.append(_will("kept_for", retention=content.retention))
    return will


def _will(code: str, **params: Any) -> Told:
    return {"code": code, "params": params}


def _at(field: str, code: str, **params: Any) -> Told:
    return {"field": field, "code": code, "params": params}
