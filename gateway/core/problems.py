"""What is wrong with a field, by its code, in sentences that say what to do."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import gettext

from gateway.core import nouns


def install(app: Flask) -> None:
    """Makes the sentences a filter of the templates."""
    app.jinja_env.filters.update(problem_name=problem_name)


def problem_name(code: Any) -> str:
    """What is wrong with a field, by its code; a whole sentence that says what to do."""
    if isinstance(code, (list, tuple)):
        return " ".join(problem_name(item) for item in code)
    if isinstance(code, dict):
        return " ".join(problem_name(item) for item in code.values())
    for words in (*_TABLES, *(noun.problems for noun in nouns.all_nouns())):
        if found := words().get(str(code)):
            return found
    return gettext("다시 확인해 주세요. (%(code)s)", code=str(code))


def _values() -> dict[str, str]:
    """Of any field."""
    return {
        "required": gettext("입력해 주세요."),
        "too_short": gettext("너무 짧습니다. 더 길게 써 주세요."),
        "too_long": gettext("너무 깁니다. 줄여 주세요."),
        "wrong_length": gettext("길이가 맞지 않습니다. 다시 확인해 주세요."),
        "wrong": gettext("맞지 않습니다. 다시 확인해 주세요."),
        "wrong_type": gettext("값의 모양이 맞지 않습니다. 다시 확인해 주세요."),
        "not_valid": gettext("쓸 수 없는 값입니다. 다시 확인해 주세요."),
        "not_an_id": gettext("사용할 수 없는 값입니다. 목록에서 다시 선택해 주세요."),
        "not_a_choice": gettext("선택할 수 없는 값입니다. 목록에서 다시 선택해 주세요."),
        "out_of_range": gettext("쓸 수 있는 범위를 벗어났습니다."),
        "unknown": gettext("찾을 수 없는 값입니다."),
        "unknown_field": gettext("없는 항목입니다."),
        "not_a_reader": gettext("이것을 볼 수 없는 사람입니다. 볼 수 있는 사람만 부를 수 있습니다."),
        "taken": gettext("이미 쓰고 있습니다. 다른 값을 넣어 주세요."),
        "same": gettext("지금과 같습니다. 다른 값을 넣어 주세요."),
        "mismatch": gettext("두 번 입력한 값이 서로 다릅니다."),
        "weak": gettext("추측하기 쉽습니다. 글자·숫자·기호를 섞고 아이디는 넣지 마세요."),
        "bad_character": gettext("사용할 수 없는 글자가 있습니다. 삭제하고 다시 입력해 주세요."),
        "bad_number": gettext("숫자로 써 주세요."),
        "bad_flag": gettext("예나 아니오로 써 주세요."),
        "too_many": gettext("더 넣을 수 없습니다. 쓰지 않는 것을 먼저 지워 주세요."),
        "broken_cursor": gettext("목록의 이 자리를 찾을 수 없습니다. 처음부터 다시 봐 주세요."),
    }


def _files() -> dict[str, str]:
    """Of files that are sent."""
    return {
        "no_file": gettext("파일을 선택해 주세요."),
        "empty": gettext("빈 파일입니다. 다른 파일을 선택해 주세요."),
        "empty_file": gettext("파일에 내용이 없습니다. 첫 줄에 항목 이름이 있어야 합니다."),
        "not_base64": gettext("파일이 오다가 깨졌습니다. 다시 올려 주세요."),
        "broken_csv": gettext("CSV로 읽을 수 없습니다. 따옴표가 닫혔는지 확인해 주세요."),
        "unknown_encoding": gettext("글자를 읽을 수 없습니다. UTF-8이나 CP949로 저장해 주세요."),
        "character_not_in_encoding": gettext("엑셀용(CP949)으로 쓸 수 없는 글자가 있습니다. UTF-8로 받아 주세요."),
        "missing_column": gettext("꼭 있어야 하는 칸이 없습니다."),
        "unknown_column": gettext("모르는 칸입니다. 이름을 고치거나 지워 주세요."),
        "duplicate_column": gettext("같은 칸이 두 번 있습니다. 하나만 남겨 주세요."),
        "duplicate_line": gettext("같은 값이 앞줄에도 있습니다. 한 줄만 남겨 주세요."),
        "too_many_cells": gettext("이 줄에 칸이 더 많습니다. 쉼표나 따옴표를 확인해 주세요."),
        "too_many_lines": gettext("줄이 너무 많습니다. 파일을 나누어 올려 주세요."),
        "type_not_allowed": gettext("붙일 수 없는 종류의 파일입니다."),
        "no_room": gettext("붙임을 모두 더하면 허용된 크기를 넘습니다."),
        "executable": gettext("실행되는 파일은 붙일 수 없습니다."),
        "active_content": gettext("스크립트가 든 파일은 붙일 수 없습니다."),
        "content_contradicts_name": gettext("파일 이름과 내용의 종류가 다릅니다. 원래 파일인지 확인해 주세요."),
    }


_TABLES = (_values, _files)
