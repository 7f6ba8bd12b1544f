"""Handing a tenant all it owns, in open formats and in the clear."""

from __future__ import annotations

import zipfile
from pathlib import Path

import orjson

from oneway import parts
from oneway.archive import rows
from oneway.archive.write import Progress
from oneway.provision import Provisioner
from shared.errors import NotFound
from shared.settings import Settings
from shared.storage import Store
from shared.tenants import Tenant, unwrap_key


def hand_over(settings: Settings, provisioner: Provisioner, tenant: Tenant, to: Path, progress: Progress) -> None:
    """A zip with every table as JSON lines and every attachment as it was uploaded; without passwords and sessions."""
    temporary = to.with_name(f"{to.name}.part")
    try:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as file:
            about = {"code": tenant.code, "name": tenant.name, "institution_code": tenant.institution_code}
            file.writestr("tenant.json", orjson.dumps(about, option=orjson.OPT_INDENT_2))
            with rows.snapshot(provisioner, tenant) as conns:
                for service, conn in conns.items():
                    for table in filter(rows.travels, parts.metadata(service).sorted_tables):
                        columns = [column for column in table.c if not column.info.get("secret")]
                        with file.open(f"{service}/{table.name}.jsonl", "w", force_zip64=True) as out:
                            for batch in rows.dump(conn, service, table, columns):
                                chunk = b"".join(batch)
                                out.write(chunk)
                                progress(f"{service} {table.name}", len(chunk))
            store = Store(settings.storage_url, lambda _: unwrap_key(settings.storage_key, tenant))
            for key in store.keys(tenant.code):
                try:
                    content = store.read(tenant.code, key)
                except NotFound:
                    # Swept since it was listed: no row tells of it.
                    continue
                with file.open(f"attachments/{key}", "w", force_zip64=True) as out:
                    for chunk in content:
                        out.write(chunk)
                        progress("attachments", len(chunk))
        temporary.rename(to)
    finally:
        temporary.unlink(missing_ok=True)
