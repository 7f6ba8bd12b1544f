"""An action item becomes a request, by one act: once, however often it is asked."""

from __future__ import annotations

from typing import Any

from gateway.core import backend
from shared.errors import Forbidden, Invalid, NotFound

Doc = dict[str, Any]


def ask(meeting: str, action: str) -> Doc:
    """Asks the request of an action item and tells the meeting which it is, as `MeetingResult`.

    The key of the request is made of meeting and item: where the second step failed, or two press at once, the request
    that is there already is found again. Raises `Forbidden`, `Invalid` where nobody is named,
    `NotFound`, what the services do.
    """
    found = backend.call("meetings", "card", {"id": meeting}, idempotent=False)
    item = next((each for each in found["actions"] if each["id"] == action), None)
    if item is None:
        raise NotFound("action")
    if "ask" not in found["may"]:
        raise Forbidden("neither organiser nor chair nor secretary, or before the meeting")
    if item["person"] is None:
        raise Invalid({"person": "required"})
    request = item["request"] or _request(meeting, item)["id"]
    done: Doc = backend.call("meetings", "action_asked", {"id": meeting, "action": action, "request": request})
    return done


def _request(meeting: str, item: Doc) -> Doc:
    asked = {
        "title": item["title"],
        "assignees": [{"person": item["person"]["id"]}],
        "due": item["due"],
        "sources": [{"noun": "meetings", "subject": meeting}],
    }
    client = backend.backend().client
    key = f"meetings:{meeting}:{item['id']}"
    made: Doc = client.call("requests", "create", backend.context(), asked, idempotency_key=key)
    return made
