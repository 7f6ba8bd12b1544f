"""The links of a mail: to what it is about, to the settings, and the one that ends mails of its topic."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from itsdangerous import BadData, URLSafeSerializer

from gateway.core import nouns
from shared.keys import split
from shared.settings import Settings


class Named(NamedTuple):
    """Whom a link acts for, and on what."""

    tenant: str
    person: str
    topic: str


def of_thing(settings: Settings, thing: Mapping[str, Any]) -> str:
    """The page of what a thing is about; the desk where it has none."""
    noun = nouns.noun_of(thing["noun"])
    return whole(settings, (noun.url_of(thing["subject"]) if noun else "") or "/desk")


def whole(settings: Settings, path: str) -> str:
    """The address of a page as the world reaches it."""
    return settings.public_url.rstrip("/") + path


def ending(settings: Settings, named: Named) -> str:
    """The link that ends mails of a topic: signed, without an end, for a mail may be opened years later."""
    return whole(settings, f"/unsubscribe/{_serializer(settings).dumps(list(named))}")


def read(settings: Settings, token: str) -> Named | None:
    """What the token of such a link says; None for one that was not signed here."""
    try:
        found = _serializer(settings).loads(token)
        return Named(*found)
    except (BadData, TypeError):
        return None


def _serializer(settings: Settings) -> URLSafeSerializer:
    # It takes the last key for signing, we the first.
    return URLSafeSerializer(split(settings.cookie_key)[::-1], salt="notify.unsubscribe")
