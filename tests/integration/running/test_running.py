"""What holds of the running system in both of its modes, and of the processes of the full one."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
import requests

from oneway.replicas import counts
from tests.support.system import System
from tests.support.waiting import until

ROLES = ("drafter", "reviewer", "cooperator", "decider", "executive", "clerk", "admin")


def draft(system: System, title: str) -> str:
    created = system.sign_in("drafter").post("/documents", {"title": title, "body": "<p>가</p>"}, 201)
    return str(created["id"])


def test_everybody_of_the_demo_can_sign_in(system: System) -> None:
    assert len(system.demo) == 4
    assert system.demo[system.tenant]["name"] == "한빛시"
    for tenant, told in system.demo.items():
        assert tuple(told["people"]) == ROLES
        for role, person in told["people"].items():
            me = system.sign_in(role, tenant).get("/me")
            assert me["person"]["name"] == person["name"]
            assert me["organisation"]["code"] == tenant


def test_every_process_tells_its_health(system: System) -> None:
    for url in system.health().values():
        assert requests.get(f"{url}/healthz", timeout=10).status_code == 200
        assert requests.get(f"{url}/readyz", timeout=10).status_code == 200
        metrics = requests.get(f"{url}/metrics", timeout=10)
        assert metrics.status_code == 200
        assert "oneway_" in metrics.text


@pytest.mark.long
def test_what_was_written_is_there_after_a_restart_with_the_same_sign_ins(system: System) -> None:
    before = system.demo
    document = draft(system, "다시 시작하기 전")
    system.restart()
    assert system.demo == before
    assert system.sign_in("drafter").get(f"/documents/{document}")["title"] == "다시 시작하기 전"


def test_what_was_answered_for_is_there_after_a_power_cut(system: System) -> None:
    document = draft(system, "정전 직전")
    system.restart(signal.SIGKILL)
    assert system.sign_in("drafter").get(f"/documents/{document}")["title"] == "정전 직전"
    assert system.command("audit", "verify").returncode == 0


def test_told_to_stop_it_ends_in_order(system: System) -> None:
    pids = system.pids()
    assert system.stop() == 0
    assert [name for name, pid in pids.items() if _there(pid)] == []
    assert system.pids() == {}
    system.start()


def test_the_command_line_works_beside_the_running_system(system: System) -> None:
    listed = system.command("tenant", "list")
    assert listed.returncode == 0
    assert all(code in listed.stdout for code in system.demo)
    verified = system.command("audit", "verify", "--tenant", system.tenant)
    assert verified.returncode == 0, verified.stdout
    assert system.command("dead-letters", "list").returncode == 0


def test_nothing_that_is_logged_tells_a_password_or_a_token(system: System) -> None:
    api = system.sign_in("drafter")
    written = "".join(path.read_text(errors="replace") for path in (system.var / "log").glob("*.log"))
    assert api.token not in written
    assert all(p["password"] not in written for t in system.demo.values() for p in t["people"].values())


@pytest.mark.mode("full")
@pytest.mark.parametrize("name", counts(""))
def test_a_process_that_is_killed_is_started_again(system: System, name: str) -> None:
    before = system.pids()[name]
    system.kill(name)
    until(lambda: system.pids()[name] != before)
    until(system.ready)
    assert system.sign_in("drafter").get("/me")


@pytest.mark.mode("full")
def test_a_service_that_is_away_is_told_as_such_and_the_others_go_on(system: System) -> None:
    api = system.sign_in("drafter")
    document = draft(system, "결재 서비스 없이")
    system.kill("desk", hold=True)
    answer = api.call("GET", "/desk/counts")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert api.get(f"/documents/{document}")["title"] == "결재 서비스 없이"
    system.release()
    assert api.get("/desk/counts")["total"] >= 0


@pytest.mark.mode("full")
def test_each_process_is_given_its_own_secrets_only(system: System) -> None:
    secrets = {}
    for name, pid in system.pids().items():
        environment = Path(f"/proc/{pid}/environ").read_text().split("\0")
        variables = dict(line.split("=", 1) for line in environment if "=" in line)
        assert "ONEWAY_DATABASE_URL" not in variables
        secrets[name] = variables.get("ONEWAY_DATABASE_SECRET")
    assert secrets["gateway"] is None
    assert len(set(secrets.values())) == len(secrets)


def _there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
