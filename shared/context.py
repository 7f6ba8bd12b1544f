"""Who a message acts for: carried by every request, RPC and event, and signed with its body."""

from __future__ import annotations

import hashlib
import hmac
import time
from dataclasses import dataclass, field
from typing import Any

import orjson

from shared.errors import Expired, Refused
from shared.keys import split, uses

# An RPC context is made for one request; the tolerance covers a queue that waits and clocks that differ.
RPC_LIFETIME = 60
# The role of the system itself, and of who operates the platform.
OPERATOR = "platform_operator"


@dataclass(frozen=True, slots=True)
class Context:
    """The caller: tenant, person with the names of now, roles, clearance, and the trace of the request."""

    tenant: str
    person: str = ""
    login: str = ""
    name: str = ""
    position: str = ""
    department: str = ""
    department_id: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)
    clearance: int = 0
    locale: str = "ko"
    session: str = ""
    request_id: str = ""
    traceparent: str = ""

    def has(self, role: str) -> bool:
        """Whether the caller has this role."""
        return role in self.roles

    @property
    def person_ref(self) -> dict[str, Any]:
        """The caller as a `PersonRef`, the way it is written on a record."""
        return {
            "id": self.person,
            "name": self.name,
            "position": self.position,
            "department": self.department,
            "department_id": self.department_id,
        }

    def to_wire(self) -> str:
        """The context as a message header."""
        return orjson.dumps(
            [
                self.tenant,
                self.person,
                self.login,
                self.name,
                self.position,
                self.department,
                self.department_id,
                sorted(self.roles),
                self.clearance,
                self.locale,
                self.session,
                self.request_id,
                self.traceparent,
            ]
        ).decode()

    @staticmethod
    def from_wire(text: str) -> Context:
        """The context that `to_wire` described."""
        values = orjson.loads(text)
        values[7] = frozenset(values[7])
        return Context(*values)


def system(tenant: str) -> Context:
    """The context of the system itself in one tenant (onboarding, demo)."""
    return Context(tenant=tenant, name="system", roles=frozenset({OPERATOR}))


class Signer:
    """Signs messages with HMAC-SHA-256 over context, address, time and body.

    The first of `keys` signs, all verify, so that a key can be changed while running (`shared.keys`).
    """

    def __init__(self, keys: list[bytes]) -> None:
        if not keys or not all(keys):
            raise ValueError("a key to sign messages with is needed (ONEWAY_BUS_KEY)")
        self._keys = [(hmac.new(key, digestmod=hashlib.sha256), uses("bus", key)) for key in keys]

    @classmethod
    def from_text(cls, keys: str) -> Signer:
        """From the setting: one key or several, split by commas."""
        try:
            return cls([key.encode() for key in split(keys)])
        except ValueError as error:
            raise ValueError("a key to sign messages with is needed (ONEWAY_BUS_KEY)") from error

    @staticmethod
    def _digest(key: hmac.HMAC, context: str, address: str, stamp: str, body: bytes) -> str:
        mac = key.copy()
        mac.update(f"{context}\n{address}\n{stamp}\n".encode())
        mac.update(body)
        return mac.hexdigest()

    def sign(self, context: str, address: str, body: bytes) -> str:
        """The signature of a message to `address`: its time and its code."""
        stamp = str(int(time.time()))
        return f"{stamp}.{self._digest(self._keys[0][0], context, address, stamp, body)}"

    def verify(self, signature: object, context: str, address: str, body: bytes, lifetime: int | None) -> None:
        """Raises `Refused` unless the signature holds, `Expired` unless it is of `lifetime` seconds around now."""
        if not isinstance(signature, str) or "." not in signature or not signature.isascii():
            raise Refused("no signature")
        stamp, code = signature.split(".", 1)
        for key, used in self._keys:
            if hmac.compare_digest(self._digest(key, context, address, stamp, body), code):
                used.inc()
                break
        else:
            raise Refused("the signature does not hold")
        age = time.time() - int(stamp)
        if lifetime is not None and abs(age) > lifetime:
            raise Expired(f"signed {age:.0f} s ago by the clock of this machine")
