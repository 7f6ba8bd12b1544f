"""What the service proposes, so that nothing starts out empty: summary, keywords, sender's name, record folder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol, TypeVar

from shared import body as bodies

SUMMARY_LIMIT = 200
KEYWORDS = 8
_MARKER = re.compile(r"^(?:\d{1,2}\.|\d{1,2}\)|\(\d{1,2}\)|[가-하][.)]|\([가-하]\)|[①-⑳㉮-㉻○□◦ㆍ※*-])\s*")
_CLOSING = re.compile(r"\s*끝\.$")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=\S)")
_WORD = re.compile(r"[0-9A-Za-z가-힣]+")
_NUMBER = re.compile(r"\d+(?:년도?|월|일|차|회|호|분기|시|분|주|건|명)?")
_PARTICLE = re.compile(r"(?<=[가-힣]{2})(?:으로|에서|에게|까지|부터|을|를|에|의)$")
_COMMON = frozenset(
    (
        *("관련", "관한", "대한", "위한", "따른", "따라", "통한", "의한", "및", "등", "또는", "알림", "안내", "보고"),
        *("요청", "제출", "송부", "통보", "회신", "결과", "계획"),
        *("the", "an", "of", "for", "and", "to", "in", "on"),
    )
)


def summary(html: str) -> str:
    """문서요지: the first sentences of the body, at most 200 characters [Reg 5②]; empty for an empty body."""
    taken = ""
    for line in bodies.lines(html):
        text = _CLOSING.sub("", _MARKER.sub("", line)).strip()
        if not text or text.startswith("붙임"):
            continue
        for sentence in _SENTENCE.split(text):
            longer = f"{taken} {sentence}".strip()
            if len(longer) > SUMMARY_LIMIT:
                return taken or longer[: SUMMARY_LIMIT - 1].rstrip() + "…"
            taken = longer
    return taken


def keywords(title: str) -> list[str]:
    """The significant words of a title, at most eight; never none for a title that is not blank [Reg 5②]."""
    words = [_PARTICLE.sub("", word) for word in _WORD.findall(title) if not _NUMBER.fullmatch(word)]
    significant = [word for word in words if len(word) > 1 and word.lower() not in _COMMON]
    chosen = list(dict.fromkeys(word[:50] for word in significant or words))[:KEYWORDS]
    return chosen or [title.strip()[:50]] * bool(title.strip())


def sender_name(department: str) -> str:
    """발신명의 of what a department sends: its head."""
    return f"{department}장"


class HasTask(Protocol):
    """A record folder, as far as choosing one goes."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def unit_task(self) -> str: ...


F = TypeVar("F", bound=HasTask)


def _pairs(text: str) -> set[str]:
    """Pairs of neighbouring letters: words of a title are met inside longer ones, and with particles."""
    return {word[i : i + 2] for word in _WORD.findall(text) for i in range(len(word) - 1)}


def by_likelihood(folders: Sequence[F], title: str, last_used: str | None) -> list[F]:
    """The folders, the one this title most likely belongs to first: by words in common, then the one last used."""
    wanted = _pairs(title)

    def rank(folder: F) -> tuple[int, bool]:
        return -len(wanted & _pairs(f"{folder.unit_task} {folder.title}")), folder.id != last_used

    return sorted(folders, key=rank)
