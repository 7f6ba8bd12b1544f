"""Search as people and programs meet it."""

from __future__ import annotations

from gateway.core.noun import Noun

NOUN = Noun("search", order=80, icon="search")
