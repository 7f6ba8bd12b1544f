"""The questions of a long run, each answered with numbers: from them come the tables of docs/sizing.md."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.load.ground import Ground
from tests.load.offices import CITY
from tests.load.plan import Arrivals, Result
from tests.support import usage
from tests.support.numbers import percentile

# A city's day: documents, looks and searches; the share of a day that its busiest hour carries.
DOCUMENTS, LOOKS, SEARCHES, PEAK, HOURS = 20_000, 600_000, 50_000, 0.2, 8
PEOPLE, RUSH_SECONDS = 10_000, 600
# What else a city writes in a month of so many working days. Nobody has told of requests: two for each person.
WORKING_DAYS = 21
WRITTEN = {"memo": 33_000 / WORKING_DAYS, "journal": 120_000 / WORKING_DAYS, "request": 20_000 / WORKING_DAYS}
BOTH = "directory=2,documents=2,approval=2,desk=2,gateway=2"


def told(result: Result, scenario: str | None = None) -> dict[str, Any]:
    """A run as numbers: CPU milliseconds by process for each that came to its end, and times in milliseconds."""
    done = result.done.get(scenario, 0) if scenario else 0
    return {
        "seconds": result.seconds,
        "begun": result.begun,
        "done": result.done,
        "cpu_seconds": result.cpu,
        "cpu_ms": {name: cpu * 1000 / done for name, cpu in result.cpu.items()} if done else {},
        "ms": {
            what: [len(values), *(percentile(values, share) * 1000 for share in (0.5, 0.95, 0.99))]
            for what, values in result.times.items()
        },
        "late_ms": percentile(result.late, 0.99) * 1000 if result.late else 0.0,
        "repeats": result.repeats,
        "failures": sum(result.failures.values()),
        "streams": result.streams,
        "heard": result.heard,
    }


def onboarding(ground: Ground, scale: float) -> dict[str, Any]:
    """Seconds for each organisation by step, two at once, and for all of them."""
    took, each = ground.onboard()
    small = [one["steps"] for one in each if one["people"] == 20]
    steps = {name: sum(one.get(name, 0.0) for one in small) / max(1, len(small)) for name in (small or [{}])[0]}
    return {"seconds": took, "organisations": len(each), "steps": steps, "backends": ground.backends()}


def kinds(ground: Ground, scale: float) -> dict[str, Any]:
    """CPU for each kind of act by itself, in one organisation: its connections are open."""
    rates = {"sign in": 5.0, "decide": 3.0, "look": 20.0, "search": 10.0, "memo": 2.0, "journal": 5.0, "request": 2.0}
    return {
        name: told(ground.day(arrivals=[Arrivals(name, rate, of=[CITY])], seconds=25 * scale, warm_up=8 * scale), name)
        for name, rate in rates.items()
    }


def rush(ground: Ground, scale: float) -> dict[str, Any]:
    """The rush of a city's people within ten minutes, at its true rate: twice the average in the middle."""
    arrivals = [Arrivals("sign in", PEOPLE / RUSH_SECONDS, "rush", of=[CITY])]
    return told(ground.day(arrivals=arrivals, seconds=40 * scale), "sign in")


def streams(ground: Ground, scale: float) -> dict[str, Any]:
    """Pages held open: memory of the gateway for each, and what they cost while documents are decided."""
    found: dict[str, Any] = {"empty_mb": usage.memory({"g": ground.system.pids()["gateway"]})["g"]}
    many = max(20, int(3000 * scale))
    run = ground.day(arrivals=[Arrivals("decide", 2.0, of=[CITY])], seconds=30 * scale, warm_up=8 * scale, streams=many)
    found["held_mb"] = usage.memory({"g": ground.system.pids()["gateway"]})["g"]
    return found | {"pages": many} | told(run, "decide")


def space(ground: Ground, scale: float) -> dict[str, Any]:
    """What a document leaves on disk (in one organisation's database, and in the log that is archived), and memory."""
    before = ground.stored(CITY)
    run = ground.day(arrivals=[Arrivals("decide", 4.0, of=[CITY])], seconds=40 * scale)
    took = {
        what: (after - before[what]) / max(1, len(run.told["documents"])) for what, after in ground.stored(CITY).items()
    }
    return {"documents": len(run.told["documents"]), "bytes": took, "memory_mb": usage.memory(ground.processes())}


def city(ground: Ground, scale: float) -> dict[str, Any]:
    """A city's day at the very rate of its average hour and of its busiest one; by one organisation, and by all."""
    found = {}
    for whose, of in (("one organisation", [CITY]), ("all of them", [])):
        for name, share in (("average hour", 1 / HOURS), ("busiest hour", PEAK)):
            day = {"decide": DOCUMENTS, "look": LOOKS, "search": SEARCHES, **WRITTEN}
            arrivals = [Arrivals(what, count * share / 3600, of=of) for what, count in day.items()]
            warm_up = (8 if of else 30) * scale
            found[f"{whose}, {name}"] = told(ground.day(arrivals=arrivals, seconds=60 * scale, warm_up=warm_up))
    return found


def written(ground: Ground, scale: float) -> dict[str, Any]:
    """A city's memos, journals and requests by themselves, at the rate of their busiest hour and at ten times that."""
    found = {}
    for name, times, seconds in (("busiest hour", 1, 180), ("ten times that", 10, 90)):
        arrivals = [Arrivals(what, times * day * PEAK / 3600, of=[CITY]) for what, day in WRITTEN.items()]
        found[name] = told(ground.day(arrivals=arrivals, seconds=seconds * scale, warm_up=20 * scale))
    return found


def replicas(ground: Ground, scale: float) -> dict[str, Any]:
    """One of each part, and two, at the same rates; what each of the two had of the work."""
    found: dict[str, Any] = {}
    for name, settings in (("one", {}), ("two", {"ONEWAY_REPLICAS": BOTH})):
        ground.system.again(**settings)
        for rate in (4.0, 8.0, 12.0):
            run = ground.day(arrivals=[Arrivals("decide", rate, of=[CITY])], seconds=25 * scale, warm_up=8 * scale)
            found[f"{name} of each, {rate:.0f} documents/s"] = told(run, "decide")
        calls = ground.metric("oneway_rpc_seconds_count")
        found[f"{name} calls"] = {
            process: count for process, count in calls.items() if not process.startswith("gateway")
        }
    return found


def tenants(ground: Ground, scale: float) -> dict[str, Any]:
    """All small organisations at work: few connections, one for each, and through PgBouncer."""
    ways: dict[str, Callable[[], dict[str, str]]] = {
        "80 connections": lambda: {"ONEWAY_POOL_CONNECTIONS": "80"},
        "one for each": dict,
        "PgBouncer": ground.through_pooler,
    }
    found = {}
    for name, settings in ways.items():
        ground.system.again(**settings())
        arrivals = [Arrivals("decide", 2.0, of=ground.small), Arrivals("look", 10.0, of=ground.small)]
        run = ground.day(arrivals=arrivals, seconds=25 * scale, warm_up=60 * scale)
        postgres = {"p": ground.processes()["postgresql"]}
        found[name] = told(run, "decide") | {
            "backends": ground.backends(),
            "postgresql_mb": usage.memory(postgres)["p"],
            "idle": {what: cpu / (20 * scale) for what, cpu in ground.idle(20 * scale).items()},
        }
    return found


SECTIONS: dict[str, Callable[[Ground, float], dict[str, Any]]] = {
    "onboarding": onboarding,
    "kinds": kinds,
    "rush": rush,
    "streams": streams,
    "space": space,
    "city": city,
    "written": written,
    "replicas": replicas,
    "tenants": tenants,
}
