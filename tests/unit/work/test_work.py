"""Functions that run in a process beside the service."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.errors import Problem, Unavailable
from shared.work.pool import Pool, Work
from shared.work.process import Failed

_ENDLESS = 120.0


@pytest.fixture
def pool() -> Iterator[Pool]:
    made = Pool("test", most=1, waiting=1, memory=1 << 29)
    yield made
    made.close()


def work(pool: Pool, name: str, seconds: float = _ENDLESS) -> Work:
    return Work(f"tests.unit.work.tasks:{name}", seconds=seconds, pool=pool)


def refusal(call: Callable[[], Any]) -> tuple[int, str]:
    with pytest.raises(Problem) as problem:
        call()
    return problem.value.status, problem.value.slug


def is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def until(condition: Callable[[], bool]) -> None:
    while not condition():
        time.sleep(0.01)


def test_json_and_bytes_go_there_and_back(pool: Pool) -> None:
    assert work(pool, "joined")("가", "나" * 500_000) == "가" + "나" * 500_000
    assert work(pool, "turned")(b"\x00abc" * 500_000) == b"cba\x00" * 500_000


def test_one_process_does_the_work_of_many_calls(pool: Pool) -> None:
    calls = [work(pool, "counted")() for _ in range(3)]

    assert [count for count, _ in calls] == [1, 2, 3]
    assert {pid for _, pid in calls} == {*pool.pids()} - {os.getpid()}


def test_what_does_not_end_is_ended_and_the_next_call_is_answered(pool: Pool) -> None:
    assert refusal(work(pool, "spins", seconds=0.2)) == (422, "too-slow")
    assert work(pool, "joined")("a", "b") == "ab"


def test_a_death_is_told_and_the_process_replaced(pool: Pool) -> None:
    first = work(pool, "counted")()[1]

    assert refusal(work(pool, "dies")) == (422, "too-hard")
    assert not is_there(first)
    assert work(pool, "counted")()[0] == 1


def test_memory_ends_at_the_limit_of_the_process(pool: Pool) -> None:
    assert refusal(work(pool, "eats")) == (422, "too-hard")
    assert work(pool, "joined")("a", "b") == "ab"


def test_what_was_killed_between_two_calls_is_replaced_without_a_word(pool: Pool) -> None:
    pid = work(pool, "counted")()[1]
    os.kill(pid, 9)

    assert work(pool, "counted")()[1] != pid


def test_a_refusal_of_the_function_is_the_callers(pool: Pool) -> None:
    with pytest.raises(Problem) as problem:
        work(pool, "refuses")()

    assert (problem.value.slug, problem.value.fields) == ("invalid", {"body": "too_deep"})


def test_a_mistake_of_the_function_is_told_without_what_was_written(pool: Pool) -> None:
    with pytest.raises(Failed) as failure:
        work(pool, "breaks")("주민등록번호")

    assert "KeyError" in str(failure.value) and "주민등록번호" not in str(failure.value)


def test_the_process_has_no_setting_no_secret_and_no_socket_but_its_own(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONEWAY_BUS_KEY", "secret")
    found = work(pool, "surroundings")()

    assert not [name for name in found["environment"] if name.startswith(("ONEWAY", "OTEL", "AWS"))]
    assert found["sockets"] == [0]


def test_the_process_writes_no_file(pool: Pool, tmp_path: Path) -> None:
    with pytest.raises(Failed):
        work(pool, "writes")(str(tmp_path / "file"))


def test_who_comes_when_one_works_and_one_waits_is_sent_away(pool: Pool) -> None:
    slow = work(pool, "sleeps")
    slow(0)
    answers: list[Any] = []
    callers = [threading.Thread(target=lambda: answers.append(slow(0.5))) for _ in range(2)]
    callers[0].start()
    until(lambda: not pool._free._value)  # type: ignore[attr-defined]
    callers[1].start()
    until(lambda: pool._waiting == 1)

    with pytest.raises(Unavailable) as problem:
        slow(0)
    for caller in callers:
        caller.join()

    assert (problem.value.status, problem.value.extra) == (503, {"retry_after": 2})
    assert len(answers) == 2


def test_an_idle_process_ends(pool: Pool) -> None:
    pool._idle = 0.2
    pid = work(pool, "counted")()[1]

    until(lambda: not is_there(pid))
    assert work(pool, "counted")()[0] == 1


def test_a_process_ends_with_the_service_that_started_it(pool: Pool) -> None:
    pid = work(pool, "counted")()[1]
    process = pool._processes[0]
    process._channel.close()

    until(process.ended)
    assert not is_there(pid)
