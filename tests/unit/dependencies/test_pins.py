"""Where the code leans on what a library does not promise, its version is asked for exactly, not only by the lock."""

from __future__ import annotations

import pytest
from packaging.utils import canonicalize_name

from tests.unit.dependencies.test_locks import ROOT, RUNNING, asked, installed, pinned

# What leans on it, and on what.
LEANS = {
    "amqp": ("shared/bus/frames.py", "connection.transport.write"),
    "sqlalchemy": ("shared/db/pipeline.py", "_compile_w_cache"),
    "psycopg": ("shared/db/pipeline.py", "generators.fetch_many"),
    "gunicorn": ("gateway/worker.py", "timeout_ctx"),
    "gevent": ("gateway/worker.py", "gevent.Timeout"),
}


@pytest.mark.parametrize("name", LEANS)
def test_it_is_asked_for_in_the_version_that_was_tried(name: str) -> None:
    (found,) = [requirement for requirement in asked(RUNNING) if canonicalize_name(requirement.name) == name]
    assert [specifier.operator for specifier in found.specifier] == ["=="]
    assert found.specifier == pinned(RUNNING)[name][0].specifier
    assert found.specifier.contains(installed(RUNNING, name).version)


@pytest.mark.parametrize("name", LEANS)
def test_the_code_still_leans_on_it(name: str) -> None:
    path, on = LEANS[name]
    assert on in (ROOT / path).read_text()
