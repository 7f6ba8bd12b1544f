"""What the forms of the settings send, as the service takes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.notify import topics
from shared.contracts.notify import CHANNELS, URGENT
from shared.errors import Invalid


def settings(form: Mapping[str, str]) -> dict[str, Any]:
    """`SaveSettings` of the form of one's own settings. Raises `Invalid`."""
    quiet = form.get("quiet") == "yes"
    return {
        "levels": _levels(form, [topic.name for topic in topics.every()]),
        "quiet_from": _minute(form, "quiet_from") if quiet else None,
        "quiet_until": _minute(form, "quiet_until") if quiet else None,
        "digest_hour": int(hour) if (hour := form.get("digest_hour", "")).isdecimal() else None,
        "version": int(form["version"]) if form.get("version", "").isdecimal() else None,
    }


def minimum(form: Mapping[str, str]) -> dict[str, Any]:
    """`SaveMinimum` of the administrators' form."""
    return {
        "levels": _levels(form, [URGENT, *(topic.name for topic in topics.every())]),
        "titles": form.get("titles") == "yes",
        "version": int(form["version"]) if form.get("version", "").isdecimal() else None,
    }


def _levels(form: Mapping[str, str], names: list[str]) -> dict[str, dict[str, str]]:
    found = {name: {c: form[f"{c}.{name}"] for c in CHANNELS if form.get(f"{c}.{name}")} for name in names}
    return {name: levels for name, levels in found.items() if levels}


def _minute(form: Mapping[str, str], name: str) -> int:
    hour, _, minute = form.get(name, "").partition(":")
    if not (hour.isdecimal() and minute[:2].isdecimal() and int(hour) < 24 and int(minute[:2]) < 60):
        raise Invalid({name: "not_a_time"})
    return int(hour) * 60 + int(minute[:2])
