"""열람범위: who may open a document, as the principals of its audience (`shared.audience`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared import audience


def of(document: Mapping[Any, Any]) -> frozenset[str]:
    """The audience of a document, given as the columns of its row."""
    return audience.of_document(
        participants=document["participants"],
        department_id=document["department_id"],
        scope=document["reading_scope"],
        closed=document["disclosure_class"] == "closed",
        decided=document["state"] == "approved",
    )
