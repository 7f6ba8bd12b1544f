"""A setting that is documented reaches the processes of the full mode, and none is read past the typed class."""

from __future__ import annotations

from pathlib import Path

import pytest

from oneway.full import Child, Launcher
from shared.settings import Settings
from tests.unit.promises import source

OF_ONE_PROCESS = {
    "MODE",
    "VAR",
    "HOST",
    "PORT",
    "METRICS_PORT",
    "CONTROL_URL",
    "DATABASE_URL",
    "REPLICAS",
    "SECRETS_DIR",
}
SECRETS = {"BUS_KEY", "DATABASE_SECRET", "STORAGE_KEY", "COOKIE_KEY", "SMTP_URL", "MEETING_IMAP_URL", "VAPID_KEY"}


def processes(tmp_path: Path) -> list[Child]:
    """The processes of the full mode, as they would be started."""
    given = {name: f"the {name}" for name in map(str.lower, SECRETS)}
    return Launcher(Settings(var=tmp_path, storage_url="file:///objects", **given)).children


@pytest.mark.parametrize("name", sorted({name.upper() for name in Settings.model_fields} - OF_ONE_PROCESS - SECRETS))
def test_what_is_set_for_all_reaches_every_process(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"ONEWAY_{name}", "1")
    for child in processes(tmp_path):
        assert f"ONEWAY_{name}" in child.environment, child.name


def test_a_process_is_given_its_own_secrets_only(tmp_path: Path) -> None:
    for child in processes(tmp_path):
        environment = child.environment
        assert "the database_secret" not in environment.values(), child.name
        for name in ("COOKIE_KEY", "STORAGE_KEY", "SMTP_URL", "MEETING_IMAP_URL", "VAPID_KEY"):
            assert (f"ONEWAY_{name}" in environment) == (child.name == "gateway")
        assert ("ONEWAY_DATABASE_SECRET" in environment) == (child.name != "gateway")
        assert "ONEWAY_DATABASE_URL" not in environment


def test_no_two_services_are_given_the_same_secret(tmp_path: Path) -> None:
    given = [child.environment["ONEWAY_DATABASE_SECRET"] for child in processes(tmp_path) if child.name != "gateway"]
    assert len(set(given)) == len(given)


def test_the_environment_is_read_by_the_settings_and_by_the_launcher_only() -> None:
    for path in source.modules("shared", "services", "gateway"):
        assert "os.environ" not in path.read_text() and "getenv" not in source.names(path), path
