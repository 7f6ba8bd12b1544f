"""What the schedule and the directory answer unless a test says otherwise."""

from __future__ import annotations

import pytest

from tests.unit.gateway.schedule.stand import calendar, entry, line, presence, window
from tests.unit.gateway.stage import DECIDER, ONE, REVIEWER, Services, session


@pytest.fixture(autouse=True)
def answers(services: Services) -> None:
    known = {person["id"]: person for person in (REVIEWER, ONE, DECIDER)}
    services.answers |= {
        "session": session(REVIEWER),
        "entry": entry(),
        "entries": window(line()),
        "calendars": {"items": [calendar()]},
        "executives": {"items": []},
        "rooms": {"items": []},
        "feeds": {"items": []},
        "presence": {"items": [presence()]},
        "related": {"items": []},
        "people_by_ids": known,
        "receivers_by_ids": {"items": []},
    }
