"""Words for somebody who is not asking just now: of a mail, of a push message."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from flask_babel import force_locale

from shared.contracts.directory import LOCALES


@contextmanager
def speaking(app: Flask, locale: str) -> Iterator[None]:
    """Words are of this language within it."""
    with app.app_context(), force_locale(locale if locale in LOCALES else LOCALES[0]):
        yield
