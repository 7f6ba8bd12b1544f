"""An application with the gateway's health and nothing else, for gunicorn to run."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Flask

from gateway.core import backend, health, live
from shared import scrape
from shared.bus.client import Client
from shared.bus.local import LocalBroker
from shared.context import Signer
from shared.settings import settings

app = Flask(__name__)
_client = Client(LocalBroker(Path(tempfile.gettempdir())), Signer([b"key"]))
backend.install(app, _client, settings())
health.install(app, _client)
live.install(app)
scrape.keep_fresh()
