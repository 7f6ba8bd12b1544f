"""The organisation and its people as CSV files: tried out, taken over whole or not at all, and written again."""

from __future__ import annotations

import base64
import binascii
from dataclasses import asdict
from typing import Any

from sqlalchemy import select

from services.directory import credentials, departments, hashing, organisation, people, personnel
from services.directory.domain import csvfile, exports
from services.directory.domain.csvfile import Bad, Table
from services.directory.domain.imports import (
    DEPARTMENT_COLUMNS,
    PASSWORD_COLUMN,
    PEOPLE_COLUMNS,
    DepartmentPlan,
    Known,
    PeoplePlan,
    plan_departments,
    plan_people,
)
from services.directory.domain.person import Person
from services.directory.models import Credential
from shared.calendar import seoul_date
from shared.context import Context
from shared.db import Tx
from shared.errors import Invalid

_COLUMNS = {"departments": DEPARTMENT_COLUMNS, "people": PEOPLE_COLUMNS}


# -- import -----------------------------------------------------------------------------------------


def import_csv(tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
    """What the file does, or would do, as `ImportResult`; with one bad line nothing is written. Raises `Invalid`."""
    try:
        content = base64.b64decode(data["content"], validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid({"content": "not_base64"}) from error
    root = organisation.lock(tx)
    take = _departments if data["kind"] == "departments" else _people
    result = take(tx, ctx, root, content, data["dry_run"])
    if result["applied"]:
        counts = {name: result[name] for name in ("created", "changed", "unchanged")}
        tx.audit("directory.imported", subject=tx.tenant, after={"kind": data["kind"], **counts})
    return result


def _result(table: Table, created: int, changed: int, unchanged: int, bad: list[Bad], dry_run: bool) -> dict[str, Any]:
    return {
        "created": created,
        "changed": changed,
        "unchanged": unchanged,
        "problems": [asdict(b) for b in sorted(bad, key=lambda b: b.line)],
        "applied": not (bad or dry_run),
        "encoding": table.encoding,
    }


def _departments(tx: Tx, ctx: Context, root: str, content: bytes, dry_run: bool) -> dict[str, Any]:
    table = csvfile.read(content, DEPARTMENT_COLUMNS)
    known = departments.nodes(tx)
    plan: DepartmentPlan = plan_departments(table, known, root, departments.peopled(tx), tx.new_id)
    result = _result(table, len(plan.created), len(plan.changed), plan.unchanged, plan.bad, dry_run)
    if result["applied"]:
        departments.put(tx, [*plan.created, *plan.changed], known)
    return result


def _people(tx: Tx, ctx: Context, root: str, content: bytes, dry_run: bool) -> dict[str, Any]:
    table = csvfile.read(content, (*PEOPLE_COLUMNS, PASSWORD_COLUMN))
    persons = people.load(tx)
    able = set(tx.execute(select(Credential.person)).scalars())
    known = {person.login: Known(id_, person, id_ in able) for id_, person in persons.items()}
    plan = plan_people(table, known, departments.nodes(tx), ctx.roles)
    # Somebody of whom the file changes nothing but gives the first password is changed too.
    given = {known[login].id for login in plan.passwords if login in known}
    changed = len(given | plan.changed.keys())
    result = _result(table, len(plan.created), changed, plan.unchanged, plan.bad, dry_run)
    if result["applied"]:
        _put_people(tx, plan, persons)
    return result


def _put_people(tx: Tx, plan: PeoplePlan, known: dict[str, Person]) -> None:
    # Hashing takes time, in which others work: it comes before the first write.
    hashes = {login: hashing.hashed(password) for login, password in plan.passwords.items()}
    ids = {person.login: id_ for id_, person in known.items()} | personnel.add(tx, plan.created)
    personnel.change(tx, plan.changed, known)
    credentials.add_passwords(tx, {ids[login]: kept for login, kept in hashes.items()})
    for login in hashes:
        tx.audit("directory.password.set", subject=ids[login])


# -- export -----------------------------------------------------------------------------------------


def export_csv(tx: Tx, kind: str, encoding: str) -> dict[str, Any]:
    """Everything as a file that `import_csv` takes (`CsvFile`). Raises `Invalid` for what the code page lacks."""
    nodes = departments.nodes(tx)
    if kind == "departments":
        records = exports.department_records(nodes)
    else:
        records = exports.people_records(people.load(tx).values(), nodes)
    try:
        content = csvfile.write(_COLUMNS[kind], records, encoding)
    except UnicodeEncodeError as error:
        line = error.object.count("\n", 0, error.start) + 1
        detail = f"line {line}: {error.object[error.start]} (U+{ord(error.object[error.start]):04X})"
        raise Invalid({"encoding": "character_not_in_encoding"}, detail) from error
    name = f"{kind}-{seoul_date(tx.now):%Y%m%d}.csv"
    return {"name": name, "content": base64.b64encode(content).decode()}
