"""What a person typed or pasted, as it is kept: one form for all text of one meaning, and nothing in it unseen.

Composed (NFC). Separators become a blank or a line break, joiners stay where they join, control characters go.
Private-use characters stay: old Hangul is kept in them by many an office (Hanyang codes).
"""

from __future__ import annotations

import re
import unicodedata

# Kinds of line break (UAX 14, BK, CR, LF, NL): CRLF, VT, FF, CR, NEL, LINE and PARAGRAPH SEPARATOR.
_LINE = re.compile("\r\n|[\x0b\x0c\r\x85\u2028\u2029]")
# Every other separator (Z*), and the information separators of ASCII, which part fields as a blank parts words.
_BLANK = re.compile("[\x1c-\x1f\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_BLANK_BUT_NBSP = re.compile(_BLANK.pattern.replace("\xa0", ""))
_BROKEN = re.compile("[\n\t]")
_SURROGATE = re.compile("[\ud800-\udfff]")

# What nobody sees and nothing needs: controls, SOFT HYPHEN, ZERO WIDTH SPACE, WORD JOINER and BYTE ORDER MARK (places
# where a line may or may not break), every mark, embedding, override and isolate of direction, annotation marks,
# musical and shorthand formats, characters that are none.
_UNSEEN = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb"
    "\ufdd0-\ufdef\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17))
)
# The flag of a region (UTS 51, 1.4.9): a black flag and the letters of the region as tags, which stay in it alone.
_FLAG = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f"
_FLAG_OR_UNSEEN = re.compile(f"({_FLAG})|[{_UNSEEN}]")

# ZERO WIDTH NON-JOINER and JOINER, MONGOLIAN VOWEL SEPARATOR: emoji and scripts are joined and parted by them.
_JOINERS = "\u200c\u200d\u180e"
_SEVERAL = re.compile(f"([{_JOINERS}])[{_JOINERS}]+")
_JOINER = re.compile(f"[{_JOINERS}]")
_EDGE = ("", " ", "\n", "\t")
_VIRAMA = 9

# Marks that are put in order when text is composed, in time that grows with the square of their number: so many in a
# row are kept as the stream-safe format has (UAX 15, D4), more than any script writes.
_MARKS = [chr(c) for c in range(0x300, 0x20000) if unicodedata.combining(chr(c))]
_BEYOND = re.compile("[\U00010000-\U0010ffff]")


def _piles(marks: list[str]) -> re.Pattern[str]:
    one = f"[{re.escape(''.join(marks))}]"
    return re.compile(one + one + "{30,}")


# Nearly every text has no character beyond the basic plane: the smaller set takes a fraction of the time.
_PILED, _PILED_BASIC = _piles(_MARKS), _piles([mark for mark in _MARKS if mark <= "\uffff"])

# Letters and signs that show nothing: the fillers of Hangul, GRAPHEME JOINER, variation selectors, the empty braille.
_FILLERS = re.compile(
    f"[ \n\t{_JOINERS}\u115f\u1160\u3164\uffa0\u034f\u17b4\u17b5\u180b-\u180f\ufe00-\ufe0f\u2800\U000e0100-\U000e01ef]*"
)
_BETWEEN_TAGS = re.compile("[^<>]+")


class NotText(ValueError):
    """There is half a surrogate pair in it: no text, and no encoding writes it."""


def line(text: str) -> str:
    """`text` as it is kept on one line: a title, a name, a search. Breaks and tabs are blanks. Raises `NotText`.

    Empty where nothing in it can be seen. Doing it twice changes nothing more.
    """
    return _seen(_BROKEN.sub(" ", _plain(text, _BLANK)))


def lines(text: str) -> str:
    """`text` as it is kept where it may have several lines: an opinion, a comment. As `line` else. Raises `NotText`."""
    return _seen(_plain(text, _BLANK))


def markup(html: str) -> str:
    """HTML with the same rule for what stands between its tags and in its attributes. Raises `NotText`.

    A no-break space stays: in a body it keeps what is set in by blanks. What this changes may have another meaning as
    HTML, so it is done before cleaning, and cleaned again where it was done after.
    """
    # A sign that composes with `<`, `=` or `>` would eat the tag: only what is between them is composed.
    return _BETWEEN_TAGS.sub(lambda part: _joined(part[0]), _mapped(html, _BLANK_BUT_NBSP))


def require_text(text: str) -> None:
    """Raises `NotText` for what no encoding can write."""
    if _SURROGATE.search(text):
        raise NotText(text)


def _plain(text: str, blank: re.Pattern[str]) -> str:
    return _joined(_mapped(text, blank))


def _mapped(text: str, blank: re.Pattern[str]) -> str:
    """Separators mapped and what is unseen taken out."""
    if text.isascii() and text.isprintable():
        return text
    require_text(text)
    return _FLAG_OR_UNSEEN.sub(r"\1", blank.sub(" ", _LINE.sub("\n", text)))


def _joined(text: str) -> str:
    """Composed, and without the joiners that join nothing."""
    if text.isascii():
        return text
    # Thinned again: one mark may be composed of several.
    composed = _SEVERAL.sub(r"\1", _thinned(unicodedata.normalize("NFC", _thinned(text))))
    return unicodedata.normalize("NFC", _JOINER.sub(_kept, composed))


def _thinned(text: str) -> str:
    piled = _PILED if _BEYOND.search(text) else _PILED_BASIC
    return piled.sub(lambda pile: pile[0][:30], text)


def _kept(joiner: re.Match[str]) -> str:
    """The joiner where it has two to join, or stands after a letter open to it (a virama: Malayalam, Sinhala)."""
    text, start, end = joiner.string, joiner.start(), joiner.end()
    before, after = text[max(start - 1, 0) : start], text[end : end + 1]
    if before in _EDGE or (after in _EDGE and unicodedata.combining(before) != _VIRAMA):
        return ""
    return joiner[0]


def _seen(text: str) -> str:
    return "" if _FILLERS.fullmatch(text) else text.strip(" \n\t")
