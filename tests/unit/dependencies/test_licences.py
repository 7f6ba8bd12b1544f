"""Nothing is delivered under a licence that Apache 2.0 cannot live with."""

from __future__ import annotations

import importlib.metadata
import json
import re

import pytest
from packaging.utils import canonicalize_name

from tests.unit.dependencies.test_locks import FRONTEND, RUNNING, pinned

# Permissive ones. Of those that ask for more: MPL-2.0 holds file by file, LGPL-3.0 (psycopg) for a library that is used
# unchanged and can be replaced. GPL and AGPL would bind the whole, others nobody has looked at.
ALLOWED = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "PSF-2.0", "ZPL-2.1"),
    "Zlib",
    *("LGPL-3.0-only", "MPL-2.0"),
}
# What older packages write in words.
WORDS = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache License, Version 2.0": "Apache-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "MPL-2.0 AND MIT": "MPL-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}


def licences(package: str) -> set[str]:
    """The licences a package tells of itself: by an expression (PEP 639), by classifiers, or in words."""
    told = importlib.metadata.metadata(package)
    expression = told.get("License-Expression")
    if expression:
        return identifiers(expression)
    classifiers = [c.rsplit(" :: ", 1)[-1] for c in told.get_all("Classifier", []) if c.startswith("License ::")]
    words = classifiers or [told.get("License", "")]
    return {WORDS.get(word, word) for word in words if word not in ("", "OSI Approved")}


def identifiers(expression: str) -> set[str]:
    """Every licence an expression names; the strictest reading of its ORs."""
    return set(re.findall(r"[A-Za-z0-9][A-Za-z0-9.+-]*", expression)) - {"AND", "OR", "WITH"}


@pytest.mark.parametrize("package", sorted(pinned(RUNNING)))
def test_a_package_is_under_a_licence_we_may_deliver(package: str) -> None:
    requirement, _ = pinned(RUNNING)[canonicalize_name(package)]
    if requirement.marker and not requirement.marker.evaluate():
        pytest.skip("not for this platform")
    assert licences(package), f"{package} tells no licence"
    assert licences(package) <= ALLOWED


def test_the_frontend_is_under_licences_we_may_deliver() -> None:
    packages = json.loads((FRONTEND / "package-lock.json").read_text())["packages"]
    told = {path: identifiers(package.get("license", "")) for path, package in packages.items() if path}
    assert {path: found for path, found in told.items() if not found or not found <= ALLOWED} == {}


@pytest.mark.parametrize("expression", ["GPL-3.0-or-later", "MIT AND AGPL-3.0-only", "SEE LICENSE IN LICENSE"])
def test_another_licence_would_be_noticed(expression: str) -> None:
    assert not identifiers(expression) <= ALLOWED
