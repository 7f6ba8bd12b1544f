"""One class for one page: what a person does there, and where its parts are."""

from tests.browser.pages.admin import AdminPage
from tests.browser.pages.box import BoxPage
from tests.browser.pages.card import CardPage, ComparePage, VersionsPage
from tests.browser.pages.desk import DeskPage
from tests.browser.pages.settings import SettingsPage
from tests.browser.pages.signin import SignInPage
from tests.browser.pages.write import WritePage

__all__ = [
    "AdminPage",
    "BoxPage",
    "CardPage",
    "ComparePage",
    "DeskPage",
    "SettingsPage",
    "SignInPage",
    "VersionsPage",
    "WritePage",
]
