"""A small set of questions with their right answers: what the words make of it does not get worse unseen."""

from __future__ import annotations

import pytest

from services.search.analysers import Analyser
from tests.unit.search.quality.measure import quality
from tests.unit.search.quality.texts import QUESTIONS, TEXTS


@pytest.mark.parametrize(("name", "recall", "precision"), [("syllables", 0.95, 0.97), ("morphemes", 0.97, 0.97)])
def test_questions_are_answered_by_what_answers_them(name: str, recall: float, precision: float) -> None:
    analyser = Analyser(name)
    try:
        measured = quality(analyser)
    finally:
        analyser.worker.close()
    assert (measured.recall, measured.precision) >= (recall, 0), measured.wrong
    assert measured.precision >= precision, measured.wrong


def test_every_answer_is_one_of_the_texts() -> None:
    assert set().union(*QUESTIONS.values()) <= TEXTS.keys()
