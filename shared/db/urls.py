"""Where a service's data of one tenant is, and as whom it is opened."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import TYPE_CHECKING

from sqlalchemy import URL, make_url

from shared.keys import split
from shared.settings import Settings

if TYPE_CHECKING:
    from shared.tenants import Tenant

# A comma may also stand within a URL.
_BETWEEN_URLS = re.compile(r",\s*(?=[a-z0-9+]+://)")


def service_secret(secret: str, service: str) -> str:
    """What one service's database passwords are derived from, for each of several secrets.

    A process is given its own only.
    """
    return ",".join(
        hmac.new(each.encode(), f"service:{service}".encode(), hashlib.sha256).hexdigest() for each in split(secret)
    )


def role_name(tenant: str, service: str) -> str:
    """The login role of a service in a tenant's database; roles are common to a whole server, hence the tenant."""
    return f"ow_{tenant}_{service}"


def role_passwords(own_secret: str, tenant: str) -> list[str]:
    """The passwords of that role: the first is the one it is to have, it may still have one of the others."""
    return [
        hmac.new(each.encode(), f"role:{tenant}".encode(), hashlib.sha256).hexdigest() for each in split(own_secret)
    ]


def database_name(tenant: str) -> str:
    """The name of a tenant's own database."""
    return f"ow_{tenant}"


def sqlite_url(settings: Settings, tenant: str, service: str) -> URL:
    """The file of one service's data of one tenant (embedded mode)."""
    return URL.create("sqlite", database=str(settings.var / "tenants" / tenant / f"{service}.sqlite"))


def service_urls(settings: Settings, tenant: Tenant, service: str, own_secret: str) -> list[URL]:
    """The URLs a service tries for a tenant on PostgreSQL, one for each secret: the pooler's, where there is one."""
    url = make_url(tenant.database).set(drivername="postgresql+psycopg", username=role_name(tenant.code, service))
    if settings.database_pooler:
        host, _, port = settings.database_pooler.rpartition(":")
        url = url.set(host=host, port=int(port))
    return [url.set(password=password) for password in role_passwords(own_secret, tenant.code)]


def control_urls(text: str) -> list[URL]:
    """The URLs of the registry as the setting holds them: one or several, split by commas like keys."""
    return [make_url(each) for each in _BETWEEN_URLS.split(text)]
