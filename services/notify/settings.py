"""What people and the tenant have set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from services.notify import devices
from services.notify.domain.levels import DEFAULTS, DIGEST, NEVER, merged
from services.notify.domain.telling import Wish, wanted
from services.notify.domain.times import DIGEST_HOUR, Hours
from services.notify.models import Bounced, Delivery, Minimum, Preference
from shared.context import Context
from shared.db import Tx
from shared.errors import Stale

_NO_MINIMUM: dict[str, Any] = {"levels": {}, "titles": False, "version": 0}
_NOTHING_SET: dict[str, Any] = {
    "levels": {},
    "quiet_from": None,
    "quiet_until": None,
    "digest_hour": DIGEST_HOUR,
    "version": 0,
}
_PREFERENCES = select(Preference.__table__).where(Preference.person.in_(bindparam("people", expanding=True)))
_HOURS = ("quiet_from", "quiet_until", "digest_hour")
_WAITING = (Delivery.state == "waiting",)


def minimum(tx: Tx) -> dict[str, Any]:
    """What the tenant has set, as `Minimum`."""
    row = tx.one(select(Minimum.levels, Minimum.titles, Minimum.version).where(Minimum.id == 1))
    return dict(row._mapping) if row else dict(_NO_MINIMUM)


def locked_minimum(tx: Tx) -> Row[Any]:
    """The tenant's row, locked: who claims or changes what is claimed by it comes one after the other."""
    statement = select(Minimum.__table__).where(Minimum.id == 1).with_for_update()
    row = tx.one(statement)
    if row is None:
        tx.insert_new(Minimum, id=1, **_NO_MINIMUM)
        row = tx.one(statement)
    assert row
    return row


def save_minimum(tx: Tx, given: Mapping[str, Any]) -> dict[str, Any]:
    """Keeps what nobody can switch off. Raises `Stale` where somebody else has changed it meanwhile."""
    row = locked_minimum(tx)
    _require_version(row.version, given["version"])
    before = {"levels": row.levels, "titles": row.titles}
    after = {"levels": _without_nothing(given["levels"]), "titles": given["titles"]}
    tx.execute(update(Minimum).where(Minimum.id == 1).values(**after, version=row.version + 1))
    if row.titles and not given["titles"]:
        # What waits is not to let out what may not go out any more.
        tx.execute(update(Delivery).where(*_WAITING).values(title="", params={}))
    tx.audit("notify.minimum.saved", subject=tx.tenant, before=before, after=after)
    return {**after, "version": row.version + 1}


def _without_nothing(levels: Mapping[str, Any]) -> dict[str, Any]:
    return {topic: dict(of) for topic, of in levels.items() if of}


def _require_version(present: int, given: int | None) -> None:
    if given is not None and given != present:
        raise Stale(present)


# -- people's own -----------------------------------------------------------------------------------


def wishes(tx: Tx, people: Sequence[str], of_devices: Mapping[str, Sequence[str]]) -> dict[str, Wish]:
    """What these people wish, with their devices."""
    rows: dict[str, Mapping[str, Any]] = {
        row.person: dict(row._mapping) for row in tx.execute(_PREFERENCES, {"people": list(people)}).all()
    }
    return {person: _wish(rows.get(person, _NOTHING_SET), of_devices.get(person, ())) for person in people}


def _wish(kept: Mapping[str, Any], of_devices: Sequence[str] = ()) -> Wish:
    return Wish(kept["levels"], Hours(kept["quiet_from"], kept["quiet_until"], kept["digest_hour"]), of_devices)


def view(tx: Tx, ctx: Context) -> dict[str, Any]:
    """The caller's settings, as `Settings`."""
    row = tx.one(select(Preference.__table__).where(Preference.person == ctx.person))
    kept = dict(row._mapping) if row else dict(_NOTHING_SET)
    kept.pop("person", None)
    bounced = tx.one(select(Bounced.address, Bounced.at, Bounced.reason).where(Bounced.person == ctx.person))
    return {
        **kept,
        "minimum": minimum(tx)["levels"],
        "defaults": DEFAULTS,
        "devices": devices.of_person(tx, ctx.person),
        "bounced": dict(bounced._mapping) if bounced else None,
    }


def save(tx: Tx, ctx: Context, given: Mapping[str, Any]) -> None:
    """Changes what is given of the caller's settings. Raises `Stale`."""
    row = _locked(tx, ctx.person)
    _require_version(row.version, given["version"])
    after = {name: given[name] for name in _HOURS if name in given}
    _change(tx, row, {**after, "levels": merged(row.levels, given["levels"])}, "notify.settings.saved")


def unsubscribe(tx: Tx, person: str, topic: str) -> None:
    """No mail of the topic any more, or no digest; what the tenant has everybody told goes on."""
    row = _locked(tx, person)
    if topic == DIGEST:
        change: dict[str, Any] = {"digest_hour": None}
    else:
        change = {"levels": merged(row.levels, {topic: {"mail": NEVER}})}
    _change(tx, row, change, "notify.unsubscribed")


def _locked(tx: Tx, person: str) -> Row[Any]:
    statement = select(Preference.__table__).where(Preference.person == person).with_for_update()
    row = tx.one(statement)
    if row is None:
        tx.insert_new(Preference, person=person, **_NOTHING_SET)
        row = tx.one(statement)
    assert row
    return row


def _change(tx: Tx, row: Row[Any], change: dict[str, Any], action: str) -> None:
    tx.execute(update(Preference).where(Preference.person == row.person).values(**change, version=row.version + 1))
    tx.audit(action, subject=row.person, before={name: row._mapping[name] for name in change}, after=change)
    _drop_unwanted(tx, row.person, _wish({**row._mapping, **change}))


def _drop_unwanted(tx: Tx, person: str, wish: Wish) -> None:
    """What waits and is not wanted any more is not told."""
    least = minimum(tx)["levels"]
    mine = (Delivery.person == person, *_WAITING)
    rows = tx.all(select(Delivery.topic, Delivery.channel, Delivery.urgent).where(*mine).distinct())
    for row in rows:
        if wanted(wish, least, row.topic, row.channel, urgent=row.urgent) == NEVER:
            of = (Delivery.topic == row.topic, Delivery.channel == row.channel, Delivery.urgent == row.urgent)
            tx.execute(update(Delivery).where(*mine, *of).values(state="dropped"))
