"""What was told by mail: a mail that came twice is one, two mails of one thing are two."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path
from typing import cast

import pytest

from tests.chaos.mailbox import PUBLIC_URL, Mailbox
from tests.support.mailserver import MailServer

MEMO, DOCUMENT = "01a22e2c-2a04-7096-81bf-9bd64c981744", "01a22e2c-2aa8-70e1-becc-fdfd1fe87bb8"


class Server:
    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.url = "smtp://127.0.0.1:1"

    def take(self, id_: str, *paths: str, to: str = "kim@city.example") -> None:
        mail = EmailMessage()
        mail["X-To"], mail["Message-ID"] = to, f"<{id_}@city.example>"
        mail.set_content("\n".join(f"{PUBLIC_URL}{path}" for path in paths))
        mail.add_alternative("<p>…</p>", subtype="html")
        number = len(list(self.directory.glob("*.eml")))
        (self.directory / f"{number}.eml").write_bytes(mail.as_bytes())


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path)


@pytest.fixture
def mailbox(server: Server) -> Mailbox:
    return Mailbox(cast(MailServer, server))


def test_each_thing_is_told_to_each_person_by_its_own_mail(server: Server, mailbox: Mailbox) -> None:
    server.take("a", f"/memos/{MEMO}", f"/documents/{DOCUMENT}")
    server.take("b", f"/memos/{MEMO}", to="lee@city.example")
    found = {key: len(ids) for key, ids in mailbox.told().items()}
    both = {("kim@city.example", MEMO): 1, ("kim@city.example", DOCUMENT): 1}
    assert found == both | {("lee@city.example", MEMO): 1}


def test_one_that_came_twice_is_one_and_another_of_the_same_is_seen(server: Server, mailbox: Mailbox) -> None:
    server.take("a", f"/memos/{MEMO}")
    server.take("a", f"/memos/{MEMO}")
    assert len(mailbox.told()["kim@city.example", MEMO]) == 1
    server.take("b", f"/memos/{MEMO}", "/desk")
    assert len(mailbox.told()["kim@city.example", MEMO]) == 2
