"""Settings from the environment: one typed model, every missing or invalid name reported at once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "PAPERGATE_"


class SettingsError(Exception):
    """The environment lacks settings or holds invalid ones; the message names each, never its value."""


def _http_url(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("must be an http:// or https:// URL")
    return value.rstrip("/")


def _loopback_origin(value: str) -> str:
    if not re.fullmatch(r"http://127\.0\.0\.1:\d{1,5}", value):
        raise ValueError("must be http://127.0.0.1 with a port, and no more")
    return value


def _database_url(value: SecretStr) -> SecretStr:
    scheme, separator, rest = value.get_secret_value().partition("://")
    if not separator or scheme not in {"postgres", "postgresql", "postgresql+psycopg"}:
        raise ValueError("must be a postgresql:// URL")
    return SecretStr(f"postgresql://{rest}")


def _split(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


HttpUrl = Annotated[str, AfterValidator(_http_url)]
Seconds = Annotated[float, Field(gt=0)]
Pace = Annotated[float, Field(ge=0)]


class ServiceSettings(BaseSettings):
    """Where the bibliographic services are and their answers are kept; the command line needs no more."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="ignore", populate_by_name=True
    )

    semantic_scholar_url: HttpUrl = "https://api.semanticscholar.org"
    semantic_scholar_key: SecretStr | None = None
    openalex_url: HttpUrl = "https://api.openalex.org"
    openalex_key: SecretStr | None = None
    crossref_url: HttpUrl = "https://api.crossref.org"
    crossref_key: SecretStr | None = None
    arxiv_url: HttpUrl = "https://export.arxiv.org"
    arxiv_key: SecretStr | None = None

    contact: Annotated[str, Field(pattern=r"^[\x21-\x7e]+@[\x21-\x7e]+$")] | None = None
    """Mail address that the services can write to; it goes with every request to them."""
    semantic_scholar_pace_seconds: Pace = 1.0
    """Between two requests to the service, of all processes together: 1 a second with a key
    (https://www.semanticscholar.org/product/api), less without one when others ask a lot."""
    openalex_pace_seconds: Pace = 0.1
    crossref_pace_seconds: Pace = 0.2
    """5 a second (``x-rate-limit-limit`` of its answers)."""
    arxiv_pace_seconds: Pace = 3.0
    """One request in 3 seconds (https://info.arxiv.org/help/api/tou.html)."""
    source_timeout_seconds: Seconds = 20.0
    """Longest wait for the next bytes of an answer."""

    doi_url: HttpUrl = "https://doi.org"
    follow_links: bool = True
    """Whether the links that a pull request brings are followed; a machine without a way out cannot."""
    link_sandbox_origin: Annotated[str, AfterValidator(_loopback_origin)] | None = None
    """One origin on this machine that links may lead to, for trials; else none but public hosts."""

    data_dir: Path = Path(".papergate")


class Settings(ServiceSettings):
    """Everything an operator can set. Secrets never show in its ``repr``."""

    app_id: int = Field(gt=0)
    private_key_file: Path | None = None
    private_key: SecretStr = Field(default=SecretStr(""), validate_default=True)
    """PEM text of the App's key; that of ``private_key_file`` where it is set."""
    webhook_secret: Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_split)] = Field(min_length=1)
    """Every one is valid, so that a secret can be changed without losing a delivery."""

    github_api_url: HttpUrl = "https://api.github.com"

    database_url: Annotated[SecretStr, AfterValidator(_database_url)] | None = Field(
        default=None, validation_alias="DATABASE_URL"
    )
    """``postgresql://`` URL; ``None`` means that only a supervisor with its own PostgreSQL can run."""
    host: str = "127.0.0.1"
    """IPv4 address to listen on; ``0.0.0.0`` is every one."""
    port: int = Field(default=8000, ge=1, le=65535, validation_alias="PORT")

    web_processes: int = Field(default=2, ge=1)
    worker_concurrency: int = Field(default=4, ge=1)
    """Jobs one worker runs at once."""
    poll_seconds: Seconds = 0.1
    """Longest wait of a job whose lock has come free."""
    sweep_seconds: Seconds = 1.0
    """Between two looks for pull requests due again and for jobs of dead workers."""
    heartbeat_seconds: Seconds = 2.0
    stalled_seconds: Seconds = 10.0
    """Silence after which a worker counts as dead."""
    recheck_first_seconds: Seconds = 60.0
    """Wait before a second look at what could not be settled; doubled each time."""
    recheck_max_seconds: Seconds = 6 * 3600.0
    spread_seconds: Seconds = 2.0
    """Between two pull requests that one push makes the bot look at again."""
    merge_group_patience_seconds: Seconds = 600.0
    """Time a merge queue waits for a source that does not answer, before its group fails."""
    redeliver_seconds: Seconds = 300.0
    """Between two looks for deliveries that failed."""
    relist_seconds: Seconds = 6 * 3600.0
    """Between two looks at all open pull requests."""
    stop_seconds: Seconds = 20.0
    """Time a stopping process gives to work under way."""

    @field_validator("private_key")
    @classmethod
    def _read_private_key(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        file: Path | None = info.data.get("private_key_file")
        key = value.get_secret_value().replace("\\n", "\n")
        if file is not None:
            try:
                key = file.read_text(encoding="ascii")
            except (OSError, UnicodeDecodeError) as error:
                raise ValueError(
                    f"the file that {PREFIX}PRIVATE_KEY_FILE names cannot be read as PEM"
                ) from error
        if not key:
            raise ValueError(f"set it or {PREFIX}PRIVATE_KEY_FILE")
        if "-----BEGIN" not in key:
            raise ValueError("must be a private key in PEM form")
        return SecretStr(key)

    @field_validator("stalled_seconds")
    @classmethod
    def _outlast_heartbeats(cls, value: float, info: ValidationInfo) -> float:
        if value < 2 * info.data.get("heartbeat_seconds", 0):
            raise ValueError(f"must be at least twice {PREFIX}HEARTBEAT_SECONDS")
        return value

    def secrets(self) -> tuple[str, ...]:
        """Return every secret value, for the log's redaction."""
        single = (
            self.private_key,
            self.semantic_scholar_key,
            self.openalex_key,
            self.crossref_key,
            self.arxiv_key,
            self.database_url,
        )
        return tuple(secret.get_secret_value() for secret in (*self.webhook_secret, *single) if secret)


def load_settings() -> Settings:
    """Return the settings of this process's environment.

    Raises `SettingsError`, which names every missing or invalid setting at once.
    """
    try:
        return Settings()  # type: ignore[call-arg]  # the environment has the arguments
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None  # the cause would show values


def load_service_settings() -> ServiceSettings:
    """Return what the environment says of the services; raises `SettingsError` as `load_settings` does."""
    try:
        return ServiceSettings()
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None


def _explain(error: ValidationError) -> str:
    problems = []
    for item in error.errors(include_input=False, include_url=False, include_context=False):
        name = str(item["loc"][0])
        name = name if name.isupper() else f"{PREFIX}{name.upper()}"
        message = item["msg"].removeprefix("Value error, ")
        problems.append(f"{name} is missing" if item["type"] == "missing" else f"{name}: {message}")
    return "settings: " + "; ".join(problems)
