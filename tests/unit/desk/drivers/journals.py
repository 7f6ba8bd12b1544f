"""Journeys of verification journals."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from shared.errors import Problem
from shared.events import Event
from tests.unit.memo.journals import cast as journals

WAYS = ("each", "any")


def drive(choose: Random) -> list[Event]:
    """Journals that open, are written, verified, sent back and changed, over some days."""
    with journals.office() as office:
        made = [office.journal(schedule={"kind": "day", "days": "every", "opens": "09:00"}, way=way) for way in WAYS]
        office.service.pass_until(office.service.now + timedelta(days=1))
        known: dict[str, tuple[str, int]] = {}
        for _ in range(choose.randint(4, 16)):
            entry, journal = choose.choice([*known, ""]), choose.choice(made)
            try:
                if choose.random() < 0.25:
                    office.service.pass_until(office.service.now + timedelta(hours=choose.randint(1, 20)))
                elif entry and choose.random() < 0.6:
                    act = choose.choice(("verify", "send_back"))
                    office.decide(entry, known[entry][1], act, reason="다시")
                elif entry:
                    journal, version = known[entry]
                    values = {**journals.VALUES, "pressure": str(choose.randint(1, 9))}
                    version = office.write(journal, id=entry, version=version, values=values)["version"]
                    known[entry] = (journal, version)
                else:
                    saved = office.write(journal)
                    known[saved["id"]] = (journal, saved["version"])
            except Problem:
                continue
        return office.service.events
