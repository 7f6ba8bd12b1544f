"""A service's keys of a tenant: nobody else can unwrap them, and those from before there were such keys stay good."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from cryptography.exceptions import InvalidTag

from shared import tenantkeys
from shared.tenants import Tenant

SECRET = "the documents' secret"
KEYS = tenantkeys.fresh()


def tenant(code: str = "city", **keys: bytes) -> Tenant:
    return Tenant(code, "한빛시", "1234567", "active", "", b"", keys)


def test_what_was_wrapped_is_unwrapped_by_the_same_service_for_the_same_tenant() -> None:
    kept = tenant(documents=tenantkeys.wrap(SECRET, "city", "documents", KEYS))
    assert tenantkeys.of_tenant(SECRET, kept, "documents") == KEYS


@pytest.mark.parametrize(
    ("secret", "code", "service"),
    [("another", "city", "documents"), (SECRET, "other", "documents"), (SECRET, "city", "desk")],
)
def test_nobody_else_s_are_unwrapped(secret: str, code: str, service: str) -> None:
    wrapped = tenantkeys.wrap(SECRET, "city", "documents", KEYS)
    with pytest.raises(InvalidTag):
        tenantkeys.of_tenant(secret, tenant(code, **{service: wrapped}), service)


def test_a_former_secret_unwraps_until_the_keys_are_wrapped_anew() -> None:
    kept = tenant(desk=tenantkeys.wrap(SECRET, "city", "desk", KEYS))
    assert tenantkeys.of_tenant(f"new,{SECRET}", kept, "desk") == KEYS
    again = tenant(desk=tenantkeys.wrap(f"new,{SECRET}", "city", "desk", KEYS))
    assert tenantkeys.of_tenant("new", again, "desk") == KEYS


def test_a_tenant_from_before_keeps_the_keys_it_had() -> None:
    keys = tenantkeys.of_tenant(SECRET, tenant(), "documents")
    assert keys.record == hmac.new(SECRET.encode(), b"audit:city:documents", hashlib.sha256).digest()
    assert len({keys.record, keys.vault, keys.requests}) == 3
    assert tenantkeys.of_tenant(f"new,{SECRET}", tenant(), "documents") == keys


def test_keys_are_put_together_and_taken_apart() -> None:
    assert tenantkeys.ServiceKeys.from_bytes(KEYS.to_bytes()) == KEYS
    with pytest.raises(ValueError, match="not a service's keys"):
        tenantkeys.ServiceKeys.from_bytes(b"short")
