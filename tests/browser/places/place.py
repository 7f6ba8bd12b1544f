"""A page to look at, as every noun's places have it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

EMPTY = "nuri"
"""A tenant in which nobody has drafted anything."""


TYPED = ("통계 프로그램", "없는과", "부서코드", "김", "1. 가. 1) 가)")
"""What is typed at the places, what a file calls its columns, and how items are numbered in every language."""


@dataclass(frozen=True)
class Place:
    """A page to look at. `rule` is its route's; `path` names things of the stock in braces."""

    rule: str
    path: str
    role: str = "drafter"
    tenant: str = ""
    act: Callable[[Page], None] | None = None
    status: int = 200

    @property
    def name(self) -> str:
        """What the place is called in reports."""
        does = f" {self.act.__name__}" if self.act else ""
        return f"{self.path} of {self.tenant or 'the city'}'s {self.role or 'nobody'}{does}"


def find_nothing(page: Page) -> None:
    """Searches what there is not, in any list."""
    page.locator("[data-search]").fill("없는 것")
    expect(page.locator("#rows .empty")).to_be_visible()
