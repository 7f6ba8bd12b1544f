"""What may come into the container image: a list of what is let in, not of what is kept out."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[3]
_SOURCES = {"shared", "services", "gateway", "oneway"}
_IGNORE = [
    line for line in (_ROOT / ".dockerignore").read_text().splitlines() if line.strip() and not line.startswith("#")
]
_LET_IN = {line[1:] for line in _IGNORE if line.startswith("!")}
_DOCKERFILE = (_ROOT / "Dockerfile").read_text().replace("\\\n", " ")


def _copied() -> set[str]:
    """What the image's build takes from here."""
    lines = [line.split()[1:] for line in _DOCKERFILE.splitlines() if line.startswith("COPY ")]
    return {source for words in lines if not words[0].startswith("--from=") for source in words[:-1]}


def test_everything_is_kept_out_that_is_not_let_in() -> None:
    assert _IGNORE[0] == "*"
    assert all((_ROOT / path).exists() for path in _LET_IN)
    assert {path for path in _LET_IN if (_ROOT / path).is_dir()} == _SOURCES


def test_what_is_let_in_is_what_is_copied() -> None:
    copied = _copied()
    assert copied >= _LET_IN
    assert {path for path in copied if path.split("/")[0] not in _SOURCES} <= _LET_IN


@pytest.mark.parametrize("path", ["node_modules", "__pycache__", "*.mo", "*.egg-info", ".env*", "var"])
def test_what_work_leaves_in_the_sources_is_kept_out(path: str) -> None:
    # The last pattern that matches decides: these come after what is let in.
    assert _IGNORE.index(f"**/{path}") > max(_IGNORE.index(f"!{let_in}") for let_in in _LET_IN)


def test_no_tracked_file_of_the_sources_looks_like_a_secret() -> None:
    listed = subprocess.run(["git", "ls-files", *_SOURCES], cwd=_ROOT, capture_output=True, text=True, check=True)
    suspects = re.compile(r"(\.(pem|key|p12|pfx|env|sqlite|db)|keys\.json|password|demo\.json)$")
    assert [path for path in listed.stdout.splitlines() if suspects.search(path)] == []


def test_every_package_is_installed_by_its_hash_and_none_is_built_but_what_comes_as_source_alone() -> None:
    for name in ("requirements.lock", "deploy/image/requirements.lock"):
        entries = re.findall(r"^\S+==.*(?:\n .*)*", (_ROOT / name).read_text(), re.M)
        assert entries
        assert all("--hash=sha256:" in entry for entry in entries)
    installs = re.findall(r"pip (?:--python \S+ )?install [^&\n]*", _DOCKERFILE)
    assert len(installs) == 4
    assert all(("--only-binary :all: -r" in i and "--require-hashes" in i) or "--no-index" in i for i in installs)
    ours, others = (re.findall(rf"pip wheel [^&\n]*{end}(?= )", _DOCKERFILE) for end in (r" \.", r" -r source\.lock"))
    assert (len(ours), len(others), _DOCKERFILE.count("pip wheel")) == (1, 1, 2)
    assert "--require-hashes" in others[0] and "--no-build-isolation" in others[0]
    assert re.findall(r"sed -n '/\^([\w-]+)==/.*' requirements\.lock >source\.lock", _DOCKERFILE) == ["kiwipiepy-model"]
    # pip would compile with times of change, which do not hold in the image.
    assert all("--no-compile" in i for i in installs if "--python" in i)


def test_the_image_s_user_is_a_number_that_is_not_root() -> None:
    # Kubernetes cannot tell from a name that it is not root.
    assert re.findall(r"^USER (.*)$", _DOCKERFILE, re.M) == ["10001:10001"]
