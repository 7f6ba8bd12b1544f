"""A demo whose seeding was interrupted is finished by the next start, with the passwords that were written down."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from oneway import keys
from oneway.offline import Offline
from oneway.provision import Provisioner
from oneway.seed import seed
from shared.settings import Settings


class PowerCut(BaseException):
    """The process is gone."""


def settings(var: Path) -> Settings:
    return Settings(var=var, storage_url=f"file://{var}/objects", **keys.load_or_make(Settings(var=var)))


def provisioner(var: Path) -> Provisioner:
    found = Provisioner(settings(var))
    found.prepare()
    return found


def seed_until(var: Path, step: int) -> None:
    """Seeds; the power goes at this step."""
    left = step

    def progress(tenant: str, what: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise PowerCut

    seed(settings(var), provisioner(var), "http://127.0.0.1", progress)


def test_seeding_that_is_cut_off_again_and_again_comes_to_its_end(tmp_path: Path) -> None:
    for step in (1, 3, 6, 7, 7, 6, 5):
        with pytest.raises(PowerCut):
            seed_until(tmp_path, step)
    seed_until(tmp_path, 0)
    told = orjson.loads((tmp_path / "demo.json").read_bytes())["tenants"]
    registry = provisioner(tmp_path).registry
    assert {tenant.code: tenant.state for tenant in registry.all()} == dict.fromkeys(told, "active")
    directory = Offline("directory", settings(tmp_path), registry)
    try:
        for tenant, demo in told.items():
            for person in demo["people"].values():
                given = {"login": person["login"], "password": person["password"]}
                assert directory.call(tenant, "sign_in", given)["principal"]["name"] == person["name"]
    finally:
        directory.close()


def test_seeding_again_changes_nothing(tmp_path: Path) -> None:
    seed_until(tmp_path, 0)
    before = (tmp_path / "demo.json").read_bytes()
    seed_until(tmp_path, 0)
    assert (tmp_path / "demo.json").read_bytes() == before
    assert (tmp_path / "demo.json").stat().st_mode & 0o777 == 0o600
