"""Who may reach whom: the network policies are worked out for every pod there is, and compared with what is meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.unit.deploy.manifests import OVERLAYS, VARIANTS, Resource, Resources, name, of, pod_templates, render

NAMESPACE = "kubernetes.io/metadata.name"
WORLD = "203.0.113.7"


@dataclass(frozen=True)
class Pod:
    """A pod as policies see it; those of other namespaces stand for what we meet there."""

    name: str
    labels: tuple[tuple[str, str], ...]
    namespace: str = "oneway"

    @property
    def role(self) -> str:
        """What it is to the policies."""
        return dict(self.labels).get("oneway/role", self.name)


def pods(resources: Resources) -> list[Pod]:
    """Every pod that comes of `resources`: by Kubernetes, and by the operators as their documentation says."""
    found = [Pod(called, tuple(t["metadata"]["labels"].items())) for called, t in pod_templates(resources)]
    for resource in of(resources, *_OPERATORS):
        own, told = _OPERATORS[resource["kind"]]
        labels: Any = resource["spec"]
        for key in told:
            labels = labels[key]
        found.append(Pod(name(resource), tuple({own: resource["metadata"]["name"], **labels}.items())))
    return found


# The label by which an operator marks its pods, and where it is told of more.
_OPERATORS = {
    "RabbitmqCluster": (
        "app.kubernetes.io/name",
        ("override", "statefulSet", "spec", "template", "metadata", "labels"),
    ),
    "Cluster": ("cnpg.io/cluster", ("inheritedMetadata", "labels")),
    "Pooler": ("cnpg.io/poolerName", ("template", "metadata", "labels")),
}


# What is met in other namespaces.
_NAMESPACES = ("kube-system", "traefik", "monitoring", "observability", "keda", "cnpg-system", "rabbitmq-system")
STRANGERS = [
    Pod("names", (("k8s-app", "kube-dns"),), "kube-system"),
    *(Pod(namespace, (("app", namespace),), namespace) for namespace in (*_NAMESPACES, "default")),
]


def selects(selector: Resource, labels: dict[str, str]) -> bool:
    """Whether a selector means what has these labels."""
    wanted = selector.get("matchLabels", {}).items() <= labels.items()
    expressions = selector.get("matchExpressions", [])
    assert all(e["operator"] == "In" for e in expressions)
    return bool(wanted and all(labels.get(e["key"]) in e["values"] for e in expressions))


def _is_peer(peer: Resource, pod: Pod | str) -> bool:
    if isinstance(pod, str):
        return "ipBlock" in peer
    if "ipBlock" in peer:
        return False
    there = {NAMESPACE: pod.namespace}
    namespace = selects(peer["namespaceSelector"], there) if "namespaceSelector" in peer else pod.namespace == "oneway"
    return namespace and selects(peer.get("podSelector", {}), dict(pod.labels))


def _ports(rule: Resource) -> Iterator[int]:
    for port in rule["ports"]:
        yield from range(port["port"], port.get("endPort", port["port"]) + 1)


def _lets(resources: Resources, pod: Pod, direction: str, other: Pod | str) -> set[int]:
    """The ports on which the policies let `pod` meet `other`, who is asked (`egress`) or asks (`ingress`)."""
    ports: set[int] = set()
    for policy in of(resources, "NetworkPolicy"):
        if not selects(policy["spec"]["podSelector"], dict(pod.labels)):
            continue
        for rule in policy["spec"].get(direction, []):
            peers = rule["to" if direction == "egress" else "from"]
            if any(_is_peer(peer, other) for peer in peers):
                ports |= set(_ports(rule))
    return ports


def paths(resources: Resources) -> dict[tuple[str, str], set[int]]:
    """The ports on which each pod of ours may reach, or be reached by, each other one, by their roles."""
    inside = pods(resources)
    found: dict[tuple[str, str], set[int]] = {}
    for source in inside:
        for target in (*inside, *STRANGERS, WORLD):
            ports = _lets(resources, source, "egress", target)
            if isinstance(target, Pod) and target.namespace == "oneway":
                ports &= _lets(resources, target, "ingress", source)
            if ports:
                found.setdefault((source.role, target if isinstance(target, str) else target.role), set()).update(ports)
    for source in STRANGERS:
        for target in inside:
            if ports := _lets(resources, target, "ingress", source):
                found.setdefault((source.role, target.role), set()).update(ports)
    return found


def check_network(resources: Resources) -> None:
    """That nothing is open but what is named, and that every selector means somebody."""
    policies = of(resources, "NetworkPolicy")
    closed = [p for p in policies if p["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}]
    assert len(closed) == 1
    everybody = pods(resources)
    for policy in policies:
        spec = policy["spec"]
        # A direction that a rule is written for counts.
        assert {d.capitalize() for d in ("ingress", "egress") if d in spec} <= set(spec["policyTypes"])
        rules = [
            peer for d, f in (("ingress", "from"), ("egress", "to")) for rule in spec.get(d, []) for peer in rule[f]
        ]
        selectors = [spec["podSelector"], *(p["podSelector"] for p in rules if p.keys() == {"podSelector"})]
        for selector in selectors:
            for key, values in _named(selector):
                assert values <= {dict(pod.labels).get(key, "") for pod in everybody}, policy["metadata"]["name"]
    assert {k: v for k, v in paths(resources).items() if k[0] == "service" and k[1] in ("service", "gateway")} == {}


def _named(selector: Resource) -> Iterator[tuple[str, set[str]]]:
    yield from ((key, {value}) for key, value in selector.get("matchLabels", {}).items())
    yield from ((e["key"], set(e["values"])) for e in selector.get("matchExpressions", []))


SINGLE_NODE = {
    ("kube-system", "gateway"): {8080},
    ("names", "gateway"): {8080},
    ("gateway", "broker"): {5672},
    ("gateway", "database"): {5432},
    ("service", "broker"): {5672},
    ("service", "database"): {5432},
}
BETWEEN_BROKERS = {4369, 25672, *range(35672, 35683)}
KUBERNETES = {443, 6443}
CITY = {
    ("traefik", "gateway"): {8080},
    ("gateway", "broker"): {5671},
    # The registry of tenants.
    ("gateway", "database"): {5432},
    ("service", "database"): {5432},
    ("service", "broker"): {5671},
    ("service", "pooler"): {5432},
    ("pooler", "database"): {5432},
    ("broker", "broker"): BETWEEN_BROKERS,
    ("database", "database"): {5432, 8000},
    ("cnpg-system", "database"): {5432, 8000},
    ("rabbitmq-system", "broker"): {15671},
    ("keda", "broker"): {15671},
    ("gateway", WORLD): {443},
    ("broker", WORLD): KUBERNETES,
    ("database", WORLD): KUBERNETES,
    ("pooler", WORLD): KUBERNETES,
}


@pytest.mark.parametrize(("overlay", "meant"), (("single-node", SINGLE_NODE), ("city", CITY)))
def test_the_paths_that_are_open_are_those_in_use(overlay: str, meant: dict[tuple[str, str], set[int]]) -> None:
    resources = render(overlay)
    everybody_asks_names = {(pod.role, "names"): {53} for pod in pods(resources)}
    assert paths(resources) == {**meant, **everybody_asks_names}


@pytest.mark.parametrize("overlay", ("single-node", "city"))
def test_jobs_reach_the_database_alone(overlay: str) -> None:
    job = tuple(r for r in render(f"{overlay}/migrate") if r["kind"] == "Job")
    found = {key: ports for key, ports in paths((*render(overlay), *job)).items() if "job" in key}
    assert found == {("job", "database"): {5432}, ("job", "names"): {53}}


def test_the_console_of_the_city_reaches_the_attachments_as_well() -> None:
    job = tuple(r for r in render("city/console") if r["kind"] == "Job")
    found = {key: ports for key, ports in paths((*render("city"), *job)).items() if "job" in key}
    assert found == {("job", "database"): {5432}, ("job", "names"): {53}, ("job", WORLD): {443}}


@pytest.mark.parametrize(
    ("variant", "opened"),
    (
        ("city, watched", {("monitoring", "gateway"): {9090}, ("monitoring", "service"): {9090}}),
        (
            "city, its servers watched",
            {("monitoring", "broker"): {15691}, ("monitoring", "database"): {9187}, ("monitoring", "pooler"): {9127}},
        ),
        ("city, traced", {("gateway", "observability"): {4318}, ("service", "observability"): {4318}}),
    ),
)
def test_being_watched_opens_one_path(variant: str, opened: dict[tuple[str, str], set[int]]) -> None:
    before, after = paths(render("city")), paths(render(variant))
    assert {key: ports for key, ports in after.items() if before.get(key) != ports} == opened


def test_to_notify_the_gateway_and_nobody_else_reaches_mail_servers_and_push_services() -> None:
    before, after = paths(render("city")), paths(render("city that notifies"))
    opened = {key: ports for key, ports in after.items() if before.get(key) != ports}
    assert opened == {("gateway", WORLD): {443, 465, 587}}


@pytest.mark.parametrize("which", (*OVERLAYS, *VARIANTS))
def test_every_selector_of_a_policy_means_a_pod(which: str) -> None:
    resources = render(which)
    overlay = which.replace(",", "").replace("single node", "single-node").split()[0]
    job = tuple(r for r in render(f"{overlay}/migrate") if r["kind"] == "Job")
    check_network((*resources, *job))
