"""Configuration from the environment: one typed class (12-factor)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Every setting, read from `ONEWAY_<NAME>`. Sizes are bytes, times seconds."""

    model_config = SettingsConfigDict(env_prefix="ONEWAY_", extra="ignore")

    mode: Literal["embedded", "full"] = "embedded"
    var: Path = Path("var")
    host: str = "127.0.0.1"
    port: int = 8080
    metrics_host: str = "127.0.0.1"
    metrics_port: int = 0

    broker_url: str = ""
    control_url: str = ""
    database_url: str = Field("", description="Administrator's URL of the PostgreSQL server where new tenants are made")

    bus_key: str = Field("", description="Key that signs messages on the bus; several, newest first, split by commas")
    database_secret: str = Field("", description="What a service's database passwords are derived from")
    storage_key: str = Field("", description="Key that wraps each tenant's attachment key")
    cookie_key: str = Field("", description="Key of the CSRF tokens")

    storage_url: str = ""
    attachment_limit: int = 200 * 1024 * 1024
    rpc_timeout: float = 5.0
    rpc_workers: int = 32
    workers: int = 1
    pool_size: int = 8
    pool_tenants: int = 40
    api_rate: str = ""
    secure_cookies: bool = False
    log_level: str = "INFO"

    @property
    def embedded(self) -> bool:
        """Whether everything runs in this one process."""
        return self.mode == "embedded"


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
