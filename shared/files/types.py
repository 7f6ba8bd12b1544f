"""Which files are taken: the type is decided by the content, and must not contradict the name."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import puremagic

from shared.errors import Invalid
from shared.files import names

_OOXML = "application/vnd.openxmlformats-officedocument"

# Extension: the content it must have, and the type it is served as.
_ALLOWED = {
    "hwp": ("ole", "application/x-hwp"),
    "hwpx": ("zip:hwp", "application/hwp+zip"),
    "pdf": ("pdf", "application/pdf"),
    "docx": ("zip:ooxml", f"{_OOXML}.wordprocessingml.document"),
    "xlsx": ("zip:ooxml", f"{_OOXML}.spreadsheetml.sheet"),
    "pptx": ("zip:ooxml", f"{_OOXML}.presentationml.presentation"),
    "odt": ("zip:odt", "application/vnd.oasis.opendocument.text"),
    "png": ("png", "image/png"),
    "jpg": ("jpg", "image/jpeg"),
    "jpeg": ("jpg", "image/jpeg"),
    "gif": ("gif", "image/gif"),
    "txt": ("text", "text/plain"),
    "csv": ("text", "text/csv"),
    "zip": ("zip", "application/zip"),
}
_EXECUTABLE = re.compile(rb"MZ|\x7fELF|#!|\xca\xfe\xba\xbe|\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe|dex\n|\0asm")
_PACKED_PROGRAM = re.compile(rb"META-INF/MANIFEST\.MF|AndroidManifest\.xml|classes\.dex")
_MARKUP = re.compile(
    rb"<\s*(?:!doctype\s+html|html|svg|script|body|head|iframe|object|embed|\?php|\?xml)|<script\b", re.IGNORECASE
)
_OPENINGS = ((b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"), (b"%PDF-", "pdf"), (b"PK\x03\x04", "zip"))
_PICTURES = {".png": "png", ".gif": "gif", ".jpg": "jpg", ".jpeg": "jpg", ".jfif": "jpg"}


def accepted_name(name: str) -> str:
    """The name a file is kept under. Raises `Invalid` (`name`) where nothing is left, or the extension is not taken."""
    plain = names.tidy(name)
    if not plain:
        raise Invalid({"name": "required"})
    if _extension(plain) not in _ALLOWED:
        raise Invalid({"name": "type_not_allowed"})
    return plain


def _extension(name: str) -> str:
    return PurePosixPath(name).suffix[1:].lower()


def content_type(name: str, head: bytes, whole: bool) -> str:
    """The MIME type of a file by its first 8 KiB, which are `whole` where there is no more of it.

    A text's type names its encoding, unless all of the head is ASCII and what follows may be anything.

    Raises `Invalid` (`file`): `executable`, `active_content` (HTML, SVG, scripts), `type_not_allowed`, or
    `content_contradicts_name`.
    """
    extension = _extension(name)
    if extension not in _ALLOWED:
        raise Invalid({"file": "type_not_allowed"})
    # A plain text may well begin with "MZ": MZ세대.
    if _EXECUTABLE.match(head) and not (head.startswith(b"MZ") and _is_text(head)):
        raise Invalid({"file": "executable"})
    expected, type_ = _ALLOWED[extension]
    kind = _kind(head)
    if kind.startswith("zip") and _PACKED_PROGRAM.search(head):
        raise Invalid({"file": "executable"})
    if kind == "markup":
        raise Invalid({"file": "active_content"})
    if kind != expected and not (expected == "zip" and kind.startswith("zip")):
        raise Invalid({"file": "content_contradicts_name"})
    charset = _encoding(head, whole) if expected == "text" else ""
    return f"{type_}; charset={charset}" if charset else type_


def _kind(head: bytes) -> str:
    for opening, kind in _OPENINGS:
        if head.startswith(opening):
            return _zip_kind(head) if kind == "zip" else kind
    try:
        found = {_PICTURES[m.extension] for m in puremagic.magic_string(head) if m.extension in _PICTURES}
    except (puremagic.PureError, ValueError):
        found = set()
    if found:
        return found.pop()
    if not _is_text(head):
        return "unknown"
    plain = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return "markup" if _MARKUP.match(plain) or b"<script" in plain.lower() else "text"


def _zip_kind(head: bytes) -> str:
    """What is packed: an open document and a hwpx begin with an unpacked `mimetype`; Office has its parts in front."""
    if head[30:38] == b"mimetype":
        kind = head[38:120]
        if kind.startswith(b"application/hwp+zip"):
            return "zip:hwp"
        return "zip:odt" if kind.startswith(b"application/vnd.oasis.opendocument.text") else "zip:other"
    length = int.from_bytes(head[26:28], "little")
    first = head[30 : 30 + length]
    parts = (b"[Content_Types].xml", b"_rels/", b"word/", b"xl/", b"ppt/", b"docProps/", b"customXml/")
    return "zip:ooxml" if first.startswith(parts) else "zip"


def _is_text(head: bytes) -> bool:
    return _encoding(head, whole=True) is not None


def _encoding(head: bytes, whole: bool) -> str | None:
    """The encoding it reads as, by its label in the WHATWG's standard; its end may be cut inside a letter.

    UTF-16 by its mark, UTF-8, or CP949, which browsers know as `euc-kr`. Empty where it cannot be told; None: no text.
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\0" in head:
        return None
    if head.isascii():
        return "utf-8" if whole else ""
    for encoding, label, most in (("utf-8", "utf-8", 3), ("cp949", "euc-kr", 1)):
        try:
            head.decode(encoding)
            return label
        except UnicodeDecodeError as error:
            if error.start >= len(head) - most and error.end >= len(head):
                return label
    return None
