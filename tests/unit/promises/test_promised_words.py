"""Pages say one thing by one name: no sentence has a word that docs/dev/words.md replaces."""

from __future__ import annotations

import re

from tests.unit.promises import source
from tests.unit.promises.test_promised_translations import extracted

_ROW = re.compile(r"^\| (`.+`) \| .+ \|$", re.MULTILINE)


def replaced() -> list[str]:
    """The words that have a better one."""
    rows = _ROW.findall(source.document("docs/dev/words.md"))
    return [word for row in rows for word in re.findall(r"`([^`]+)`", row)]


def test_no_sentence_has_a_word_that_was_replaced() -> None:
    words = replaced()
    sentences = [message.id if isinstance(message.id, str) else message.id[0] for message in extracted() if message.id]
    assert len(words) > 10 and len(sentences) > 1000
    assert [(word, sentence) for sentence in sentences for word in words if word in sentence] == []
