"""CSV as offices exchange it: UTF-8 or CP949, Korean or English headers, cells that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.directory.domain.hangul import normal
from shared import text as texts

MOST_LINES = 100_000
# A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True)
class Column:
    """A field, the header it is written with, the other headers it is known by, and whether a file must have it.

    The cells of one that is `verbatim` are taken as they are: a password.
    """

    field: str
    header: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    verbatim: bool = False


@dataclass(frozen=True)
class Line:
    """One record: the number of its first line in the file (the header is line 1) and its cells by field."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Bad:
    """One thing wrong with a file: the line, the field (or header), a code, and the cell's value."""

    line: int
    field: str
    code: str
    value: str = ""


@dataclass(frozen=True)
class Table:
    """A file that was read: its encoding, which fields it has, its records, and what could not be read."""

    encoding: str
    fields: tuple[str, ...]
    lines: Sequence[Line]
    bad: Sequence[Bad]


def read(content: bytes, columns: Sequence[Column]) -> Table:
    """The records of a file. Nothing is raised: what is wrong stands in `bad`, by line and field."""
    encoding, text = _decode(content)
    if text is None:
        return Table("", (), (), [Bad(1, "content", "unknown_encoding")])
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    bad: list[Bad] = []
    lines: list[Line] = []
    fields: tuple[str, ...] = ()
    verbatim = {column.field for column in columns if column.verbatim}
    start = 1
    try:
        for cells in reader:
            number, start = start, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not fields:
                fields, bad = _header(cells, number, columns)
            elif len(cells) > len(fields):
                bad.append(Bad(number, "", "too_many_cells", str(len(cells))))
            elif any("\0" in cell for cell in cells):
                bad.append(Bad(number, "", "bad_character"))
            elif len(lines) >= MOST_LINES:
                bad.append(Bad(number, "", "too_many_lines", str(MOST_LINES)))
                break
            else:
                named = zip(fields, cells, strict=False)
                lines.append(Line(number, {f: c if f in verbatim else _cell(c) for f, c in named if f}))
    except csv.Error:
        bad.append(Bad(start, "", "broken_csv"))
    if not fields:
        bad.append(Bad(1, "", "empty_file"))
    return Table(encoding, fields, lines, bad)


def write(columns: Sequence[Column], records: Iterable[Mapping[str, str]], encoding: str) -> bytes:
    """A file that `read` reads back; UTF-8 with the mark that spreadsheets tell it by.

    Raises UnicodeEncodeError for a character the encoding does not have.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(column.header for column in columns)
    for record in records:
        writer.writerow(_guarded(record[column.field]) for column in columns)
    return out.getvalue().encode("utf-8-sig" if encoding == "utf-8" else encoding)


def _decode(content: bytes) -> tuple[str, str | None]:
    for encoding, codec in (("utf-8", "utf-8-sig"), ("cp949", "cp949")):
        try:
            return encoding, content.decode(codec)
        except UnicodeDecodeError:
            continue
    return "", None


def _header(cells: Sequence[str], number: int, columns: Sequence[Column]) -> tuple[tuple[str, ...], list[Bad]]:
    known = {_plain(name): c.field for c in columns for name in (c.field, c.header, *c.aliases)}
    fields = tuple(known.get(_plain(cell), "") for cell in cells)
    bad: list[Bad] = []
    for i, (field, cell) in enumerate(zip(fields, cells, strict=True)):
        if not field and cell.strip():
            bad.append(Bad(number, cell.strip(), "unknown_column", cell.strip()))
        elif field and field in fields[:i]:
            bad.append(Bad(number, field, "duplicate_column", cell.strip()))
    bad += [Bad(number, c.field, "missing_column", c.header) for c in columns if c.required and c.field not in fields]
    return fields, bad


def _plain(header: str) -> str:
    return "".join(c for c in normal(header) if c.isalnum())


def _cell(text: str) -> str:
    return _unguarded(texts.line(text))


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.lstrip("'").startswith(_FORMULA) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA) else cell
