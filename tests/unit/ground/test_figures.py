"""Figures of the business count what was committed, once, and never make more series than the registry allows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from marshmallow import fields
from prometheus_client import REGISTRY
from sqlalchemy import URL, create_engine

from services.desk.models import Notice
from services.desk.service import DeskService
from shared import metrics
from shared.bus import Event, command, on_event, query
from shared.context import Context
from shared.contracts.common import Strict
from shared.db import Tx
from shared.errors import Conflict, NotFound, Problem
from shared.metrics import tenant_counter, tenant_histogram
from shared.tenants import Registry, Tenant
from shared.testing import LocalService, context

DONE = tenant_counter("test_done_total", "Things done", manner=("well", "badly"))
TOOK = tenant_histogram("test_took_seconds", "Time of a thing")


class Do(Strict):
    """`do`."""

    well = fields.Boolean(load_default=True)
    fail = fields.Boolean(load_default=False)


class Counting(DeskService):
    """The desk, and what counts."""

    @command(Do)
    def do(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Counts, and fails where it is told to."""
        tx.insert(Notice, **notice(tx.new_id()))
        tx.count(DONE, "well" if data["well"] else "badly")
        tx.observe(TOOK, 90)
        if data["fail"]:
            raise Conflict("no")
        return {}

    @query(Strict)
    def look(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """A query has nothing to count."""
        tx.count(DONE, "well")
        return {}

    @on_event("test.happened")
    def happened(self, tx: Tx, event: Event) -> None:
        """Counts."""
        tx.count(DONE, "well")


def notice(id_: str) -> dict[str, Any]:
    from datetime import UTC, datetime

    values = {"id": id_, "person": id_, "code": "x", "occasion": id_, "subject": id_, "params": {}}
    values |= {"source": "test", "noun": "test"}
    return values | {"at": datetime.now(UTC), "read": False}


def done(manner: str = "well", tenant: str = "city") -> float:
    return REGISTRY.get_sample_value("test_done_total", {"tenant": tenant, "manner": manner}) or 0.0


def took() -> tuple[float, float]:
    labels = {"tenant": "city"}
    values = [REGISTRY.get_sample_value(f"test_took_seconds_{end}", labels) or 0.0 for end in ("count", "sum")]
    return values[0], values[1]


def test_what_is_committed_counts() -> None:
    with LocalService(Counting) as svc:
        before, (count, total) = done(), took()
        svc.call("do", context())
        assert done() - before == 1
        assert took() == (count + 1, total + 90)


def test_what_is_rolled_back_or_refused_counts_nothing() -> None:
    with LocalService(Counting) as svc:
        before = done(), took()
        with pytest.raises(Conflict):
            svc.call("do", context(), {"fail": True})
        with pytest.raises(Problem):
            svc.call("do", context(), {"unknown": 1})
        assert (done(), took()) == before


def test_a_command_repeated_under_its_key_counts_once() -> None:
    with LocalService(Counting) as svc:
        before = done()
        for _ in range(3):
            svc.call("do", context(), key="the same")
        assert done() - before == 1


def test_an_event_delivered_again_counts_once() -> None:
    with LocalService(Counting) as svc:
        before = done()
        first = svc.deliver("test.happened", {})
        svc.deliver("test.happened", {}, id=first.id)
        assert done() - before == 1


def test_a_query_counts_nothing() -> None:
    with LocalService(Counting) as svc:
        before = done()
        with pytest.raises(Problem):
            svc.call("look", context())
        assert done() == before


def test_every_count_of_a_tenant_begins_with_0() -> None:
    with LocalService(Counting) as svc, svc.tx():
        assert REGISTRY.get_sample_value("test_done_total", {"tenant": "city", "manner": "badly"}) is not None


def registry(tmp_path: Path, codes: list[str]) -> Registry:
    found = Registry(create_engine(URL.create("sqlite", database=str(tmp_path / "control.sqlite"))))
    found.create_tables()
    for code in codes:
        found.add(Tenant(code, code, "0000000", "active", "", b"key"))
    return found


def test_only_the_oldest_tenants_have_series_of_their_own_and_keep_them(tmp_path: Path) -> None:
    found = registry(tmp_path, ["zz", "yy", "aa"])
    assert [found.label(code, 2) for code in ("zz", "yy", "aa")] == ["zz", "yy", "other"]
    found.set_state("zz", "disabled")
    found.add(Tenant("ab", "ab", "0000000", "active", "", b"key"))
    assert [found.label(code, 2) for code in ("zz", "yy", "aa", "ab")] == ["zz", "yy", "other", "other"]
    assert found.label("made-up", 1000) == "other"


def test_many_tenants_make_no_more_series_than_are_allowed(tmp_path: Path) -> None:
    found = registry(tmp_path, [f"t{n}" for n in range(40)])
    # What other tests of this process have counted is not meant.
    before = {s.labels["tenant"] for s in next(iter(DONE.collect())).samples}
    others = done(tenant="other")
    for n in range(40):
        metrics.begin(found.label(f"t{n}", 5))
        metrics.series(DONE, found.label(f"t{n}", 5), "well").inc()
    tenants = {s.labels["tenant"] for s in next(iter(DONE.collect())).samples}
    assert tenants - before <= {"t0", "t1", "t2", "t3", "t4", "other"} <= tenants
    assert done(tenant="other") - others == 35


def test_methods_and_types_that_are_made_up_make_one_series() -> None:
    with LocalService(Counting) as svc:
        for n in range(100):
            with pytest.raises(NotFound):
                svc.call(f"made_up_{n}", context())
            svc.deliver(f"made.up_{n}", {})
    methods = {s.labels["method"] for s in next(iter(metrics.RPC.collect())).samples if s.labels["service"] == "desk"}
    types = {s.labels["type"] for s in next(iter(metrics.EVENTS.collect())).samples if s.labels["service"] == "desk"}
    assert not [name for name in methods | types if name.startswith("made")]
    assert "unknown" in methods and "unknown" in types
