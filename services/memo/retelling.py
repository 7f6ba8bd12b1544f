"""What the service tells is told anew (`oneway desk rebuild`), whatever kind of object it is of."""

from __future__ import annotations

from typing import Any

from services.memo import catalogue, desk
from shared.bus import Service, command
from shared.context import Context
from shared.contracts.common import Retell
from shared.db import Tx


class Retelling(Service):
    """Among the bases of `MemoService`."""

    @command(Retell, roles=("platform_operator",))
    def retell(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Tells again of a batch of memos, as `Retell` describes."""
        retell = desk.retell if data["what"] == "desk" else catalogue.retell
        return retell(tx, data["after"], data["limit"])
