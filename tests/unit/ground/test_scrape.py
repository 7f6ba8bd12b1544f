"""What a process tells who scrapes it beyond what is counted as it happens."""

from __future__ import annotations

import time

from prometheus_client.parser import text_string_to_metric_families

from shared import scrape


def test_a_process_tells_its_clock_as_it_is_when_asked() -> None:
    before = time.time()
    families = text_string_to_metric_families(scrape.exposition().decode())
    told = [sample.value for family in families for sample in family.samples if sample.name == "oneway_clock_seconds"]
    assert len(told) == 1 and before <= told[0] <= time.time()


def test_a_look_that_fails_takes_nothing_from_the_others() -> None:
    def fail() -> None:
        raise OSError("away")

    seen = []
    ends = [scrape.before_scrape(fail), scrape.before_scrape(lambda: seen.append(True))]
    try:
        assert b"oneway_clock_seconds" in scrape.exposition()
    finally:
        for end in ends:
            end()
    assert seen == [True]
    scrape.exposition()
    assert seen == [True]
