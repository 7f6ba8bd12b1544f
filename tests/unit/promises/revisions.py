"""What a revision does that the version before could not live with, or that would hold up everybody."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

# Takes away or renames what running code uses, or reads the whole table under a lock.
_NEVER = {
    *("drop_table", "drop_column", "rename_table", "drop_constraint", "create_unique_constraint"),
    *("create_check_constraint", "create_foreign_key", "create_primary_key", "create_exclude_constraint"),
}
_HARMLESS_CHANGES = {"server_default", "existing_type", "existing_nullable", "existing_server_default", "comment"}
_SQL = re.compile(
    r"\b(DROP|RENAME|TRUNCATE|SET\s+NOT\s+NULL|LOCK\s+TABLE|SET\s+DATA\s+TYPE|\sTYPE\s"
    r"|CREATE\s+(UNIQUE\s+)?INDEX(?!\s+CONCURRENTLY)|ADD\s+CONSTRAINT(?!.*NOT\s+VALID))",
    re.I | re.S,
)


def phase(source: str) -> str:
    """The phase a revision says it belongs to: `expand` unless it says `contract`."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and [getattr(t, "id", "") for t in node.targets] == ["phase"]:
            return str(ast.literal_eval(node.value))
    return "expand"


def breaking(source: str) -> list[str]:
    """The operations of `upgrade` that only a contracting revision may contain, in words."""
    tree = ast.parse(source)
    upgrades = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "upgrade"]
    calls = [call for one in upgrades for call in ast.walk(one) if isinstance(call, ast.Call)]
    made = {_text(call.args[0]) for call in calls if _name(call) == "create_table" and call.args}
    return [reason for call in calls for reason in _reasons(call, made)]


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _given(call: ast.Call) -> dict[str, ast.expr]:
    return {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}


def _is(node: ast.expr | None, value: bool) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


def _reasons(call: ast.Call, made: set[str]) -> Iterator[str]:
    name, given = _name(call), _given(call)
    if name in _NEVER:
        yield name
    elif name == "alter_column":
        harmful = set(given) - _HARMLESS_CHANGES - ({"nullable"} if _is(given.get("nullable"), True) else set())
        if harmful:
            yield f"alter_column({', '.join(sorted(harmful))})"
    elif name == "add_column":
        columns = [node for node in ast.walk(call) if isinstance(node, ast.Call) and _name(node) == "Column"]
        if any(_is(_given(c).get("nullable"), False) and "server_default" not in _given(c) for c in columns):
            yield "add_column(nullable=False) without server_default"
    elif name == "create_index":
        table = _text(call.args[1]) if len(call.args) > 1 else ""
        if table not in made and not _is(given.get("postgresql_concurrently"), True):
            yield "create_index on a table that holds data, not concurrently"
    elif name == "execute":
        texts = [_text(node) for node in ast.walk(call) if _text(node)]
        if not texts:
            yield "execute of what cannot be read here"
        for found in filter(None, (_SQL.search(text) for text in texts)):
            yield f"execute: {' '.join(found[0].split())}"
