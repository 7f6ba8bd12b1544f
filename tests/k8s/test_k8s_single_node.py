"""The single-node overlay's own objects do the system's work, and behave as Kubernetes wants it of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.integration.product.cast import Cast
from tests.k8s.installation import PROCESSES, SERVERS, TENANT, Installation
from tests.k8s.manifests import NOT_PLAYED
from tests.k8s.node import Node
from tests.support.waiting import until

# Tests are in the order of an installation's life.
pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def installed(node: Node) -> Installation:
    """The system, in the order of docs/kubernetes.md: secrets, everything at once, migrations, an organisation."""
    made = Installation(node, Path(os.environ["ONEWAY_TEST_K8S"]) / "operator")
    try:
        made.make_secrets()
        made.apply()
        made.rolled_out(*SERVERS)
        made.run_job("migrate")
        made.rolled_out(*PROCESSES)
        made.run_job("onboard")
        made.enter_people()
    except BaseException:
        for name, log in made.logs().items():
            print(f"--- {name}\n{log}")
        raise
    return made


@pytest.fixture
def installation(installed: Installation, request: pytest.FixtureRequest) -> Installation:
    """The running system; its logs are shown where a test fails."""
    request.node.system = installed
    return installed


@pytest.fixture(scope="module")
def cast(installed: Installation) -> Cast:
    """The people of the organisation."""
    return Cast(installed)  # type: ignore[arg-type]


def test_the_overlay_is_played_whole(installation: Installation) -> None:
    kinds = {found["kind"] for found in installation.objects}
    assert kinds - NOT_PLAYED == {"ConfigMap", "Deployment", "PersistentVolumeClaim", "Service", "StatefulSet"}
    assert set(installation.node.pods) == {*SERVERS, *PROCESSES}


def test_the_jobs_say_what_they_did(installation: Installation) -> None:
    assert f"{TENANT} is ready." in installation.job_logs[f"onboard-{TENANT}"]
    again = {name: installation.run_job(name) for name in ("migrate", "onboard")}
    assert "is ready." in again["onboard"] and "_0001" not in again["migrate"]


def test_a_document_goes_from_draft_to_number(cast: Cast) -> None:
    draft = cast.draft("쿠버네티스에서")
    line = [
        {"person": cast.id("reviewer"), "role": "review"},
        {"person": cast.id("decider"), "role": "decide"},
    ]
    attached = b"%PDF-1.7\n" + os.urandom(100_000)
    path = f"/documents/{draft['id']}"
    binary = {"Content-Type": "application/octet-stream"}
    file = cast.drafter.call("POST", f"{path}/attachments?name=plan.pdf", data=attached, headers=binary)
    assert file.status_code == 201, file.text
    cast.drafter.post(f"{path}/submission", {"line": line}, 202)
    for role in ("reviewer", "decider"):
        cast.has_todo(role, draft["id"])
        cast.decide(role, draft["id"])
    until(lambda: cast.card(draft["id"])["state"] == "approved")
    assert cast.card(draft["id"])["number"] == "총무팀-1"
    cast.has_no_todo("decider", draft["id"])
    back = cast.drafter.call("GET", f"{path}/attachments/{file.json()['id']}")
    assert back.content == attached


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_has_no_more_than_it_needs(installation: Installation, name: str) -> None:
    node = installation.node
    state = node.state(name)
    assert state["Config"]["User"] == "10001:10001"
    assert state["HostConfig"]["ReadonlyRootfs"] and not state["EffectiveCaps"]
    assert "no-new-privileges" in state["HostConfig"]["SecurityOpt"]
    told = node.exec(name, "cat", "/proc/1/status").splitlines()
    status = dict(line.split(":\t", 1) for line in told if ":\t" in line)
    assert status["Uid"].split() == ["10001"] * 4 and status["NoNewPrivs"] == "1" and status["Seccomp"] == "2"
    assert int(status["CapEff"], 16) == 0
    looked = "for d in / /etc /opt/oneway /usr/bin; do [ -w $d ] && echo $d; done; find / -xdev -writable -type f 2>&-"
    written = node.exec(name, "sh", "-c", f"{looked}; true").splitlines()
    assert [path for path in written if not path.startswith(("/proc/", "/sys/", "/dev/"))] == []
    wrote = node.podman("diff", node.container(name)).splitlines()
    # What podman itself lays over the root.
    laid = ("/etc", "/run", "/dev", "/proc", "/sys", "/tmp", "/var")
    assert [line for line in wrote if line[0] in "AC" and not line.split()[1].startswith(laid)] == []


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_holds_its_own_secrets_only(installation: Installation, name: str) -> None:
    environment = installation.node.exec(name, "cat", "/proc/1/environ").split("\0")
    held = {line.split("=")[0] for line in environment if line.startswith("ONEWAY_")}
    assert "ONEWAY_DATABASE_URL" not in held and "ONEWAY_ADMIN_PASSWORD" not in held
    assert ("ONEWAY_COOKIE_KEY" in held) == (name == "gateway")
    assert ("ONEWAY_DATABASE_SECRET" in held) == (name != "gateway")


def test_readiness_fails_while_the_broker_is_away_and_liveness_does_not(installation: Installation, cast: Cast) -> None:
    node, drafter = installation.node, cast.drafter
    node.stop("rabbitmq")
    for name in PROCESSES:
        until(lambda name=name: not node.probe(name, "readinessProbe"))  # type: ignore[misc]
        assert node.probe(name, "livenessProbe"), name
    refused = drafter.call("GET", "/desk/counts")
    assert refused.status_code == 503 and refused.headers["Retry-After"]
    node.start("rabbitmq")
    for name in PROCESSES:
        until(lambda name=name: node.probe(name, "readinessProbe"))  # type: ignore[misc]
    until(lambda: drafter.call("GET", "/desk/counts").status_code == 200)


def test_sigterm_ends_each_process_in_order_and_its_work_is_there_after_it(
    installation: Installation, cast: Cast
) -> None:
    node = installation.node
    document = cast.submitted("멈추기 전에", "decider")
    cast.has_todo("decider", document)
    stopped = {name: node.stop(name) for name in reversed(PROCESSES)}
    assert {name: status for name, (status, _) in stopped.items() if status} == {}, stopped
    assert all(seconds < node.pods[name].grace for name, (_, seconds) in stopped.items()), stopped
    for name in PROCESSES:
        node.start(name)
    after = Cast(installation)  # type: ignore[arg-type]
    after.decide("decider", document)
    until(lambda: after.card(document)["state"] == "approved")


def test_the_database_comes_back_with_what_was_committed(installation: Installation, cast: Cast) -> None:
    node = installation.node
    status, seconds = node.stop("postgres")
    assert status == 0 and seconds < node.pods["postgres"].grace
    node.start("postgres")
    until(lambda: cast.drafter.call("GET", "/documents?box=register").ok)
    found = cast.drafter.get("/documents?box=register")
    assert {item["title"] for item in found["items"]} >= {"쿠버네티스에서", "멈추기 전에"}
