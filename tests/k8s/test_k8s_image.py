"""The image: what is in it, and what is not."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.k8s.node import Node

_ROOT = Path(__file__).parents[2]
_VERSION = tomllib.loads((_ROOT / "pyproject.toml").read_text())["project"]["version"]
_IMAGE = f"localhost/oneway:{_VERSION}"
_SOURCES = ("shared", "services", "gateway", "oneway")
# Times of change do not hold in an image: what is compiled must be valid by none (PEP 552: flag 1, not checked).
_FLAGS = """
import os, sys
for place, _, names in os.walk(sys.pycache_prefix):
    for name in names:
        with open(os.path.join(place, name), "rb") as file:
            print(int.from_bytes(file.read(8)[4:], "little"))
"""


def _run(node: Node, program: str, *arguments: str) -> str:
    """What a program of the image answers, run as its user with nothing writable."""
    return node.podman("run", "--rm", "--read-only", "--network", "none", "--entrypoint", program, _IMAGE, *arguments)


def test_it_is_labelled(node: Node) -> None:
    found = json.loads(node.podman("image", "inspect", _IMAGE))[0]
    labels = {name.rsplit(".", 1)[1]: text for name, text in found["Labels"].items() if "opencontainers" in name}
    assert labels.keys() >= {"title", "description", "licenses", "version", "revision", "created", "name"}
    assert labels["version"] == _VERSION and "unknown" not in labels.values()
    assert found["User"] == "10001:10001" and found["Config"]["Entrypoint"] == ["oneway"]


def test_nothing_can_be_installed_or_built_in_it(node: Node) -> None:
    tools = "pip pip3 npm node gcc cc ld make apt apt-get curl wget git"
    found = _run(node, "sh", "-c", f"for name in {tools}; do command -v $name; done; true")
    assert found == ""
    missing = "import importlib.util as u; print([n for n in ('pip', 'ensurepip', 'setuptools') if u.find_spec(n)])"
    assert _run(node, "python", "-c", missing) == "[]"


def test_nothing_in_it_has_rights_of_another(node: Node) -> None:
    outside = "! -path '/proc/*' ! -path '/sys/*'"
    writable = _run(
        node, "sh", "-c", f"find / -xdev \\( -type f -o -type d \\) -perm -o+w {outside} 2>&-; true"
    ).split()
    assert {path for path in writable if not path.startswith("/dev")} <= {"/tmp", "/var/tmp", "/run/lock"}


def test_every_file_of_the_sources_is_in_it(node: Node) -> None:
    listed = subprocess.run(["git", "ls-files", *_SOURCES], cwd=_ROOT, capture_output=True, text=True, check=True)
    sources = (".md", ".ts")
    tracked = {p for p in listed.stdout.splitlines() if not p.startswith("gateway/frontend/") and p[-3:] not in sources}
    found = _run(node, "sh", "-c", f"cd /opt/oneway/app && find {' '.join(_SOURCES)} -type f").splitlines()
    assert tracked - set(found) == set()
    more = {path for path in set(found) - tracked if not path.startswith("gateway/static/built/")}
    assert {Path(path).suffix for path in more} == {".mo"}
    manifest = json.loads(_run(node, "cat", "/opt/oneway/app/gateway/static/built/manifest.json"))
    assert {f"gateway/static/built/{name}" for name in manifest.values()} <= set(found)


def test_what_is_compiled_is_valid_and_used(node: Node) -> None:
    assert set(_run(node, "python", "-c", _FLAGS).split()) == {"1"}
    modules = "(shared.db, sqlalchemy, json)"
    missing = f"[m for m in {modules} if not os.path.exists(m.__cached__)]"
    assert _run(node, "python", "-c", f"import shared.db, sqlalchemy, json, os; print({missing})") == "[]"


def test_its_parts_are_told_beside_it_and_in_it(node: Node) -> None:
    inside = _run(node, "cat", "/opt/oneway/app/share/oneway.cdx.json")
    assert inside.strip() == (_ROOT / "build" / "oneway.cdx.json").read_text().strip()
    parts = json.loads(inside)
    kinds = {purl.split("/")[0] for purl in (part["purl"] for part in parts["components"])}
    assert parts["specVersion"] == "1.6" and kinds == {"pkg:pypi", "pkg:npm", "pkg:deb"}
    told = {(re.sub(r"[-_.]+", "-", part["name"]).lower(), part["version"]) for part in parts["components"]}
    locked = re.findall(r"^([a-z0-9-]+)(?:\[\S+\])?==(\S+)", (_ROOT / "requirements.lock").read_text(), re.M)
    assert locked and set(locked) - told == set()
    installed = _run(node, "dpkg-query", "-W", "-f", "${Package} ${Version}\\n").splitlines()
    assert {tuple(line.split(" ")) for line in installed} <= {(p["name"], p["version"]) for p in parts["components"]}


@pytest.mark.skipif(not os.environ.get("PIP_CERT"), reason="the build was told of no certificate")
def test_nothing_of_the_machine_that_built_it_is_in_it(node: Node) -> None:
    looked = "grep -rlE 'run/secrets/(ca|pip|npm)' /etc /opt/oneway /root /home 2>&-; ls /run/secrets 2>&-; true"
    assert _run(node, "sh", "-c", looked) == ""
    history = node.podman("history", "--no-trunc", "--format", "{{.CreatedBy}}", _IMAGE)
    assert os.environ["PIP_CERT"] not in history
