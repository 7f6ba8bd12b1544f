"""What the service tells is told anew (`oneway desk rebuild`), whatever kind of object it is of."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from services.memo import catalogue, desk
from services.memo.journals import books
from services.memo.journals import rounds as journal_desk
from services.memo.rounds import catalogue as round_catalogue
from services.memo.rounds import desk as round_desk
from services.memo.weekly import catalogue as weekly_catalogue
from services.memo.weekly import desk as weekly_desk
from shared.bus import Service, command
from shared.context import Context
from shared.contracts.common import Retell
from shared.db import Tx
from shared.retelling import Teller, retell

_TELLERS = {
    "desk": (desk.retell, journal_desk.retell, round_desk.retell, weekly_desk.retell),
    "item": (catalogue.retell, books.retell, round_catalogue.retell, weekly_catalogue.retell),
}


class Retelling(Service):
    """Among the bases of `MemoService`."""

    @command(Retell, roles=("platform_operator",))
    def retell(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Tells again of a batch of each kind of object, as `Retell` describes.

        It goes on where the kind of which the least was told has ended; what is told twice means the same.
        """
        return retell(tx, data, {what: partial(_all, tellers) for what, tellers in _TELLERS.items()})


def _all(tellers: Iterable[Teller], tx: Tx, after: str | None, limit: int) -> dict[str, Any]:
    told = [teller(tx, after, limit) for teller in tellers]
    following = [each["next"] for each in told if each["next"] is not None]
    return {"told": sum(each["told"] for each in told), "next": min(following, default=None)}
