"""How many processes of each part there are to be."""

from __future__ import annotations

import pytest

from oneway import parts
from oneway.replicas import counts, replicas


def test_one_of_each_unless_more_are_asked_for() -> None:
    assert counts("") == {**dict.fromkeys(parts.SERVICES, 1), "gateway": 1}
    assert counts(" documents=2, gateway = 3 ") == counts("") | {"documents": 2, "gateway": 3}


def test_the_first_is_called_like_its_part_and_the_services_come_before_the_gateway() -> None:
    names = [replica.name for replica in replicas("desk=2,gateway=2")]
    services = [name for part in parts.SERVICES for name in ((part, "desk-2") if part == "desk" else (part,))]
    assert names == [*services, "gateway", "gateway-2"]


@pytest.mark.parametrize("text", ["documents", "documents=", "documents=0", "documents=x", "documents=100", "desc=2"])
def test_what_is_no_part_or_no_number_is_refused_with_what_there_is(text: str) -> None:
    with pytest.raises(ValueError, match=r"desk"):
        counts(text)
