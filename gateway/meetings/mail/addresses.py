"""Our address in a letter: each guest is told one of their own, and what comes to it finds its tenant and its guest.

It is `meetings+<tenant>-<proof>@city.example`. The proof is made of the tenant, the meeting's UID and the guest's
address with a key of the gateway: who does not have the letter cannot make it, whatever the sender of a mail says.
"""

from __future__ import annotations

import base64
import hmac
from email.utils import parseaddr
from typing import NamedTuple

from shared import mailbox
from shared.ical.addresses import normal
from shared.keys import split
from shared.settings import Settings

# Of 16 letters of base32: nobody guesses 80 bits by sending mails.
_PROOF = 10
# RFC 5321, 4.5.3.1.1.
_LONGEST = 64


class Told(NamedTuple):
    """What one of our addresses says."""

    tenant: str
    proof: str


class Addresses:
    """Our addresses, made of `settings.meeting_address`. Raises `ValueError` where that is none."""

    def __init__(self, settings: Settings) -> None:
        address = mailbox.encoded(parseaddr(settings.meeting_address)[1])
        self.name, _, self.domain = address.rpartition("@")
        if not self.name or not self.domain:
            raise ValueError("ONEWAY_MEETING_ADDRESS is no address")
        self._keys = split(settings.cookie_key)

    def of(self, tenant: str, uid: str, guest: str) -> str:
        """The address that a guest answers to. Raises `ValueError` where it is longer than addresses may be."""
        local = f"{self.name}+{tenant}-{_proof(self._keys[0], tenant, uid, guest)}"
        if len(local) > _LONGEST:
            raise ValueError("our address is too long")
        return f"{local}@{self.domain}"

    def is_ours(self, address: str) -> bool:
        """Whether an address is ours, one of a guest's or the common one."""
        local, _, domain = normal(address).rpartition("@")
        return domain == self.domain.casefold() and local.partition("+")[0] == self.name.casefold()

    def read(self, address: str) -> Told | None:
        """What one of our addresses says, in any case of its letters; None for one that was told to no guest."""
        tag = normal(address).rpartition("@")[0].partition("+")[2]
        tenant, _, proof = tag.rpartition("-")
        return Told(tenant, proof) if tenant and proof and self.is_ours(address) else None

    def proves(self, told: Told, uid: str, guest: str) -> bool:
        """Whether this address was told to this guest of this meeting."""
        made = (_proof(key, told.tenant, uid, guest) for key in self._keys)
        return any(hmac.compare_digest(each.encode(), told.proof.encode()) for each in made)


def _proof(key: str, tenant: str, uid: str, guest: str) -> str:
    said = "\n".join(("meeting letter", tenant, uid, one_form(guest)))
    made = hmac.digest(key.encode(), said.encode(), "sha256")[:_PROOF]
    return base64.b32encode(made).decode().casefold()


def one_form(address: str) -> str:
    """An address as two of one person are alike: without `mailto:`, without case, its domain in ASCII."""
    plain = normal(address)
    try:
        return mailbox.encoded(plain)
    except ValueError:
        return plain
