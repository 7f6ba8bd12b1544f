"""A service is a folder of two small files: each one of `oneway.parts` has it, and a new one needs nothing more."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from oneway.parts import SERVICES
from shared.bus.broker import EVENT_EXCHANGE, event_queue, rpc_queue
from shared.bus.topology import GATEWAY, permissions
from tests.unit.deploy.manifests import K8S, OVERLAYS, ROOT, Resources, build, of, one, render
from tests.unit.deploy.test_manifest_network import check_network
from tests.unit.deploy.test_manifest_processes import check_processes

BROKER = "oneway-rabbitmq"


def check_services(resources: Resources, services: set[str]) -> None:
    """That these services run, and no others; in the city with their own user of the broker and as many as needed."""
    deployed = {d["metadata"]["name"]: d for d in of(resources, "Deployment")}
    assert deployed.keys() == {GATEWAY, *services}
    for service in services:
        labels = deployed[service]["spec"]["template"]["metadata"]["labels"]
        assert labels["oneway/role"] == "service"
        assert deployed[service]["spec"]["template"]["spec"]["containers"][0]["args"] == ["service", service]
    if of(resources, "RabbitmqCluster"):
        for process in deployed:
            _check_rights(resources, process)
        for service in services:
            _check_scaling(resources, service)


def _check_rights(resources: Resources, process: str) -> None:
    """Its user may what `permissions` says, and its process comes as that user."""
    rights = permissions(process)
    one(resources, "User", process)
    written = one(resources, "Permission", process)["spec"]
    assert written["permissions"] == {"configure": rights.configure, "write": rights.write, "read": rights.read}
    topics = one(resources, "TopicPermission", process)["spec"]
    assert topics["permissions"] == {"exchange": EVENT_EXCHANGE, "write": rights.events, "read": ".*"}
    for spec in (written, topics):
        assert spec["userReference"] == {"name": process}
        assert spec["vhost"] == "/"
        assert spec["rabbitmqClusterReference"] == {"name": BROKER}
    (container,) = one(resources, "Deployment", process)["spec"]["template"]["spec"]["containers"]
    keys = {v["name"]: v["valueFrom"]["secretKeyRef"] for v in container["env"] if "valueFrom" in v}
    secret = f"{process}-user-credentials"
    assert keys == {
        "BROKER_USER": {"name": secret, "key": "username"},
        "BROKER_PASSWORD": {"name": secret, "key": "password"},
    }


def _check_scaling(resources: Resources, service: str) -> None:
    spec = one(resources, "ScaledObject", service)["spec"]
    assert spec["scaleTargetRef"] == {"name": service}
    queues = [t["metadata"]["queueName"] for t in spec["triggers"] if t["type"] == "rabbitmq"]
    assert queues == [rpc_queue(service), event_queue(service)]
    assert spec["maxReplicaCount"] > spec["minReplicaCount"] >= 2
    assert spec["fallback"]["replicas"] >= 2


def test_every_service_has_its_folder_and_nothing_else_has() -> None:
    folders = {path.name for path in (K8S / "base" / "services").iterdir() if path.is_dir()}
    assert folders == set(SERVICES)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_services_of_an_overlay_are_those_there_are(overlay: str) -> None:
    check_services(render(overlay), set(SERVICES))


def test_each_deployment_of_the_city_has_one_autoscaler_and_no_number_of_its_own() -> None:
    resources = render("city")
    scaled = [o["spec"]["scaleTargetRef"]["name"] for o in of(resources, "HorizontalPodAutoscaler", "ScaledObject")]
    assert sorted(scaled) == sorted(d["metadata"]["name"] for d in of(resources, "Deployment"))
    # Otherwise each `kubectl apply` would undo what the autoscaler did.
    assert [d["metadata"]["name"] for d in of(resources, "Deployment") if "replicas" in d["spec"]] == []


def test_a_new_service_is_added_by_the_documented_lines(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "kubernetes.md").read_text()
    (recipe,) = re.findall(r"```sh\n(cd deploy/k8s/base/services\n.*?)```", page, re.S)
    shutil.copytree(K8S, tmp_path / "deploy" / "k8s")
    subprocess.run(["sh", "-euc", recipe], cwd=tmp_path, check=True, timeout=20)
    for overlay in OVERLAYS:
        resources = build(tmp_path / "deploy" / "k8s" / "overlays" / overlay)
        check_services(resources, {*SERVICES, "archive"})
        check_processes(resources)
        check_network((*resources, *of(render(f"{overlay}/migrate"), "Job")))
    added = list((tmp_path / "deploy" / "k8s" / "base" / "services" / "archive").iterdir())
    assert sum(len(path.read_text().splitlines()) for path in added) <= 15
