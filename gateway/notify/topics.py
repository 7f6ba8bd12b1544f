"""What there is to be told of: the kinds of to-do and the notices of every noun."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext

from gateway.core import nouns
from gateway.core.noun import Words

NEWS = "news."


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of the settings; `kind` is `todo` or `news`, by which it has its defaults."""

    name: str
    label: Words
    kind: str


def every() -> list[Topic]:
    """The topics that nouns have words for: what is to be done first, then what happened."""
    todos = [Topic(name, kind.label, "todo") for name, kind in nouns.kinds().items()]
    news = [
        Topic(f"{NEWS}{noun.name}", gettext("%(noun)s 소식", noun=noun.label), "news")
        for noun in nouns.all_nouns()
        if noun.notices and noun.label
    ]
    return todos + news


def label(topic: str) -> Words:
    """What a topic is called; one that no noun has words for is just an item or news."""
    if topic.startswith(NEWS):
        noun = nouns.noun_of(topic.removeprefix(NEWS))
        return gettext("%(noun)s 소식", noun=noun.label) if noun and noun.label else gettext("새 소식")
    kind = nouns.kinds().get(topic)
    return kind.label if kind else gettext("할 일")
