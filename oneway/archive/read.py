"""Taking in a tenant's archive."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection

from oneway import parts
from oneway.archive import rows
from oneway.archive.format import KEYS, Part, Reader, Refused, lines
from oneway.events import send_unhandled
from oneway.provision import Provisioner
from shared import tenantkeys
from shared.db import audit, ground
from shared.db.migrate import knows
from shared.db.urls import service_secret
from shared.settings import Settings
from shared.storage import Store
from shared.tenants import ATTACHMENTS, CODE, Tenant, unwrap_key

Progress = Callable[[str, int], None]
_PIECE = 1024 * 1024
# Passwords are there: with it the tenant can be signed in to.
_LAST = "directory"


def size(path: Path) -> int:
    """Bytes that progress will be told of: all are read twice, to be checked and to be taken in."""
    return 2 * path.stat().st_size


def take_in(
    settings: Settings, provisioner: Provisioner, path: Path, passphrase: str, progress: Progress
) -> tuple[Tenant, dict[str, int]]:
    """The tenant, ready for work, and how many events of each service are to be sent again here.

    Raises `Refused`, before anything is written, for an archive that is damaged, from a newer version, or of a tenant
    that is here already. What an interruption left is done anew the next time. Nobody can sign in before all of it is
    there and its record was verified.
    """
    try:
        file = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise Refused(f"{path} cannot be read as an archive") from error
    with file:
        reader = Reader(file, passphrase)
        _check(reader, progress)
        tenant = _enter(settings, provisioner, reader)
        provisioner.create(tenant)
        _attachments(settings, tenant, reader, progress)
        for service in sorted(reader.manifest["services"], key=lambda name: name == _LAST):
            _service(settings, provisioner, tenant, service, reader, progress)
    for service in parts.SERVICES:
        provisioner.migrate(tenant, service)
    waiting = send_unhandled(provisioner, tenant)
    provisioner.registry.set_state(tenant.code, "active")
    return tenant, waiting


def _check(reader: Reader, progress: Progress) -> None:
    """Raises `Refused` unless every part is there and whole, and no schema is newer than those known here."""
    for service, about in reader.manifest["services"].items():
        if service not in parts.SERVICES or not knows(parts.migrations(service), about["revision"]):
            raise Refused(f"the archive is of a newer version: {service} {about['revision']} is not known here")
    if not CODE.match(reader.manifest["tenant"]["code"]):
        raise Refused("the archive's tenant has no valid code")
    for part in _every_part(reader.manifest):
        reader.check(part)
        progress("checking", part.size)


def _every_part(manifest: dict[str, Any]) -> Iterator[Part]:
    tables = (table for service in manifest["services"].values() for table in service["tables"].values())
    for about in (*tables, *manifest["attachments"]["volumes"], manifest["keys"]):
        yield Part(about["name"], about["size"], about["sha256"])


def _enter(settings: Settings, provisioner: Provisioner, reader: Reader) -> Tenant:
    """The tenant in the registry, in onboarding, with no data; its keys are wrapped under this installation's."""
    about = reader.manifest["tenant"]
    keys = orjson.loads(b"".join(reader.opened(KEYS)))
    attachments = bytes.fromhex(keys["attachments"])
    registry = provisioner.registry
    registry.refresh()
    found = next((t for t in registry.all() if t.code == about["code"]), None)
    if found is not None:
        if found.state == "onboarding" and _has(settings, found, attachments):
            provisioner.clear(found)
            return found
        raise Refused(f"there is a tenant {about['code']} here already")
    if provisioner.has_data(about["code"]):
        raise Refused(f"no tenant {about['code']} is registered here, yet a database of its name is there")
    services = {}
    for service, content in keys["services"].items():
        secret = service_secret(settings.database_secret, service)
        of_service = tenantkeys.ServiceKeys.from_bytes(bytes.fromhex(content))
        services[service] = tenantkeys.wrap(secret, about["code"], service, of_service)
    tenant = Tenant(
        about["code"],
        about["name"],
        about["institution_code"],
        "onboarding",
        provisioner.database_url(about["code"]),
        ATTACHMENTS.wrap(settings.storage_key, about["code"], attachments),
        provisioner.new_keys(about["code"]) | services,
    )
    registry.add(tenant)
    return tenant


def _has(settings: Settings, tenant: Tenant, attachments: bytes) -> bool:
    """Whether a tenant is what an earlier attempt left of the same one."""
    try:
        return unwrap_key(settings.storage_key, tenant) == attachments
    except InvalidTag:
        return False


def _service(
    settings: Settings, provisioner: Provisioner, tenant: Tenant, service: str, reader: Reader, progress: Progress
) -> None:
    """A service's rows in one transaction, kept only if the record holds and ends where it ended."""
    about = reader.manifest["services"][service]
    provisioner.migrate(tenant, service, about["revision"])
    secret = service_secret(settings.database_secret, service)
    engine = provisioner.owner_engine(tenant, service)
    try:
        with engine.connect().execution_options(writes=True) as conn, conn.begin():
            for name, table in about["tables"].items():
                progress(f"{service} {name}", 0)
                _table(conn, name, table, reader)
                progress(f"{service} {name}", table["size"])
            key = tenantkeys.of_tenant(secret, tenant, service).record
            verdict = audit.verify(conn, ground.tables(parts.metadata(service)), key)
            told = (about["head"]["rows"], about["head"]["hash"])
            if verdict.problem or (verdict.rows, verdict.head) != told:
                raise Refused(f"the record of {service} does not hold: {verdict.problem or 'it ends elsewhere'}")
    finally:
        engine.dispose()


def _table(conn: Connection, name: str, about: dict[str, Any], reader: Reader) -> None:
    table = rows.table_of(name, about["columns"])
    count = rows.load(conn, table, lines(reader.opened(about["name"])))
    if count != about["rows"]:
        raise Refused(f"the archive is damaged: {about['name']} has {count} rows, not {about['rows']}")


def _attachments(settings: Settings, tenant: Tenant, reader: Reader, progress: Progress) -> None:
    store = Store(settings.storage_url, lambda _: unwrap_key(settings.storage_key, tenant))
    for volume in reader.manifest["attachments"]["volumes"]:
        stream = io.BufferedReader(_Stream(reader.raw(volume["name"])))
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            for member in tar:
                content = tar.extractfile(member)
                assert content
                store.write_sealed(tenant.code, member.name, iter(partial(content.read, _PIECE), b""))
                progress("attachments", member.size)


class _Stream(io.RawIOBase):
    """Chunks as a file to read."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = chunk
        count = min(len(buffer), len(self._rest))
        buffer[:count], self._rest = self._rest[:count], self._rest[count:]
        return count
