"""What is looked at on every page: accessibility by axe-core, its width, words in another language."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from oneway.demo.organisations import ORGANISATIONS, Organisation
from tests.integration.product.cast import Cast

_AXE = Path(__file__).parents[2] / "gateway/frontend/node_modules/axe-core/axe.min.js"
_HANGUL = re.compile("[\uac00-\ud7a3\u3131-\u318e]")

# Text that is seen or read out, but for what people wrote.
_SAID = """
() => {
  const others = '[lang=ko], .document-body, #body, .opinion, script, style, template, noscript';
  const mine = element => element && !element.closest(others);
  const texts = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (mine(node.parentElement)) texts.push(node.textContent);
  for (const element of document.querySelectorAll('[title], [aria-label], [placeholder], [alt], [data-say]'))
    if (mine(element))
      for (const name of ['title', 'aria-label', 'placeholder', 'alt', 'data-say'])
        texts.push(element.getAttribute(name) || '');
  return texts.map(text => text.trim().replace(/\\s+/g, ' ')).filter(text => /[\uac00-\ud7a3]/.test(text));
}
"""


@cache
def _axe() -> str:
    return _AXE.read_text()


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong: the rule, why, and where."""
    # Through the debugger: the page's content policy stays in force.
    page.evaluate(_axe())
    found: dict[str, Any] = page.evaluate("() => axe.run({resultTypes: ['violations']})")
    return [
        f"{rule['id']}: {rule['help']}: {' '.join(node['html'].split())[:200]} [{_why(node)}]"
        for rule in found["violations"]
        for node in rule["nodes"][:3]
    ]


def _why(node: dict[str, Any]) -> str:
    return "; ".join(check["message"] for check in (*node["any"], *node["all"], *node["none"]))[:300]


def too_wide(page: Page) -> list[str]:
    """The elements that make the page scroll sideways; empty where it does not."""
    return list(
        page.evaluate(
            """() => {
              const width = document.documentElement.clientWidth;
              if (document.documentElement.scrollWidth <= width) return [];
              return [...document.body.querySelectorAll('*')]
                .filter(element => element.getBoundingClientRect().right > width + 1)
                .map(element => `${element.tagName.toLowerCase()}.${element.className}#${element.id}`).slice(0, 8)
                .concat(`${document.documentElement.scrollWidth} > ${width}`);
            }"""
        )
    )


def settle(page: Page) -> None:
    """Waits until fonts are there and nothing moves: colours of what fades in are not looked at half-way."""
    page.evaluate("() => document.fonts.ready.then(() => true)")
    page.evaluate("() => Promise.all(document.getAnimations().map(a => a.finished.catch(() => null))).then(() => true)")


def _ranks(organisation: Organisation) -> set[str]:
    grades = organisation.grades
    return {*(rank for _, rank in organisation.top), grades.bureau, grades.division, grades.team, *grades.staff}


class KoreanLeft:
    """Finds Korean that is none of a tenant's own names: words the English catalogue lacks."""

    def __init__(self, cast: Cast, written: list[str]) -> None:
        people: list[dict[str, Any]] = []
        following = "/people?limit=100"
        while following:
            page = cast.api("admin").get(following)
            people += page["items"]
            following = f"/people?limit=100&cursor={page['next']}" if page["next"] else ""
        departments = cast.api("admin").get("/departments")["items"]
        folders = cast.drafter.get("/folders")["items"]
        forms = cast.drafter.get("/forms")["items"]
        named = {tenant["name"] for tenant in cast.system.demo.values()} | set(written)
        named |= {rank for organisation in ORGANISATIONS for rank in _ranks(organisation)}
        named |= {person[name] for person in people for name in ("name", "department", "position")}
        named |= {department["name"] for department in departments} | {form["name"] for form in forms}
        named |= {folder[name] for folder in folders for name in ("title", "unit_task")}
        self._named = sorted((name for name in named if _HANGUL.search(name)), key=len, reverse=True)

    def on(self, page: Page) -> list[str]:
        """Texts of the page with Korean in them that nobody wrote."""
        return sorted({text for text in page.evaluate(_SAID) if _HANGUL.search(self._without_names(text))})

    def _without_names(self, text: str) -> str:
        for name in self._named:
            text = text.replace(name, "")
        return text
