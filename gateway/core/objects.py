"""How an object of any noun is named where another one speaks of it: its kind, its state, its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from gateway.core import format as formats
from gateway.core import nouns
from gateway.core.noun import Words

Told = Mapping[str, Any]


def install(app: Flask) -> None:
    """Makes the names filters of the templates."""
    formats.add(app, object_label=label, object_state=state, object_url=url)


def label(item: Told) -> Words:
    """What an object of this noun is called; of a noun that this gateway does not have, its name."""
    noun = nouns.noun_of(item["noun"])
    return (noun.label if noun else "") or item["noun"]


def state(item: Told) -> str:
    """How an object stands, in words; empty where its noun has none for it."""
    noun = nouns.noun_of(item["noun"])
    return noun.states().get(item["state"], "") if noun else ""


def url(item: Told) -> str:
    """The page of an object; empty where its noun has no pages of objects."""
    noun = nouns.noun_of(item["noun"])
    return noun.url_of(item["subject"]) if noun else ""
