"""Each process is started as its command line and its settings have it, with what it needs and nothing besides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from oneway import keys, parts
from oneway.cli import app
from shared.settings import Settings, Telemetry
from tests.unit.deploy.manifests import (
    EVERY,
    JOBS,
    K8S,
    OVERLAYS,
    ROOT,
    Resource,
    Resources,
    containers,
    name,
    of,
    one,
    pod_templates,
    render,
)
from tests.unit.deploy.manifests import ours as our_pods

# What a command takes from the environment besides the settings.
COMMANDS_OWN = {"ONEWAY_ADMIN_PASSWORD"}
GIVEN = {"url": "x://given", "username": "given", "password": "given"}


def check_processes(resources: Resources) -> None:
    """Everything that must hold of the processes in `resources`, whichever services there are."""
    for called, template in pod_templates(resources):
        for container in containers(template):
            _check_container(called, template, container)
    for called, template in our_pods(resources):
        (process,) = template["spec"]["containers"]
        _check_places(called, template, process)
        _check_ports(called, process, environment(resources, process))


def _check_container(called: str, template: Resource, container: Resource) -> None:
    resources = container["resources"]
    assert {"cpu", "memory"} <= resources["requests"].keys() & resources["limits"].keys(), called
    if not called.startswith("Job/"):
        assert {"startupProbe", "livenessProbe", "readinessProbe"} <= container.keys(), called
    ports = {port["name"] for port in container.get("ports", [])}
    for probe in (container[each] for each in ("startupProbe", "livenessProbe", "readinessProbe") if each in container):
        asked = probe.get("httpGet") or probe.get("tcpSocket")
        assert asked is None or asked["port"] in ports, called
    pod = template["spec"]
    assert pod["automountServiceAccountToken"] is False, called
    assert pod["enableServiceLinks"] is False, called
    assert pod["securityContext"]["runAsNonRoot"] is True, called
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, called
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }, called


def _check_places(called: str, template: Resource, process: Resource) -> None:
    """It can write where it writes, and there alone."""
    volumes = {volume["name"]: volume for volume in template["spec"]["volumes"]}
    mounted = {mount["mountPath"]: (volumes[mount["name"]], mount) for mount in process["volumeMounts"]}
    for place in ("/var/lib/oneway", "/tmp"):
        assert "sizeLimit" in mounted.pop(place)[0]["emptyDir"], called
    assert all(mount.get("readOnly") or "persistentVolumeClaim" in volume for volume, mount in mounted.values()), called
    assert {mount["name"] for mount in process["volumeMounts"]} == volumes.keys(), called


def _check_ports(called: str, process: Resource, env: dict[str, str]) -> None:
    ports = {port["name"]: port["containerPort"] for port in process.get("ports", [])}
    if called.startswith("Job/"):
        assert not ports
        return
    assert ports.pop("metrics") == int(env["ONEWAY_METRICS_PORT"]), called
    # Where answers to invitations come in by SMTP.
    assert ports.pop("answers", 0) == int(env.get("ONEWAY_MEETING_SMTP_PORT", 0)), called
    assert ports == ({"http": int(env["ONEWAY_PORT"])} if process["args"] == ["gateway"] else {}), called
    for probe, path in (("startupProbe", "/healthz"), ("livenessProbe", "/healthz"), ("readinessProbe", "/readyz")):
        assert process[probe]["httpGet"] == {"path": path, "port": "metrics"}, called


def environment(resources: Resources, process: Resource) -> dict[str, str]:
    """What the manifests themselves say of a process's environment; of what is secret only that it is given."""
    found: dict[str, str] = {}
    for source in process.get("envFrom", []):
        if "configMapRef" in source:
            found |= one(resources, "ConfigMap", source["configMapRef"]["name"])["data"]
    for variable in process.get("env", []):
        if "value" in variable:
            found[variable["name"]] = re.sub(r"\$\((\w+)\)", lambda m: found[m[1]], variable["value"])
        else:
            found[variable["name"]] = GIVEN[variable["valueFrom"]["secretKeyRef"]["key"]]
    return found


def referred(value: Any) -> Iterator[str]:
    """The names of the secrets that a resource of any kind refers to."""
    if isinstance(value, list):
        for each in value:
            yield from referred(each)
    elif isinstance(value, dict):
        for key, child in value.items():
            if key == "secretName":
                yield child
            elif key in ("passwordSecret", "accessKeyId", "secretAccessKey", "secretKeyRef", "secretRef"):
                yield child["name"]
            elif key in ("secretTargetRef", "certificateRefs"):
                yield from (each["name"] for each in child)
            else:
                yield from referred(child)


@pytest.mark.parametrize("which", EVERY)
def test_processes_have_probes_limits_and_no_more_rights_than_they_need(which: str) -> None:
    check_processes(render(which))


@pytest.mark.parametrize("which", (*OVERLAYS, *JOBS))
def test_each_is_started_by_a_command_that_there_is(which: str) -> None:
    pods = list(our_pods(render(which)))
    assert pods
    for called, template in pods:
        if called == "Job/console":
            # There commands are given by hand.
            assert template["spec"]["containers"][0]["command"][0] == "sleep"
            continue
        command: Any = typer.main.get_command(app)
        rest = list(template["spec"]["containers"][0]["args"])
        context = command.make_context("oneway", list(rest), resilient_parsing=True)
        while hasattr(command, "resolve_command"):
            found, command, rest = command.resolve_command(context, rest)
            assert command is not None, called
            context = command.make_context(found, list(rest), parent=context, resilient_parsing=True)
        # Parsed in earnest: an option that is unknown or missing raises.
        command.make_context("oneway", list(rest), parent=context.parent)


@pytest.mark.parametrize("which", EVERY)
def test_what_the_environment_sets_are_settings(which: str) -> None:
    known = {f"ONEWAY_{field.upper()}" for field in Settings.model_fields} | COMMANDS_OWN
    resources = render(which)
    for called, template in our_pods(resources):
        (process,) = template["spec"]["containers"]
        env = environment(resources, process)
        assert {n for n in env if n.startswith("ONEWAY_")} <= known, called
        text = yaml.safe_dump(process.get("env", []))
        others = {n for n in env if not n.startswith(("ONEWAY_", "OTEL_"))}
        assert all(f"$({n})" in text for n in others), called
        # Each is a value the setting can have.
        Telemetry.model_validate({n.removeprefix("OTEL_").lower(): v for n, v in env.items() if n.startswith("OTEL_")})
        Settings.model_validate({n.removeprefix("ONEWAY_").lower(): v for n, v in env.items() if n in known})


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_with_the_files_of_keys_each_process_has_what_it_needs(overlay: str, tmp_path: Path) -> None:
    settings = Settings(
        mode="full",
        bus_key="b" * 43,
        database_secret="d" * 43,
        storage_key="s" * 43,
        cookie_key="c" * 43,
        control_url="postgresql://given",
    )
    written = {path.stem: path.read_text() for path in keys.write_files(settings, tmp_path)}
    needs = {
        "service": ("mode", "broker_url", "control_url", "bus_key", "database_secret", "storage_url"),
        "gateway": ("mode", "broker_url", "control_url", "bus_key", "storage_key", "cookie_key", "storage_url"),
        "job": ("mode", "database_url", "storage_url", *keys.NAMES),
    }
    for which in (overlay, *(job for job in JOBS if job.startswith(overlay))):
        resources = render(which)
        for called, template in our_pods(resources):
            (process,) = template["spec"]["containers"]
            (own,) = {s.removeprefix("oneway-") for s in referred(template)} & written.keys()
            role = template["metadata"]["labels"]["oneway/role"]
            assert own == ("jobs" if role == "job" else called.partition("/")[2])
            env = environment(resources, process)
            env |= dict(line.split("=", 1) for line in written[own].splitlines())
            missing = [need for need in needs[role] if not env.get(f"ONEWAY_{need.upper()}")]
            assert missing == [], called


@pytest.mark.parametrize("which", EVERY)
def test_no_secret_is_written_down_and_each_one_is_documented(which: str) -> None:
    resources = render(which)
    assert of(resources, "Secret") == []
    page = (ROOT / "docs" / "kubernetes.md").read_text()
    found = [(name(r), secret) for r in resources for secret in referred(r)]
    for called, secret in found:
        general = re.sub(rf"\b({'|'.join(parts.SERVICES)}|gateway)\b", "<process>", secret)
        general = re.sub(r"^onboard-\w+$", "onboard-<code>", general)
        assert re.search(rf"^\| [^|]*`{re.escape(general)}`[^|]* \|", page, re.M), f"{called}: {secret}"


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_one_entry_names_the_image_of_every_process(overlay: str) -> None:
    entries = yaml.safe_load((K8S / "overlays" / overlay / "common" / "kustomization.yaml").read_text())["images"]
    (entry,) = entries
    image = f"{entry['newName']}:{entry['newTag']}"
    for which in (overlay, *(job for job in JOBS if job.startswith(overlay))):
        assert {t["spec"]["containers"][0]["image"] for _, t in our_pods(render(which))} == {image}


@pytest.mark.parametrize("which", EVERY)
def test_what_comes_in_reaches_a_port_that_is_listened_on(which: str) -> None:
    resources = render(which)
    services = {s["metadata"]["name"]: s["spec"] for s in of(resources, "Service")}
    templates = list(pod_templates(resources))
    for called, spec in services.items():
        chosen = [t for _, t in templates if spec["selector"].items() <= t["metadata"]["labels"].items()]
        assert chosen, called
        ports = {p["name"] for t in chosen for c in containers(t) for p in c.get("ports", [])}
        assert {port.get("targetPort", port["name"]) for port in spec["ports"]} <= ports
    for ingress in of(resources, "Ingress"):
        for rule in ingress["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                backend = path["backend"]["service"]
                assert backend["port"]["name"] in {p["name"] for p in services[backend["name"]]["ports"]}
    for route in of(resources, "HTTPRoute"):
        for rule in route["spec"]["rules"]:
            for backend in rule.get("backendRefs", []):
                assert backend["port"] in {p["port"] for p in services[backend["name"]]["ports"]}
    if which in OVERLAYS:
        assert of(resources, "Ingress", "HTTPRoute"), "there is no way in"


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_disruption_is_always_possible_and_never_takes_the_last(overlay: str) -> None:
    resources = render(overlay)
    budgets = of(resources, "PodDisruptionBudget")
    assert {name(t) for t in of(resources, "Deployment")} <= {
        f"Deployment/{budget['metadata']['name']}" for budget in budgets
    }
    for budget in budgets:
        assert budget["spec"]["maxUnavailable"] == 1, name(budget)
        wanted = budget["spec"]["selector"]["matchLabels"].items()
        chosen = [called for called, t in pod_templates(resources) if wanted <= t["metadata"]["labels"].items()]
        # One budget for each, for two would each wait for the other; the operators' pods are not written here.
        assert chosen == [f"Deployment/{budget['metadata']['name']}"] or not chosen, name(budget)
