"""What operations.md says there is, is there, and what is there, it says: metrics, settings, commands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import typer
from prometheus_client import REGISTRY

import gateway.core.health  # registers the gateway's metrics
import gateway.core.live  # as well
import gateway.core.rounds  # as well
import gateway.meetings.mail.answers  # noqa: F401  as well
import shared.metrics  # noqa: F401  registers the ground's metrics
from oneway import parts
from oneway.cli import app
from shared.settings import Settings
from tests.unit.promises import source

OPERATIONS = source.document("docs/operations.md")


def section(title: str) -> str:
    """The text below a heading of operations.md, up to the next."""
    found = re.search(rf"^## {title}$(.*?)(?=^## |\Z)", OPERATIONS, re.M | re.S)
    assert found, title
    return found[1]


def metrics() -> set[str]:
    """The project's metrics as they are scraped."""
    for service in parts.SERVICES:
        parts.service_class(service)
    found = (f"{family.name}_total" if family.type == "counter" else family.name for family in REGISTRY.collect())
    return {name for name in found if name.startswith("oneway_")}


def commands() -> Iterator[str]:
    """Every command of the command line, with its group."""
    root: Any = typer.main.get_command(app)
    for name, command in root.commands.items():
        inner = getattr(command, "commands", None)
        yield from (f"{name} {one}" for one in inner) if inner else (name,)


def test_every_metric_is_documented_and_every_documented_one_exists() -> None:
    assert set(re.findall(r"oneway_[a-z_]+", section("Look"))) == metrics()


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    rows = re.findall(r"^\| ((?:`[A-Z_]+`(?:, )?)+) \|", section("Settings"), re.M)
    documented = {name for row in rows for name in re.findall(r"[A-Z_]+", row)}
    assert documented == {name.upper() for name in Settings.model_fields}


def test_every_command_is_documented() -> None:
    assert [command for command in commands() if f"oneway {command}" not in OPERATIONS] == []


def test_every_documented_command_exists() -> None:
    written = re.findall(r"oneway ((?:tenant|audit|dead-letters) [a-z]+|(?:up|service|migrate)\b)", OPERATIONS)
    assert set(written) <= set(commands())
