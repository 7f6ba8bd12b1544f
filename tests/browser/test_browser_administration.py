"""Administration: departments and people by hand and by file, bad lines named before anything changes."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.pages import AdminPage, SignInPage
from tests.browser.windows import Windows

TENANT = "sisul"
_REFUSED = (r"Failed to load resource: .* (401|403|422)",)


@pytest.fixture
def admin(windows: Windows) -> AdminPage:
    """The administrator's pages."""
    return AdminPage(windows.open("admin", tenant=TENANT, expects=_REFUSED).page).open()


def code() -> str:
    """A department's code that nobody has."""
    return f"T{uuid4().hex[:6].upper()}"


def people_csv(*lines: str) -> str:
    """A file of people."""
    return "\n".join(("아이디,이름,부서코드,직위,초기비밀번호", *lines)) + "\n"


def test_a_department_is_registered_renamed_and_abolished(admin: AdminPage) -> None:
    name, number = f"혁신처 {uuid4().hex[:4]}", code()
    admin.open("departments/new")
    admin.fill(name=name, code="BAD")
    admin.save()
    expect(admin.find("#code-error")).to_be_visible()
    expect(admin.find("#name")).to_have_value(name)
    admin.fill(code=number)
    admin.save()
    row = admin.rows.filter(has_text=number)
    expect(row).to_contain_text(name)
    row.locator("a").click()
    admin.fill(name=f"{name} 새이름")
    admin.save()
    expect(row).to_contain_text(f"{name} 새이름")
    expect(row.locator(".soft")).to_contain_text(name)
    row.locator("a").click()
    admin.find("[name=abolished]").check()
    admin.save()
    expect(row.locator(".badge")).to_be_visible()


def test_a_person_is_registered_signs_in_and_leaves(windows: Windows, admin: AdminPage) -> None:
    login, password = f"person.{uuid4().hex[:8]}", "관리자가 준 비밀번호 1"
    admin.open("people/new")
    admin.fill(name="새직원", login=login, position="대리", password=password)
    admin.find("#department").select_option(index=1)
    admin.find("[name=roles][value=drafter]").check()
    admin.save()
    expect(admin.toast).to_contain_text("새직원")

    def sign_in() -> SignInPage:
        page = SignInPage(windows.open(expects=_REFUSED).page).open()
        page.find("#tenant").select_option(TENANT)
        page.find("#login").fill(login)
        page.find("#password").fill(password)
        page.send()
        return page

    sign_in().page.wait_for_url("**/desk")
    admin.find("[name=active]").uncheck()
    admin.save()
    expect(admin.find("[name=active]")).not_to_be_checked()
    expect(sign_in().find("#answer .notice-danger")).to_be_visible()
    admin.open("people")
    admin.find("#admin-q").fill(login)
    expect(admin.rows).to_have_count(0)
    admin.find("[name=inactive]").check()
    expect(admin.rows.filter(has_text=login)).to_have_count(1)


def test_a_file_with_bad_lines_names_them_and_changes_nothing(windows: Windows, admin: AdminPage) -> None:
    login = f"csv.{uuid4().hex[:8]}"
    admin.open("import")
    lines = (f"{login},한사람,HS01011,대리,처음 비밀번호 12", ",이름뿐,HS01011,대리,", "no.where,없는곳,ZZ99999,대리,")
    admin.check_file("people", people_csv(*lines).encode())
    expect(admin.find("#problems-title")).to_be_visible()
    assert [row.locator("td").first.inner_text() for row in admin.rows.all()] == ["3", "4"]
    expect(admin.rows.nth(1)).to_contain_text("ZZ99999")
    expect(admin.find("[name=apply]")).to_have_count(0)
    assert windows.cast(TENANT).api("admin").get("/people", params={"q": login})["items"] == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp949"])
def test_a_file_is_checked_first_and_imported_on_a_second_press(
    windows: Windows, admin: AdminPage, encoding: str
) -> None:
    login = f"csv.{uuid4().hex[:8]}"
    api = windows.cast(TENANT).api("admin")
    admin.open("import")
    admin.check_file("people", people_csv(f"{login},똠방각하,HS01011,대리,처음 비밀번호 12").encode(encoding))
    expect(admin.find("[name=apply]")).to_be_visible()
    assert api.get("/people", params={"q": login})["items"] == []
    admin.apply()
    expect(admin.find("#content .notice-success")).to_be_visible()
    assert [person["name"] for person in api.get("/people", params={"q": login})["items"]] == ["똠방각하"]


def test_what_is_exported_can_be_imported_again_and_changes_nothing(admin: AdminPage) -> None:
    admin.open("import")
    exported = admin.download("departments")
    assert exported.startswith(b"\xef\xbb\xbf") and "경영본부" in exported.decode("utf-8-sig")
    people = admin.download("people", "cp949").decode("cp949")
    assert "이사장" in people and "비밀번호" not in people
    people = admin.download("people", "cp949").decode("cp949")
    assert "이사장" in people and "비밀번호" not in people
    admin.check_file("departments", exported)
    told = admin.find("#content .notice-info")
    expect(told).to_contain_text("새로 0, 바뀜 0")


def test_who_does_not_administer_is_not_let_in(windows: Windows) -> None:
    page = windows.open("drafter", tenant=TENANT, expects=_REFUSED).page
    answer = page.goto("/admin/people")
    assert answer is not None and answer.status == 403
    expect(page.locator("h1")).to_be_visible()
    page.goto("/desk")
    expect(page.locator("nav.side a[href='/admin']")).to_have_count(0)
