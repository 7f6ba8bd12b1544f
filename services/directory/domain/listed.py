"""A list of people in a file, by login or e-mail: who is meant by each line, and which line adds nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from services.directory.domain import csvfile
from services.directory.domain.hangul import normal
from services.directory.domain.imports import PEOPLE_COLUMNS
from shared.errors import Invalid

# By the headers of the organisation's own files: an export of people is such a list too.
_COLUMNS = tuple(column for column in PEOPLE_COLUMNS if column.field in ("login", "email"))
_BOM = b"\xef\xbb\xbf"
# Of a file in which each line is one name; what is wrong with a header is not wrong with a list without one.
_WHOLE = frozenset(("unknown_encoding", "broken_csv", "empty_file", "too_many_lines"))


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the file: what stands there, and the name by which somebody is looked for."""

    line: int
    value: str
    name: str


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody whom a name may mean; login and e-mail folded."""

    id: str
    login: str
    email: str
    active: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that adds nobody: `unknown`, `left`, `ambiguous`, `repeated`."""

    line: int
    value: str
    code: str


@dataclass(slots=True)
class Found:
    """People, each once in the order of the file, and the lines that add nobody."""

    people: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def entries(content: bytes) -> tuple[str, list[Entry]]:
    """The encoding and the lines of a file. Raises `Invalid` for what cannot be read.

    Without a header that is known, the first line is somebody already.
    """
    table, before = csvfile.read(content, _COLUMNS), 0
    if not any(table.fields):
        table, before = csvfile.read(b"login\n" + content.removeprefix(_BOM), _COLUMNS), 1
    for bad in table.bad:
        if bad.code in _WHOLE or (before and bad.code == "too_many_cells"):
            raise Invalid({"content": bad.code})
    if not table.lines:
        raise Invalid({"content": "empty_file"})
    found = []
    for line in table.lines:
        value = line.cells.get("login") or line.cells.get("email") or ""
        if value:
            found.append(Entry(line.number - before, value, normal(value)))
    return table.encoding, found


def resolved(listed: Iterable[Entry], known: Iterable[Named]) -> Found:
    """Who is meant by each line: by login, or by an e-mail that is one person's alone."""
    logins: dict[str, Named] = {}
    emails: defaultdict[str, list[Named]] = defaultdict(list)
    for person in known:
        logins[person.login] = person
        emails[person.email].append(person)
    found = Found()
    seen: set[str] = set()
    for entry in listed:
        mean = [logins[entry.name]] if entry.name in logins else emails.get(entry.name, [])
        here = [person for person in mean if person.active]
        code = _code(mean, here, seen)
        if code:
            found.problems.append(Problem(entry.line, entry.value, code))
        else:
            seen.add(here[0].id)
            found.people.append(here[0].id)
    return found


def _code(mean: list[Named], here: list[Named], seen: set[str]) -> str:
    if not mean:
        return "unknown"
    if not here:
        return "left"
    if len(here) > 1:
        return "ambiguous"
    return "repeated" if here[0].id in seen else ""
