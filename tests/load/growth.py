"""What so many people need, reckoned from the measured CPU, memory and disk of what one of them does."""

from __future__ import annotations

from math import ceil
from typing import Any

from tests.load.tables import GENERATOR, table

# Of each person in a day, and the share of it in the busiest second: an hour of 20 %, a rush of ten minutes.
_BUSIEST = 0.2 / 3600
_DAY = {
    "decide": (2.0, _BUSIEST),
    "look": (60.0, _BUSIEST),
    "search": (5.0, _BUSIEST),
    "memo": (0.16, _BUSIEST),
    "journal": (0.57, _BUSIEST),
    "request": (0.1, _BUSIEST),
    "sign in": (1.0, 1 / 600),
}
_PEOPLE = (10_000, 100_000, 1_000_000)
_SERVERS = ("postgresql", "rabbitmq")
# Cores of a database server and of a broker's node; working days of a year.
_POSTGRESQL, _RABBITMQ, _DAYS = 16, 4, 250


def growth(measured: dict[str, Any]) -> str:
    """Cores at the busiest, and what to set up: every process and server at half of its cores, and at least two."""
    runs = measured["kinds"]
    names = [name for name in runs["decide"]["cpu_ms"] if name != GENERATOR]
    cores, parts = [], []
    for people in _PEOPLE:
        hour, rush = _cores(runs, names, people)
        rate = people * _DAY["decide"][0] * _DAY["decide"][1]
        each = [f"{hour[name]:.1f}" for name in names]
        together = [f"{sum(hour.values()):.1f}", f"{sum(rush.values()):.1f}"]
        cores.append([f"{people:,}", f"{people * 2:,}", f"{rate:.1f}", *each, *together])
        parts.append([f"{people:,}", *_parts(measured, {name: max(hour[name], rush[name]) for name in names}, people)])
    processes = [name for name in names if name not in _SERVERS]
    servers = (f"PostgreSQL of {_POSTGRESQL} cores", f"RabbitMQ of {_RABBITMQ} cores")
    more = ("services' memory GB", "open pages GB", "documents a year GB")
    heads = ("people", "documents a day", "at the busiest/s", *names, "cores together", "the rush: cores")
    return f"{table(heads, cores)}\n\n{table(('people', *processes, *servers, *more), parts)}"


def _cores(runs: dict[str, Any], names: list[str], people: int) -> tuple[dict[str, float], dict[str, float]]:
    """Of each process in the busiest hour, and in the rush by itself."""
    rate = {kind: people * times * share for kind, (times, share) in _DAY.items() if kind in runs}

    def of(name: str, kind: str) -> float:
        return float(rate[kind] * runs[kind]["cpu_ms"].get(name, 0.0) / 1000)

    hour = {name: sum(of(name, kind) for kind in rate if kind != "sign in") for name in names}
    return hour, {name: of(name, "sign in") for name in names}


def _parts(measured: dict[str, Any], cores: dict[str, float], people: int) -> list[str]:
    """A Python process has one core. What was not measured has a dash."""
    processes = {name: max(2, ceil(2 * need)) for name, need in cores.items() if name not in _SERVERS}
    servers = [ceil(2 * cores["postgresql"] / _POSTGRESQL), ceil(2 * cores["rabbitmq"] / _RABBITMQ)]
    space, streams = measured.get("space"), measured.get("streams")
    memory = pages = disk = "–"
    if space:
        memory = f"{sum(space['memory_mb'].get(name, 0) * count for name, count in processes.items()) / 1000:.1f}"
        disk = f"{space['bytes']['in the database, indexes with it'] * people * 2 * _DAYS / 1e9:.0f}"
    if streams:
        pages = f"{(streams['held_mb'] - streams['empty_mb']) / max(1, streams['pages']) * people / 1000:.1f}"
    return [*map(str, processes.values()), *map(str, servers), memory, pages, disk]
