"""The manifests of `deploy/k8s` as Kubernetes would get them: what the tests of this folder read."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent.parent.parent
K8S = ROOT / "deploy" / "k8s"
Resource = dict[str, Any]
Resources = tuple[Resource, ...]

OVERLAYS = ("single-node", "city")
JOBS = tuple(f"{overlay}/{job}" for overlay in OVERLAYS for job in ("migrate", "onboard", "verify", "console"))
# Components that an overlay does not use by itself, and one that it is shown with.
VARIANTS = {
    "city with an ingress": ("city", "ingress"),
    "city, watched": ("city", "monitoring"),
    "city, its servers watched": ("city", "monitoring-servers"),
    "city, traced": ("city", "tracing"),
    "city that notifies": ("city", "notifications"),
    "city that hears guests": ("city", "meeting-answers"),
    "city, restored": ("city", "postgres-restore"),
    "single node by the gateway api": ("single-node", "gateway-api"),
    "single node, watched": ("single-node", "monitoring"),
}
EVERY = (*OVERLAYS, *JOBS, *VARIANTS)


class _Loader(yaml.CSafeLoader):
    """As Kubernetes reads YAML: a date is a text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


@cache
def render(which: str) -> Resources:
    """Every resource of an overlay, of its jobs, or of a variant."""
    if which in VARIANTS:
        overlay, component = VARIANTS[which]
        with tempfile.TemporaryDirectory() as directory:
            base = Path(os.path.relpath(K8S, Path(directory).resolve()))
            kustomization = {
                "apiVersion": "kustomize.config.k8s.io/v1beta1",
                "kind": "Kustomization",
                "namespace": "oneway",
                "resources": [str(base / "overlays" / overlay)],
                "components": [str(base / "components" / component)],
            }
            (Path(directory) / "kustomization.yaml").write_text(yaml.safe_dump(kustomization))
            return build(Path(directory).resolve())
    return build(K8S / "overlays" / which)


def build(path: Path) -> Resources:
    """Every resource of one kustomization. Raises `AssertionError` with what kustomize says where it cannot."""
    assert shutil.which("kubectl"), "kubectl is missing: the manifests cannot be rendered (CONTRIBUTING.md)"
    done = subprocess.run(["kubectl", "kustomize", str(path)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    # Told on standard error: fields that kustomize will not read any more one day.
    assert not done.stderr, done.stderr
    return tuple(document for document in yaml.load_all(done.stdout, _Loader) if document)


def name(resource: Resource) -> str:
    """`Kind/name`, for messages."""
    return f"{resource['kind']}/{resource['metadata']['name']}"


def of(resources: Resources, *kinds: str) -> list[Resource]:
    """The resources of these kinds."""
    return [resource for resource in resources if resource["kind"] in kinds]


def one(resources: Resources, kind: str, called: str) -> Resource:
    """The one resource of this kind and name."""
    (found,) = (resource for resource in of(resources, kind) if resource["metadata"]["name"] == called)
    return found


def is_builtin(resource: Resource) -> bool:
    """Whether Kubernetes itself knows the kind."""
    group = resource["apiVersion"].rpartition("/")[0]
    return "." not in group or (group.endswith(".k8s.io") and group != "gateway.networking.k8s.io")


def pod_templates(resources: Resources) -> Iterator[tuple[str, Resource]]:
    """The template of every pod that Kubernetes itself would start, with the name of what starts it."""
    for resource in of(resources, "Deployment", "StatefulSet", "DaemonSet", "Job"):
        yield name(resource), resource["spec"]["template"]


def containers(template: Resource) -> list[Resource]:
    """Every container of a pod."""
    spec = template["spec"]
    return [*spec["containers"], *spec.get("initContainers", [])]


def ours(resources: Resources) -> Iterator[tuple[str, Resource]]:
    """The pods that run One Way's own image."""
    for called, template in pod_templates(resources):
        if template["metadata"]["labels"].get("oneway/role") in ("gateway", "service", "job"):
            yield called, template
