"""The overlay's objects, and what has to be done to them before podman 4.3 (Debian 12) can play them.

podman plays Deployments, Pods and ConfigMaps. Of what Kubernetes would do with the rest of these objects, this module
and `node.py` do what the system rests on; docs/containers.md lists it, and what is not shown.
"""

from __future__ import annotations

import base64
import copy
from dataclasses import dataclass

from tests.unit.deploy.manifests import Resource, Resources, of

_POD_MAKERS = ("Deployment", "StatefulSet", "Job")
# A node alone has nothing to do with these: who may call the API, which node, how many at a time, the way in from
# outside. podman enforces no NetworkPolicy.
NOT_PLAYED = {
    *("Ingress", "Namespace", "NetworkPolicy", "PodDisruptionBudget"),
    *("PriorityClass", "Role", "RoleBinding", "ServiceAccount"),
}


@dataclass(frozen=True)
class Volume:
    """A volume to be made before the pod: its owner, in place of what the kubelet does for `fsGroup`."""

    name: str
    owner: int


@dataclass(frozen=True)
class Workload:
    """What podman is given for one Deployment, StatefulSet or Job: `played`; and what it must not see of it."""

    name: str
    pod: str
    played: Resource
    template: Resource
    volumes: list[Volume]

    @property
    def labels(self) -> dict[str, str]:
        """The pod's labels."""
        return dict(self.template["metadata"]["labels"])

    @property
    def container(self) -> Resource:
        """The pod's one container, as the manifest has it: with ports and probes."""
        (found,) = self.template["spec"]["containers"]
        return dict(found)

    @property
    def grace(self) -> int:
        """Seconds from SIGTERM to SIGKILL."""
        return int(self.template["spec"].get("terminationGracePeriodSeconds", 30))

    def port(self, name_or_number: str | int) -> int:
        """A port by its name."""
        named = {port["name"]: port["containerPort"] for port in self.container.get("ports", [])}
        return int(named.get(name_or_number, name_or_number))


def secret_of(data: dict[str, str]) -> Resource:
    """The JSON under which podman finds a Secret that a container's environment names."""
    return {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}


def config_maps(objects: Resources) -> list[Resource]:
    """The ConfigMaps: podman wants them beside each pod that names them."""
    return of(objects, "ConfigMap")


def services(objects: Resources) -> dict[str, str]:
    """The workload behind each Service, by its name. Raises `AssertionError` where a selector finds none or several."""
    found = {}
    for service in of(objects, "Service"):
        wanted = service["spec"]["selector"].items()
        behind = [made.name for made in workloads(objects) if wanted <= made.labels.items()]
        assert len(behind) == 1, (service["metadata"]["name"], behind)
        found[service["metadata"]["name"]] = behind[0]
    return found


def workloads(objects: Resources) -> list[Workload]:
    """Every Deployment, StatefulSet and Job. Raises `AssertionError` for a kind that nobody has thought about."""
    found = []
    for given in objects:
        if given["kind"] in _POD_MAKERS:
            found.append(_workload(given))
        else:
            assert given["kind"] in {*NOT_PLAYED, "ConfigMap", "PersistentVolumeClaim", "Service"}, given["kind"]
    return found


def _workload(given: Resource) -> Workload:
    name = given["metadata"]["name"]
    template = given["spec"]["template"]
    played = copy.deepcopy(given)
    spec = played["spec"]["template"]["spec"]
    volumes = _give_volumes_names(name, played["spec"], spec)
    for container in [*spec["containers"], *spec.get("initContainers", [])]:
        _take_out_of_sight(container)
    if given["kind"] == "Deployment":
        # Of several replicas podman makes several pods on the same volumes: one is enough here.
        played["spec"]["replicas"] = 1
        return Workload(name, f"{name}-pod-0", played, template, volumes)
    spec.setdefault("restartPolicy", "Always")
    metadata = {"name": name, "labels": template["metadata"]["labels"]}
    played = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}
    return Workload(name, name, played, template, volumes)


def _take_out_of_sight(container: Resource) -> None:
    """A port would be opened on the node, where all have the same; a probe would want curl inside, systemd outside."""
    for key in ("ports", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle"):
        container.pop(key, None)


def _give_volumes_names(name: str, owner_spec: Resource, spec: Resource) -> list[Volume]:
    """podman makes an emptyDir a volume of that name, the same for all pods, and gives it to root.

    Here each is a claim on a volume of the pod's own, made for its user beforehand; so is a claim of a StatefulSet.
    """
    user = spec["securityContext"]["runAsUser"]
    made = []
    claims = [claim["metadata"]["name"] for claim in owner_spec.get("volumeClaimTemplates", [])]
    volumes = spec.setdefault("volumes", [])
    volumes += [{"name": claim, "emptyDir": {}} for claim in claims]
    for volume in volumes:
        if volume.pop("emptyDir", None) is not None:
            volume["persistentVolumeClaim"] = {"claimName": f"{name}-{volume['name']}"}
        if claim := volume.get("persistentVolumeClaim"):
            made.append(Volume(claim["claimName"], user))
    return made
