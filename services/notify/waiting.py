"""What is due and has not been claimed, told to who scrapes: it grows where no courier does its work."""

from __future__ import annotations

from sqlalchemy import func, select

from services.notify import claiming, figures
from services.notify.models import Delivery, Message
from shared import scrape
from shared.bus.backlog import Backlog
from shared.bus.backlog import Waiting as Found
from shared.contracts.notify import CHANNELS
from shared.db import Databases, Tx


class Waiting:
    """One for each process. It begins with every tenant, as couriers may have been away while the service was."""

    def __init__(self, databases: Databases) -> None:
        self._backlog = Backlog("notify", databases, found)
        for tenant in databases.registry.onboarded():
            self._backlog.suspect(tenant.code)
        self.end = scrape.before_scrape(self.look)

    def suspect(self, tenant: str) -> None:
        """Something may wait in the tenant."""
        self._backlog.suspect(tenant)

    def look(self) -> None:
        """Brings the gauges up to date."""
        for channel in CHANNELS:
            seen = self._backlog.look(channel)
            if seen:
                figures.WAITING.labels(channel).set(seen[0])
                figures.OLDEST.labels(channel).set(seen[1])


def found(tx: Tx) -> list[Found]:
    """What is due in a tenant by each channel; where nothing is, when something will be.

    Two looks at the beginning of an index each; what is due is counted, which is seldom much.
    """
    every = []
    for channel in CHANNELS:
        first = claiming.next_due(tx, channel)
        if first is not None:
            every.append(Found(_due(tx, channel) if first <= tx.now else 0, first.timestamp(), channel))
    return every


def _due(tx: Tx, channel: str) -> int:
    things = (Delivery.channel == channel, Delivery.state == "waiting", Delivery.due <= tx.now)
    tries = (Message.channel == channel, Message.due <= tx.now)
    counts = (
        select(func.count()).select_from(table).where(*due) for table, due in ((Delivery, things), (Message, tries))
    )
    return sum(int(tx.scalar(count)) for count in counts)
