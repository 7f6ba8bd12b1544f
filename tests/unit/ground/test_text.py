"""The one form of what people write."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared import body, text
from shared.contracts.common import Markup, Strict, Text
from shared.errors import Invalid
from shared.validation import load

_ANY = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
# What is hard is rare in a text of anything: joiners, marks, separators, controls, tags, markup beside letters.
_HARD = st.text(
    st.sampled_from(
        "가나ㄱ\u1100\u1161\u11a8a<>=&; \t\n\r\x00\x0b\x1c\x85\xa0\xad\u0301\u0323\u0338\u0344\u0d28\u0d4d\u115f\u200b"
        "\u200c\u200d\u2028\u202e\u3000\u3164\ue0bc\ufe0f\ufeff\U0001f3f4\U0001f468\U000e0067\U000e007f\ufdd0"
    ),
    max_size=40,
)
_TYPED = st.one_of(_ANY, _HARD)


class Note(Strict):
    name = Text(5, 1, required=True)
    note = Text(20, lines=True, load_default="")
    body = Markup(100, load_default="")


@given(_TYPED)
@example("a\u0344" + "\u0344" * 40)
@example("\u0301\u0d4d\u200d")
def test_doing_it_twice_changes_nothing_more(typed: str) -> None:
    for form in (text.line, text.lines):
        assert form(form(typed)) == form(typed)


@given(_TYPED)
def test_what_is_kept_is_composed_and_has_neither_controls_nor_separators_but_blanks_and_breaks(typed: str) -> None:
    line, lines = text.line(typed), text.lines(typed)

    assert unicodedata.is_normalized("NFC", line) and unicodedata.is_normalized("NFC", lines)
    assert not {c for c in line if unicodedata.category(c) in ("Cc", "Zs", "Zl", "Zp")} - {" "}
    assert not {c for c in lines if unicodedata.category(c) in ("Cc", "Zs", "Zl", "Zp")} - {" ", "\n", "\t"}
    assert not {c for c in line + lines if unicodedata.bidirectional(c) in ("LRO", "RLO", "LRE", "RLE", "LRI", "RLI")}
    assert line.strip() == line and lines.strip() == lines


@given(st.text(st.characters(categories=("L", "N", "P", "S", "Co")), min_size=1, max_size=20))
def test_what_can_be_seen_stays(typed: str) -> None:
    seen = set(unicodedata.normalize("NFC", typed)) - set("\u115f\u1160\u3164\uffa0\u2800")

    assert seen <= set(text.line(typed))


def test_every_character_is_kept_or_mapped_as_its_category_says() -> None:
    # The formats that show something or shape what they stand in: Arabic and Kaithi signs, joiners, hieroglyphs.
    shaping = {0x180E, 0x200C, 0x200D, *range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
    wrong = []
    for point in (p for p in range(0x110000) if not 0xD800 <= p <= 0xDFFF):
        c = chr(point)
        category = unicodedata.category(c)
        if category == "Cn":
            continue
        around = text.lines(f"가{c}나")
        if category in ("Zs", "Zl", "Zp"):
            right = around in ("가 나", "가\n나")
        elif category == "Cc":
            right = around in ("가나", "가 나", "가\n나", "가\t나")
        elif category == "Cf":
            right = around == (f"가{c}나" if point in shaping or 0x13430 <= point <= 0x1345F else "가나")
        else:
            right = around == unicodedata.normalize("NFC", f"가{c}나")
        if not right:
            wrong.append(f"U+{point:04X}")
    assert wrong == []


@pytest.mark.parametrize(
    ("typed", "line", "lines"),
    [
        ("2027년\xa0예산\u3000편성", "2027년 예산 편성", "2027년 예산 편성"),
        ("하나\r둘\u2028셋\r\n넷\x0b다섯", "하나 둘 셋 넷 다섯", "하나\n둘\n셋\n넷\n다섯"),
        ("\t가\t나\t", "가 나", "가\t나"),
        (unicodedata.normalize("NFD", "한빛시 예산"), "한빛시 예산", "한빛시 예산"),
        ("\ue0bc\uf8f7 언문", "\ue0bc\uf8f7 언문", "\ue0bc\uf8f7 언문"),
        ("보\u200b고\ufeff서\xad", "보고서", "보고서"),
        ("공문\u202excod.hwp", "공문xcod.hwp", "공문xcod.hwp"),
    ],
)
def test_separators_part_words_and_the_unseen_goes(typed: str, line: str, lines: str) -> None:
    assert (text.line(typed), text.lines(typed)) == (line, lines)


@pytest.mark.parametrize(
    "typed",
    [
        "👨\u200d👩\u200d👧\u200d👦 가족",  # ZERO WIDTH JOINER between emoji
        "❤\ufe0f\u200d🔥",  # a variation selector before it
        "👩🏽\u200d🚒",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # the flag of England is written with tags
        "می\u200cخواهم",  # Persian parts a prefix by a ZERO WIDTH NON-JOINER
        "അവന\u0d4d\u200d വന\u0d4d\u200d",  # Malayalam ends a word with a virama and a joiner
        "葛\U000e0100飾",  # an ideographic variant
        "\u1112\u119e\u11ab",  # old Hangul in conjoining letters
    ],
)
def test_joined_characters_keep_together(typed: str) -> None:
    assert text.line(typed) == text.lines(typed) == typed


@pytest.mark.parametrize("typed", ["홍길동\u200d", "\u200d홍길동", "홍길동\u200d \u200d", "홍길동\U000e0067\U000e007f"])
def test_a_joiner_or_tag_that_joins_nothing_makes_no_second_name(typed: str) -> None:
    assert text.line(typed) == "홍길동"


@pytest.mark.parametrize(
    "typed", ["", " ", "\u200b", "\u200d", "\u3164", "\u115f\u1160", "\ufe0f", "\u2800", "\r\n\u2028"]
)
def test_a_name_that_shows_nothing_is_missing(typed: str) -> None:
    with pytest.raises(Invalid) as problem:
        load(Note(), {"name": typed})

    assert problem.value.fields == {"name": "required"}


def test_length_is_measured_after() -> None:
    name = unicodedata.normalize("NFD", "홍길동전집")

    assert load(Note(), {"name": f" {name}\u200b "})["name"] == "홍길동전집"
    with pytest.raises(Invalid) as problem:
        load(Note(), {"name": "홍길동전집들"})
    assert problem.value.fields == {"name": "wrong_length"}


def test_only_a_field_of_several_lines_keeps_them() -> None:
    loaded = load(Note(), {"name": "가\n나", "note": "첫째\r\n둘째"})

    assert (loaded["name"], loaded["note"]) == ("가 나", "첫째\n둘째")


@pytest.mark.parametrize("field", ["name", "note", "body"])
def test_half_a_surrogate_pair_is_refused(field: str) -> None:
    with pytest.raises(Invalid) as problem:
        load(Note(), {"name": "가", field: "나\ud83d"})

    assert problem.value.fields == {field: "not_valid"}


def test_marks_piled_on_a_letter_are_kept_as_far_as_any_script_writes_them() -> None:
    # In order and composed, half a million of them take minutes.
    assert len(text.lines("a" + "\u0301\u0323" * 250_000)) <= 31


@given(_TYPED)
@example('<a href="java&#173;script:alert(1)">x</a>')
@example("<p>\u0338가</p>")
def test_a_body_is_cleaned_for_good(html: str) -> None:
    once = body.clean(f"<p>{html}</p>")

    assert body.clean(once) == once


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<p>하나\u2028둘\x0b셋</p>", "<p>하나\n둘\n셋</p>"),
        ("<p>가\u202e나&#x202e;다&#8203;라</p>", "<p>가나다라</p>"),
        (f"<p>{unicodedata.normalize('NFD', '예산')}</p>", "<p>예산</p>"),
        ("<p>\u0338가</p>", "<p>\u0338가</p>"),
        ("<p>가.&nbsp;&nbsp;나\u3000다</p>", "<p>가.&nbsp;&nbsp;나 다</p>"),
        ("<p>👨\u200d👩\u200d👧</p>", "<p>👨\u200d👩\u200d👧</p>"),
        (
            '<p><a href="java&#173;script:alert(1)">가</a><a href="java\u200bscript:alert(1)">나</a></p>',
            '<p><a rel="noopener noreferrer">가</a><a rel="noopener noreferrer">나</a></p>',
        ),
    ],
)
def test_the_text_of_a_body_follows_the_rule_and_its_tags_stay_whole(html: str, kept: str) -> None:
    assert body.clean(html) == kept
