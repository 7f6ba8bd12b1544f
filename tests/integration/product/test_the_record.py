"""After all that: the record is sound, and nothing lies among the dead letters."""

from __future__ import annotations

from oneway import parts
from tests.integration.product.cast import Cast
from tests.integration.product.database import sql
from tests.support.waiting import until


def test_nothing_is_left_over(cast: Cast) -> None:
    for tenant in cast.system.demo:
        for service in parts.SERVICES:
            until(lambda t=tenant, s=service: sql(cast.system, t, s, "SELECT count(*) FROM outbox") == [(0,)])
    done = cast.system.command("dead-letters", "list")
    assert done.returncode == 0 and not any(tenant in done.stdout for tenant in cast.system.demo), done.stdout


def test_the_record_of_every_service_is_sound_and_a_row_that_was_altered_is_named(cast: Cast) -> None:
    cast.approved("마지막 문서")
    done = cast.system.command("audit", "verify")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("sound") == len(cast.system.demo) * len(parts.SERVICES)
    rows = sql(cast.system, cast.tenant, "documents", "SELECT id, entry FROM audit ORDER BY id LIMIT 2")
    altered, entry = rows[1]
    put = "UPDATE audit SET entry = :entry WHERE id = :id"
    sql(cast.system, cast.tenant, "documents", put, id=altered, entry=entry + " ")
    try:
        done = cast.system.command("audit", "verify", "--tenant", cast.tenant)
        assert done.returncode == 1 and altered in done.stdout, done.stdout
    finally:
        sql(cast.system, cast.tenant, "documents", put, id=altered, entry=entry)
