"""Writing a tenant's archive."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, select

from oneway import parts
from oneway.archive import rows
from oneway.archive.format import FORMAT, KEYS, Part, Refused, Writer
from oneway.provision import Provisioner
from shared import tenantkeys
from shared.db import ground
from shared.db.audit import FIRST
from shared.db.migrate import current, head
from shared.db.urls import service_secret
from shared.errors import NotFound
from shared.settings import Settings
from shared.storage import Store
from shared.tenants import Tenant, unwrap_key
from shared.version import version

# A volume of attachments is closed once it has so many bytes.
_VOLUME = 256 * 1024 * 1024
Progress = Callable[[str, int], None]


def write(
    settings: Settings, provisioner: Provisioner, tenant: Tenant, to: Path, passphrase: str, progress: Progress
) -> dict[str, Any]:
    """Writes the archive; its manifest. `progress` is told what is being written, and of bytes.

    Raises `Refused` for a tenant that is not up to date, or a passphrase that is soon guessed. `to` appears whole or
    not at all.
    """
    temporary = to.with_name(f"{to.name}.part")
    try:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as file:
            manifest = _write(settings, provisioner, tenant, Writer(file), passphrase, progress)
        temporary.rename(to)
    finally:
        temporary.unlink(missing_ok=True)
    return manifest


def _write(
    settings: Settings,
    provisioner: Provisioner,
    tenant: Tenant,
    writer: Writer,
    passphrase: str,
    progress: Progress,
) -> dict[str, Any]:
    with rows.snapshot(provisioner, tenant) as conns:
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "product": version(),
            "made_at": datetime.now(UTC).isoformat(),
            "tenant": {"code": tenant.code, "name": tenant.name, "institution_code": tenant.institution_code},
            "services": {
                service: _service(provisioner, tenant, service, conn, writer, progress)
                for service, conn in conns.items()
            },
        }
    # After the rows: an attachment is in the store before a row tells of it, and stays there while one does.
    manifest["attachments"] = _attachments(settings, tenant, writer, progress)
    manifest["keys"] = vars(writer.sealed(KEYS, [orjson.dumps(_keys(settings, tenant))]))
    writer.finish(passphrase, manifest)
    return manifest


def _service(
    provisioner: Provisioner, tenant: Tenant, service: str, conn: Connection, writer: Writer, progress: Progress
) -> dict[str, Any]:
    engine = provisioner.owner_engine(tenant, service)
    with engine.connect() as owner:
        revision = current(owner)
    engine.dispose()
    if revision != head(parts.migrations(service)):
        raise Refused(f"the schema of {service} is not up to date: run `oneway migrate` first")
    tables = {}
    for table in parts.metadata(service).sorted_tables:
        if rows.travels(table):
            progress(f"{service} {table.name}", 0)
            tables[table.name] = _table(conn, service, table, writer, progress)
    return {"revision": revision, "head": _head(conn, service), "tables": tables}


def _table(conn: Connection, service: str, table: Any, writer: Writer, progress: Progress) -> dict[str, Any]:
    count = 0

    def content() -> Iterator[bytes]:
        nonlocal count
        for batch in rows.dump(conn, service, table, list(table.c)):
            count += len(batch)
            chunk = b"".join(batch)
            progress(f"{service} {table.name}", len(chunk))
            yield chunk

    part = writer.sealed(f"rows/{service}/{table.name}", content())
    columns = [[column.name, rows.kind(column.type)] for column in table.c]
    return {**vars(part), "rows": count, "columns": columns}


def _head(conn: Connection, service: str) -> dict[str, Any]:
    """The end of the record's chain."""
    seals = ground.tables(parts.metadata(service)).audit_seal
    statement = select(seals.c.seq, seals.c.hash).order_by(seals.c.seq.desc()).limit(1)
    found = conn.execute(rows.within(service, conn, statement)).first()
    return {"rows": found.seq, "hash": found.hash} if found else {"rows": 0, "hash": FIRST}


def _attachments(settings: Settings, tenant: Tenant, writer: Writer, progress: Progress) -> dict[str, Any]:
    """Every object as it is kept, encrypted with the tenant's key, in tar files of some size."""
    store = Store(settings.storage_url, lambda _: unwrap_key(settings.storage_key, tenant))
    keys = iter(store.keys(tenant.code))
    volumes: list[dict[str, Any]] = []
    count = 0
    key = next(keys, None)
    while key is not None:
        volume = _Volume(store, tenant.code, keys, key, progress)
        part: Part = writer.plain(f"attachments/{len(volumes):06}.tar", volume.content())
        volumes.append({**vars(part), "objects": volume.count})
        count += volume.count
        key = volume.left
    return {"objects": count, "volumes": volumes}


class _Volume:
    """One tar file, made as it is read; `left` is the first object that had no room."""

    def __init__(self, store: Store, tenant: str, keys: Iterator[str], first: str, progress: Progress) -> None:
        self._store = store
        self._tenant = tenant
        self._keys = keys
        self._progress = progress
        self.left: str | None = first
        self.count = 0

    def content(self) -> Iterator[bytes]:
        """The bytes of the file."""
        written = 0
        while self.left is not None and written < _VOLUME:
            try:
                size, chunks = self._store.sealed(self._tenant, self.left)
            except NotFound:
                # Swept since it was listed: no row tells of it.
                self.left = next(self._keys, None)
                continue
            about = tarfile.TarInfo(self.left)
            about.size = size
            yield about.tobuf(tarfile.PAX_FORMAT)
            for chunk in chunks:
                self._progress("attachments", len(chunk))
                yield chunk
            yield bytes(-size % tarfile.BLOCKSIZE)
            written += size
            self.count += 1
            self.left = next(self._keys, None)
        end = io.BytesIO()
        tarfile.open(fileobj=end, mode="w").close()
        yield end.getvalue()


def _keys(settings: Settings, tenant: Tenant) -> dict[str, Any]:
    """The tenant's keys in the clear, to be sealed in the archive."""
    services = {
        service: tenantkeys.of_tenant(service_secret(settings.database_secret, service), tenant, service)
        for service in parts.SERVICES
    }
    return {
        "attachments": unwrap_key(settings.storage_key, tenant).hex(),
        "services": {service: keys.to_bytes().hex() for service, keys in services.items()},
    }
