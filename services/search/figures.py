"""What the search service counts. Searches are counted for all tenants together, as a query writes nothing."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

from shared.metrics import tenant_histogram

SEARCHES = Counter("oneway_searches_total", "Searches by words: found, nothing", ["outcome"])
for _outcome in ("found", "nothing"):
    SEARCHES.labels(_outcome)
UNREAD = Counter("oneway_search_unread_total", "Texts and questions taken by syllables, as no morphemes were to be had")
WAITING = Gauge("oneway_search_waiting", "Items whose words are not in the index, in the tenants being worked on")
LAG = tenant_histogram(
    "oneway_search_lag_seconds",
    "From an item's being told of to its words in the index",
    buckets=(0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300, 900, 3600),
)
