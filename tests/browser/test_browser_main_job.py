"""The main job as a newcomer would do it: from the first sign-in to the registered decision, in both languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.pages import BoxPage, CardPage, ComparePage, DeskPage, SignInPage, VersionsPage, WritePage
from tests.browser.windows import Windows, titled

TENANTS = {"ko": "hanbit", "en": "garam"}


@pytest.mark.parametrize("locale", ["ko", pytest.param("en", marks=pytest.mark.long)])
def test_a_document_is_written_returned_revised_approved_and_registered(windows: Windows, locale: str) -> None:
    system, tenant = windows.system, TENANTS[locale]
    people = {role: person["name"] for role, person in system.demo[tenant]["people"].items()}
    title = titled("청사 안내 체계 개선 계획")
    for role in ("drafter", "reviewer", "decider"):
        windows.speak(role, locale, tenant)

    # Both superiors sit at their desks.
    reviewer = DeskPage(windows.open("reviewer", tenant=tenant, locale=locale).page).open("approval")
    decider = DeskPage(windows.open("decider", tenant=tenant, locale=locale).page).open("approval")
    waiting = {desk: desk.counted() for desk in (reviewer, decider)}
    for desk in waiting:
        desk.mark()

    # The drafter signs in and writes.
    page = windows.open(locale=locale).page
    SignInPage(page).open().enter(system, "drafter", tenant)
    expect(page.locator("html")).to_have_attribute("lang", locale)
    page.locator("#create-menu > summary").click()
    page.locator("#side [data-create=d]").click()
    write = WritePage(page).ready()
    write.title.fill(title)
    write.body.click()
    write.rewrite("1. 관련: 총무과-12")
    write.body.press("Enter")
    write.write("안내판을 ")
    write.press("bold")
    write.write("새로")
    write.press("bold")
    write.write(" 단다.")
    write.attach("계획.txt", "안내판 열 개".encode())
    write.clear_line()
    write.add(people["reviewer"], "review")
    write.add(people["decider"], "decide")
    write.saved()
    expect(write.body.locator("strong")).to_have_text("새로")

    # What will happen is said in words before it does.
    write.preview()
    assert write.problems == [] and len(write.will) >= 2
    expect(write.find("#submit-will")).to_contain_text(people["reviewer"])
    document = write.send()
    drafted = CardPage(page)
    drafted.expect_state("in_approval")
    expect(drafted.step(people["reviewer"])).to_have_attribute("data-state", "active")

    # The reviewer sees it come without reloading, and approves.
    reviewer.expect_count(waiting[reviewer] + 1)
    expect(reviewer.todo(title)).to_be_visible()
    assert reviewer.stayed() and reviewer.page.title().startswith(f"({waiting[reviewer] + 1})")
    reviewer.take(title)
    CardPage(reviewer.page).approve()
    reviewer.expect_count(waiting[reviewer])

    # So does the decider, who sends it back.
    decider.expect_count(waiting[decider] + 1)
    decider.take(title)
    CardPage(decider.page).give_back("안내판 수를 줄여 주십시오.")
    decider.expect_count(waiting[decider])

    # The drafter sees why, revises it and submits again.
    desk = DeskPage(page).open()
    expect(desk.todo(title)).to_be_visible()
    desk.take(title)
    expect(drafted.find("#returned-notice")).to_contain_text("안내판 수를 줄여 주십시오.")
    drafted.find("#revise").click()
    write.ready()
    expect(write.find("#returned-bar")).to_contain_text("안내판 수를 줄여 주십시오.")
    write.title.fill(f"{title} 수정")
    write.body.press("ControlOrMeta+End")
    write.write(" 다섯 개로 줄인다.")
    write.saved()
    assert write.submit() == document

    CardPage(reviewer.page).open(document).approve("검토하였습니다.")
    CardPage(decider.page).open(document).approve()

    # The card has its number, the whole story, and the register has the document.
    drafted.expect_state("approved")
    number = drafted.number.inner_text()
    assert number == windows.cast(tenant).card(document)["number"]
    expect(drafted.step(people["reviewer"])).to_contain_text("검토하였습니다.")
    for step in drafted.steps.all():
        assert step.locator("time").count() >= 1
    assert drafted.acts()[0] == "registered" and drafted.acts()[-1] == "drafted"
    assert drafted.acts().count("submitted") == 2 and "returned" in drafted.acts()
    drafted.find("#earlier-runs > summary").click()
    expect(drafted.find("#earlier-runs")).to_contain_text("안내판 수를 줄여 주십시오.")

    drafted.find("#card-versions").click()
    versions = VersionsPage(page)
    assert versions.rows.count() >= 2
    versions.find("[name=left]").last.check()
    versions.find("#compare").click()
    compared = ComparePage(page)
    expect(compared.changed.filter(has_text="수정").first).to_be_visible()
    expect(compared.body.locator(".redline ins").filter(has_text="다섯 개로 줄인다").first).to_be_visible()

    register = BoxPage(page).open("register")
    expect(register.rows.first).to_contain_text(number)
    expect(register.row(f"{title} 수정")).to_be_visible()
