"""Whoever knows nameko finds it: services by `nameko run`, and nameko's shell for operators, on record."""

from __future__ import annotations

import subprocess
from typing import Any

import orjson
import pytest
from kombu.utils.json import dumps
from nameko.rpc import MethodProxy
from nameko.standalone.rpc import ClusterRpcProxy, ServiceRpcProxy

from shared.context import Signer
from shared.ids import new_id
from tests.integration.ground import by_nameko
from tests.integration.ground.stage import KEY, Stage, context
from tests.integration.product.cast import Cast
from tests.integration.product.database import sql
from tests.support.system import System

# -- nameko run -------------------------------------------------------------------------------------


@pytest.mark.mode("full")
def test_a_service_that_nameko_runs_does_its_part_in_the_system(system: System) -> None:
    cast = Cast(system)
    system.kill("approval", hold=True)
    with by_nameko.running(system, "approval", "services.approval.service:ApprovalService") as process:
        document = cast.submitted("nameko가 돌리는 서비스")
        cast.has_todo("decider", document)
        cast.decide("decider", document)
        card = cast.card(document)
        assert card["state"] == "approved" and card["number"]
    assert process.returncode == 0, "told to stop it ends in order"


def test_nameko_says_what_is_missing_where_it_is_not_given_the_configuration() -> None:
    done = subprocess.run(
        by_nameko.command("run", "services.approval.service"), capture_output=True, text=True, timeout=240, check=False
    )
    assert "--config deploy/nameko/config.yaml" in done.stdout


def test_a_service_by_itself_is_refused_with_the_settings_of_an_embedded_system() -> None:
    given = by_nameko.command("run", "--config", "deploy/nameko/config.yaml", "services.approval.service")
    done = subprocess.run(given, env=by_nameko.bare(), capture_output=True, text=True, timeout=240, check=False)
    assert "ONEWAY_MODE=full" in done.stdout


# -- nameko's own proxies ---------------------------------------------------------------------------


@pytest.mark.parametrize("named", [False, True], ids=["by position", "by name"])
def test_nameko_s_proxies_of_one_service_and_of_all_are_answered(
    stage: Stage, toy, named: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = {"value": "가"}
    content: dict[str, Any] = {"args": [], "kwargs": data} if named else {"args": [data], "kwargs": {}}
    wire = context().to_wire()
    signature = Signer.from_text(KEY).sign(wire, "toy.echo ", dumps(content).encode())
    headers = {"oneway-context": wire, "oneway-signature": signature}
    monkeypatch.setattr(MethodProxy, "get_message_headers", lambda self, worker: headers)
    broker = {"AMQP_URI": stage.settings.broker_url}
    with ClusterRpcProxy(broker, timeout=10) as every, ServiceRpcProxy("toy", broker, timeout=10) as one:
        for proxy in (every.toy, one):
            answer = proxy.echo(**data) if named else proxy.echo(data)
            assert answer == {"value": "가", "tenant": "aa", "person": "p1"}


# -- the shell --------------------------------------------------------------------------------------


def recorded(system: System, method: str) -> list[dict[str, Any]]:
    """What the record of the city holds of calls of this method made at the shell."""
    rows = sql(system, system.tenant, "directory", "SELECT subject, entry FROM audit WHERE action = 'shell.call'")
    entries = [{"subject": subject, **orjson.loads(entry)} for subject, entry in rows]
    return [entry for entry in entries if entry["after"]["method"] == method]


@pytest.mark.mode("full")
def test_a_person_calls_in_the_shell_what_they_may_and_it_is_on_the_record(system: System) -> None:
    person = system.sign_in("admin").get("/me")["person"]
    name = system.demo[system.tenant]["people"]["decider"]["name"]
    done = by_nameko.shell(system, "-c", f"n.rpc.directory.people(q='{name}')", role="admin")
    assert done.returncode == 0, done.stderr
    assert name in {found["name"] for found in orjson.loads(done.stdout)["items"]}
    entry = recorded(system, "people")[-1]
    assert entry["subject"] == person["id"] and "@" in entry["after"]["operator"]
    assert entry["after"]["service"] == "directory" and entry["after"]["arguments"] == ["q"]
    assert name not in orjson.dumps(entry).decode(), "what was asked for is not told"


@pytest.mark.mode("full")
def test_the_session_of_the_shell_ends_with_it(system: System) -> None:
    done = by_nameko.shell(system, "-c", "n.context.session", role="drafter")
    sessions = sql(system, system.tenant, "directory", "SELECT id FROM session WHERE id = :id", id=done.stdout.strip())
    assert len(done.stdout.strip()) == 36 and sessions == []


@pytest.mark.mode("full")
def test_a_command_of_the_shell_takes_effect_once_under_its_key(system: System) -> None:
    key = new_id()
    call = f"n.rpc.documents.create_draft.under('{key}')(title='셸에서', body='<p>가</p>')['id']"
    done = by_nameko.shell(system, "-c", f"[{call}, {call}]", role="drafter")
    assert done.returncode == 0, done.stderr
    first, second = orjson.loads(done.stdout)
    assert first == second
    assert len(recorded(system, "create_draft")) >= 2, "each attempt is on the record"


@pytest.mark.mode("full")
def test_a_platform_operator_is_no_person_of_the_tenant(system: System) -> None:
    done = by_nameko.shell(system, "-c", "n.rpc.directory.people(q='가')")
    assert done.returncode == 1 and "401" in done.stderr
    assert recorded(system, "people")[-1]["subject"] == system.tenant, "what was refused is on the record as well"


@pytest.mark.mode("full")
def test_a_call_that_cannot_be_put_on_the_record_is_not_made(system: System) -> None:
    system.kill("directory", hold=True)
    done = by_nameko.shell(system, "-c", "n.rpc.desk.counts()")
    assert done.returncode == 1 and "503" in done.stderr and "directory" in done.stderr


@pytest.mark.mode("full")
def test_a_wrong_password_opens_no_shell(system: System) -> None:
    done = by_nameko.shell(system, "--login", "nobody", "-c", "print('in')", password="wrong")
    assert done.returncode == 1 and "bad-credentials" in done.stderr and "in" not in done.stdout


@pytest.mark.mode("full")
def test_a_script_is_read_from_standard_input(system: System) -> None:
    typed = "import json\nprint('answer', len(n.rpc.directory.people(limit=3)['items']))\n"
    done = by_nameko.shell(system, role="drafter", typed=typed)
    assert "answer 3" in done.stdout, done.stderr


@pytest.mark.mode("full")
def test_the_shell_lists_the_services_and_tells_what_a_method_takes(system: System) -> None:
    listed = by_nameko.shell(system, "-c", "n.services").stdout
    assert "command decide(" in listed and "query   people(" in listed
    told = by_nameko.shell(system, "-c", "help(n.rpc.approval.decide)").stdout
    assert "A command, for: anybody signed in." in told and "document: id, required" in told


def test_an_embedded_system_has_no_broker_to_reach(tmp_path) -> None:
    given = by_nameko.bare(ONEWAY_VAR=str(tmp_path))
    done = subprocess.run(
        [*by_nameko.ONEWAY, "shell", "--tenant", "city"], env=given, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1 and "oneway up --full" in done.stderr
