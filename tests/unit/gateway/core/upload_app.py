"""The gateway over a fake bus that takes every attachment, served as the two modes do: see `test_api_bodies.py`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from flask import Flask

from shared.errors import TooLarge
from shared.ids import new_id
from tests.unit.gateway.fake import FakeClient, application

LIMIT = 1024 * 1024
DOCUMENT = "01900000-0000-7000-8000-0000000000f1"


def create() -> Flask:
    """Answers uploads to any document, and new drafts."""

    def begin(_: Any, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["size"] is not None and asked["size"] > LIMIT:
            raise TooLarge(LIMIT)
        place = new_id()
        return {"file": place, "object": f"documents/{place}", "name": asked["name"], "limit": LIMIT}

    def complete(_: Any, told: dict[str, Any]) -> dict[str, Any]:
        return {"id": told["file"], "size": told["size"], "version": 2}

    client = FakeClient()
    client.answers |= {
        ("documents", "begin_file"): begin,
        ("documents", "complete_file"): complete,
        ("documents", "create_draft"): {"id": DOCUMENT, "version": 1},
    }
    return application(client, Path(tempfile.mkdtemp(prefix="oneway-uploads-")), attachment_limit=LIMIT)


app = create()

if __name__ == "__main__":
    import eventlet

    from oneway.embedded import serve

    serve(eventlet.listen(("127.0.0.1", int(sys.argv[1]))), app)
