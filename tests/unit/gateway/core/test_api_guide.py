"""The guide to the API names every type of problem there is, and none that there is not."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator

from gateway.core.errors import _SLUGS
from shared import errors
from tests.unit.promises import source

# Where in a call the slug stands.
PLACES = {
    "Problem": 1,
    "FailedProof": 1,
    "Conflict": 0,
    "Unsettled": 0,
    "Unauthorized": 0,
    "Forbidden": 1,
    "TooMany": 1,
    "Unworkable": 0,
}
# Of a status that no part of ours answers with.
UNUSUAL = {"refused", "request-timeout"}


def documented() -> set[str]:
    """The slugs in the guide's table."""
    rows = re.findall(r"^\| [\d, ]+ \| ([^|]+) \|", source.document("docs/api.md"), re.M)
    return {slug for row in rows for slug in re.findall(r"`([a-z-]+)`", row)}


def made() -> Iterator[str]:
    """The slugs problems are made with, wherever that is."""
    for path in source.modules("shared", "services", "gateway"):
        for node in ast.walk(source.tree(path)):
            if isinstance(node, ast.Call):
                yield from slugs(node)
    yield from _SLUGS.values()


def slugs(call: ast.Call) -> Iterator[str]:
    """The slug a problem is made with; both, where one of two is chosen."""
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    of_a_class = name == "__init__"
    place = 1 if of_a_class else PLACES.get(name)
    if place is None:
        return
    by_name = next((each.value for each in call.keywords if each.arg == "slug"), None)
    if len(call.args) <= place and by_name is None:
        yield from [] if of_a_class else [inspect.signature(getattr(errors, name)).parameters["slug"].default]
        return
    told = by_name or call.args[place]
    for one in (told.body, told.orelse) if isinstance(told, ast.IfExp) else (told,):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value


def test_every_type_of_problem_is_documented_and_every_documented_one_exists() -> None:
    assert documented() == {slug for slug in made() if re.fullmatch("[a-z-]+", slug)} - UNUSUAL
