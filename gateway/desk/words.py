"""What is on a desk in sentences: each noun's own words, found by the noun, the kind or the code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import gettext

from gateway.core import format as formats
from gateway.core import nouns
from gateway.core.noun import Kind, Words

Told = Mapping[str, Any]


def install(app: Flask) -> None:
    """Makes the sentences filters of the templates."""
    formats.add(app, kind_of=kind_of, asked_words=asked_words, notice_words=notice_words, page_of=page_of)
    formats.add(app, band_name=band_name)


def band_name(band: str) -> str:
    """The heading of a band of the desk."""
    return {
        "urgent": gettext("긴급"),
        "overdue": gettext("기한 지남"),
        "today": gettext("오늘"),
        "undated": gettext("기한 없음"),
        "later": gettext("이후"),
    }[band]


def kind_of(told: Told) -> Kind:
    """The kind of a to-do; one that no noun knows goes by its own name."""
    return nouns.kinds().get(told["kind"]) or Kind(told["kind"])


def asked_words(todo: Told) -> Words:
    """The badge of a to-do: what is asked, or its kind."""
    kind = kind_of(todo)
    return kind.asks(todo) or kind.label


def notice_words(notice: Told) -> str:
    """A notice (알림) as one sentence; of one that its noun has no words for, the title."""
    noun = nouns.noun_of(notice["noun"])
    words = noun.notices.get(notice["code"]) if noun else None
    return words(notice["params"]) if words else str(notice["params"].get("title") or gettext("알림"))


def page_of(told: Told) -> str:
    """The page of what a to-do or a notice is about; the desk where there is none."""
    noun = nouns.noun_of(told["noun"])
    return (noun.url_of(told["subject"]) if noun else "") or "/desk"
