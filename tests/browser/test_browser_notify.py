"""Notifications in the browser: what one is told of, this browser's push messages, the end of mails by their link."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from gateway.notify import links
from gateway.notify.links import Named
from shared.settings import Settings
from tests.browser.pages import SettingsPage
from tests.browser.windows import PHONE, Window, Windows
from tests.support.pushserver import Browser, PushServer, push_server
from tests.support.waiting import until

# No push service of the world is reached from here: the browser is told that it has subscribed with ours.
_SUBSCRIBES = """
const subscription = () => ({toJSON: () => (GIVEN), unsubscribe: async () => localStorage.removeItem("given")});
PushManager.prototype.subscribe = async () => (localStorage.setItem("given", "yes"), subscription());
PushManager.prototype.getSubscription = async () => localStorage.getItem("given") ? subscription() : null;
"""
# What the worker does when a message comes and when it is pressed, noted instead of shown by the system.
_COMES = """async told => {
  const done = [];
  self.registration.showNotification = async (title, options) => done.push([title, options.tag, options.data]);
  self.clients.matchAll = async () => [];
  self.clients.openWindow = async url => done.push(url);
  const happens = (type, more) => {
    const event = Object.assign(new Event(type), more);
    const work = [];
    event.waitUntil = promise => work.push(promise);
    self.dispatchEvent(event);
    return Promise.all(work);
  };
  await happens("push", {data: {json: () => told}});
  await happens("notificationclick", {notification: {close: () => {}, data: told.url}});
  return done;
}"""


@pytest.fixture
def pushes() -> Iterator[PushServer]:
    with push_server() as server:
        yield server


def settings_of(windows: Windows, role: str, **options: Any) -> tuple[Window, SettingsPage]:
    window = windows.open(role, **options)
    return window, SettingsPage(window.page).open("notifications")


def subscribing(window: Window, browser: Browser) -> None:
    """The browser takes ours for its push service, and its reader allows notifications."""
    told = browser.subscription
    given = {"endpoint": told["endpoint"], "keys": {"p256dh": told["p256dh"], "auth": told["auth"]}}
    window.context.add_init_script(_SUBSCRIBES.replace("GIVEN", json.dumps(given)))
    window.context.grant_permissions(["notifications"])


@pytest.mark.parametrize("size", [(1440, 900), PHONE], ids=["large", "phone"])
def test_what_one_is_told_of_is_set_by_keyboard_and_stays(windows: Windows, size: tuple[int, int]) -> None:
    _, settings = settings_of(windows, "reviewer", size=size)
    settings.find("#mail-approval").focus()
    settings.page.keyboard.press("End")
    settings.find("[name=quiet]").focus()
    if not settings.find("[name=quiet]").is_checked():
        settings.page.keyboard.press("Space")
    settings.find("#quiet_from").fill("23:30")
    settings.find("#notification-settings .button-primary").focus()
    settings.page.keyboard.press("Enter")
    expect(settings.toast).to_be_visible()
    expect(settings.find("#mail-approval")).to_have_value("never")
    expect(settings.find("[name=quiet]")).to_be_checked()
    expect(settings.find("#quiet_from")).to_have_value("23:30")


def test_a_browser_is_subscribed_tried_out_and_taken_off_again(windows: Windows, pushes: PushServer) -> None:
    browser = pushes.browser()
    window, settings = settings_of(windows, "decider")
    subscribing(window, browser)
    settings.open("notifications")
    settings.find("[data-turns=on]").click()
    expect(settings.find("[data-when=on]")).to_be_visible()
    expect(settings.lines).to_have_count(1)

    settings.lines.locator("form[action$='/test'] button").click()
    expect(settings.toast).to_be_visible()
    until(lambda: browser.messages)
    told = browser.messages[0]
    (worker,) = window.context.service_workers
    here = windows.system.base_url
    assert worker.evaluate(_COMES, told) == [[told["title"], told["tag"], told["url"]], here + told["url"]]
    elsewhere = {**told, "url": "https://elsewhere.example/desk"}
    assert worker.evaluate(_COMES, elsewhere)[-1] == f"{here}/desk"

    settings.find("[data-turns=off]").click()
    expect(settings.find("[data-when=off]")).to_be_visible()
    expect(settings.lines).to_have_count(0)


def test_who_does_not_allow_notifications_is_told_how_to(windows: Windows) -> None:
    window, settings = settings_of(windows, "decider")
    window.context.add_init_script("Object.defineProperty(Notification, 'permission', {value: 'denied'})")
    settings.open("notifications")
    expect(settings.find("[data-when=denied]")).to_be_visible()
    expect(settings.find("[data-turns=on]")).to_be_hidden()


def test_what_the_organisation_sets_nobody_can_switch_off(windows: Windows) -> None:
    admin = windows.open("admin", tenant="sisul").page
    admin.goto("/admin/notifications")
    admin.locator("#mail-returned").select_option("digest")
    admin.locator("#minimum .button-primary").click()
    expect(admin.locator("#toasts .toast")).to_be_visible()
    expect(admin.locator("#mail-returned")).to_have_value("digest")
    _, settings = settings_of(windows, "drafter", tenant="sisul")
    expect(settings.find("#mail-returned option[value=never]")).to_have_count(0)
    expect(settings.find("#least-mail-returned")).to_be_visible()


@pytest.mark.parametrize("locale", ["ko", "en"])
def test_the_link_in_a_mail_asks_and_ends_them(windows: Windows, locale: str) -> None:
    keys = json.loads((windows.system.var / "keys.json").read_bytes())
    base = Settings(cookie_key=keys["cookie_key"], public_url=windows.system.base_url)
    person = windows.cast().id("cooperator")
    page = windows.open(locale=locale).page
    page.goto(links.ending(base, Named(windows.system.tenant, person, "approval")))
    page.locator("#unsubscribe .button-primary").click()
    expect(page.locator("#unsubscribe form")).to_have_count(0)
    kept = windows.cast().api("cooperator").get("/me/notifications")["levels"]
    assert kept["approval"]["mail"] == "never"
