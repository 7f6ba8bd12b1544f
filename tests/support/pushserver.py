"""A push service and its browsers: it checks who signed a message (RFC 8292), and they decrypt it (RFC 8291)."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

# A private key for systems of tests, as `ONEWAY_VAPID_KEY`.
VAPID_KEY = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI"


def raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def words(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


@dataclass
class Browser:
    """A browser that has subscribed; `status` is what its push service answers."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = b"0123456789abcdef"
    status: int = 201
    messages: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def subscription(self) -> dict[str, str]:
        """What it tells of itself, as `Subscribe` has it."""
        form = serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        point = self.key.public_key().public_bytes(*form)
        return {"endpoint": self.endpoint, "p256dh": words(point), "auth": words(self.secret)}

    def hears(self, body: bytes) -> None:
        """Decrypts what came."""
        content = http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret, version="aes128gcm")
        self.messages.append(json.loads(content))


class PushServer:
    """The push service. It refuses with 403 what is not signed for it by the key it was told (`public_key`)."""

    def __init__(self) -> None:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(service._take(self.path, {**self.headers}, body))
                self.send_header("Location", "http://127.0.0.1:1/")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        self.public_key = ""
        self._browsers: dict[str, Browser] = {}
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def browser(self) -> Browser:
        """Another browser."""
        path = f"/push/{len(self._browsers)}"
        return self._browsers.setdefault(path, Browser(self.origin + path))

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _take(self, path: str, headers: dict[str, str], body: bytes) -> int:
        browser = self._browsers.get(path)
        if browser is None:
            return 404
        if not self._is_signed(headers.get("Authorization", "")):
            return 403
        browser.headers.append(headers)
        if browser.status < 300:
            browser.hears(body)
        return browser.status

    def _is_signed(self, authorization: str) -> bool:
        scheme, _, rest = authorization.partition(" ")
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        if scheme != "vapid" or (self.public_key and parts["k"] != self.public_key):
            return False
        signed, _, signature = parts["t"].rpartition(".")
        claims = json.loads(raw(signed.split(".")[1]))
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(parts["k"]))
        r, s = raw(signature)[:32], raw(signature)[32:]
        try:
            whole = encode_dss_signature(int.from_bytes(r), int.from_bytes(s))
            key.verify(whole, signed.encode(), ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        contact = claims["sub"].startswith(("mailto:", "https://", "http://127.0.0.1"))
        return contact and claims["aud"] == self.origin and time.time() < claims["exp"] < time.time() + 86_400


@contextlib.contextmanager
def push_server() -> Iterator[PushServer]:
    """A push service that runs meanwhile."""
    server = PushServer()
    try:
        yield server
    finally:
        server.stop()
