"""Names that were made up from surnames everybody has and plain Korean words."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

SURNAMES = (
    ("강", "kang"), ("고", "ko"), ("김", "kim"), ("나", "na"), ("노", "noh"), ("문", "moon"), ("민", "min"),
    ("박", "park"), ("배", "bae"), ("서", "seo"), ("송", "song"), ("신", "shin"), ("안", "ahn"), ("양", "yang"),
    ("오", "oh"), ("유", "yoo"), ("윤", "yoon"), ("이", "lee"), ("임", "lim"), ("장", "jang"), ("정", "jung"),
    ("조", "cho"), ("차", "cha"), ("최", "choi"), ("한", "han"), ("허", "heo"), ("홍", "hong"), ("황", "hwang"),
)  # fmt: skip
GIVEN = (
    ("가람", "garam"), ("가온", "gaon"), ("겨울", "gyeoul"), ("고운", "goun"), ("그린", "geurin"), ("나래", "narae"),
    ("나루", "naru"), ("누리", "nuri"), ("다솜", "dasom"), ("다온", "daon"), ("도담", "dodam"), ("두루", "duru"),
    ("라온", "raon"), ("마루", "maru"), ("미르", "mireu"), ("바름", "bareum"), ("보람", "boram"), ("빛나", "bitna"),
    ("새롬", "saerom"), ("새벽", "saebyeok"), ("소담", "sodam"), ("소라", "sora"), ("솔찬", "solchan"),
    ("슬기", "seulgi"), ("아라", "ara"), ("아람", "aram"), ("여름", "yeoreum"), ("예슬", "yeseul"),
    ("온유", "onyu"), ("우람", "uram"), ("윤슬", "yunseul"), ("으뜸", "eutteum"), ("이든", "ideun"),
    ("이슬", "iseul"), ("찬솔", "chansol"), ("초롱", "chorong"), ("하늘", "haneul"), ("하람", "haram"),
    ("한결", "hangyeol"), ("한별", "hanbyeol"), ("한솔", "hansol"), ("해솔", "haesol"), ("힘찬", "himchan"),
)  # fmt: skip


@dataclass(frozen=True)
class Name:
    """A name, and the login made from it."""

    name: str
    login: str


def names(rng: random.Random) -> Iterator[Name]:
    """Every name once, in an order of the generator's."""
    found = [Name(f"{s}{g}", f"{given}.{surname}") for s, surname in SURNAMES for g, given in GIVEN]
    rng.shuffle(found)
    return iter(found)
