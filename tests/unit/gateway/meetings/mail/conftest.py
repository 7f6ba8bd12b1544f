"""A post office on a real mail server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.mailserver import MailServer, mail_server
from tests.unit.gateway.meetings.mail.post import Post, post


@pytest.fixture(scope="module")
def mail_process() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def office(mail_process: MailServer, tmp_path: Path) -> Iterator[Post]:
    mail_process.manner()
    mail_process.clear()
    with post(mail_process, tmp_path) as found:
        yield found
