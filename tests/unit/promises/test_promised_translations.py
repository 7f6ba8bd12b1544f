"""Everything people are shown is in the catalogue, and the catalogue is translated whole."""

from __future__ import annotations

import io

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from tests.unit.promises import source


def extracted() -> Catalog:
    """What pages and code show, as `make messages` finds it."""
    mapping, options = parse_mapping_cfg(io.StringIO(source.document("babel.cfg")))
    catalogue = Catalog()
    for _, line, message, comments, context in extract_from_dir(source.ROOT, mapping, options):
        catalogue.add(message, None, [("", line)], auto_comments=comments, context=context)
    return catalogue


@pytest.fixture(scope="module")
def english() -> Catalog:
    """The English catalogue."""
    with (source.ROOT / "gateway/translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file)


def test_every_message_is_translated_to_english(english: Catalog) -> None:
    known = {message.id: message for message in english if message.id}
    missing = [message.id for message in extracted() if message.id and not _translated(known.get(message.id))]
    assert missing == []


def test_the_catalogue_holds_nothing_that_is_shown_nowhere(english: Catalog) -> None:
    shown = {message.id for message in extracted()}
    assert [message.id for message in english if message.id and message.id not in shown] == []


def test_every_translation_fills_in_what_the_message_does(english: Catalog) -> None:
    assert [message.id for message, errors in english.check() if errors] == []


def _translated(message: object) -> bool:
    text = getattr(message, "string", "")
    return bool(text) and all(text) if isinstance(text, tuple | list) else bool(text)
