"""Mail addresses as every mail server takes them: in ASCII, the domain by IDNA (RFC 5891)."""

from __future__ import annotations

import idna


def encoded(address: str) -> str:
    """The address as it goes over SMTP. Raises `ValueError` for one that could go only by SMTPUTF8, or not at all."""
    local, _, domain = address.rpartition("@")
    if not local.isascii():
        raise ValueError("the part before @ is not ASCII")
    if domain.isascii():
        return address
    return f"{local}@{idna.encode(domain, uts46=True).decode()}"
