"""Changing the installation's keys while everything runs: what holds under a former key is put under the first one.

Every step may be interrupted and repeated. docs/security.md says in which order the steps are taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag

from oneway import parts
from oneway.commands import dead_messages
from oneway.provision import Progress, Provisioner, lets_in, quiet
from shared import tenantkeys
from shared.bus import wire
from shared.bus.broker import Message
from shared.context import Signer
from shared.db.urls import control_urls, service_secret, service_urls
from shared.errors import Refused
from shared.keys import Wrapping, fingerprint, split
from shared.settings import Settings
from shared.storage.seal import KEY, new_key
from shared.tenants import ATTACHMENTS, Tenant, unwrap_key


@dataclass(frozen=True)
class Holding:
    """How much of what is held under one key: its fingerprint, or empty for what none of the keys opens.

    `first` tells the key that is used for what is new. `count` is None where it could not be looked at from here.
    """

    kind: str
    fingerprint: str
    first: bool
    count: int | None
    what: str


class Rotation:
    """The keys of `settings`, and what is held under them."""

    def __init__(self, settings: Settings, provisioner: Provisioner) -> None:
        self._settings = settings
        self._provisioner = provisioner
        self._registry = provisioner.registry

    # -- doing --------------------------------------------------------------------------------------

    def rewrap(self, progress: Progress = quiet) -> int:
        """Wraps every tenant's keys under the first storage key and the first database secret; how many were not.

        Raises `InvalidTag` where some are under none of the keys.
        """
        return sum(self._rewrap(tenant, progress) for tenant in self._registry.all())

    def _rewrap(self, tenant: Tenant, progress: Progress) -> int:
        progress(tenant.code, "keys")
        done = 0
        wrapped = ATTACHMENTS.renewed(self._settings.storage_key, tenant.code, tenant.storage_key)
        if wrapped:
            done += self._registry.set_storage_key(tenant.code, tenant.storage_key, wrapped)
        renewed = {service: self._renewed(tenant, service) for service in tenant.keys}
        changed = {service: wrapped for service, wrapped in renewed.items() if wrapped}
        if changed:
            self._registry.put_keys(tenant.code, changed)
        return done + len(changed)

    def _renewed(self, tenant: Tenant, service: str) -> bytes | None:
        secret = service_secret(self._settings.database_secret, service)
        owner = tenantkeys.owner(tenant.code, service)
        return tenantkeys.WRAPPING.renewed(secret, owner, tenant.keys[service])

    def set_passwords(self, progress: Progress = quiet) -> int:
        """Gives every service's login roles the password of the first database secret; how many had another."""
        changed = 0
        for tenant in self._registry.all():
            if tenant.database:
                progress(tenant.code, "passwords")
                changed += self._provisioner.set_passwords(tenant)
        return changed

    def new_attachment_key(self, tenant: Tenant) -> int:
        """Another key for what a tenant attaches from now on; how many it has then. The former ones still open.

        Raises `LookupError` where the tenant's keys were changed meanwhile: nothing was done.
        """
        keys = unwrap_key(self._settings.storage_key, tenant) + new_key()
        wrapped = ATTACHMENTS.wrap(self._settings.storage_key, tenant.code, keys)
        if not self._registry.set_storage_key(tenant.code, tenant.storage_key, wrapped):
            raise LookupError(tenant.code)
        return len(keys) // KEY

    # -- looking ------------------------------------------------------------------------------------

    def status(self, progress: Progress = quiet) -> Iterator[Holding]:
        """Every key of the installation, the one in use first, with what is held under it."""
        settings = self._settings
        progress("bus", "dead letters")
        yield from _holdings("bus", split(settings.bus_key), self._dead_letters(), "dead letters")
        yield from _holdings("cookie", split(settings.cookie_key), None, "open pages")
        held = Counter(_wrapped_by(ATTACHMENTS, settings.storage_key, t.code, t.storage_key) for t in self._tenants)
        yield from _holdings("storage", split(settings.storage_key), held, "tenants' attachment keys")
        if not settings.embedded:
            passwords = {str(url.password): lets_in(url) for url in control_urls(settings.control_url)}
            entered = Counter([next((password for password, opens in passwords.items() if opens), "")])
            yield from _holdings("control", list(passwords), entered, "logins")
        for service in parts.SERVICES:
            progress("database", service)
            yield from self._database(service)

    def _dead_letters(self) -> Counter[str] | None:
        if not self._settings.embedded and not self._settings.broker_url:
            return None
        signers = {key: Signer.from_text(key) for key in split(self._settings.bus_key)}
        return Counter(
            next((key for key, signer in signers.items() if _verifies(signer, message)), "")
            for service in parts.SERVICES
            for message in dead_messages(self._settings, service)
        )

    def _database(self, service: str) -> Iterator[Holding]:
        secret = service_secret(self._settings.database_secret, service)
        owned = ((tenantkeys.owner(t.code, service), t.keys[service]) for t in self._tenants if service in t.keys)
        held = Counter(_wrapped_by(tenantkeys.WRAPPING, secret, *each) for each in owned)
        yield from _holdings(f"database {service}", split(secret), held, "tenants' keys")
        if not self._settings.embedded:
            logins = Counter(self._lets_in(tenant, service, secret) for tenant in self._tenants)
            yield from _holdings(f"database {service}", split(secret), logins, "logins")

    def _lets_in(self, tenant: Tenant, service: str, secret: str) -> str:
        directly = self._settings.model_copy(update={"database_pooler": ""})
        urls = service_urls(directly, tenant, service, secret)
        return next((key for key, url in zip(split(secret), urls, strict=True) if lets_in(url)), "")

    @property
    def _tenants(self) -> list[Tenant]:
        return self._registry.all()


def _holdings(kind: str, keys: list[str], held: Counter[str] | None, what: str) -> Iterator[Holding]:
    for key in keys:
        yield Holding(kind, fingerprint(key), key == keys[0], None if held is None else held[key], what)
    if held and held[""]:
        yield Holding(kind, "", False, held[""], what)


def _wrapped_by(wrapping: Wrapping, keys: str, owner: str, wrapped: bytes) -> str:
    try:
        return wrapping.wrapped_by(keys, owner, wrapped)
    except InvalidTag:
        return ""


def _verifies(signer: Signer, message: Message) -> bool:
    try:
        wire.read_event(signer, message)
    except Refused:
        return False
    return True
