"""Custom resources held against types: where a package carries them, the package's; where none does, our own.

The packages are TypeScript's (tests/unit/deploy/types): its compiler knows what is no field, what is missing and what
is of another type. For the rest the shapes below say which fields we use, as their operators' documentation has them;
they catch a slip of ours, and not what an operator changes.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

from tests.unit.deploy.manifests import ROOT, Resource, name

TYPES = Path(__file__).parent / "types" / "node_modules"
TSC = ROOT / "gateway" / "frontend" / "node_modules" / ".bin" / "tsc"
CNPG = TYPES / "@cdk8s-kit" / "crds" / "dist" / "postgresql.cnpg.io.d.ts"

_MODELS = "@kubernetes-models"
TYPED = {
    "Gateway": f"{_MODELS}/gateway-api/gateway.networking.k8s.io/v1/Gateway",
    "HTTPRoute": f"{_MODELS}/gateway-api/gateway.networking.k8s.io/v1/HTTPRoute",
    "Certificate": f"{_MODELS}/cert-manager/cert-manager.io/v1/Certificate",
    "Issuer": f"{_MODELS}/cert-manager/cert-manager.io/v1/Issuer",
    "ScaledObject": f"{_MODELS}/keda/keda.sh/v1alpha1/ScaledObject",
    "TriggerAuthentication": f"{_MODELS}/keda/keda.sh/v1alpha1/TriggerAuthentication",
    "PodMonitor": f"{_MODELS}/prometheus-operator/monitoring.coreos.com/v1/PodMonitor",
    "PrometheusRule": f"{_MODELS}/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule",
}
TYPED_CNPG = ("Cluster", "ScheduledBackup")


def _object(required: str = "", **properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": required.split(), "properties": properties}


_TEXT = {"type": "string", "minLength": 1}
_NUMBER = {"type": "integer", "minimum": 1}
_ANY: dict[str, Any] = {"type": "object"}
_NAMED = _object("name", name=_TEXT)
_KEY = _object("name key", name=_TEXT, key=_TEXT)


def _rights(fields: str) -> dict[str, Any]:
    """What a user may do in a virtual host; each of the `fields` is a text."""
    return _object(
        "vhost userReference permissions rabbitmqClusterReference",
        vhost=_TEXT,
        userReference=_NAMED,
        permissions=_object(fields, **dict.fromkeys(fields.split(), _TEXT)),
        rabbitmqClusterReference=_NAMED,
    )


SHAPES = {
    "RabbitmqCluster": _object(
        "replicas tls persistence resources",
        replicas=_NUMBER,
        image=_TEXT,
        terminationGracePeriodSeconds=_NUMBER,
        persistence=_object("storage", storage=_TEXT, storageClassName=_TEXT),
        resources=_object("requests limits", requests=_ANY, limits=_ANY),
        tls=_object("secretName", secretName=_TEXT, caSecretName=_TEXT, disableNonTLSListeners={"type": "boolean"}),
        rabbitmq=_object(
            additionalConfig=_TEXT, envConfig=_TEXT, advancedConfig=_TEXT, additionalPlugins={"type": "array"}
        ),
        override=_object(statefulSet=_object("spec", spec=_object("template", template=_ANY)), service=_ANY),
    ),
    "User": _object(
        "rabbitmqClusterReference",
        rabbitmqClusterReference=_NAMED,
        tags={"type": "array", "items": {"enum": ["management", "policymaker", "monitoring", "administrator"]}},
        importCredentialsSecret=_NAMED,
    ),
    "Permission": _rights("configure write read"),
    "TopicPermission": _rights("exchange write read"),
    "Pooler": _object(
        "cluster instances type pgbouncer",
        cluster=_NAMED,
        instances=_NUMBER,
        type={"enum": ["rw", "ro", "r"]},
        pgbouncer=_object(
            "poolMode",
            poolMode={"enum": ["session", "transaction"]},
            # Each is text, as in PgBouncer's own file.
            parameters={"type": "object", "additionalProperties": _TEXT},
        ),
        template=_object("spec", metadata=_object(labels=_ANY, annotations=_ANY), spec=_ANY),
    ),
    "ObjectStore": _object(
        "configuration",
        retentionPolicy={"type": "string", "pattern": "^[1-9][0-9]*[dwm]$"},
        configuration=_object(
            "destinationPath s3Credentials",
            destinationPath={"type": "string", "pattern": "^s3://"},
            endpointURL={"type": "string", "pattern": "^https://"},
            s3Credentials=_object("accessKeyId secretAccessKey", accessKeyId=_KEY, secretAccessKey=_KEY, region=_KEY),
            wal=_object(compression={"enum": ["gzip", "lz4", "zstd"]}, maxParallel=_NUMBER, encryption=_TEXT),
            data=_object(compression={"enum": ["gzip", "bzip2", "snappy"]}, jobs=_NUMBER, encryption=_TEXT),
        ),
    ),
}


def type_errors(resources: list[Resource], directory: Path) -> list[str]:
    """What TypeScript finds wrong with these resources (kinds of `TYPED` and `TYPED_CNPG`), a line each."""
    assert CNPG.exists(), "the types of custom resources are missing: run `make types`"
    assert TSC.exists(), "the pages' tools are missing: run `make assets`"
    (directory / "node_modules").symlink_to(TYPES)
    (directory / "cnpg.d.ts").write_text(_as_written(CNPG.read_text()))
    lines = ['import type * as cnpg from "./cnpg.js";']
    lines += [f'import type {{ I{kind} }} from "{module}";' for kind, module in TYPED.items()]
    for number, resource in enumerate(resources):
        kind = resource["kind"]
        if kind in TYPED_CNPG:
            value, type_ = _camel(resource["spec"]), f'cnpg.{kind}Props["spec"]'
        else:
            value, type_ = resource, f"I{kind}"
        lines.append(f"export const _{number}: {type_} = {json.dumps(value)};")
    (directory / "resources.ts").write_text("\n".join(lines))
    options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--target", "es2022"]
    done = subprocess.run(
        [str(TSC), *options, "resources.ts"], cwd=directory, capture_output=True, text=True, timeout=100
    )
    first = len(TYPED) + 2
    return [
        f"{name(resources[int(line) - first])}: {what}" if int(line) >= first else what
        for line, what in re.findall(r"resources\.ts\((\d+),\d+\): (.*)", done.stdout)
    ] or ([done.stdout] if done.returncode else [])


def _as_written(types: str) -> str:
    """The package's types made for what stands in YAML: an enumeration is its texts, a quantity a text or a number."""

    def texts(match: re.Match[str]) -> str:
        values = re.findall(r'= (".*?")', match[2])
        return f"type {match[1]} = {' | '.join(values)};"

    types = re.sub(r"declare enum (\w+) \{(.*?)\n\}", texts, types, flags=re.S)
    return re.sub(
        r"declare class (\w+) \{\s*readonly value: (number \| string);.*?\n\}", r"type \1 = \2;", types, flags=re.S
    )


def _camel(value: Any) -> Any:
    """Keys as the package has them: `isWALArchiver` is `isWalArchiver` there. Keys that are data stay."""
    if isinstance(value, list):
        return [_camel(each) for each in value]
    if not isinstance(value, dict):
        return value
    data = ("parameters", "labels", "annotations", "matchLabels", "limits", "requests")
    return {_key(key): child if key in data else _camel(child) for key, child in value.items()}


def _key(key: str) -> str:
    key = re.sub(r"([A-Z])([A-Z]+)(?=[A-Z][a-z]|$)", lambda m: m[1] + m[2].lower(), key)
    return re.sub(r"_([a-z])", lambda m: m[1].upper(), key)
