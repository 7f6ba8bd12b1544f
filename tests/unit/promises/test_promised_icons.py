"""A picture that a page names is among those that are built: a button without one has a hole in its place."""

from __future__ import annotations

import json
import re

from gateway.core.nouns import all_nouns
from tests.unit.promises import source

_NAMED = re.compile(r"""\b(?:icon|show\.empty)\(["']([a-z0-9-]+)["']""")


def test_every_icon_that_is_named_is_built() -> None:
    built = set(json.loads(source.document("gateway/frontend/icons.json")))
    templates = sorted((source.ROOT / "gateway").glob("*/templates/**/*.html"))
    named = {(name, path.name) for path in templates for name in _NAMED.findall(path.read_text())}
    named |= {(each.icon, noun.name) for noun in all_nouns() for each in (noun, *noun.places, *noun.creates)}
    assert len(named) > 100
    assert sorted((name, where) for name, where in named if name and name not in built) == []
