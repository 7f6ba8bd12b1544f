"""Notes as people and programs meet them. They have no styles and no scripts of their own."""

from __future__ import annotations

from gateway.core.noun import Kind, Noun, Place

NOUN = Noun(
    "notes",
    order=70,
    icon="book-text",
    url="/notes/{id}",
    places=(Place("notes", "/notes", "book-text", "나의 쪽지", 800, "쪽지", key="z", count="note"),),
    kinds={"note": Kind("쪽지", asks=lambda todo: "쪽지 읽기" if todo["role"] == "read" else "")},
    notices={"kept": lambda params: f"쪽지 “{params['text']}” 적어 두었습니다."},
)
