"""Templates (서식) of a department, and the organisation's settings."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, delete, select, update

from services.memo.domain import escalation
from services.memo.models import Setting, Template
from shared.context import Context
from shared.db import Tx
from shared.errors import Forbidden, NotFound
from shared.work import bodies

ESCALATE = "escalate_after"


def every(tx: Tx, ctx: Context) -> list[dict[str, Any]]:
    """Those of the caller's department by name, as `TemplateView`."""
    mine = select(Template.__table__).where(Template.department_id == ctx.department_id)
    return [_view(row) for row in tx.all(mine.order_by(Template.name))]


def one(tx: Tx, ctx: Context, template: str) -> dict[str, Any]:
    """What a memo begins with that is made from it. Raises `NotFound`."""
    row = _own(tx, ctx, template)
    return {name: getattr(row, name) for name in ("kind", "title", "body")}


def save(tx: Tx, ctx: Context, asked: dict[str, Any]) -> dict[str, Any]:
    """Keeps one of the caller's department, in place of the one of this name; as `TemplateView`."""
    if not ctx.department_id:
        raise Forbidden("no department")
    values = {"kind": asked["kind"], "title": asked["title"], "body": bodies.accepted(asked["body"])}
    values |= {"person": ctx.person_ref, "at": tx.now}
    named = (Template.department_id == ctx.department_id, Template.name == asked["name"])
    template = tx.scalar(select(Template.id).where(*named).with_for_update())
    if template is None:
        template = tx.new_id()
        tx.insert(Template, id=template, department_id=ctx.department_id, name=asked["name"], **values)
    else:
        tx.execute(update(Template).where(Template.id == template).values(**values))
    tx.audit("memo.template.saved", subject=template, after={"name": asked["name"], "title": asked["title"]})
    return {"id": template, "name": asked["name"], **values}


def remove(tx: Tx, ctx: Context, template: str) -> None:
    """Deletes one of the caller's department. Raises `NotFound`."""
    row = _own(tx, ctx, template)
    tx.execute(delete(Template).where(Template.id == template))
    tx.audit("memo.template.deleted", subject=template, before={"name": row.name})


def _own(tx: Tx, ctx: Context, template: str) -> Row[Any]:
    mine = (Template.id == template, Template.department_id == ctx.department_id)
    row = tx.one(select(Template.__table__).where(*mine))
    if row is None:
        raise NotFound("template")
    return row


def _view(row: Row[Any]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("id", "name", "kind", "title", "body", "person", "at")}


# -- settings ---------------------------------------------------------------------------------------


def escalate_after(tx: Tx) -> int:
    """Minutes after which an urgent memo that stays unread goes on, where the memo does not say."""
    found: int | None = tx.scalar(select(Setting.value).where(Setting.name == ESCALATE))
    return escalation.DEFAULT if found is None else found


def save_escalate_after(tx: Tx, minutes: int) -> None:
    """Sets it for memos that are sent from now on."""
    before = escalate_after(tx)
    tx.insert_new(Setting, name=ESCALATE, value=minutes)
    tx.execute(update(Setting).where(Setting.name == ESCALATE).values(value=minutes))
    tx.audit("memo.settings.saved", subject=tx.tenant, before={ESCALATE: before}, after={ESCALATE: minutes})
