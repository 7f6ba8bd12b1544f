"""Journeys of bookings and reminders."""

from __future__ import annotations

import contextlib
from random import Random

from services.schedule.service import ScheduleService
from shared.errors import Problem
from shared.events import Event
from shared.ids import new_id
from shared.testing import LocalService
from tests.unit.schedule.cast import Office, seoul


def drive(choose: Random) -> list[Event]:
    """Rooms booked, agreed to, refused and given back; entries that remind."""
    with LocalService(ScheduleService) as service:
        office = Office(service)
        room = office.room(approvers=[office.boss["id"], office.mate["id"]])
        made: list[str] = []
        for _ in range(choose.randint(4, 12)):
            hour = choose.randint(9, 16)
            period = {
                "starts_at": seoul("2026-09-02", f"{hour:02}:00"),
                "ends_at": seoul("2026-09-02", f"{hour + 1:02}:00"),
            }
            asked = {"noun": "meetings", "subject": new_id(), "key": new_id(), "title": "회의", "periods": [period]}
            with contextlib.suppress(Problem):
                made.append(office.ask(office.me, "hold", resource=room, **asked)["booking"])
            if made and choose.random() < 0.7:
                act = choose.choice(["answer_booking", "release"])
                given = {"granted": choose.random() < 0.5} if act == "answer_booking" else {}
                with contextlib.suppress(Problem):
                    office.ask(choose.choice([office.boss, office.me]), act, id=choose.choice(made), **given)
        office.enter("2026-09-01", f"{choose.randint(9, 17):02}:30", "18:00", reminders=[choose.randint(0, 60)])
        if choose.random() < 0.5:
            office.later("2026-09-01", "18:00")
        return service.events
