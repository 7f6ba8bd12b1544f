"""Lines of a report: written, carried over from the last period, joined from below with their writers.

A line that came from below, or was carried over, is never lost: it is left out, and stays where it can be seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shared.errors import Invalid

THIS, NEXT, REMARKS = SECTIONS = ("this", "next", "remarks")
Ref = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """A line. `origin` is the one below that it was taken from, as `source` when it was taken last."""

    id: str
    section: str
    text: str
    writers: tuple[Ref, ...]
    origin: str | None = None
    origin_report: str | None = None
    source: str = ""
    carried_from: str | None = None
    editor: Ref | None = None
    left_out: bool = False
    withdrawn: bool = False
    merged_into: str | None = None
    cards: tuple[str, ...] = ()

    @property
    def stays(self) -> bool:
        """Whether it is left out rather than deleted."""
        return bool(self.origin or self.carried_from)

    @property
    def says(self) -> bool:
        """Whether the report says it: neither left out nor taken away by its writer, unless put in other words."""
        return not self.left_out and (not self.withdrawn or self.editor is not None)


@dataclass(frozen=True, slots=True)
class News:
    """A line of a report below that is `added`, `changed` or `removed` since it was last taken."""

    kind: str
    section: str
    text: str
    was: str
    writers: tuple[Ref, ...]


def saved(
    before: Sequence[Line], given: Sequence[Mapping[str, Any]], who: Ref, new_id: Callable[[], str]
) -> list[Line]:
    """The lines as they are given, in their order. Raises `Invalid` by `lines.<number>.<field>`.

    Who puts a line of somebody else in other words is named as its editor, until it says again what its writer wrote.
    """
    known = {line.id: line for line in before}
    bad = _problems(known, given)
    if bad:
        raise Invalid(bad)
    found = [_written(known.get(each["id"]), each, who, new_id) for each in given]
    there = {line.id for line in found}
    missed = [_out(line) for line in before if line.id not in there and line.stays]
    return in_order([*found, *missed])


def _problems(known: Mapping[str, Line], given: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    bad: dict[str, str] = {}
    seen: set[str] = set()
    standing = {each["id"] for each in given if each["id"] and not each["left_out"]}
    for number, each in enumerate(given):
        id_, target = each["id"], each["merged_into"]
        if id_ is not None and id_ not in known:
            bad[f"lines.{number}.id"] = "unknown_line"
        elif id_ in seen:
            bad[f"lines.{number}.id"] = "twice"
        elif id_ and known[id_].origin and known[id_].section != each["section"]:
            bad[f"lines.{number}.section"] = "not_yours"
        if target is not None and (target not in standing or not each["left_out"]):
            bad[f"lines.{number}.merged_into"] = "unknown_line"
        seen |= {id_} if id_ else set()
    return bad


def _written(line: Line | None, each: Mapping[str, Any], who: Ref, new_id: Callable[[], str]) -> Line:
    values = {name: each[name] for name in ("section", "text", "left_out", "merged_into")}
    values["cards"] = tuple(dict.fromkeys(each["cards"]))
    if line is None:
        return Line(id=new_id(), writers=(who,), **values)
    return replace(line, editor=_editor(line, each["text"], who), **values)


def _editor(line: Line, text: str, who: Ref) -> Ref | None:
    if line.origin and text == line.source:
        return None
    if text == line.text:
        return line.editor
    mine = any(who["id"] == writer["id"] for writer in line.writers)
    return line.editor if mine and not line.origin else who


def _out(line: Line) -> Line:
    return replace(line, left_out=True, merged_into=None)


def in_order(lines: Iterable[Line]) -> list[Line]:
    """Section by section, and in each the lines in the order they are in."""
    return sorted(lines, key=lambda line: SECTIONS.index(line.section))


def shown(lines: Iterable[Line]) -> list[Line]:
    """The lines that the report says."""
    return [line for line in lines if line.says]


def credited(lines: Iterable[Line], line: Line) -> tuple[Ref, ...]:
    """The writers of a line with those of the lines that were merged into it, each once."""
    writers = [*line.writers, *(ref for each in lines if each.merged_into == line.id for ref in each.writers)]
    return tuple({ref["id"]: ref for ref in writers}.values())


# -- the beginning ----------------------------------------------------------------------------------


def carried(previous: Iterable[Line], new_id: Callable[[], str]) -> list[Line]:
    """Last period's plans as this one's beginning: one's own; what came from below comes from there again."""
    plans = [line for line in shown(previous) if line.section == NEXT and not line.origin]
    return [
        Line(new_id(), THIS, line.text, line.writers, carried_from=line.id, editor=line.editor, cards=line.cards)
        for line in plans
    ]


# -- joining ----------------------------------------------------------------------------------------


def news(lines: Iterable[Line], report: str, below: Sequence[Line]) -> list[News]:
    """What taking the lines `below`, of a report that is handed in, would bring."""
    known = {line.origin: line for line in lines if line.origin_report == report}
    live = shown(below)
    found = [_told(known.get(line.id), line, credited(below, line)) for line in live]
    ids = {line.id for line in live}
    gone = [line for line in known.values() if line.origin not in ids and not line.withdrawn]
    return [each for each in found if each] + [
        News("removed", line.section, line.text, line.source, line.writers) for line in gone
    ]


def _told(known: Line | None, line: Line, writers: tuple[Ref, ...]) -> News | None:
    if known is None:
        return News("added", line.section, line.text, "", writers)
    if (known.source, known.section, known.withdrawn) != (line.text, line.section, False):
        return News("changed", line.section, line.text, known.source, writers)
    return None


def joined(lines: Sequence[Line], report: str, below: Sequence[Line], new_id: Callable[[], str]) -> list[Line]:
    """The lines with those of a report below as it is now.

    What the head has put in other words stays so, beside what the writer says now; what the head left out stays out.
    What its writer has taken away is left out, unless the head has put it in other words.
    """
    live = {line.id: line for line in shown(below)}
    known = {line.origin for line in lines if line.origin_report == report}
    found = [_taken(line, live, below) if line.origin_report == report else line for line in lines]
    for line in live.values():
        if line.id not in known:
            new = Line(new_id(), line.section, line.text, credited(below, line), line.id, report, line.text)
            found.insert(_place(found, new), replace(new, cards=line.cards))
    return in_order(found)


def _taken(line: Line, live: Mapping[str, Line], below: Sequence[Line]) -> Line:
    source = live.get(line.origin or "")
    if source is None:
        return replace(line, withdrawn=True)
    writers = credited(below, source)
    text = line.text if line.editor else source.text
    return replace(
        line,
        section=source.section,
        text=text,
        editor=None if text == source.text else line.editor,
        source=source.text,
        writers=writers,
        withdrawn=False,
        cards=line.cards if line.editor else source.cards,
    )


def _place(lines: Sequence[Line], new: Line) -> int:
    """Behind the last line of the same report in the section, else behind all."""
    same = [n for n, line in enumerate(lines) if (line.section, line.origin_report) == (new.section, new.origin_report)]
    return same[-1] + 1 if same else len(lines)
