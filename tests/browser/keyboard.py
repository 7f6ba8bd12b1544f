"""Working without a mouse: where Tab leads, and whether one sees where one is."""

from __future__ import annotations

from playwright.sync_api import Page

_MOST = 60

# Of what has the focus: whether it, or what stands for it on the screen, is drawn with a ring, and can be seen.
_SEEN = """
() => {
  const element = document.activeElement;
  if (!element || element === document.body) return '';  // past the page's end
  const stand = [element, element.nextElementSibling, element.parentElement, element.closest('label'),
    element.closest('.search, .input-group, .editor, .paper')].filter(Boolean);
  const drawn = style =>
    (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== 'none';
  const ringed = one => drawn(getComputedStyle(one)) || drawn(getComputedStyle(one, '::after'));
  const name = element.outerHTML.slice(0, 160);
  if (!stand.some(ringed)) return `no ring: ${name}`;
  const boxes = stand.map(one => one.getBoundingClientRect()).filter(box => box.width > 2 && box.height > 2);
  const box = boxes[0];
  if (!box) return `not drawn: ${name}`;
  const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1);
  for (const part of [0.5, 0.1, 0.9]) {
    const y = box.top + box.height * part;
    const above = y >= 0 && y <= innerHeight && document.elementFromPoint(x, y);
    if (above && stand.some(one => one === above || one.contains(above) || above.contains(one))) return '';
  }
  return `covered or out of sight: ${name}`;
}
"""


class Keyboard:
    """The keyboard at a page. Every element that Tab leads to has to show that it has the focus."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.unseen: list[str] = []

    def press(self, *keys: str) -> None:
        """Presses keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Types."""
        self.page.keyboard.type(text)

    def on(self, selector: str) -> bool:
        """Whether what the selector names has the focus."""
        return bool(self.page.evaluate("s => document.activeElement.matches(s)", selector))

    def tab_to(self, selector: str, key: str = "Tab") -> list[str]:
        """Presses Tab until what the selector names has the focus; what lay on the way."""
        passed: list[str] = []
        for _ in range(_MOST):
            self.press(key)
            if seen := self.page.evaluate(_SEEN):
                self.unseen.append(seen)
            if self.on(selector):
                return passed
            passed.append(str(self.page.evaluate("() => document.activeElement.outerHTML.slice(0, 120)")))
        raise AssertionError(f"{key} never led to {selector}; it passed {passed}")

    def back_to(self, selector: str) -> list[str]:
        """As `tab_to`, backwards."""
        return self.tab_to(selector, "Shift+Tab")

    def choose(self, selector: str, value: str) -> None:
        """Goes through a choice that has the focus until it has this value."""
        for key in ["ArrowUp"] * 12 + ["ArrowDown"] * 12:
            if self.page.locator(selector).input_value() == value:
                return
            self.press(key)
        raise AssertionError(f"{selector} never became {value}")
