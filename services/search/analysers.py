"""The two ways to make words of a text; a question is put in the words of both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from services.search import figures, morphemes
from services.search.domain import syllables
from services.search.domain.question import Question, Term
from services.search.worker import AT_ONCE, Worker
from shared.settings import Settings

# Seconds somebody who searches waits for the morphemes of the question.
_PATIENCE = 3.0


class Read(NamedTuple):
    """The words of an item's title and text, and the analyser they are of."""

    analyser: str
    title: list[str]
    text: list[str]


class Analyser:
    """Reads texts and questions. `by` is `syllables`, which takes no process, or `morphemes`."""

    def __init__(self, by: str) -> None:
        self.at_once = by == syllables.NAME
        self.worker = Worker(morphemes.__name__)

    def read(self, title: str, text: str) -> Read:
        """The words of an item. What the morphemes' process cannot read is taken by syllables."""
        if not self.at_once:
            found = self._parts(title, text)
            if found is not None:
                return Read(morphemes.NAME, *(list(syllables.with_parts(words)) for words in found))
            figures.UNREAD.inc()
        return Read(syllables.NAME, syllables.words(title), syllables.words(text))

    def _parts(self, title: str, text: str) -> tuple[list[str], list[str]] | None:
        first, *rest = [title, *portions(text)]
        heads = self.worker.read([first])
        words: list[str] = []
        for portion in rest if heads is not None else ():
            more = self.worker.read([portion])
            if more is None:
                return None
            words += more[0]
        return (heads[0], words) if heads is not None else None

    def asked(self, question: str) -> Question:
        """The ways in which the index may have what is asked for."""
        by_syllables = syllables.asked(question)
        if self.at_once or not by_syllables:
            return (by_syllables,)
        found = self.worker.read([question], within=_PATIENCE)
        if found is None:
            figures.UNREAD.inc()
            return (by_syllables,)
        return (tuple(map(Term, dict.fromkeys(found[0]))), by_syllables)


def portions(text: str) -> Iterator[str]:
    """A text in portions of at most `AT_ONCE` characters, parted at the end of a line where there is one."""
    while len(text) > AT_ONCE:
        at = text.rfind("\n", 0, AT_ONCE) + 1 or AT_ONCE
        yield text[:at]
        text = text[at:]
    if text:
        yield text


def by_default(settings: Settings) -> Analyser:
    """The analyser the settings ask for: by syllables in one process, by morphemes where each part has its own.

    Raises `ValueError` for one there is not.
    """
    chosen = settings.search_words or (syllables.NAME if settings.embedded else morphemes.NAME)
    if chosen not in (syllables.NAME, morphemes.NAME):
        raise ValueError(f"ONEWAY_SEARCH_WORDS={chosen}: syllables or morphemes")
    return Analyser(chosen)
