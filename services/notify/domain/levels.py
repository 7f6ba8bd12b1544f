"""How strongly a person is told of a topic by a channel: what they wish, but no less than the tenant has it."""

from __future__ import annotations

from collections.abc import Mapping

from shared.contracts.notify import LEVELS, URGENT

NEVER, DIGEST, NOW = LEVELS
NEWS = "news."
Levels = Mapping[str, Mapping[str, str]]
"""Levels by topic and channel."""

# A push comes to browsers that were asked for it. A mail of each to-do would be many: they are gathered.
TODO = {"mail": DIGEST, "push": NOW}
NEWS_OF_A_NOUN = {"mail": NEVER, "push": NEVER}
DEFAULTS: Levels = {"todo": TODO, "news": NEWS_OF_A_NOUN}


def level(wished: Levels, minimum: Levels, topic: str, channel: str, *, urgent: bool) -> str:
    """The level that holds. What is urgent is told at once where it is told at all.

    | the person wishes | the tenant's minimum | plain | urgent |
    | --- | --- | --- | --- |
    | never | nothing | never | never |
    | never | digest | digest | now |
    | digest | nothing | digest | now |
    | any | now | now | now |
    """
    default = NEWS_OF_A_NOUN if topic.startswith(NEWS) else TODO
    found = wished.get(topic, {}).get(channel) or default[channel]
    least = [minimum.get(topic, {}).get(channel, NEVER)]
    if urgent:
        least.append(minimum.get(URGENT, {}).get(channel, NEVER))
    found = max(found, *least, key=LEVELS.index)
    return NOW if urgent and found != NEVER else found


def merged(before: Levels, given: Levels) -> dict[str, dict[str, str]]:
    """Levels with others in their place; topics and channels that are not given stay."""
    topics = {**before, **given}
    return {topic: {**before.get(topic, {}), **given.get(topic, {})} for topic in topics}
