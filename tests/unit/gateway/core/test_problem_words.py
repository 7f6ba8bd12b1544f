"""Sentences about refused fields: each code a service may answer with has one, in the reader's language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from gateway.core import problems
from gateway.core.error_page import form_words
from gateway.directory.words import column_name
from shared.errors import Conflict, Forbidden
from shared.validation import _CODES

ROOT = Path(__file__).parents[4]
FOUND_IN = ("found", "bad")
"""What the services' domains call the problems they gather, by field."""


@pytest.fixture
def words() -> Iterator[None]:
    """An application in Korean."""
    app = Flask(__name__)
    Babel(app)
    with app.app_context(), force_locale("ko"):
        yield


def _constants(node: ast.AST) -> Iterator[str]:
    """The texts that an expression may give: itself, or either side of a condition."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_constants(node.body), *_constants(node.orelse))


def _codes(node: ast.AST) -> Iterator[str]:
    """The codes that a statement or a call refuses a field with."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
        gathered = node.targets[0].value
        if isinstance(gathered, ast.Name) and gathered.id in FOUND_IN:
            yield from _constants(node.value)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        if node.func.id == "Invalid" and node.args and isinstance(node.args[0], ast.Dict):
            for value in node.args[0].values:
                yield from _constants(value)
        elif node.func.id == "Bad" and len(node.args) > 2:
            yield from _constants(node.args[2])


def raised() -> list[str]:
    """Every code in the source of the services and of the common library."""
    files = (*(ROOT / "services").rglob("*.py"), *(ROOT / "shared").rglob("*.py"))
    nodes = (node for file in files for node in ast.walk(ast.parse(file.read_text("utf-8"))))
    return sorted({code for node in nodes for code in _codes(node)} | {code for _, code in _CODES})


def test_codes_are_found_at_all() -> None:
    assert {"taken", "bad_code", "overlaps", "duplicate_line", "inactive_person", "not_base64"} <= set(raised())


@pytest.mark.parametrize("code", raised())
def test_every_code_a_service_refuses_a_field_with_has_a_sentence(code: str, words: None) -> None:
    sentence = problems.problem_name(code)
    assert code not in sentence and sentence.endswith(".")


def test_an_unknown_code_is_told_with_the_code_so_that_it_can_be_asked_about(words: None) -> None:
    assert "never_heard_of" in problems.problem_name("never_heard_of")


def test_several_codes_of_one_field_are_told_together(words: None) -> None:
    assert problems.problem_name(["taken", "bad_code"]).count(".") == 3


def test_a_column_of_a_file_is_called_as_its_header(words: None) -> None:
    assert column_name("login") == "아이디"
    assert column_name("비고") == "비고"


@pytest.mark.parametrize(
    "slug", ["not-your-turn", "already-decided", "process-ended", "other-version", "too-late-to-withdraw"]
)
def test_a_refused_act_is_told_by_its_reason_and_not_as_any_conflict(slug: str, words: None) -> None:
    assert form_words(Conflict(slug)) != form_words(Conflict("something-else"))


def test_what_has_no_words_of_its_own_is_told_by_its_kind(words: None) -> None:
    assert form_words(Forbidden())
