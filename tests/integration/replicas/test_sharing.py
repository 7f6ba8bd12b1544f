"""Two processes of each service share the work: nothing is lost, nothing done twice, and everything counted right."""

from __future__ import annotations

import requests

from tests.integration.product.cast import Cast
from tests.integration.product.settled import settled
from tests.integration.product.stream import Stream
from tests.support.metrics import total
from tests.support.servers import Servers, messages
from tests.support.system import System
from tests.support.waiting import until

SERVICES = ("documents", "approval", "desk")
RPC, EVENTS = "oneway_rpc_seconds_count", "oneway_events_handled_total"


def work(system: System) -> dict[tuple[str, str], float]:
    """What each process of the services has done so far."""
    health = system.health()
    names = [name for service in SERVICES for name in (service, f"{service}-2")]
    told = {name: requests.get(f"{health[name]}/metrics", timeout=10).text for name in names}
    return {(name, metric): total(text, metric) for name, text in told.items() for metric in (RPC, EVENTS)}


def test_both_of_each_do_their_part_and_everything_is_there_once(pair: System, own_servers: Servers) -> None:
    cast = Cast(pair)
    before = work(pair)
    first = Stream(cast, "앞문").start()
    second = Stream(cast, "옆문", base_url=pair.health()["gateway-2"]).start()
    try:
        for stream in (first, second):
            stream.goes_on(20)
    finally:
        for stream in (first, second):
            stream.stop()
    for stream in (first, second):
        settled(cast, stream)
    after = work(pair)
    idle = [key for key, done in after.items() if done == before[key]]
    assert idle == []
    for role in ("drafter", "reviewer", "decider"):
        todos = [kind for kind, _ in cast.todos(role)]
        assert cast.counts(role)["approval"] == todos.count("approval")
    assert pair.command("audit", "verify").returncode == 0
    # Those of requests, of events, of what is tried again, of dead letters.
    until(lambda: messages(own_servers.rabbitmq) == {})
