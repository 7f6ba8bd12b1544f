"""Who heads a department: told from the position, as offices name them."""

from __future__ import annotations

# The most senior first. Within a department the most senior head position present is its head.
_HEADS = (
    ("시장", "도지사", "군수", "구청장", "이사장", "사장", "청장", "원장"),
    ("부시장", "부지사", "부군수", "부구청장", "부이사장", "부사장", "부청장", "부원장"),
    ("실장", "본부장", "감사관"),
    ("국장", "처장", "단장", "기획관", "사업소장", "보건소장"),
    ("과장", "담당관", "부장", "소장", "센터장", "관장", "동장", "면장", "읍장"),
    ("팀장", "계장", "파트장", "반장"),
)
NOT_HEAD = 999


def seniority(position: str) -> int:
    """How senior a position is among the heads, 0 the most; `NOT_HEAD` for one that heads nothing.

    `복지정책과장` heads by its ending, `부시장` comes after `시장`, and an acting head (`직무대리`) is a head.
    """
    title = "".join(position.split()).removesuffix("직무대리").removesuffix("(직무대리)")
    found = [(-len(head), level) for level, heads in enumerate(_HEADS) for head in heads if title.endswith(head)]
    if not found:
        return NOT_HEAD
    longest, level = min(found)
    if title[:longest].endswith("부") and level > 1:
        # 부국장, 부팀장: after the head proper, before the next level.
        return level * 10 + 5
    return level * 10
