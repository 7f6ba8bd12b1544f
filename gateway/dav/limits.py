"""What CalDAV here has bounds for."""

from __future__ import annotations

from datetime import UTC, datetime

# Bytes of a request: an object or a document of XML.
BODY_LIMIT = 1024 * 1024
# The years that a calendar here has.
FIRST = datetime(1900, 1, 1, tzinfo=UTC)
LAST = datetime(2100, 12, 31, 23, 59, 59, tzinfo=UTC)
# RFC 4791, 7.5; RFC 5051.
COLLATIONS = ("i;ascii-casemap", "i;octet", "i;unicode-casemap")
