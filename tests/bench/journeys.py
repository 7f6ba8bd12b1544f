"""The journey with one client and with sixteen: rate, times, CPU and memory of each process; its floor beside it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table

from tests.bench import floor
from tests.bench.journey import Journey, Times, journey, run
from tests.bench.processes import Usage, alone, usage
from tests.bench.report import Report, milliseconds, ratio
from tests.bench.stage import Stage, System
from tests.bench.work import Work, count

CLIENTS = (1, 16)
_WARM_UP = 2.0
_LOAD = "load generator"


def measure(stage: Stage, seconds: float) -> Report:
    """Three tables for each number of clients, and at the end the rates beside their floors."""
    return beside_floor(stage, seconds, journey, "journey")


def beside_floor(stage: Stage, seconds: float, go: Journey, noun: str) -> Report:
    """The same of other journeys; `noun` is what one is called."""
    report = Report()
    summary = Table("clients", f"{noun}s/s", f"floor {noun}s/s", f"floor / {noun}", title=f"the {noun} and its floor")
    made = Table("clients", *vars(Work(*[0] * 7)), title=f"what one {noun} does")
    system = stage.system
    for clients in CLIENTS:
        times, rate, work = _journeys(system, clients, seconds, report, go, noun)
        report.failures += times.failures
        bottom = floor.run(stage.postgres.url, stage.rabbitmq.port, work, clients, seconds)
        made.add_row(str(clients), *(f"{value:.1f}" for value in vars(work).values()))
        summary.add_row(str(clients), f"{rate:.1f}", f"{bottom:.1f}", ratio(bottom, rate))
    report.tables += [made, summary]
    return report


def _journeys(
    system: System, clients: int, seconds: float, report: Report, go: Journey, noun: str
) -> tuple[Times, float, Work]:
    casts = system.casts(clients)
    run(casts, min(_WARM_UP, seconds), go)
    processes = system.processes()
    work, before = count(system), usage(processes) | {_LOAD: alone()}
    times, took = run(casts, seconds, go)
    after = usage(processes) | {_LOAD: alone()}
    rate = len(times.journeys) / took
    report.tables.append(_times(clients, times, rate, noun))
    report.tables.append(_usage(before, after, len(times.journeys), took, noun))
    for cast in casts:
        cast.close()
    return times, rate, count(system).since(work, len(times.journeys))


def _times(clients: int, times: Times, rate: float, noun: str) -> Table:
    failed = f", {len(times.failures)} failed" if times.failures else ""
    table = Table("call", "n", "p50 ms", "p95 ms", "p99 ms", title=f"{clients} client(s): {rate:.1f} {noun}s/s{failed}")
    for what, values in [(noun, times.journeys), *times.calls.items()]:
        table.add_row(what, str(len(values)), *milliseconds(values, 0.5, 0.95, 0.99))
    return table


def _usage(before: dict[str, Usage], after: dict[str, Usage], journeys: int, took: float, noun: str) -> Table:
    table = Table("process", "CPU s", f"CPU ms / {noun}", "% of a core", "memory MB", "largest MB")
    for row in _usage_rows(before, after, journeys, took):
        table.add_row(*row)
    return table


def _usage_rows(
    before: dict[str, Usage], after: dict[str, Usage], journeys: int, took: float
) -> Iterator[tuple[str, ...]]:
    total = 0.0
    for name, now in after.items():
        used = now.cpu - before[name].cpu
        total += used
        yield name, *_shares(used, journeys, took), f"{now.memory:.0f}", f"{now.largest:.0f}"
    yield "together", *_shares(total, journeys, took), "", ""


def _shares(used: float, journeys: int, took: float) -> tuple[str, str, str]:
    return f"{used:.2f}", f"{used * 1000 / max(1, journeys):.2f}", f"{used / took * 100:.0f}"
