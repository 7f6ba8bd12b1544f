"""Settings: what people do with their own account, each with an account of the test's own."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import pyotp
import pytest
import requests
from playwright.sync_api import expect

from tests.browser.pages import AdminPage, SettingsPage, SignInPage, WritePage
from tests.browser.windows import Windows
from tests.integration.product.cast import Cast
from tests.support.system import Api

TENANT = "sisul"
_REFUSED = (r"Failed to load resource: .* (401|422)",)
_SESSION_ENDED = (r"Failed to load resource: .* 401",)


@dataclass
class Newcomer:
    """Somebody who has just been registered."""

    cast: Cast
    id: str
    login: str
    password: str

    def token(self, password: str = "", code: str = "") -> str:
        """A new session's token."""
        return str(self.try_to_sign_in(password, code).json()["access_token"])

    def try_to_sign_in(self, password: str = "", code: str = "") -> requests.Response:
        """The answer to a sign-in at the API."""
        given = {"tenant": TENANT, "login": self.login, "password": password or self.password}
        return self.cast.system.anonymous().call("POST", "/auth/token", {**given, **({"code": code} if code else {})})

    def sign_in_at(self, page: SignInPage, password: str = "") -> None:
        """Fills the sign-in page in and presses the button."""
        page.find("#tenant").select_option(TENANT)
        page.find("#login").fill(self.login)
        page.find("#password").fill(password or self.password)
        page.send()


@pytest.fixture
def newcomer(windows: Windows) -> Newcomer:
    """A person of the corporation, in the drafter's department."""
    cast = windows.cast(TENANT)
    department = cast.drafter.get("/me")["person"]["department_id"]
    login, password = f"new.{uuid4().hex[:8]}", "처음 받은 비밀번호 42"
    post = {"department": department, "position": "대리"}
    person = {"login": login, "name": "새사람", "posts": [post], "roles": ["drafter"], "password": password}
    return Newcomer(cast, cast.api("admin").post("/people", person, 201)["id"], login, password)


def test_the_language_changes_everywhere_and_stays(windows: Windows, newcomer: Newcomer) -> None:
    window = windows.open(token=newcomer.token())
    settings = SettingsPage(window.page).open()
    settings.choose_language("en")
    settings.open("password")
    expect(settings.find("html")).to_have_attribute("lang", "en")
    settings.speak("ko")
    settings.open()
    settings.speak("en")
    # Away from the page first: it may just be asking for its count.
    window.page.goto("about:blank")
    window.context.clear_cookies()
    signin = SignInPage(window.page).open()
    newcomer.sign_in_at(signin)
    window.page.wait_for_url("**/desk")
    expect(signin.find("html")).to_have_attribute("lang", "en")


def test_a_password_is_changed_and_ends_the_other_sessions(windows: Windows, newcomer: Newcomer) -> None:
    elsewhere = newcomer.token()
    settings = SettingsPage(windows.open(token=newcomer.token(), expects=_REFUSED).page).open("password")
    new = "새로 지은 긴 비밀번호 77"
    settings.change_password("틀린 비밀번호", new)
    expect(settings.refusal).to_be_visible()
    settings.change_password(newcomer.password, new, "다르게 다시 쓴 것 77")
    expect(settings.find("#again-error")).to_be_visible()
    settings.change_password(newcomer.password, new)
    expect(settings.toast).to_be_visible()
    assert newcomer.try_to_sign_in().status_code == 401
    assert newcomer.token(new)
    assert Api(windows.system.base_url, elsewhere).call("GET", "/me").status_code == 401
    settings.open()
    expect(settings.find("#profile-title")).to_be_visible()


def test_a_second_factor_is_set_up_and_asked_for(windows: Windows, newcomer: Newcomer) -> None:
    settings = SettingsPage(windows.open(token=newcomer.token(), expects=_REFUSED).page).open("second-factor")
    secret = pyotp.TOTP(settings.begin_second_factor())
    expect(settings.find("svg.qr")).to_be_visible()
    settings.give_code("000000" if secret.now() != "000000" else "111111")
    expect(settings.refusal).to_be_visible()
    settings.give_code(secret.now())
    expect(settings.find(".badge-success")).to_be_visible()
    assert newcomer.try_to_sign_in().status_code == 401

    signin = SignInPage(windows.open(expects=_REFUSED).page).open()
    newcomer.sign_in_at(signin)
    expect(signin.find("#code")).to_be_visible()
    expect(signin.find("#code")).to_be_focused()
    expect(signin.find("#password")).to_have_value(newcomer.password)
    # A number serves once: the one of the next half minute is taken as well.
    signin.find("#code").fill(secret.at(int(time.time()) + secret.interval))
    signin.send()
    signin.page.wait_for_url("**/desk")


def test_a_lost_second_factor_is_taken_away_by_the_administrator(windows: Windows, newcomer: Newcomer) -> None:
    elsewhere = newcomer.token()
    settings = SettingsPage(windows.open(token=elsewhere, expects=_SESSION_ENDED).page).open("second-factor")
    settings.give_code(pyotp.TOTP(settings.begin_second_factor()).now())
    expect(settings.find(".badge-success")).to_be_visible()
    assert newcomer.try_to_sign_in().status_code == 401

    admin = AdminPage(windows.open("admin", tenant=TENANT).page).open(f"people/{newcomer.id}")
    admin.find("form[action$='/second-factor-removal'] button").click()
    expect(admin.toast).to_be_visible()
    expect(admin.find("form[action$='/second-factor-removal']")).to_have_count(0)
    # Whoever found the device is out; the password alone lets its owner in.
    assert Api(windows.system.base_url, elsewhere).call("GET", "/me").status_code == 401
    signin = SignInPage(windows.open().page).open()
    newcomer.sign_in_at(signin)
    signin.page.wait_for_url("**/desk")


def test_a_programs_token_works_until_it_is_revoked(windows: Windows, newcomer: Newcomer) -> None:
    settings = SettingsPage(windows.open(token=newcomer.token()).page).open("tokens")
    token = settings.make_token("통계 프로그램")
    program = Api(windows.system.base_url, token)
    assert program.get("/me")["person"]["id"] == newcomer.id
    settings.open("tokens")
    expect(settings.find("#made-token")).to_have_count(0)
    settings.confirm(settings.lines.filter(has_text="통계 프로그램"), "revoke-token")
    expect(settings.lines).to_have_count(0)
    assert program.call("GET", "/me").status_code == 401


def test_a_session_elsewhere_is_ended_at_once(windows: Windows, newcomer: Newcomer) -> None:
    other = SignInPage(windows.open(expects=_SESSION_ENDED).page).open()
    newcomer.sign_in_at(other)
    other.page.wait_for_url("**/desk")
    settings = SettingsPage(windows.open(token=newcomer.token()).page).open("sessions")
    expect(settings.lines).to_have_count(2)
    settings.lines.locator("button").first.click()
    expect(settings.lines).to_have_count(1)
    other.page.goto("/boxes/received")
    expect(other.find("#login")).to_be_visible()
    assert "next=/boxes/received" in other.page.url


def test_an_absence_is_entered_seen_by_colleagues_and_cancelled(windows: Windows, newcomer: Newcomer) -> None:
    settings = SettingsPage(windows.open(token=newcomer.token(), expects=_REFUSED).page).open("absences")
    today = datetime.now()
    start, end = today - timedelta(days=1), today + timedelta(days=3)
    settings.find("#starts_at").fill(f"{end:%Y-%m-%dT%H:%M}")
    settings.find("#ends_at").fill(f"{start:%Y-%m-%dT%H:%M}")
    settings.send()
    expect(settings.find("#content .error-text").first).to_be_visible()
    settings.find("#starts_at").fill(f"{start:%Y-%m-%dT%H:%M}")
    settings.find("#ends_at").fill(f"{end:%Y-%m-%dT%H:%M}")
    settings.find("#reason").select_option("trip")
    settings.find("#note").fill("회의")
    settings.send()
    expect(settings.lines).to_have_count(1)

    write = WritePage(windows.open("drafter", tenant=TENANT).page).open()
    write.find("#people-search").fill("새사람")
    expect(write.page.locator(f"#people-results [data-person='{newcomer.id}'] [data-part=absent]")).to_be_visible()

    settings.confirm(settings.lines.first, "cancel-absence")
    expect(settings.lines).to_have_count(0)
