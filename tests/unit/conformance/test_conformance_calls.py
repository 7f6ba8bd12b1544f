"""What every command and query of every service holds, whatever it is about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from oneway import parts
from shared.bus.spec import handlers, handling, methods
from shared.contracts.common import PAGE_LIMIT
from shared.errors import Problem
from shared.paging import encode
from tests.support import conformance as kit
from tests.support.examples.example import OTHER, Example, class_of

NO_LENGTH = (0, -1, PAGE_LIMIT + 1, 2**40, "many", None)
METHODS = pytest.mark.parametrize(("service", "method"), kit.each())
COMMANDS = pytest.mark.parametrize(("service", "method"), kit.each("command"))
QUERIES = pytest.mark.parametrize(("service", "method"), kit.each("query"))
PAGES = pytest.mark.parametrize(("service", "method"), kit.each("page"))
BROKEN = ("x", "AAAA", "%%%", "\0", encode(["another list", 1, 2]), encode([None]), "a" * 500)


@pytest.mark.parametrize("service", parts.SERVICES)
def test_a_service_has_an_example_of_each_of_its_methods(service: str) -> None:
    example = class_of(service)
    assert [name for name in methods(parts.service_class(service)) if not callable(getattr(example, name, None))] == []


@METHODS
def test_the_example_is_answered(example: Example, method: str) -> None:
    call = example.call_of(method)
    assert kit.refusal(example.service, method, *call) is None


# -- paging -----------------------------------------------------------------------------------------


@PAGES
def test_pages_have_every_item_once_and_in_one_order_however_long_they_are(example: Example, method: str) -> None:
    call = example.call_of(method)
    whole = kit.walked(example.service, method, call, PAGE_LIMIT)
    assert len(whole) >= 6
    assert len({str(item) for item in whole}) == len(whole)
    for limit in (1, 2, 5, len(whole)):
        assert kit.walked(example.service, method, call, limit) == whole


@PAGES
def test_a_cursor_that_was_not_made_for_this_list_and_a_length_that_is_none_are_refused_by_name(
    example: Example, method: str
) -> None:
    ctx, data = example.call_of(method)
    wrong = [("cursor", cursor) for cursor in BROKEN] + [("limit", limit) for limit in NO_LENGTH]
    for name, value in wrong:
        refused = kit.refusal(example.service, method, ctx, {**data, name: value})
        assert refused and refused.status == 422 and set(refused.fields) == {name}, value


# -- rights -----------------------------------------------------------------------------------------


@METHODS
def test_who_has_not_signed_in_is_refused_where_not_everybody_is_let_in(
    example: Example, service: str, method: str
) -> None:
    call = example.call_of(method)
    refused = kit.refusal(example.service, method, kit.nobody(call.ctx), call.data)
    if kit.method_of(service, method).anonymous:
        assert refused is None
    else:
        assert refused and refused.status in (401, 403)


@METHODS
def test_who_lacks_the_role_that_a_method_asks_for_is_refused(example: Example, service: str, method: str) -> None:
    call = example.call_of(method)
    refused = kit.refusal(example.service, method, kit.without_roles(call.ctx), call.data)
    if kit.method_of(service, method).roles:
        assert refused and refused.status == 403
    else:
        assert refused is None or refused.status < 500


@METHODS
def test_what_there_is_not_is_not_found(example: Example, service: str, method: str) -> None:
    call = example.call_of(method)
    for data in kit.unknown_ids(kit.method_of(service, method), call):
        refused = kit.refusal(example.service, method, call.ctx, data)
        if method in example.answer_for_unknown:
            assert refused is None
        else:
            assert refused and refused.status == 404


# -- idempotency ------------------------------------------------------------------------------------


@COMMANDS
def test_a_command_given_twice_under_a_key_answers_the_same_bytes_and_changes_nothing(
    example: Example, method: str
) -> None:
    call = example.call_of(method)
    first = example.service.answer(method, *call, "key")
    before = kit.content(example.service, call.ctx.tenant)
    assert example.service.answer(method, *call, "key") == first
    assert kit.content(example.service, call.ctx.tenant) == before


@COMMANDS
def test_another_question_under_the_same_key_is_refused_and_changes_nothing(
    example: Example, service: str, method: str
) -> None:
    call = example.call_of(method)
    example.service.answer(method, *call, "key")
    before = kit.content(example.service, call.ctx.tenant)
    other = kit.altered(kit.method_of(service, method), call)
    if other is None:
        assert call.data == {} or not kit.method_of(service, method).schema.fields
        return
    refused = kit.refusal(example.service, method, call.ctx, other, "key")
    assert refused and (refused.status, refused.slug) == (409, "idempotency-key-reused")
    assert kit.content(example.service, call.ctx.tenant) == before


# -- tenants ----------------------------------------------------------------------------------------


@QUERIES
def test_somebody_of_another_tenant_is_shown_nothing_of_this_one(example: Example, method: str) -> None:
    call = example.call_of(method)
    asked = kit.ids(call)
    ours = kit.ids(example.service.call(method, *call)) - asked
    try:
        theirs = example.service.call(method, kit.abroad(call.ctx), call.data)
    except Problem as problem:
        assert problem.status in (401, 403, 404, 409, 422)
    else:
        assert not ours & kit.ids(theirs)


@COMMANDS
def test_a_command_from_another_tenant_changes_nothing_here(example: Example, method: str) -> None:
    call = example.call_of(method)
    before = kit.content(example.service, call.ctx.tenant)
    refused = kit.refusal(example.service, method, kit.abroad(call.ctx), call.data)
    assert refused is None or refused.status < 500
    assert kit.content(example.service, call.ctx.tenant) == before


@METHODS
def test_a_tenant_that_there_is_not_is_not_found(example: Example, method: str) -> None:
    call = example.call_of(method)
    nowhere = replace(call.ctx, tenant="nowhere")
    refused = kit.refusal(example.service, method, nowhere, call.data)
    assert refused and refused.status == 404
    assert kit.content(example.service, OTHER) is not None


# -- strictness -------------------------------------------------------------------------------------


@METHODS
def test_a_field_that_a_method_does_not_know_is_refused_by_its_name(example: Example, method: str) -> None:
    call = example.call_of(method)
    refused = kit.refusal(example.service, method, call.ctx, {**call.data, "unheard_of": 1})
    assert refused and (refused.status, refused.fields) == (422, {"unheard_of": "unknown_field"})


@METHODS
def test_a_value_of_another_type_is_refused_by_its_fields_name(example: Example, service: str, method: str) -> None:
    call = example.call_of(method)
    for name, data in kit.mistyped(kit.method_of(service, method), call):
        refused = kit.refusal(example.service, method, call.ctx, data)
        assert refused and refused.status == 422
        assert {field.partition(".")[0] for field in refused.fields} == {name}


@METHODS
def test_what_is_no_object_is_refused(example: Example, method: str) -> None:
    ctx = example.call_of(method).ctx
    for data in ([], "text", 7, [{}]):
        refused = kit.refusal(example.service, method, ctx, data)
        assert refused and refused.status == 422


@METHODS
def test_no_text_breaks_a_method(example: Example, service: str, method: str) -> None:
    call = example.call_of(method)
    for data in kit.hostile(kit.method_of(service, method), call):
        refused = kit.refusal(example.service, method, call.ctx, data)
        assert refused is None or refused.status < 500, {k: str(v)[:40] for k, v in data.items()}


# -- events -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("service", parts.SERVICES)
def test_the_example_tells_of_every_event_the_service_hears(example: Example, service: str) -> None:
    by_type = handlers(parts.service_class(service))
    told = {told.type for told in example.story()}
    heard = {name for type_ in told for name in handling(by_type, type_)}
    assert heard == {name for names in by_type.values() for name in names}
