"""The tests that share a running system go to one process, and to no other."""

from __future__ import annotations

import pytest

from tests.support.spread import group


@pytest.mark.parametrize(
    ("nodeid", "expected"),
    [
        ("tests/browser/test_browser_live.py::test_a[ko]", "browser"),
        ("tests/integration/product/test_faults.py::test_a[full]", "system-full-product"),
        ("tests/integration/running/test_running.py::test_a[full-desk]", "system-full"),
        ("tests/integration/running/test_running.py::test_a[embedded-desk]", "system-embedded"),
        ("tests/integration/running/test_own_servers.py::test_a", "integration/running"),
        ("tests/integration/tenancy/test_moving.py::test_a[full-to-embedded]", "integration/tenancy"),
        ("tests/integration/product/test_faults.py::test_a[fuller]", "integration/product"),
        ("tests/integration/test_bench.py::test_a[rpc]", "integration/test_bench.py"),
        ("tests/unit/gateway/documents/test_a.py::test_full", "unit/gateway/documents/test_a.py"),
    ],
)
def test_a_test_is_with_those_it_shares_a_system_with(nodeid: str, expected: str) -> None:
    assert group(nodeid) == expected


def test_this_run_keeps_them_together(request: pytest.FixtureRequest) -> None:
    names = [group(item.nodeid) for item in request.session.items]
    if not hasattr(request.config, "workerinput"):
        pytest.skip("one process has them all, in the order of the folders")
    begun = [name for name, before in zip(names, ["", *names], strict=False) if name != before]
    assert len(begun) == len(set(begun))
