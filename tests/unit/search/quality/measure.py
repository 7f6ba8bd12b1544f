"""What each way of making words finds of what it should: `python -m tests.unit.search.quality.measure`."""

from __future__ import annotations

import sys
from typing import NamedTuple

from services.search.analysers import Analyser, Read
from services.search.domain.question import Question
from tests.unit.search.quality.texts import QUESTIONS, TEXTS


class Quality(NamedTuple):
    """Recall and precision over all questions, each question counting as much as another; and which went wrong."""

    recall: float
    precision: float
    wrong: dict[str, tuple[set[str], set[str]]]


def found(question: Question, texts: dict[str, Read]) -> set[str]:
    """What has every term of one way to ask, as the databases' indexes decide it."""
    return {name for name, read in texts.items() if any(way and _has(read, way) for way in question)}


def _has(read: Read, way: object) -> bool:
    words = {*read.title, *read.text}
    return all(
        any(word.startswith(term.word) for word in words) if term.begins else term.word in words
        for term in way  # type: ignore[attr-defined]
    )


def quality(analyser: Analyser) -> Quality:
    """How good an analyser is."""
    texts = {name: analyser.read(*text) for name, text in TEXTS.items()}
    recalls, precisions, wrong = [], [], {}
    for asked, expected in QUESTIONS.items():
        answer = found(analyser.asked(asked), texts)
        hits = len(answer & expected)
        if expected:
            recalls.append(hits / len(expected))
        precisions.append(hits / len(answer) if answer else 1.0)
        if answer != expected:
            wrong[asked] = (expected - answer, answer - expected)
    return Quality(sum(recalls) / len(recalls), sum(precisions) / len(precisions), wrong)


def main() -> None:
    """Prints the figures of both, and what went wrong."""
    for name in ("syllables", "morphemes"):
        analyser = Analyser(name)
        analyser.read("가", "")
        measured = quality(analyser)
        analyser.worker.close()
        print(f"{name}: recall {measured.recall:.2f}, precision {measured.precision:.2f}")
        for asked, (missing, more) in measured.wrong.items():
            print(f"  {asked}: missing {sorted(missing)}, too many {sorted(more)}")


if __name__ == "__main__":
    sys.exit(main())
