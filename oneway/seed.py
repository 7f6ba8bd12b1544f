"""The demo city, imported through the directory's own CSV import; and `demo.json`, which tells who can sign in."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from oneway import private
from oneway.demo.city import DemoTenant, tenants
from oneway.offline import Offline
from oneway.provision import Progress, Provisioner, quiet
from oneway.tenants import NewTenant, onboard
from shared.settings import Settings


class Passwords:
    """The demo's passwords: made once, then those of `demo.json`."""

    def __init__(self, path: Path) -> None:
        known = orjson.loads(path.read_bytes())["tenants"] if path.exists() else {}
        self._kept = {
            (code, person["login"]): person["password"]
            for code, tenant in known.items()
            for person in tenant["people"].values()
        }

    def __call__(self, tenant: str, login: str) -> str:
        """The password of somebody in the demo."""
        found: str = self._kept.setdefault((tenant, login), f"Ow-{secrets.token_hex(5)}")
        return found


def seed(
    settings: Settings,
    provisioner: Provisioner,
    base_url: str,
    progress: Progress = quiet,
    *,
    organisations: int | None = None,
) -> dict[str, Any]:
    """Writes `demo.json`, and onboards the demo's tenants where they are missing; answers the file's content.

    With so many `organisations` only: the first is the city.
    """
    path = settings.var / "demo.json"
    passwords = Passwords(path)
    demo = tenants(passwords)[:organisations]
    content = {"base_url": base_url, "tenants": {tenant.code: _listed(tenant, passwords) for tenant in demo}}
    # Before anybody has these passwords: an interrupted seeding goes on with the same ones.
    private.write(path, orjson.dumps(content, option=orjson.OPT_INDENT_2))
    states = {tenant.code: tenant.state for tenant in provisioner.registry.all()}
    for tenant in demo:
        if states.get(tenant.code) in (None, "onboarding"):
            bring(settings, provisioner, tenant, passwords, progress)
    return content


def _listed(tenant: DemoTenant, passwords: Passwords) -> dict[str, Any]:
    people = {
        role: {"login": login, "password": passwords(tenant.code, login), "name": tenant.names[login]}
        for role, login in tenant.roles.items()
    }
    return {"name": tenant.name, "people": people}


def bring(
    settings: Settings,
    provisioner: Provisioner,
    demo: DemoTenant,
    passwords: Callable[[str, str], str],
    progress: Progress = quiet,
) -> None:
    """Onboards one organisation with its departments and people. Raises `RuntimeError` where they do not import."""
    admin = demo.roles["admin"]
    new = NewTenant(demo.code, demo.name, demo.institution_code, admin, demo.names[admin], passwords(demo.code, admin))
    # The tenant becomes active only once its people are there: an interrupted seeding is begun again.
    tenant = onboard(settings, provisioner, new, progress, activate=False)
    directory = Offline("directory", settings, provisioner.registry)
    try:
        for kind, content in (("departments", demo.departments_csv), ("people", demo.people_csv)):
            progress(demo.code, f"import {kind}")
            data = {"kind": kind, "content": base64.b64encode(content).decode(), "dry_run": False}
            result = directory.call(tenant.code, "import_csv", data)
            if result["problems"]:
                raise RuntimeError(f"the {kind} of {demo.code} do not import: {result['problems'][:3]}")
    finally:
        directory.close()
    provisioner.registry.set_state(demo.code, "active")
