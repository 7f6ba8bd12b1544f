"""What `make check` tries: the unit tests of what was changed and of what depends on it, and the promises.

Changed is what differs from where the branch left `main`, committed or not. A test depends on a module when it reaches
it by imports, over its conftests too; a module that imports by name at run time depends on all it may find there.
A file that is no module counts for those beside it. Whatever concerns every test runs them all.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import PurePosixPath

import pytest

from tests.unit.promises.source import PARTS, ROOT, imports, modules

UNITS = "tests/unit"
PROMISES = f"{UNITS}/promises"
# Which tests look at a file that no module imports, by the beginning of its path.
_LOOKED_AT = {
    "deploy/": (f"{UNITS}/deploy", f"{UNITS}/observability", f"{UNITS}/image"),
    "requirements": (f"{UNITS}/dependencies",),
    "docs/": (f"{UNITS}/observability",),
}
_EVERY_TEST = re.compile(r"pyproject\.toml|tests/conftest\.py|shared/(?!.*\.py$)")
_AT_RUN_TIME = re.compile(r"import_module|iter_modules|__import__")
# What is found by name at run time: by these the folders of their own kind, by any other all.
_FOUND_BY = {"gateway/": ("gateway/",), "oneway/": ("services/",)}
_FOUND = ("services/", "gateway/", "tests/support/examples/")
# Imports what belongs to the class it is given, and who gives it has imported that.
_GIVEN = "shared/testing.py"
_FEW = 8
_OF_A_SERVICE = re.compile(r"(?:services|tests/unit|tests/support/examples)/(\w+)(?:/|\.py$)")
# The services that the conformance kit is to look at; all where none are named. The processes of the tests inherit it.
CHECKED = "ONEWAY_CHECKED_SERVICES"


def changed() -> list[str]:
    """The paths that differ from `main`, from the root."""
    base = _git("merge-base", "HEAD", "main") or ["HEAD"]
    return sorted({*_git("diff", "--name-only", base[0]), *_git("ls-files", "--others", "--exclude-standard")})


def _git(*arguments: str) -> list[str]:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.splitlines() if done.returncode == 0 else []


@cache
def graph() -> dict[str, set[str]]:
    """The paths of the modules that each module imports, by its path from the root."""
    found = [path for path in modules(*PARTS, "tests") if "node_modules" not in path.parts]
    known = {str(path.relative_to(ROOT)) for path in found}
    edges = {}
    for path in found:
        name = str(path.relative_to(ROOT))
        edges[name] = {target for imported in imports(path) for target in _paths(imported, known)}
        if name != _GIVEN and _AT_RUN_TIME.search(path.read_text()):
            edges[name] |= {other for other in known if other.startswith(_found_by(name))}
    return edges


def _found_by(name: str) -> tuple[str, ...]:
    return next((found for start, found in _FOUND_BY.items() if name.startswith(start)), _FOUND)


def _paths(imported: str, known: set[str]) -> Iterator[str]:
    """The modules that are run where a dotted name is imported: it, and every package above it."""
    names = imported.split(".")
    for count in range(1, len(names) + 1):
        path = "/".join(names[:count])
        yield from known & {f"{path}.py", f"{path}/__init__.py"}


def reached(start: Iterable[str], edges: Mapping[str, set[str]]) -> set[str]:
    """What can be got to from these modules, they among it."""
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += edges.get(path, ())
    return found


def selected(paths: Iterable[str]) -> list[str]:
    """The files and folders of tests that these changed paths ask for."""
    paths = list(paths)
    if any(_EVERY_TEST.match(path) for path in paths):
        return [UNITS]
    edges = graph()
    touched = {path for path in paths if path in edges}
    looking = {
        test for path in paths for start, tests in _LOOKED_AT.items() if path.startswith(start) for test in tests
    }
    folders = {str(PurePosixPath(path).parent) for path in paths if path not in edges}
    tests = [path for path in edges if path.startswith(f"{UNITS}/") and PurePosixPath(path).name.startswith("test_")]
    for test in tests:
        needed = reached([test, *_conftests(test)], edges)
        if needed & touched or any(_is_beside(folder, needed) for folder in folders):
            looking.add(test)
    return sorted({PROMISES, *(test for test in looking if not test.startswith(f"{PROMISES}/"))})


def _conftests(test: str) -> list[str]:
    return [f"{parent}/conftest.py" for parent in PurePosixPath(test).parents]


def _is_beside(folder: str, needed: set[str]) -> bool:
    """Whether a module that is needed lies in the folder of a changed file, or in the nearest above that has any."""
    parts = PurePosixPath(folder).parts
    if len(parts) < 2 or parts[0] not in (*PARTS, "tests"):
        return False
    own = "/".join(parts[:2]) if parts[0] != "tests" else folder
    return any(path.startswith(f"{own}/") for path in needed)


def services_alone(paths: Iterable[str]) -> set[str]:
    """The services that are all that was changed, texts aside; none where anything else was."""
    parts = [_OF_A_SERVICE.match(path) for path in paths if not path.endswith(".md")]
    names = {part[1] if part else "" for part in parts}
    return names if all((ROOT / "services" / name / "service.py").exists() for name in names) else set()


def main() -> int:
    """Runs them; pytest's exit status."""
    paths = changed()
    tests = selected(paths)
    os.environ[CHECKED] = " ".join(sorted(services_alone(paths)))
    print(*tests, sep="\n")
    processes = ["--numprocesses", "2"] if len(tests) > _FEW or tests == [UNITS] else []
    return int(pytest.main([*processes, *tests]))


if __name__ == "__main__":
    sys.exit(main())
