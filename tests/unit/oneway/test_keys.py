"""The installation's keys: given or made, each process its own, and shown to nobody."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import orjson
import pytest
from click.testing import Result
from typer.testing import CliRunner

from oneway import cli, keys, parts
from shared.db.urls import control_urls, service_secret
from shared.settings import Settings
from tests.support.environment import without_settings

GIVEN = {name: f"a given {name}" for name in keys.NAMES}
URL = "postgresql://owner@db.example:5432/postgres"


@pytest.fixture(autouse=True)
def alone(tmp_path: Path) -> Iterator[None]:
    """No setting of whoever runs the tests; what is written goes under `var`."""
    with mock.patch.dict(os.environ, without_settings() | {"ONEWAY_VAR": str(tmp_path / "var")}, clear=True):
        yield


def given(**more: str) -> None:
    os.environ.update({f"ONEWAY_{name.upper()}": value for name, value in {**GIVEN, **more}.items()})


def command(*arguments: str) -> Result:
    with mock.patch("shared.log.configure"):
        return CliRunner().invoke(cli.app, list(arguments))


def read(path: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in path.read_text().splitlines())


# -- given or made ----------------------------------------------------------------------------------


def test_keys_that_are_given_are_written_nowhere(tmp_path: Path) -> None:
    given()
    assert keys.load_or_make(Settings()) == GIVEN
    assert not (tmp_path / "var").exists()


def test_keys_are_made_once_and_nobody_else_can_read_them(tmp_path: Path) -> None:
    made = keys.load_or_make(Settings())
    assert keys.load_or_make(Settings()) == made
    assert len(set(made.values())) == len(keys.NAMES)
    assert (tmp_path / "var" / "keys.json").stat().st_mode & 0o777 == 0o600


def test_a_key_that_was_forgotten_is_not_made_up(tmp_path: Path) -> None:
    given()
    del os.environ["ONEWAY_STORAGE_KEY"]
    with pytest.raises(keys.Missing, match=r"^ONEWAY_STORAGE_KEY$"):
        keys.load_or_make(Settings())
    assert not (tmp_path / "var").exists()


def test_a_key_that_is_given_goes_before_the_one_that_is_kept() -> None:
    made = keys.load_or_make(Settings())
    os.environ["ONEWAY_BUS_KEY"] = "another"
    assert keys.load_or_make(Settings()) == {**made, "bus_key": "another"}


def test_an_empty_key_in_a_list_is_refused() -> None:
    given(bus_key="new,,old")
    with pytest.raises(ValueError, match="missing"):
        keys.load_or_make(Settings())


def test_a_command_in_production_makes_no_keys(tmp_path: Path) -> None:
    os.environ |= {"ONEWAY_MODE": "full", "ONEWAY_DATABASE_URL": URL}
    answer = command("migrate")
    assert answer.exit_code == 1
    assert all(f"ONEWAY_{name.upper()}" in answer.output for name in keys.NAMES)
    assert not (tmp_path / "var").exists()


def test_secrets_are_read_from_the_files_of_a_directory(tmp_path: Path) -> None:
    directory = tmp_path / "mounted"
    directory.mkdir()
    for name, value in GIVEN.items():
        (directory / f"ONEWAY_{name.upper()}").write_text(f"{value}\n")
    os.environ |= {"ONEWAY_SECRETS_DIR": str(directory), "ONEWAY_BUS_KEY": "of the environment"}
    assert keys.load_or_make(Settings()) == {**GIVEN, "bus_key": "of the environment"}


def test_a_directory_of_secrets_that_is_not_there_is_no_secret_less() -> None:
    os.environ["ONEWAY_SECRETS_DIR"] = "/nowhere/at/all"
    with pytest.warns(UserWarning, match="does not exist"), pytest.raises(ValueError, match="secrets_dir"):
        Settings()


# -- a file for each process ------------------------------------------------------------------------


def test_each_process_is_given_its_own_secrets_in_a_file_of_its_own(tmp_path: Path) -> None:
    given(database_url=URL)
    answer = command("keys", "files", str(tmp_path / "env"))
    assert answer.exit_code == 0, answer.output
    files = {path.stem: read(path) for path in (tmp_path / "env").iterdir()}
    assert set(files) == {"gateway", "jobs", *parts.SERVICES}
    assert files["jobs"] == {f"ONEWAY_{name.upper()}": value for name, value in GIVEN.items()}
    for name in parts.SERVICES:
        assert set(files[name]) == {"ONEWAY_BUS_KEY", "ONEWAY_CONTROL_URL", "ONEWAY_DATABASE_SECRET"}
        assert files[name]["ONEWAY_DATABASE_SECRET"] == service_secret(GIVEN["database_secret"], name)
    of_gateway = ("BUS_KEY", "STORAGE_KEY", "COOKIE_KEY", "CONTROL_URL")
    assert set(files["gateway"]) == {f"ONEWAY_{key}" for key in of_gateway}
    assert files["gateway"]["ONEWAY_CONTROL_URL"].startswith("postgresql+psycopg://ow_control:")


def test_of_several_secrets_each_service_is_given_its_part_of_each(tmp_path: Path) -> None:
    given(database_url=URL, database_secret="new,old")
    assert command("keys", "files", str(tmp_path)).exit_code == 0
    told = read(tmp_path / "desk.env")
    assert told["ONEWAY_DATABASE_SECRET"] == f"{service_secret('new', 'desk')},{service_secret('old', 'desk')}"
    urls = control_urls(told["ONEWAY_CONTROL_URL"])
    assert len({url.password for url in urls}) == len(urls) == 2
    assert {url.host for url in urls} == {"db.example"}


def test_the_files_can_be_read_by_their_owner_only(tmp_path: Path) -> None:
    (tmp_path / "env").mkdir(mode=0o755)
    (tmp_path / "env" / "jobs.env").write_text("an earlier one that everybody could read")
    assert command("keys", "files", str(tmp_path / "env")).exit_code == 0
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "env").iterdir()} == {0o600}


def test_writing_the_files_shows_no_key(tmp_path: Path) -> None:
    output = command("keys", "files", str(tmp_path / "env")).output
    kept = orjson.loads((tmp_path / "var" / "keys.json").read_bytes())
    assert not [name for name, value in kept.items() if value in output]
    assert "jobs.env" in output


def test_the_files_hold_what_an_environment_file_can(tmp_path: Path) -> None:
    os.environ["ONEWAY_DATABASE_URL"] = URL
    assert command("keys", "files", str(tmp_path)).exit_code == 0
    for path in tmp_path.glob("*.env"):
        for value in read(path).values():
            assert value.isascii() and value.isprintable() and not set(value) & set(" '\"\\$`"), (path, value)


def test_what_a_command_writes_is_for_its_owner(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "oneway", "keys", "files", str(tmp_path / "env")]
    environment = {**os.environ, "ONEWAY_VAR": str(tmp_path / "var" / "deep")}
    subprocess.run(command, env=environment, check=True, capture_output=True, umask=0o022)
    assert {path.stat().st_mode & 0o077 for path in tmp_path.rglob("*")} == {0}
