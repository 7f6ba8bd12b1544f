"""Pages of docs/ that hold what was measured, each table between two marks: `<!-- name -->` and `<!-- /name -->`."""

from __future__ import annotations

import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

DOCS = Path(__file__).parent.parent.parent / "docs"


def filled(text: str, tables: dict[str, str]) -> str:
    """The page with each table between the marks of its name; one without marks there is left out."""
    for name, table in tables.items():
        marks = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- /{name} -->)", re.S)
        text = marks.sub(lambda found, table=table: f"{found[1]}{table}{found[2]}", text)
    return text


def fill(page: Path, tables: dict[str, str]) -> None:
    """Writes the tables into a page."""
    page.write_text(filled(page.read_text(), tables))


def made() -> str:
    """When and on what a table was made."""
    return f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {platform.system()}."
