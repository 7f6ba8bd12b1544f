"""Tables made from the numbers of a long run, printed and put into docs/sizing.md."""

from __future__ import annotations

from typing import Any

from tests.load.growth import growth
from tests.load.tables import GENERATOR, table


def _cpu(run: dict[str, Any]) -> float:
    """CPU milliseconds for each that was done, the load generator apart."""
    return sum(ms for name, ms in run["cpu_ms"].items() if name != GENERATOR)


def _cores(run: dict[str, Any]) -> float:
    """How many were at work, the load generator apart."""
    return float(sum(cpu for name, cpu in run["cpu_seconds"].items() if name != GENERATOR) / run["seconds"])


def _times(run: dict[str, Any], what: str) -> str:
    found = run["ms"].get(what)
    return " / ".join(f"{ms:.0f}" for ms in found[1:]) if found else "–"


def _act(name: str, run: dict[str, Any], what: str) -> list[str]:
    done = sum(run["done"].values()) / run["seconds"]
    each = _cpu(run)
    carried = f"{1000 / each:.1f}" if each else "–"
    return [name, f"{done:.1f}", f"{each:.0f}", carried, _times(run, what), str(run["failures"]), str(run["repeats"])]


_ACT_HEADS = ("", "done/s", "CPU ms each", "a core carries/s", "p50 / p95 / p99 ms", "failed", "repeated")
_TENANTS_HEADS = (
    *("", "documents/s", "looks/s", "cores", "a decision p50 / p95 / p99 ms", "failed"),
    *("connections", "PostgreSQL MB", "idle: % of a core"),
)
_SHOWN = {
    "sign in": "sign in",
    "decide": "decide",
    "look": "desk page",
    "search": "people search",
    "memo": "send a memo",
    "journal": "save an entry",
    "request": "ask",
}


def _by_process(runs: dict[str, dict[str, Any]]) -> str:
    names = sorted({name for run in runs.values() for name in run["cpu_ms"]})
    rows = [[name, *(f"{run['cpu_ms'].get(name, 0.0):.1f}" for run in runs.values())] for name in names]
    return table(("CPU ms each", *runs), rows)


def _machine(measured: dict[str, Any]) -> str:
    """What it was measured on, and which sections when."""
    where = measured["machine"]
    when: dict[str, list[str]] = {}
    for section, at in measured.get("when", {}).items():
        when.setdefault(f"{at['date']}, load average {at['load']} at the beginning", []).append(section)
    dated = "; ".join(f"{', '.join(sections)}: {at}" for at, sections in when.items())
    return (
        f"{where['cores']} cores of {where['model']}, {where['memory_gib']} GiB, with broker, database and"
        f" load generator on it. {dated}. What failed or did not add up in the last run: {measured['failures']}."
    )


def _share(run: dict[str, Any], cores: int) -> str:
    return f"{_cores(run) / cores * 100:.0f} %"


def _written(runs: dict[str, dict[str, Any]], cores: int) -> str:
    """Each run as a row, then each act by itself: how often, and its times."""
    kinds = list(dict.fromkeys(kind for run in runs.values() for kind in run["done"]))
    rows = []
    for name, run in runs.items():
        done = [f"{run['done'].get(kind, 0) / run['seconds']:.2f}" for kind in kinds]
        rows.append([name, *done, _share(run, cores), str(run["failures"]), str(run["repeats"])])
    heads = ("", *(f"{kind}/s" for kind in kinds), f"of {cores} cores", "failed", "repeated")
    acts = list(dict.fromkeys(act for run in runs.values() for act in run["ms"]))
    times = [[act, *(cell for run in runs.values() for cell in _often(run, act))] for act in acts]
    columns = [cell for name in runs for cell in (f"{name}: times", "p50 / p95 / p99 ms")]
    return f"{table(heads, rows)}\n\n{table(('', *columns), times)}"


def _often(run: dict[str, Any], act: str) -> tuple[str, str]:
    return str(run["ms"][act][0]) if act in run["ms"] else "0", _times(run, act)


def tables(measured: dict[str, Any]) -> dict[str, str]:
    """Each section's tables by its name; those that were not measured are left out."""
    cores = measured["machine"]["cores"]
    found = {"machine": _machine(measured)}
    if run := measured.get("onboarding"):
        rows = [[step, f"{seconds:.2f}"] for step, seconds in run["steps"].items()]
        each = sum(run["steps"].values())
        rows += [
            ["one, together", f"{each:.2f}"],
            [f"all {run['organisations']}, two at once", f"{run['seconds']:.0f}"],
        ]
        found["onboarding"] = table(("step", "seconds"), rows)
    if runs := measured.get("kinds"):
        rows = [_act(name, run, _SHOWN[name]) for name, run in runs.items()]
        if all(run["cpu_ms"] for run in runs.values()):
            found["growth"] = growth(measured)
        found["kinds"] = f"{table(_ACT_HEADS, rows)}\n\n{_by_process(runs)}"
    if run := measured.get("rush"):
        found["rush"] = table(_ACT_HEADS, [_act("rush", run, "sign in")])
    if run := measured.get("streams"):
        each = (run["held_mb"] - run["empty_mb"]) * 1000 / max(1, run["pages"])
        rows = [[str(run["pages"]), f"{each:.0f}", str(run["heard"]), _times(run, "told after a submission")]]
        found["streams"] = table(("pages open", "kB of memory each", "told", "told after p50 / p95 / p99 ms"), rows)
    if run := measured.get("space"):
        rows = [[name, f"{size / 1000:.1f}"] for name, size in run["bytes"].items()]
        memory = [[name, f"{size:.0f}"] for name, size in run["memory_mb"].items()]
        found["space"] = f"{table(('of a document', 'kB'), rows)}\n\n{table(('in memory', 'MB'), memory)}"
    if runs := measured.get("city"):
        rows = [[name, _share(run, cores), _times(run, "decide"), str(run["failures"])] for name, run in runs.items()]
        found["city"] = table(("", f"of {cores} cores", "a decision p50 / p95 / p99 ms", "failed"), rows)
    if runs := measured.get("written"):
        found["written"] = _written(runs, cores)
    if runs := measured.get("replicas"):
        rows = [_act(name, run, "decide") for name, run in runs.items() if not name.endswith("calls")]
        shares = [[name, f"{calls:.0f}"] for name, calls in runs["two calls"].items()]
        found["replicas"] = f"{table(_ACT_HEADS, rows)}\n\n{table(('of two', 'calls answered'), shares)}"
    if runs := measured.get("tenants"):
        rows = []
        for name, run in runs.items():
            idle = sum(run["idle"].values()) * 100
            done = [f"{run['done'].get(what, 0) / run['seconds']:.1f}" for what in ("decide", "look")]
            after = [str(run["backends"]), f"{run['postgresql_mb']:.0f}", f"{idle:.1f}"]
            rows.append([name, *done, f"{_cores(run):.2f}", _times(run, "decide"), str(run["failures"]), *after])
        found["tenants"] = table(_TENANTS_HEADS, rows)
    return found
