"""Puts the toy noun in, for a run of pytest that is told `-p tests.toy.plugin`."""

from __future__ import annotations

from tests.toy.install import install

install()
