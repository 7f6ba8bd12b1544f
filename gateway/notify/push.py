"""Web push: messages encrypted for one browser (RFC 8291), by the push service it has named (RFC 8030, RFC 8292)."""

from __future__ import annotations

import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from email.utils import parseaddr
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

import http_ece
import orjson
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

from gateway.notify import letters
from gateway.notify.carriers import Doc, Outcome, Route, reason, unworded
from shared.settings import Settings

# Seconds: until a connection is there, and for each piece of an answer.
PATIENCE = (5.0, 15.0)
# Seconds that a push service keeps a message for a browser that is not there; and a signature's life.
_KEPT = 24 * 3600
_SIGNED_FOR = 3600
_GONE = (404, 410)
_TAKEN = (200, 201, 202, 204)


class Push:
    """The carrier of push messages, signed by `settings.vapid_key`. Raises `ValueError` for what is no such key."""

    channel = "push"

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._vapid = Vapid02.from_string(settings.vapid_key)

    @property
    def public_key(self) -> str:
        """What browsers subscribe with."""
        form = serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        return urlsafe_b64encode(self._vapid.public_key.public_bytes(*form)).decode().rstrip("=")

    def carry(self, route: Route, messages: Sequence[Doc]) -> Iterator[tuple[Doc, Outcome]]:
        """See `Carrier`. Each browser has a push service of its own: one that is away holds up no other's message."""
        for message in messages:
            yield message, self._carry(route, message)

    def rests(self) -> float:
        """Never: there is no one server."""
        return 0.0

    def _carry(self, route: Route, message: Doc) -> Outcome:
        device = message["device"]
        person = route.addresses.get(message["person"])
        if person is None or not person["active"]:
            return "nobody", "left"
        if device is None:
            return "nobody", "no device"
        if not may_reach(self._settings, device["endpoint"]):
            return "gone", "not a push service that is allowed"
        try:
            told = letters.push(route.app, route.settings, route.tenant, message, person["locale"])
        except Exception as error:
            return unworded(message, error)
        try:
            body = encrypted(orjson.dumps(told), device)
        except ValueError as error:
            return "gone", reason(error)
        urgent = any(thing["urgent"] for thing in message["things"])
        return self._post(device["endpoint"], body, "high" if urgent else "normal", told["tag"])

    def _post(self, endpoint: str, body: bytes, urgency: str, tag: str) -> Outcome:
        url = urlsplit(endpoint)
        claims = {"aud": f"{url.scheme}://{url.netloc}", "exp": int(time.time()) + _SIGNED_FOR, "sub": self._contact()}
        headers = {"TTL": str(_KEPT), "Urgency": urgency, "Topic": tag, "Content-Encoding": "aes128gcm"}
        headers |= {"Content-Type": "application/octet-stream", **self._vapid.sign(claims)}
        try:
            with requests.post(
                endpoint, body, headers=headers, timeout=PATIENCE, allow_redirects=False, stream=True
            ) as answer:
                return _outcome(answer.status_code)
        except requests.RequestException as error:
            return "again", type(error).__name__

    def _contact(self) -> str:
        """Whom a push service may ask: an address, or a page by https."""
        address = parseaddr(self._settings.mail_from)[1]
        if not address and self._settings.public_url.startswith("https://"):
            return self._settings.public_url
        return f"mailto:{address or f'postmaster@{urlsplit(self._settings.public_url).hostname}'}"


def _outcome(status: int) -> Outcome:
    if status in _TAKEN:
        return "sent", ""
    if status in _GONE:
        return "gone", str(status)
    return "again" if status == 429 or status >= 500 else "refused", str(status)


def encrypted(content: bytes, device: Doc) -> bytes:
    """The content for one browser. Raises `ValueError` where its keys are none."""
    sender = ec.generate_private_key(ec.SECP256R1())
    try:
        sealed = http_ece.encrypt(
            content,
            private_key=sender,
            dh=_raw(device["p256dh"]),
            auth_secret=_raw(device["auth"]),
            version="aes128gcm",
        )
    except http_ece.ECEException as error:
        raise ValueError(str(error)) from error
    return bytes(sealed)


def _raw(text: str) -> bytes:
    return urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))


def may_reach(settings: Settings, endpoint: str) -> bool:
    """Whether an endpoint that a browser named is on a push service of the setting, and nothing else hides in it."""
    try:
        url = urlsplit(endpoint)
        host, port = url.hostname or "", url.port
    except ValueError:
        return False
    if not host or "@" in url.netloc or not endpoint.isascii():
        return False
    usual = url.scheme == "https" and port in (None, 443)
    for pattern in filter(None, (part.strip() for part in settings.push_hosts.split(","))):
        if "://" in pattern:
            if fnmatchcase(f"{url.scheme}://{url.netloc}", pattern):
                return True
        elif usual and fnmatchcase(host, pattern):
            return True
    return False
