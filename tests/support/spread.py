"""How the tests are spread over processes (`make test` runs two): what shares a running system stays together.

Otherwise each process would start every system for itself. pytest-xdist's own groups cannot be used: it writes them
into an item's id, which pytest no longer lets anybody do.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling

# The longest come first, so that no process is left with one of them at the end.
_LONGEST = ("system-full-product", "browser", "system-full", "system-embedded")
_MODE = re.compile(r"\[(full|embedded)\b")
# Here a parameter of that name is no system that others share.
_OWN_MODES = "integration/tenancy"
_PRODUCT = "integration/product"


def group(nodeid: str) -> str:
    """What a test shares, by its id: the running system of a mode, or what its folder or its file starts."""
    path, _, name = nodeid.partition("::")
    kind, *rest = PurePosixPath(path).relative_to("tests").parts
    if kind == "browser":
        return kind
    if kind == "unit":
        return "/".join((kind, *rest))
    folder = "/".join((kind, *rest[:1]))
    mode = _MODE.search(name)
    if not mode or folder == _OWN_MODES:
        return folder
    # What all tests of the full system take would keep one process busy after the other has ended. A process that gets
    # both parts has one system for them.
    return f"system-{mode[1]}{'-product' if mode[1] == 'full' and folder == _PRODUCT else ''}"


def order(items: list[pytest.Item]) -> None:
    """Puts the tests of a group side by side, the longest groups first."""
    groups = {item: group(item.nodeid) for item in items}
    places = {name: number for number, name in enumerate(dict.fromkeys((*_LONGEST, *groups.values())))}
    items.sort(key=lambda item: places[groups[item]])


class Together(LoadScopeScheduling):
    """Gives a process group after group, in the order in which they were collected."""

    def __init__(self, config: pytest.Config, log: object) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)
