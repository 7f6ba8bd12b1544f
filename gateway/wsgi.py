"""The gateway of the full mode, as each gunicorn worker makes it for itself: nothing is shared with the master."""

from __future__ import annotations

from gateway.core import background
from gateway.core.app import create_app
from shared import log, scrape, trace
from shared.bus.client import Client
from shared.bus.rabbit import RabbitBroker
from shared.context import Signer
from shared.settings import settings

_settings = settings()
log.configure("gateway", _settings.log_level)
trace.start("gateway")
broker = RabbitBroker(_settings.broker_url, "gateway", _settings.broker_ca)
app = create_app(Client(broker, Signer.from_text(_settings.bus_key), _settings.rpc_timeout), _settings)
# Only now: what listens to the live channel is known to the broker before it connects.
broker.start()
background.start(app)
scrape.keep_fresh()
