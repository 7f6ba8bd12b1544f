"""Finding by words, within what the caller may read; the best first, or where nothing is asked, the newest."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CTE, BigInteger, ColumnElement, Select, cast, func, literal, literal_column, select

from services.search.domain import days, excerpt, question
from services.search.domain.question import Question
from services.search.models import AUDIENCE, INDEX, Item, Words
from shared import paging
from shared.audience import readable
from shared.context import Context
from shared.db import Tx
from shared.paging import Order

# Of so many, the newest that match, the best are shown and counted: a word that is everywhere costs no more.
MOST = 2_000
# A word in the title weighs as much as so many in the text.
_TITLE = 8.0
_LINE = ("noun", "subject", "title", "number", "state", "at", "owner", "department")
_SIMPLE: ColumnElement[Any] = literal_column("'simple'::regconfig")
_WEIGHTS: ColumnElement[Any] = literal_column(f"'{{{1 / _TITLE}, 0.2, 0.4, 1.0}}'::real[]")


def line(row: Any) -> dict[str, Any]:
    """An item as `ItemLine`."""
    return {name: getattr(row, name) for name in _LINE}


def find(tx: Tx, ctx: Context, asked: dict[str, Any], put: Question | None) -> dict[str, Any]:
    """One page as `FoundPage`. `put` is what is asked in words, None where only filters are given.

    A page goes on after the score, the time and the id of the last one's end. On SQLite scores shift a little as
    items come and go: between two pages one may then be shown twice, or passed over.
    """
    candidates = _candidates(tx, ctx, asked, put)
    if candidates is None:
        return {"items": [], "facets": [], "next": None}
    order = Order("found", (candidates.c.score, candidates.c.at, candidates.c.subject), descending=True)
    page: Select[Any] = select(Item.__table__, candidates.c.score)
    page = page.join(candidates, candidates.c.subject == Item.subject)
    if asked["kind"]:
        page = page.where(candidates.c.noun == asked["kind"])
    if asked["cursor"]:
        page = page.where(order.after(asked["cursor"]))
    rows = tx.all(page.order_by(*order.clauses()).limit(asked["limit"] + 1))
    shown, following = paging.page(rows, asked["limit"], order.key)
    words = excerpt.needles(asked["q"], put or ())
    return {"items": [_found(row, words) for row in shown], "facets": _facets(tx, candidates), "next": following}


def _found(row: Any, words: list[str]) -> dict[str, Any]:
    piece, marks = excerpt.excerpt(row.text, words)
    return line(row) | {"excerpt": piece, "marks": marks}


def _facets(tx: Tx, candidates: CTE) -> list[dict[str, Any]]:
    many, noun = func.count().label("many"), candidates.c.noun
    rows = tx.all(select(noun, many).group_by(noun).order_by(many.desc(), noun))
    return [{"noun": row.noun, "count": row.many} for row in rows]


def _candidates(tx: Tx, ctx: Context, asked: dict[str, Any], put: Question | None) -> CTE | None:
    """What is found, as a table of `subject`, `at`, `noun` and `score`; None for a question without words."""
    columns = (Item.subject, Item.at, Item.noun)
    conditions = [readable(AUDIENCE, Item.subject, ctx), *_filters(asked)]
    if put is None:
        newest = select(*columns, literal(0, BigInteger).label("score")).where(*conditions)
        return newest.order_by(Item.at.desc(), Item.subject.desc()).limit(MOST).cte("candidates")
    if tx.connection.dialect.name == "postgresql":
        return _of_postgresql(columns, conditions, question.postgresql(put))
    return _of_sqlite(columns, conditions, question.sqlite(put))


def _of_postgresql(columns: tuple[Any, ...], conditions: list[ColumnElement[bool]], asked: str) -> CTE | None:
    if not asked:
        return None
    query = func.to_tsquery(_SIMPLE, asked)
    found = (
        select(*columns, INDEX.c.vector)
        .join(Words, Words.subject == Item.subject)
        .join(INDEX, INDEX.c.place == Words.place)
        .where(INDEX.c.vector.op("@@")(query), *conditions)
        .order_by(Item.at.desc(), Item.subject.desc())
        .limit(MOST)
        .cte("found")
    )
    # 1: divided by the logarithm of the text's length.
    score = cast(func.round(func.ts_rank_cd(_WEIGHTS, found.c.vector, query, 1) * 1_000_000), BigInteger)
    return select(found.c.subject, found.c.at, found.c.noun, score.label("score")).cte("candidates")


def _of_sqlite(columns: tuple[Any, ...], conditions: list[ColumnElement[bool]], asked: str) -> CTE | None:
    if not asked:
        return None
    rank = func.bm25(literal_column("words_index"), _TITLE, 1.0)
    # Better is less; only the index itself can say.
    found = (
        select(INDEX.c.rowid.label("place"), cast(func.round(-rank * 1e9), BigInteger).label("score"))
        .where(literal_column("words_index").op("MATCH")(asked))
        .cte("found")
        .prefix_with("MATERIALIZED")
    )
    return (
        select(*columns, found.c.score)
        .join(Words, Words.subject == Item.subject)
        .join(found, found.c.place == Words.place)
        .where(*conditions)
        .order_by(Item.at.desc(), Item.subject.desc())
        .limit(MOST)
        .cte("candidates")
    )


def _filters(asked: dict[str, Any]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked["from_"]:
        found.append(Item.at >= days.begin(asked["from_"]))
    if asked["to"]:
        found.append(Item.at < days.end(asked["to"]))
    if asked["department"]:
        found.append(Item.department_id == asked["department"])
    return found
