"""How many processes of each part run on this machine, and what each is called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from oneway import parts
from shared.bus.topology import GATEWAY


@dataclass(frozen=True)
class Replica:
    """One of the processes of a part. The first is called like the part, the second `<part>-2`."""

    part: str
    number: int

    @property
    def name(self) -> str:
        """What its process id, its log and its metrics are found by."""
        return self.part if self.number == 1 else f"{self.part}-{self.number}"


def counts(text: str) -> dict[str, int]:
    """Processes of each part as `documents=2,gateway=2` asks for them; one where nothing is said.

    Raises `ValueError` for what names no part, or no number from 1 to 99.
    """
    found = dict.fromkeys((*parts.SERVICES, GATEWAY), 1)
    for item in filter(None, text.replace(" ", "").split(",")):
        part, _, number = item.partition("=")
        if part not in found or not number.isdecimal() or not 1 <= int(number) <= 99:
            raise ValueError(f"ONEWAY_REPLICAS: {item!r} is not <part>=<number>; parts are {', '.join(found)}")
        found[part] = int(number)
    return found


def replicas(text: str) -> Iterator[Replica]:
    """Every process there is to be: the services' first, the gateway's last."""
    for part, count in counts(text).items():
        yield from (Replica(part, number) for number in range(1, count + 1))
