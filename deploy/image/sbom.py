"""Writes what the image is made of, as one CycloneDX document: Python's packages, npm's and Debian's.

Run in the image's build: `sbom.py <environment> <npm's list> <file to write>`. The same input gives the same bytes:
the document bears no time and no serial number.
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

Document = dict[str, Any]
_ROOT = "root-component"


def python_packages(environment: Path) -> Document:
    """The document of an environment, with the system as its root."""
    tool = [str(Path(sys.executable).with_name("cyclonedx-py")), "environment", "--output-reproducible", "--sv", "1.6"]
    command = [*tool, "--pyproject", "pyproject.toml", "--of", "JSON", "-o", "-", str(environment / "bin" / "python")]
    done = subprocess.run(command, capture_output=True, check=True)  # noqa: S603
    found: Document = json.loads(done.stdout)
    return found


def debian_packages() -> list[Document]:
    """What Debian's package manager holds as installed here. Its packages name no licence that a program could read."""
    form = "${Package}\t${Version}\t${Architecture}\t${source:Package}\n"
    command = ["/usr/bin/dpkg-query", "-W", "-f", form]
    listed = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603
    release = platform.freedesktop_os_release()
    found = []
    for line in listed.stdout.splitlines():
        name, version, architecture, source = line.split("\t")
        qualifiers = {"arch": architecture, "distro": f"{release['ID']}-{release['VERSION_ID']}", "upstream": source}
        purl = PackageURL("deb", release["ID"], name, version, qualifiers).to_string()
        found.append({"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl})
    return found


def whole(python: Document, npm: Document, debian: list[Document]) -> Document:
    """One document of the three; npm's packages are compiled into what the pages load."""
    npm_root = npm["metadata"]["component"]["bom-ref"]
    depends = {entry["ref"]: entry.get("dependsOn", []) for entry in python["dependencies"]}
    for entry in npm["dependencies"]:
        if entry["ref"] == npm_root:
            depends[_ROOT] = [*depends.get(_ROOT, []), *entry["dependsOn"]]
        else:
            depends[entry["ref"]] = entry["dependsOn"]
    components = [*python["components"], *npm["components"], *debian]
    return {
        **python,
        "components": sorted(components, key=lambda c: c["purl"]),
        "dependencies": [{"ref": ref, "dependsOn": sorted(on)} for ref, on in sorted(depends.items())],
    }


def main(environment: str, npm: str, out: str) -> None:
    """Writes the document. Raises `SystemExit` where it does not keep to CycloneDX 1.6."""
    document = whole(python_packages(Path(environment)), json.loads(Path(npm).read_bytes()), debian_packages())
    # The system is the root: its own package is not a part beside it.
    document["components"] = [c for c in document["components"] if c["name"] != "oneway"]
    text = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    if problem := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise SystemExit(f"not CycloneDX 1.6: {problem}")
    path = Path(out)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
