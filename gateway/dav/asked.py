"""What a client asks to be told of each resource, and how briefly (RFC 4918, 9.1; RFC 8144)."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from gateway.dav import data
from gateway.dav.data import CalendarData
from gateway.dav.properties import DATA, EVERYTHING, LENGTH
from gateway.dav.xml import Element, dav
from shared.errors import Problem


@dataclass(frozen=True, slots=True)
class Asked:
    """The properties that are asked for: those of `names`, everything else there is too where `all`, or their names."""

    names: tuple[str, ...]
    all: bool = False
    only_names: bool = False
    data: CalendarData | None = None

    @property
    def needs_text(self) -> bool:
        """Whether the text of objects is needed for it."""
        return self.data is not None or LENGTH in self.names


def of(root: Element | None, *, report: bool = False) -> Asked:
    """What a `propfind` or a report asks for; everything where it says nothing. Raises a `Problem` (400).

    Only a report is told the content of objects: to others it is no property (RFC 4791, 9.6).
    """
    if root is None:
        return Asked(EVERYTHING, all=True)
    forms = [child for child in root if child.tag in (dav("prop"), dav("propname"), dav("allprop"))]
    if len(forms) != 1 and not (report and not forms):
        raise Problem(400, "bad-xml", "Ask for properties, for their names, or for all of them")
    if not forms or forms[0].tag == dav("allprop"):
        included = root.find(dav("include"))
        more = tuple(str(child.tag) for child in included) if included is not None else ()
        return Asked(tuple(dict.fromkeys((*EVERYTHING, *more))), all=True)
    if forms[0].tag == dav("propname"):
        return Asked((), only_names=True)
    return _named(forms[0], report)


def _named(prop: Element, report: bool) -> Asked:
    found = prop.find(DATA) if report else None
    names = (str(child.tag) for child in prop if not (report and child.tag == DATA))
    return Asked(tuple(dict.fromkeys(names)), data=None if found is None else data.of(found))


def is_brief() -> bool:
    """Whether the client wants to hear nothing of what is not there."""
    if request.headers.get("Brief", "").strip().lower() == "t":
        return True
    return "return=minimal" in _preferences()


def _preferences() -> set[str]:
    given = ",".join(request.headers.getlist("Prefer"))
    return {part.strip().replace(" ", "").replace('"', "").lower() for part in given.split(",")}


def depth(otherwise: str) -> str:
    """`0`, `1` or `infinity`. Raises a `Problem` (400) for anything else."""
    found = request.headers.get("Depth", otherwise).strip().lower()
    if found not in ("0", "1", "infinity"):
        raise Problem(400, "bad-depth", "The depth is none")
    return found
