"""Addresses of signs at doors, and their QR codes."""

from __future__ import annotations

import io

import segno
from flask import request
from markupsafe import Markup


def door(code: str) -> str:
    """The address of a room's sign."""
    return f"{request.host_url}door/{code}"


def qr(address: str) -> Markup:
    """The code as SVG, of no size of its own: the page says how large it is."""
    kept = io.BytesIO()
    code = segno.make(address, error="m")
    code.save(kept, kind="svg", xmldecl=False, svgns=True, svgclass="qr", lineclass=None, omitsize=True)
    return Markup(kept.getvalue().decode())  # noqa: S704  # made here, of an address of ours
