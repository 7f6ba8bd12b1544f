"""The keys one service has for one tenant: random, kept in the registry, wrapped under the service's own secret.

They belong to the tenant, not to the installation: they go with it to another one, and stay what they are when the
installation's secret is changed: then they are only wrapped anew. A service can unwrap its own and no others. A tenant
from before there were such keys has those that are derived from the secret; `Provisioner.prepare` enters them.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import astuple, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.keys import Wrapping, split

if TYPE_CHECKING:
    # The registry stands on the databases, and these on the keys.
    from shared.tenants import Tenant

_LENGTH = 32


@dataclass(frozen=True)
class ServiceKeys:
    """32 bytes each: the record's chain, what is locked away in rows (TOTP), and fingerprints of what was asked."""

    record: bytes
    vault: bytes
    requests: bytes

    def to_bytes(self) -> bytes:
        """All of them in one piece."""
        return b"".join(astuple(self))

    @staticmethod
    def from_bytes(content: bytes) -> ServiceKeys:
        """The keys that `to_bytes` put together. Raises `ValueError` for anything else."""
        if len(content) != 3 * _LENGTH:
            raise ValueError("not a service's keys")
        return ServiceKeys(*(content[at : at + _LENGTH] for at in range(0, len(content), _LENGTH)))


def fresh() -> ServiceKeys:
    """Keys of a new tenant."""
    return ServiceKeys.from_bytes(os.urandom(3 * _LENGTH))


def derived(secret: str, tenant: str, service: str) -> ServiceKeys:
    """The keys of a tenant that has none in the registry, from the service's `secret`."""
    key = secret.encode()

    def hashed(purpose: str) -> bytes:
        return hmac.new(key, f"{purpose}:{tenant}:{service}".encode(), hashlib.sha256).digest()

    vault = HKDF(SHA256(), _LENGTH, None, f"{service} totp:{tenant}".encode()).derive(key)
    return ServiceKeys(hashed("audit"), vault, hashed("requests"))


WRAPPING = Wrapping("database", b"oneway a service's keys of a tenant")


def owner(tenant: str, service: str) -> str:
    """Whose wrapped keys they are."""
    return f"{tenant}:{service}"


def wrap(secret: str, tenant: str, service: str, keys: ServiceKeys) -> bytes:
    """The keys as the registry holds them, under the first of the service's secrets."""
    return WRAPPING.wrap(secret, owner(tenant, service), keys.to_bytes())


@lru_cache(maxsize=4096)
def unwrap(secret: str, tenant: str, service: str, wrapped: bytes) -> ServiceKeys:
    """What `wrap` wrapped, under any of the service's secrets. Raises `InvalidTag` where it is none of them."""
    return ServiceKeys.from_bytes(WRAPPING.unwrap(secret, owner(tenant, service), wrapped))


def of_tenant(secret: str, tenant: Tenant, service: str) -> ServiceKeys:
    """The service's keys of a tenant. Raises `InvalidTag` where they were wrapped under another secret."""
    wrapped = tenant.keys.get(service)
    if wrapped is None:
        # They are entered before a secret is changed: what is derived is from the oldest.
        return derived(split(secret)[-1], tenant.code, service)
    return unwrap(secret, tenant.code, service, wrapped)
