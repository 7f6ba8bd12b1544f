"""The organisation and its people in sentences."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext

from gateway.core import format as formats
from gateway.core.format import names


def install(app: Flask) -> None:
    """Makes the sentences filters of the templates."""
    formats.add(app, person_role_name=person_role_name, absence_name=absence_name, clearance_name=clearance_name)
    formats.add(app, session_kind_name=session_kind_name, browser_name=browser_name, column_name=column_name)


person_role_name = names(
    lambda: {
        "drafter": gettext("기안자"),
        "document_officer": gettext("문서담당"),
        "seal_keeper": gettext("관인담당"),
        "records_officer": gettext("기록물관리책임자"),
        "requests_distributor": gettext("업무요청 배부담당"),
        "tenant_admin": gettext("기관 관리자"),
        "auditor": gettext("감사담당"),
        "platform_operator": gettext("플랫폼 운영자"),
    }
)
absence_name = names(
    lambda: {
        "leave": gettext("휴가"),
        "trip": gettext("출장"),
        "training": gettext("교육"),
        "sick": gettext("병가"),
        "other": gettext("기타"),
    }
)
session_kind_name = names(
    lambda: {"browser": gettext("브라우저"), "token": gettext("API 토큰"), "program": gettext("프로그램 토큰")},
)
clearance_name = names(
    lambda: {
        "0": gettext("없음"),
        "1": gettext("Ⅲ급 비밀"),
        "2": gettext("Ⅱ급 비밀"),
        "3": gettext("Ⅰ급 비밀"),
    }
)


_BROWSERS = (
    ("Edg/", "Edge"),
    ("Whale/", "Whale"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"))


def browser_name(agent: str) -> str:
    """`Chrome · Windows`: a browser's own description in two words; an unknown one is shown shortened."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), agent[:40] or gettext("알 수 없는 프로그램"))
    system = next((name for mark, name in (*_SYSTEMS, ("Linux", "Linux")) if mark in agent), "")
    return f"{browser} · {system}" if system else browser


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


def problems() -> dict[str, str]:
    """What is wrong with a field of a person, a department or an absence."""
    return {
        "unknown_person": gettext("찾을 수 없는 사람입니다."),
        "inactive_person": gettext("퇴직·전출자입니다. 다른 직원을 선택해 주세요."),
        "unknown_department": gettext("찾을 수 없는 부서입니다."),
        "abolished_department": gettext("폐지된 부서입니다. 다른 부서를 선택해 주세요."),
        "department_twice": gettext("같은 부서가 두 번 있습니다. 하나만 남겨 주세요."),
        "unknown_role": gettext("없는 역할입니다."),
        "may_not_grant": gettext("이 역할은 줄 수 없습니다. 플랫폼 운영자에게 요청해 주세요."),
        "last_administrator": gettext("기관의 마지막 관리자입니다. 다른 관리자를 먼저 정해 주세요."),
        "bad_login": gettext("영문 소문자와 숫자로 쓰고, 그 사이에 점·밑줄·붙임표·@만 넣을 수 있습니다."),
        "bad_email": gettext("전자우편 주소를 다시 확인해 주세요."),
        "email_not_ascii": gettext("전자우편 주소의 @ 앞에는 영문자와 숫자, 기호만 쓸 수 있습니다."),
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
        "off_anyway": gettext("이미 쉬는 날입니다. 근무하는 날로 바꾸려면 구분을 바꿔 주세요."),
        "working_anyway": gettext("이미 근무하는 날입니다. 쉬는 날로 하려면 구분을 바꿔 주세요."),
        "own_deputy": gettext("자기 자신은 대리자가 될 수 없습니다."),
    }


def refusals() -> dict[str, str]:
    """Why a sign-in or a change of what proves it was refused."""
    return {
        "bad-credentials": gettext("아이디나 비밀번호가 맞지 않습니다."),
        "bad-password": gettext("지금 비밀번호가 맞지 않습니다."),
        "bad-code": gettext("인증 숫자가 맞지 않습니다. 지금 보이는 숫자를 다시 넣어 주세요."),
        "locked": gettext("여러 번 틀려서 잠시 잠겼습니다. 조금 뒤에 다시 하거나 기관 관리자에게 알려 주세요."),
    }
