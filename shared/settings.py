"""Configuration from the environment: one typed class (12-factor)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import DirectoryPath, Field
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SecretsSettingsSource, SettingsConfigDict


class Settings(BaseSettings):
    """Every setting: `ONEWAY_<NAME>` in the environment, or a file in `secrets_dir`. Sizes are bytes, times seconds."""

    model_config = SettingsConfigDict(env_prefix="ONEWAY_", extra="ignore")

    secrets_dir: DirectoryPath | None = Field(None, description="Directory with a file `ONEWAY_<NAME>` for a setting")

    mode: Literal["embedded", "full"] = "embedded"
    var: Path = Path("var")
    host: str = "127.0.0.1"
    port: int = 8080
    metrics_host: str = "127.0.0.1"
    metrics_port: int = 0
    metrics_tenants: int = 100
    revision: str = ""

    broker_url: str = ""
    broker_ca: str = Field("", description="File of the authority that signed the broker's certificate, for amqps://")
    control_url: str = ""
    database_url: str = Field("", description="Administrator's URL of the PostgreSQL server where new tenants are made")
    database_pooler: str = Field("", description="host:port of the PgBouncer by which services open databases")
    database_prepared: bool = True
    database_pipeline: bool = True

    bus_key: str = Field("", description="Key that signs messages on the bus; several, newest first, split by commas")
    database_secret: str = Field("", description="What a service's database passwords are derived from")
    storage_key: str = Field("", description="Key that wraps each tenant's attachment key")
    search_words: str = Field("", description="How search makes words of a text: `syllables` or `morphemes`")
    cookie_key: str = Field("", description="Key of the CSRF tokens")

    storage_url: str = ""
    attachment_limit: int = 200 * 1024 * 1024
    attachment_quota: int = Field(0, description="Bytes that all files of one object may have together; 0 for no end")
    attachment_sweep: float = Field(3600, description="Seconds between two sweeps of files that are to go; 0 for none")
    rpc_timeout: float = 5.0
    rpc_workers: int = 32
    workers: int = 1
    drain: int = Field(0, description="Seconds the gateway goes on taking connections once it is told to stop")
    replicas: str = Field("", description="Processes of each part that `up --full` runs, as documents=2,gateway=2")
    public_url: str = Field("", description="Where browsers reach this installation, for links in mails: https://…")
    smtp_url: str = Field("", description="Mail server: smtp://user:password@host:587?starttls, or smtps://…:465")
    mail_from: str = Field("", description="Who mails come from: `One Way <no-reply@city.example>`")
    meeting_address: str = Field("", description="Where guests answer invitations: `meetings@city.example`, by + tags")
    meeting_papers: int = Field(0, description="Bytes of agenda papers that a mail to a guest may carry; 0 for none")
    meeting_smtp_host: str = Field("127.0.0.1", description="Where the gateway takes answers by SMTP")
    meeting_smtp_port: int = Field(0, description="Port on which the gateway takes answers by SMTP; 0 for none")
    meeting_imap_url: str = Field("", description="Mailbox of answers: imaps://user:password@host/INBOX")
    vapid_key: str = Field("", description="Private key (P-256, 32 bytes in base64url) of web push")
    push_hosts: str = Field(
        "fcm.googleapis.com,*.push.services.mozilla.com,*.notify.windows.com,*.push.apple.com",
        description="Push services that browsers may name, with `*` for a part; by https unless told with a scheme",
    )
    process: str = Field("", description="What this process is called where several of one part share a directory")
    pool_size: int = 8
    pool_connections: int = 80
    api_rate: str = ""
    secure_cookies: bool = False
    proxies: int = Field(0, description="How many proxies stand before the gateway, each adding to X-Forwarded-For")
    log_level: str = "INFO"
    access_log: bool = Field(False, description="One line of the log for each request to the gateway")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment goes before the files of `secrets_dir`, which it names itself."""
        directory = env_settings().get("secrets_dir")
        files = (SecretsSettingsSource(settings_cls, directory),) if directory else ()
        return (init_settings, env_settings, *files)

    @property
    def embedded(self) -> bool:
        """Whether everything runs in this one process."""
        return self.mode == "embedded"


class Telemetry(BaseSettings):
    """OpenTelemetry's own variables, `OTEL_<NAME>`, as far as they decide something here; its SDK reads the others."""

    model_config = SettingsConfigDict(env_prefix="OTEL_", extra="ignore")

    exporter_otlp_endpoint: str = ""
    exporter_otlp_traces_endpoint: str = ""
    sdk_disabled: str = ""
    traces_exporter: str = "otlp"
    # Spans encoded at once: a span takes some 0.05 ms, and nothing else runs in the process meanwhile.
    bsp_max_export_batch_size: int = 64

    @property
    def traced(self) -> bool:
        """Whether spans are to be made, and where they go to is known."""
        somewhere = self.exporter_otlp_endpoint or self.exporter_otlp_traces_endpoint
        return bool(somewhere) and self.sdk_disabled.lower() != "true" and self.traces_exporter != "none"


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
