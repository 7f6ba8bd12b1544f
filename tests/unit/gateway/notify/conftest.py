"""A courier between a service of its own and real servers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.mailserver import MailServer, mail_server
from tests.support.pushserver import PushServer, push_server
from tests.unit.gateway.notify.office import Office, office


@pytest.fixture(scope="module")
def mail_process() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def mails(mail_process: MailServer) -> MailServer:
    mail_process.manner()
    mail_process.clear()
    return mail_process


@pytest.fixture
def pushes() -> Iterator[PushServer]:
    with push_server() as server:
        yield server


@pytest.fixture
def at_work(mails: MailServer, pushes: PushServer, tmp_path: Path) -> Iterator[Office]:
    with office(mails, pushes, tmp_path) as found:
        yield found
