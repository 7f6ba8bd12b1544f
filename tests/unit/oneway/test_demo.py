"""The demo's files read back through the directory's own import, whole and without a problem."""

from __future__ import annotations

import itertools

import pytest

from oneway.demo.city import DemoTenant, tenants
from services.directory.domain import csvfile, tree
from services.directory.domain.imports import (
    DEPARTMENT_COLUMNS,
    PASSWORD_COLUMN,
    PEOPLE_COLUMNS,
    DepartmentPlan,
    PeoplePlan,
    plan_departments,
    plan_people,
)
from services.directory.domain.positions import NOT_HEAD, seniority
from services.directory.domain.tree import Node

ROLES = {"drafter", "reviewer", "cooperator", "decider", "executive", "clerk", "admin"}
DEMO = tenants(lambda tenant, login: f"Pw-{tenant}-secret1")
CITY = DEMO[0]


def departments(tenant: DemoTenant) -> DepartmentPlan:
    ids = (f"id-{n}" for n in itertools.count())
    root = Node("root", tenant.name, tenant.institution_code, None)
    table = csvfile.read(tenant.departments_csv, DEPARTMENT_COLUMNS)
    return plan_departments(table, {"root": root}, "root", set(), lambda: next(ids))


def people(tenant: DemoTenant) -> PeoplePlan:
    table = csvfile.read(tenant.people_csv, (*PEOPLE_COLUMNS, PASSWORD_COLUMN))
    return plan_people(table, {}, departments(tenant).nodes, {"platform_operator"})


def cast(tenant: DemoTenant):
    found = {person.login: person for person in people(tenant).created}
    return {role: found[login] for role, login in tenant.roles.items()}


@pytest.mark.parametrize("tenant", DEMO, ids=lambda t: t.code)
def test_the_files_import_without_a_problem(tenant):
    assert departments(tenant).bad == []
    assert people(tenant).bad == []


def test_the_city_comes_first_and_is_of_realistic_size():
    plan = departments(CITY)
    depths = tree.depths(plan.nodes)
    assert CITY.name == "한빛시"
    assert len(plan.created) >= 60
    assert set(depths.values()) == {0, 1, 2, 3}
    assert all(list(depths.values()).count(depth) >= 10 for depth in (1, 2, 3))
    assert len(people(CITY).created) >= 600


def test_the_other_tenants_are_two_districts_and_a_corporation_of_smaller_size():
    assert [t.name for t in DEMO[1:]] == ["한빛시 가람구", "한빛시 누리구", "한빛시시설공단"]
    for tenant in DEMO[1:]:
        assert 20 <= len(departments(tenant).created) < len(departments(CITY).created)
        assert 80 <= len(people(tenant).created) < len(people(CITY).created)


def test_no_department_code_stands_twice_in_the_whole_demo():
    codes = [node.code for tenant in DEMO for node in departments(tenant).nodes.values()]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("tenant", DEMO, ids=lambda t: t.code)
def test_every_department_has_a_head(tenant):
    headed = {
        post.department for p in people(tenant).created for post in p.posts if seniority(post.position) < NOT_HEAD
    }
    assert headed == set(departments(tenant).nodes)


@pytest.mark.parametrize("tenant", DEMO, ids=lambda t: t.code)
def test_the_people_who_sign_in_work_together(tenant):
    nodes = departments(tenant).nodes
    found = cast(tenant)
    assert set(found) == ROLES
    assert len({person.login for person in found.values()}) == len(ROLES)
    team = found["drafter"].posts[0].department
    assert seniority(found["drafter"].posts[0].position) == NOT_HEAD
    assert found["reviewer"].posts[0].department == team
    assert found["reviewer"].posts[0].position == "팀장"
    assert found["decider"].posts[0].department == nodes[team].parent
    assert found["cooperator"].posts[0].department not in (team, nodes[team].parent)
    assert found["executive"].posts[0].department == "root"
    assert "document_officer" in found["clerk"].roles
    assert found["clerk"].posts[0].department == team
    assert [p.login for p in people(tenant).created if p.is_admin] == [found["admin"].login]


@pytest.mark.parametrize("tenant", DEMO, ids=lambda t: t.code)
def test_only_the_people_who_sign_in_have_a_password(tenant):
    assert set(people(tenant).passwords) == set(tenant.roles.values()) == set(tenant.names)


def test_some_people_have_several_posts():
    assert sum(len(person.posts) > 1 for person in people(CITY).created) >= 5


def test_every_division_has_a_document_officer():
    nodes = departments(CITY).nodes
    depths = tree.depths(nodes)
    kept = {nodes[p.posts[0].department].parent for p in people(CITY).created if "document_officer" in p.roles}
    assert kept == {id_ for id_, depth in depths.items() if depth == 2}


def test_the_demo_is_the_same_each_time():
    assert tenants(lambda tenant, login: f"Pw-{tenant}-secret1") == DEMO
