"""What is wrong with a field, by its code, in sentences that say what to do; what a file's columns are called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_babel import gettext


def install(app: Flask) -> None:
    """Makes the sentences filters of the templates."""
    app.jinja_env.filters.update(problem_name=problem_name, column_name=column_name)


def problem_name(code: Any) -> str:
    """What is wrong with a field, by its code; a whole sentence that says what to do."""
    if isinstance(code, (list, tuple)):
        return " ".join(problem_name(item) for item in code)
    if isinstance(code, dict):
        return " ".join(problem_name(item) for item in code.values())
    for words in _TABLES:
        if found := words().get(str(code)):
            return found
    return gettext("다시 확인해 주세요. (%(code)s)", code=str(code))


def column_name(field: str) -> str:
    """A column of the organisation's files as its header names it; another one stands for itself."""
    names = {
        "code": gettext("부서코드"),
        "parent": gettext("상위부서코드"),
        "order": gettext("순서"),
        "abolished": gettext("폐지"),
        "login": gettext("아이디"),
        "name": gettext("이름"),
        "department": gettext("부서코드"),
        "position": gettext("직위"),
        "rank": gettext("직급"),
        "other_posts": gettext("겸직"),
        "email": gettext("전자우편"),
        "phone": gettext("전화번호"),
        "roles": gettext("역할"),
        "clearance": gettext("보안등급"),
        "active": gettext("재직"),
        "password": gettext("초기비밀번호"),
        "content": gettext("파일"),
    }
    return names.get(field, field)


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
        "not_an_id": gettext("쓸 수 없는 값입니다. 목록에서 다시 골라 주세요."),
        "not_a_choice": gettext("고를 수 없는 값입니다. 목록에서 다시 골라 주세요."),
        "out_of_range": gettext("쓸 수 있는 범위를 벗어났습니다."),
        "unknown": gettext("찾을 수 없는 값입니다."),
        "unknown_field": gettext("없는 항목입니다."),
        "taken": gettext("이미 쓰고 있습니다. 다른 값을 넣어 주세요."),
        "same": gettext("지금과 같습니다. 다른 값을 넣어 주세요."),
        "mismatch": gettext("두 번 입력한 값이 서로 다릅니다."),
        "weak": gettext("추측하기 쉽습니다. 글자·숫자·기호를 섞고 아이디는 넣지 마세요."),
        "bad_character": gettext("쓸 수 없는 글자가 들어 있습니다. 지우고 다시 써 주세요."),
        "bad_number": gettext("숫자로 써 주세요."),
        "bad_flag": gettext("예나 아니오로 써 주세요."),
        "too_many": gettext("더 넣을 수 없습니다. 쓰지 않는 것을 먼저 지워 주세요."),
        "broken_cursor": gettext("목록의 이 자리를 찾을 수 없습니다. 처음부터 다시 봐 주세요."),
    }


def _organisation() -> dict[str, str]:
    """Of people, departments and absences."""
    return {
        "unknown_person": gettext("찾을 수 없는 사람입니다."),
        "inactive_person": gettext("더는 일하지 않는 사람입니다. 다른 사람을 골라 주세요."),
        "unknown_department": gettext("찾을 수 없는 부서입니다."),
        "abolished_department": gettext("폐지된 부서입니다. 다른 부서를 골라 주세요."),
        "department_twice": gettext("같은 부서가 두 번 있습니다. 하나만 남겨 주세요."),
        "unknown_role": gettext("없는 역할입니다."),
        "may_not_grant": gettext("이 역할은 줄 수 없습니다. 플랫폼 운영자에게 요청해 주세요."),
        "last_administrator": gettext("기관의 마지막 관리자입니다. 다른 관리자를 먼저 정해 주세요."),
        "bad_login": gettext("영문 소문자와 숫자로 쓰고, 그 사이에 점·밑줄·붙임표·@만 넣을 수 있습니다."),
        "bad_email": gettext("전자우편 주소를 다시 확인해 주세요."),
        "bad_code": gettext("부서코드는 숫자와 영문 대문자 7자리입니다."),
        "bad_post": gettext("겸직은 ‘부서코드/직위/직급’으로 쓰고, 여럿이면 ;으로 나눕니다."),
        "circle": gettext("아래에 있는 부서를 상위부서로 할 수 없습니다."),
        "too_deep": gettext("단계가 너무 깊습니다. 더 위로 옮겨 주세요."),
        "root_has_no_parent": gettext("기관 전체를 나타내는 부서에는 상위부서를 둘 수 없습니다."),
        "root_is_not_abolished": gettext("기관 전체를 나타내는 부서는 폐지할 수 없습니다."),
        "department_has_people": gettext("아직 사람이 있는 부서입니다. 사람을 먼저 옮겨 주세요."),
        "department_has_departments": gettext("아래에 부서가 있습니다. 그 부서를 먼저 옮기거나 폐지해 주세요."),
        "not_a_date": gettext("날짜와 시각을 다시 확인해 주세요."),
        "not_after_start": gettext("끝나는 때가 시작보다 뒤여야 합니다."),
        "in_the_past": gettext("이미 지난 기간입니다."),
        "overlaps": gettext("다른 부재와 기간이 겹칩니다."),
        "own_deputy": gettext("자기 자신은 대리자가 될 수 없습니다."),
    }


def _files() -> dict[str, str]:
    """Of files: the organisation's, and those attached to documents."""
    return {
        "no_file": gettext("파일을 골라 주세요."),
        "empty": gettext("빈 파일입니다. 다른 파일을 골라 주세요."),
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


def _documents() -> dict[str, str]:
    """Of documents and approval lines."""
    return {
        "unknown_form": gettext("없는 서식입니다. 다시 골라 주세요."),
        "unknown_folder": gettext("찾을 수 없는 기록물철입니다. 다시 골라 주세요."),
        "not_for_open": gettext("공개 문서에는 비공개 조항을 두지 않습니다."),
        "clauses_required": gettext("비공개 조항을 하나 이상 골라 주세요."),
        "no_decider": gettext("결재할 사람이 없습니다. 마지막 사람의 역할을 결재로 바꿔 주세요."),
        "several_deciders": gettext("결재하는 사람은 한 명이어야 합니다."),
        "decider_not_last": gettext("결재하는 사람이 마지막이어야 합니다."),
        "duplicate_person": gettext("같은 사람이 두 번 있습니다. 하나만 남겨 주세요."),
        "parallel_without_cooperate": gettext("동시 협조는 협조 바로 다음의 협조에만 쓸 수 있습니다."),
    }


_TABLES: tuple[Callable[[], dict[str, str]], ...] = (_values, _organisation, _files, _documents)
