"""The library `tsdav` of JavaScript's with the whole system: one walk through a calendar, as web programs take it."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.integration.caldav.account import Account

pytestmark = pytest.mark.journey
WALK = Path(__file__).parent / "tsdav" / "walk.mjs"


def walk(account: Account) -> dict[str, Any]:
    assert (WALK.parent / "node_modules").exists(), "make calendars"
    command = ["node", str(WALK), account.server, account.login, account.password]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = orjson.loads(done.stdout)
    return found


def test_it_finds_makes_reads_writes_follows_and_takes_away(account: Account) -> None:
    told = walk(account)
    calendars = told.pop("calendars")
    assert account.api.get("/me")["person"]["name"] in [one["displayName"] for one in calendars]
    assert all(one["components"] == ["VEVENT"] and one["zoned"] for one in calendars)
    assert told == {
        "made": "tsdav",
        "created": 201,
        "overwritten": 412,
        "read": True,
        "in_the_second_week": 1,
        "in_the_fifth_week": 0,
        "first_sync": 1,
        "updated": 204,
        "stale": 412,
        "second_sync": 1,
        "token_moved": True,
        "changed": True,
        "smart": 1,
        "deleted": 204,
        "left": 0,
        "calendar_deleted": 204,
        "gone": True,
    }
