"""Every overlay renders, and what it renders is what Kubernetes and the operators take."""

from __future__ import annotations

import copy
from pathlib import Path

import jsonschema
import kubernetes_validate
import pytest

from tests.unit.deploy import custom
from tests.unit.deploy.manifests import EVERY, Resource, is_builtin, name, one, render

# The oldest release whose fields are used, and the newest whose schemas are at hand.
VERSIONS = ("1.30", kubernetes_validate.latest_version())


def distinct(*, builtin: bool) -> list[Resource]:
    """Every resource of every variant, each once."""
    found: dict[str, Resource] = {}
    for which in EVERY:
        found |= {f"{name(r)} {r!r}": r for r in render(which) if is_builtin(r) == builtin}
    return list(found.values())


@pytest.mark.parametrize("version", VERSIONS)
def test_every_resource_is_what_the_schema_takes_and_no_field_is_unknown(version: str) -> None:
    for resource in distinct(builtin=True):
        try:
            kubernetes_validate.validate(resource, version, strict=True)
        except kubernetes_validate.ValidationError as error:
            pytest.fail(f"{name(resource)}: {error}")


def test_an_unknown_field_would_be_found() -> None:
    gateway = copy.deepcopy(one(render("city"), "Deployment", "gateway"))
    gateway["spec"]["template"]["spec"]["containers"][0]["readynessProbe"] = {}
    with pytest.raises(kubernetes_validate.ValidationError, match="readynessProbe"):
        kubernetes_validate.validate(gateway, VERSIONS[-1], strict=True)


def test_every_kind_of_custom_resource_has_types_or_a_shape() -> None:
    kinds = {resource["kind"] for resource in distinct(builtin=False)}
    assert kinds <= {*custom.TYPED, *custom.TYPED_CNPG, *custom.SHAPES}


def test_custom_resources_are_what_their_operators_types_have(tmp_path: Path) -> None:
    typed = [r for r in distinct(builtin=False) if r["kind"] in (*custom.TYPED, *custom.TYPED_CNPG)]
    slips = []
    for kind, field in (("ScaledObject", "triggerz"), ("Cluster", "instanzes"), ("HTTPRoute", "rulez")):
        wrong = copy.deepcopy(next(r for r in typed if r["kind"] == kind))
        wrong["metadata"]["name"] = "wrong"
        wrong["spec"][field] = []
        slips.append(wrong)
    errors = custom.type_errors([*typed, *slips], tmp_path)
    # The slips show that an unknown field is found.
    assert [e.partition(":")[0] for e in errors] == [name(slip) for slip in slips], errors


@pytest.mark.parametrize("kind", custom.SHAPES)
def test_custom_resources_without_types_have_the_shape_their_operators_document(kind: str) -> None:
    found = [resource for resource in distinct(builtin=False) if resource["kind"] == kind]
    assert found
    for resource in found:
        jsonschema.validate(resource["spec"], custom.SHAPES[kind])
