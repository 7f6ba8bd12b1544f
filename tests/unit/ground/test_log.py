"""A line of the log says what it is about, whoever's turn it is, and holds no secret, whoever wrote it."""

from __future__ import annotations

import io
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import structlog
from marshmallow import Schema

from services.desk.service import DeskService
from shared import log
from shared.bus import query
from shared.context import Context
from shared.db import Tx
from shared.testing import TENANT, LocalService, context
from tests.unit.ground.greenlets import MANY


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What a process that is set up for it writes to standard error."""
    out = io.StringIO()
    monkeypatch.setattr(sys, "stderr", out)
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    before = root.level
    log.configure("desk")
    yield out
    structlog.reset_defaults()
    root.setLevel(before)
    logging.captureWarnings(False)


def lines(captured: str) -> list[dict[str, Any]]:
    """Every line as what it says; each must be a JSON object."""
    return [orjson.loads(line) for line in captured.splitlines()]


@pytest.mark.parametrize("green", ["eventlet", "gevent"])
def test_greenlets_that_take_turns_do_not_mix_what_they_are_about(green: str) -> None:
    command = [sys.executable, "-W", "ignore", "-m", "tests.unit.ground.greenlets", green]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    *said, ended = lines(done.stderr)
    assert len(said) == 3 * MANY
    assert [one["turn"] for one in said] != sorted(one["turn"] for one in said) or said[1]["number"] != 0
    for one in said:
        number = one["number"]
        about = (one["tenant"], one["request_id"], one["trace_id"], one["service"])
        assert about == (f"t{number}", f"r{number}", f"{number:032x}", "toy")
    assert ended["service"] == "test" and "request_id" not in ended and "tenant" not in ended


class Broken(DeskService):
    @query(Schema)
    def fail(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> None:
        logging.getLogger("a.library").warning("cannot reach %s", "amqp://u:word@host")
        raise ValueError("postgresql://ow_city_desk:word@db/x")


def test_each_line_of_a_request_has_its_ids_and_no_secret(written: io.StringIO) -> None:
    with LocalService(Broken) as service, pytest.raises(Exception, match="Something went wrong"):
        service.call("fail", context(request_id="request-1", traceparent=f"00-{'ab' * 16}-{'cd' * 8}-00"))
    told = lines(written.getvalue())
    assert [one["event"] for one in told] == ["cannot reach amqp://u:…@host", "request_failed"]
    for one in told:
        about = (one["request_id"], one["trace_id"], one["tenant"], one["service"])
        assert about == ("request-1", "ab" * 16, TENANT, "desk")
    assert "ValueError" in told[-1]["exception"] and "word" not in written.getvalue()


def test_a_thread_that_breaks_is_told_of(written: io.StringIO) -> None:
    def broken() -> None:
        raise ValueError("token=word")

    thread = threading.Thread(target=broken, name="sweeper")
    # pytest has a hook of its own in place.
    try:
        broken()
    except ValueError as error:
        log._thread_failed(threading.ExceptHookArgs((ValueError, error, None, thread)))
    (one,) = lines(written.getvalue())
    assert (one["event"], one["thread"]) == ("thread_failed", "sweeper") and "word" not in str(one)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is full")
def test_a_full_disk_takes_the_line_and_not_the_work() -> None:
    code = (
        "from shared import log; log.configure('desk'); told = log.get('part')\n"
        "for number in range(2000): told.warning('something', number=number)\n"
        "print('done')"
    )
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=full, check=False)
    assert done.stdout == b"done\n"
