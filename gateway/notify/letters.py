"""A message in words: in the language of who reads it, and without anything that only they may read.

A mail says what kind of thing there is, from whom, and where: neither its title nor a word of it, unless the tenant
lets titles out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask_babel import gettext, ngettext

from gateway.core import nouns
from gateway.core.speaking import speaking
from gateway.notify import links, topics
from gateway.notify.links import Named
from shared.settings import Settings
from shared.tenants import Tenant

Doc = Mapping[str, Any]
DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in a message."""

    kind: str
    sender: str
    title: str
    urgent: bool
    at: str
    url: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in words. `thread` is the same for all that is told of one subject; empty for several."""

    subject: str
    text: str
    html: str
    thread: str
    ending: str


def mail(app: Flask, settings: Settings, tenant: Tenant, message: Doc, locale: str) -> Letter:
    """A claimed message as a mail."""
    with speaking(app, locale):
        things, total = message["things"], message["total"]
        lines = [_line(settings, thing) for thing in things]
        topic = things[0]["topic"] if total == 1 else DIGEST
        end = links.ending(settings, Named(tenant.code, message["person"], topic))
        values: dict[str, Any] = {"lines": lines, "more": total - len(lines), "organisation": tenant.name}
        values |= {"title": heading(lines, total), "locale": locale, "ending": end}
        values |= {"desk": links.whole(settings, "/desk")}
        values |= {"settings": links.whole(settings, "/settings/notifications")}
        text, html = (app.jinja_env.get_template(f"notify/mail/mail.{part}").render(values) for part in ("txt", "html"))
        thread = f"{things[0]['subject']}.{things[0]['noun']}" if total == 1 else ""
        return Letter(f"[{tenant.name}] {values['title']}", text, html, thread, end)


def push(app: Flask, settings: Settings, tenant: Tenant, message: Doc, locale: str) -> dict[str, str]:
    """A claimed message as a browser shows it: `title`, `body`, `url`, and the `tag` by which one replaces another."""
    with speaking(app, locale):
        things, total = message["things"], message["total"]
        if not total:
            words = {"title": gettext("알림을 켰습니다"), "body": gettext("이 브라우저로 알림이 옵니다.")}
            return {**words, "url": "/settings/notifications", "tag": "test"}
        lines = [_line(settings, thing) for thing in things]
        one = lines[0] if total == 1 else None
        body = " · ".join(filter(None, (one.sender, one.title))) if one else ""
        url = one.url if one else links.whole(settings, "/desk")
        tag = f"{things[0]['noun']} {things[0]['subject']}" if one else DIGEST
        short = hashlib.sha256(f"{tenant.code} {tag}".encode()).hexdigest()[:32]
        return {"title": heading(lines, total), "body": body or tenant.name, "url": url, "tag": short}


def heading(lines: list[Line], total: int) -> str:
    """What a message is about, in a few words."""
    if total > 1:
        return ngettext("확인할 것 %(num)d건", "확인할 것 %(num)d건", total)
    words = " · ".join(filter(None, (lines[0].kind, lines[0].sender, lines[0].title)))
    return gettext("[긴급] %(words)s", words=words) if lines[0].urgent else words


def _line(settings: Settings, thing: Doc) -> Line:
    sender = thing["sender"]
    names = f"{sender['name']} ({sender['department']})" if sender else ""
    url = links.of_thing(settings, thing)
    return Line(str(topics.label(thing["topic"])), names, _title(thing), thing["urgent"], thing["at"], url)


def _title(thing: Doc) -> str:
    """The title of a to-do, the sentence of a notice; empty where the tenant does not let it out."""
    noun = nouns.noun_of(thing["noun"])
    words = noun.notices.get(thing["code"]) if noun and thing["topic"].startswith(topics.NEWS) else None
    return words(thing["params"]) if words and thing["params"] else str(thing["title"])
