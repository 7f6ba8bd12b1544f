"""A letter to a guest in words: in Korean and, below, in English, as nobody knows what a guest reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask
from flask_babel import gettext

from gateway.core import format as formats
from gateway.core.format import SEOUL
from gateway.core.speaking import speaking
from shared.contracts.directory import LOCALES
from shared.tenants import Tenant

Doc = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Words:
    """What a letter says: its subject, and its body as text and as a page."""

    subject: str
    text: str
    html: str


def written(app: Flask, tenant: Tenant, letter: Doc, *, attached: int) -> Words:
    """A claimed letter in words; `attached` of its papers come with it."""
    kinds, texts, pages = [], [], []
    for locale in LOCALES:
        with speaking(app, locale):
            values = {**letter, "organisation": tenant.name, "when": _when(letter), "locale": locale}
            values |= {"kind": _kind(letter), "attached": attached, "apart": len(letter["papers"]) - attached}
            kinds.append(values["kind"])
            texts.append(app.jinja_env.get_template("meetings/mail/letter.txt").render(values).strip())
            pages.append(app.jinja_env.get_template("meetings/mail/letter.html").render(values).strip())
    subject = f"[{tenant.name}] {' / '.join(dict.fromkeys(kinds))}: {letter['title']}"
    return Words(subject, "\n\n----\n\n".join(texts) + "\n", _PAGE.format("\n<hr>\n".join(pages)))


# Mail programs read no style sheets: what little there is stands on the parts.
_PAGE = """<!doctype html>
<html lang="ko">
<head><meta charset="utf-8"></head>
<body style="margin:0;padding:24px;color:#1e2124;font:16px/1.6 'Pretendard GOV',sans-serif">
{}
</body>
</html>
"""


def _kind(letter: Doc) -> str:
    if letter["method"] == "CANCEL":
        return gettext("회의 취소")
    return gettext("회의 변경") if letter["sequence"] else gettext("회의 초대")


def _when(letter: Doc) -> str:
    """When it is, by the clock of Seoul; with the day of its end where that is another one."""
    starts, ends = (_seoul(letter[name]) for name in ("starts_at", "ends_at"))
    first = f"{formats.weekday(starts.date(), year=True)} {starts:%H:%M}"
    last = f"{ends:%H:%M}"
    if ends.date() != starts.date():
        last = f"{formats.weekday(ends.date(), year=True)} {last}"
    return gettext("%(time)s (한국 시각)", time=f"{first}~{last}")


def _seoul(value: str) -> datetime:
    return datetime.fromisoformat(value).astimezone(SEOUL)
