"""Everything accounted for: what was accepted is there once, decided once, and nothing is left lying about."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

import psycopg
from sqlalchemy import make_url

from oneway import parts
from shared.db.urls import database_name
from tests.support import accounts
from tests.support.waiting import until

# Seconds for which what does not add up yet is looked at again: what it waits for may be in a queue.
_PATIENCE, _AGAIN = 30.0, 1.0


def account(
    administrator: str, told: Mapping[str, dict[str, Any]], tenants: list[str], patience: float = _PATIENCE
) -> list[str]:
    """What does not add up, in words; empty where all does.

    `administrator` is the URL of the database server, `told` what clients were told was done
    (`tests.load.plan.Result`). Events that are on their way are waited for, `patience` seconds where they are handled.
    """
    of: defaultdict[str, dict[str, dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))
    for noun, each in told.items():
        for id_, what in each.items():
            of[what["tenant"]][noun][id_] = what
    wrong: list[str] = []
    for tenant in sorted({*tenants, *of}):
        url = make_url(administrator).set(database=database_name(tenant)).render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True) as conn:
            wrong += [f"{tenant}: {problem}" for problem in _of_tenant(conn, of[tenant], patience)]
    return wrong


def _of_tenant(conn: psycopg.Connection[Any], told: Mapping[str, dict[str, Any]], patience: float) -> list[str]:
    waiting = " UNION ALL ".join(f"SELECT 1 FROM {service}.outbox" for service in parts.SERVICES)
    wrong = []
    try:
        until(lambda: not conn.execute(waiting).fetchall())
    except AssertionError:
        wrong.append("events are still in an outbox")
    for noun, of_noun in accounts.ACCOUNTS.items():
        wrong += _settled(of_noun, conn, told[noun], patience)
    return wrong


def _settled(
    of_noun: Callable[[psycopg.Connection[Any], dict[str, Any]], list[str]],
    conn: psycopg.Connection[Any],
    told: dict[str, Any],
    patience: float,
) -> list[str]:
    """What is still wrong once everything that was on its way should have come."""
    end = time.monotonic() + patience
    while (wrong := of_noun(conn, told)) and time.monotonic() < end:
        time.sleep(_AGAIN)
    return wrong
