"""Where a service's data of one tenant is, and as whom it is opened."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

from sqlalchemy import URL, make_url

from shared.settings import Settings
from shared.tenants import Tenant


def service_secret(secret: str, service: str) -> str:
    """What one service's database passwords are derived from; a process is given its own only."""
    return hmac.new(secret.encode(), f"service:{service}".encode(), hashlib.sha256).hexdigest()


def role_name(tenant: str, service: str) -> str:
    """The login role of a service in a tenant's database; roles are common to a whole server, hence the tenant."""
    return f"ow_{tenant}_{service}"


def role_password(own_secret: str, tenant: str) -> str:
    """The password of that role."""
    return hmac.new(own_secret.encode(), f"role:{tenant}".encode(), hashlib.sha256).hexdigest()


def database_name(tenant: str) -> str:
    """The name of a tenant's own database."""
    return f"ow_{tenant}"


def sqlite_path(settings: Settings, tenant: str, service: str) -> Path:
    """The file of one service's data of one tenant (embedded mode)."""
    return settings.var / "tenants" / tenant / f"{service}.sqlite"


def service_url(settings: Settings, tenant: Tenant, service: str, own_secret: str) -> URL:
    """The URL a service opens for a tenant."""
    if not tenant.database:
        return URL.create("sqlite", database=str(sqlite_path(settings, tenant.code, service)))
    return make_url(tenant.database).set(
        drivername="postgresql+psycopg",
        username=role_name(tenant.code, service),
        password=role_password(own_secret, tenant.code),
    )
