"""Schedules for other programs: CalDAV (RFC 4791) under `/dav/`, and feeds by secret addresses. No pages of its own."""

from __future__ import annotations

from gateway.core.noun import Noun

NOUN = Noun("dav", order=900, icon="calendar")
