"""The morphemes' process: begun when needed, ended when idle, begun again after a crash; what kills it is given up."""

from __future__ import annotations

import subprocess
import sys

import pytest

from services.search import morphemes
from services.search.analysers import Analyser, portions
from services.search.domain import syllables
from services.search.worker import AT_ONCE, Worker
from tests.support.waiting import until

ECHO = "tests.unit.search.echo"


@pytest.fixture
def worker():
    with_short_rest = Worker(ECHO, idle=0.3)
    yield with_short_rest
    with_short_rest.close()


def test_it_is_begun_when_there_is_something_to_read_and_ended_when_idle(worker: Worker) -> None:
    assert not worker.running
    assert worker.read(["가 나", ""]) == [["가", "나"], []]
    until(lambda: not worker.running)
    assert worker.read(["다"]) == [["다"]]


def test_what_ends_it_twice_is_given_up_and_the_next_is_read(worker: Worker) -> None:
    assert worker.read(["die"]) is None
    assert worker.read(["가"]) == [["가"]]


def test_who_cannot_wait_goes_without_and_the_process_goes_on(worker: Worker) -> None:
    assert worker.read(["가"], within=0) is None
    assert worker.read(["나"]) == [["나"]]


def test_a_text_the_process_cannot_read_is_taken_by_syllables(monkeypatch: pytest.MonkeyPatch) -> None:
    analyser = Analyser(morphemes.NAME)
    monkeypatch.setattr(analyser, "worker", Worker(ECHO))
    try:
        assert analyser.read("가 나", "다\n라").analyser == morphemes.NAME
        read = analyser.read("예산", f"{'가' * AT_ONCE}\ndie")
        assert (read.analyser, read.title) == (syllables.NAME, ["예산"])
        assert analyser.asked("가")[-1] == syllables.asked("가")
    finally:
        analyser.worker.close()


def test_portions_are_bounded_and_are_the_text_together() -> None:
    text = "\n".join("가" * (number * 97 % 9_000) for number in range(12))
    found = list(portions(text))
    assert "".join(found) == text
    assert max(map(len, found)) <= AT_ONCE


def test_the_dictionary_is_not_loaded_where_words_go_by_syllables() -> None:
    program = "import sys, services.search.service; print('kiwipiepy' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"


def test_beside_an_event_loop_it_goes_on_reading_while_nothing_is_asked() -> None:
    """eventlet's sockets do not block: what the process is given has to."""
    program = f"""
import eventlet
eventlet.monkey_patch()
from services.search.worker import Worker
worker = Worker("{ECHO}")
first = worker.read(["first"])
eventlet.sleep(0.3)
print(first is not None, worker.read(["second"]) is not None)
worker.close()
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert run.stdout.split()[-2:] == ["True", "True"], run.stderr
