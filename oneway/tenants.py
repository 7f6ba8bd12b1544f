"""Onboarding a tenant, step by step, each of which may be repeated."""

from __future__ import annotations

from dataclasses import dataclass

from oneway import parts
from oneway.offline import Offline
from oneway.provision import Progress, Provisioner, quiet
from shared.contracts.directory import Bootstrap
from shared.settings import Settings
from shared.tenants import CODE, Tenant, wrap_new_key
from shared.validation import load


@dataclass(frozen=True)
class NewTenant:
    """What an organisation is onboarded with."""

    code: str
    name: str
    institution_code: str
    admin_login: str
    admin_name: str
    admin_password: str


def onboard(
    settings: Settings,
    provisioner: Provisioner,
    new: NewTenant,
    progress: Progress = quiet,
    *,
    activate: bool = True,
) -> Tenant:
    """Makes the tenant, or finishes what an earlier attempt began.

    Raises `ValueError` for a code that cannot be, `Invalid` for anything else the directory refuses.
    """
    if not CODE.match(new.code):
        raise ValueError("a tenant's code is 2 to 31 small letters and digits, a letter first")
    data = {
        "name": new.name,
        "code": new.institution_code,
        "admin_login": new.admin_login,
        "admin_name": new.admin_name,
        "admin_password": new.admin_password,
    }
    # Before anything is made.
    load(Bootstrap(), data)
    registry = provisioner.registry
    registry.refresh()
    tenant = next((t for t in registry.all() if t.code == new.code), None)
    if tenant is None:
        key = wrap_new_key(settings.storage_key, new.code)
        url = provisioner.database_url(new.code)
        keys = provisioner.new_keys(new.code)
        tenant = Tenant(new.code, new.name, new.institution_code, "onboarding", url, key, keys)
        registry.add(tenant)
    provisioner.create(tenant, progress)
    for service in parts.SERVICES:
        progress(new.code, f"migrate {service}")
        provisioner.migrate(tenant, service)
    progress(new.code, "administrator")
    directory = Offline("directory", settings, registry)
    try:
        directory.call(new.code, "bootstrap", data)
    finally:
        directory.close()
    if activate and tenant.state == "onboarding":
        registry.set_state(new.code, "active")
    return tenant
