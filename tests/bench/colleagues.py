"""Many people of the city: copies of its drafter, who have the same department and password."""

from __future__ import annotations

import psycopg

from tests.bench import copies
from tests.bench.http import Http
from tests.bench.stage import HOST, Stage

_ROWS = {
    "directory.person": (
        "id",
        "'id', {id}, 'login', 'bench' || i, 'name', t.name || i, 'roles', '[\"drafter\"]'::jsonb",
    ),
    "directory.post": ("person", "'person', {id}"),
    "directory.credential": ("person", "'person', {id}"),
}


def hire(stage: Stage, drafter: str, count: int) -> list[str]:
    """So many colleagues of the drafter with this id, those of an earlier section among them; their ids."""
    url = stage.system.tenant_url(stage.system.tenant)
    with psycopg.connect(url) as conn:
        found = conn.execute("SELECT count(*) FROM directory.person WHERE login LIKE 'bench%'").fetchone()
    there = found[0] if found else 0
    if there < count:
        copies.add(url, _ROWS, drafter, there + 1, count)
    return [copies.copy_of(drafter, number) for number in range(1, count + 1)]


def sign_in(stage: Stage, number: int) -> Http:
    """The colleague with this number, from 1."""
    system = stage.system
    password = system.demo[system.tenant]["people"]["drafter"]["password"]
    door = Http(HOST, system.port)
    try:
        return door.sign_in(system.tenant, {"login": f"bench{number}", "password": password})
    finally:
        door.close()
