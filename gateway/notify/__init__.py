"""Notifications as people and programs meet them, and the courier that carries them outward."""

from __future__ import annotations

from gateway.core.noun import Noun
from gateway.notify import words

NOUN = Noun("notify", order=95, icon="bell", problems=words.problems, refusals=words.refusals)
