"""Settings from the environment: one typed model, every missing or invalid name reported at once."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from rules.sentences import nearest

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
    host = rest.partition("/")[0].partition("?")[0]
    if host.count("@") > 1:
        raise ValueError("write @ in the password as %40 (/ as %2F, : as %3A, # as %23)")
    port = host.rpartition("@")[2].rpartition("]")[2].partition(":")[2]
    if port and not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
        raise ValueError(
            "the port must be a number up to 65535; write : and / in the password as %3A and %2F"
        )
    return SecretStr(f"postgresql://{rest}")


def _absolute(path: Path) -> Path:
    return path.expanduser().absolute()


def _source(source: str) -> dict[str, str]:
    """Return the settings of one bibliographic service that the environment holds."""
    names = {field: f"{PREFIX}{source}_{field}".upper() for field in SourceSettings.model_fields}
    return {field: os.environ[name] for field, name in names.items() if os.environ.get(name)}


def _user_directory(variable: str, below_home: str) -> Path:
    """Return Papergate's directory by the XDG specification, in which a relative path counts as none."""
    base = Path(os.environ.get(variable, ""))
    if not base.is_absolute():
        try:
            base = Path.home() / below_home
        except RuntimeError as error:
            raise SettingsError(f"settings: set {PREFIX}DATA_DIR; this user has no home directory") from error
    return base / "papergate"


def _check_rsa(key: str) -> None:
    """Raise ValueError, without any part of the key, unless GitHub could have made it."""
    # Imported here: the command line needs no key, and this takes a while.
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    try:
        is_rsa = isinstance(load_pem_private_key(key.encode(), password=None), RSAPrivateKey)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        is_rsa = False
    if not is_rsa:
        raise ValueError(
            "must be the App's RSA private key in PEM form, whole and without a password"
        ) from None


def _split(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


HttpUrl = Annotated[str, AfterValidator(_http_url)]
Seconds = Annotated[float, Field(gt=0)]
Pace = Annotated[float, Field(ge=0)]


SOURCES = ("semantic_scholar", "openalex", "crossref", "arxiv")
"""The bibliographic services, as the names of their settings call them."""


class SourceSettings(BaseModel):
    """One bibliographic service; None stands for the service's own URL and pace."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: HttpUrl | None = None
    key: SecretStr | None = None
    pace_seconds: Pace | None = None
    """Between two requests to the service, of all processes together."""


class ServiceSettings(BaseSettings):
    """Where the bibliographic services are and their answers are kept; the command line needs no more."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="ignore", populate_by_name=True
    )

    sources: Annotated[Mapping[str, SourceSettings], NoDecode] = Field(default_factory=dict)
    """By name; every one of `SOURCES` is there."""
    contact: Annotated[str, Field(pattern=r"^[\x21-\x7e]+@[\x21-\x7e]+$")] | None = None
    """Mail address that the services can write to; it goes with every request to them."""
    source_timeout_seconds: Seconds = 20.0
    """Longest wait for the next bytes of an answer."""
    source_request_seconds: Seconds = 30.0
    """Longest time for one request, with all its tries."""

    doi_url: HttpUrl = "https://doi.org"
    follow_links: bool = True
    """Whether new links are followed; a machine without access to the internet cannot."""
    link_sandbox_origin: Annotated[str, AfterValidator(_loopback_origin)] | None = None
    """One origin on this machine that links may lead to, for tests; otherwise only public hosts."""

    data_dir: Annotated[Path, AfterValidator(_absolute)] | None = None
    """Holds the command line's cache and the embedded database, in place of ``cache_dir`` and
    ``database_dir``. A relative path counts from the directory in which the process starts."""

    @model_validator(mode="before")
    @classmethod
    def _read_sources(cls, data: dict[str, Any]) -> dict[str, Any]:
        given = data.get("sources")
        given = given if isinstance(given, Mapping) else {}  # it has no variable of its own
        return {**data, "sources": {source: given.get(source, _source(source)) for source in SOURCES}}

    @property
    def cache_dir(self) -> Path:
        """Return where answers are kept. Raises SettingsError where no home directory is known."""
        return self.data_dir or _user_directory("XDG_CACHE_HOME", ".cache")

    @property
    def database_dir(self) -> Path:
        """Return where the embedded database is. Raises SettingsError where no home directory is known."""
        return self.data_dir or _user_directory("XDG_DATA_HOME", ".local/share")


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
    keepalive_seconds: Seconds = 95.0
    """How long an idle connection stays open: longer than load balancers keep theirs, usually 60 or 90 s."""
    worker_concurrency: int = Field(default=4, ge=1)
    """Jobs one worker runs at once."""
    poll_seconds: Seconds = 0.1
    """Longest wait of a job whose lock was released."""
    sweep_seconds: Seconds = 1.0
    """Between two searches for overdue re-checks and for jobs of dead workers."""
    heartbeat_seconds: Seconds = 2.0
    stalled_seconds: Seconds = 10.0
    """Without a heartbeat for so long a worker counts as dead."""
    recheck_first_seconds: Seconds = 60.0
    """Wait before an unsettled pull request is checked again; doubled each time."""
    recheck_max_seconds: Seconds = 6 * 3600.0
    spread_seconds: Seconds = 2.0
    """Between two pull requests that are re-checked because of one push."""
    merge_group_patience_seconds: Seconds = 600.0
    """How long a merge queue waits for a source that does not answer before its group fails."""
    redeliver_seconds: Seconds = 300.0
    """Between two requests for the list of failed deliveries."""
    relist_seconds: Seconds = 6 * 3600.0
    """Between two re-checks of all open pull requests."""
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
                why = error.strerror if isinstance(error, OSError) else "it is not PEM"
                raise ValueError(
                    f"cannot read {file}, which {PREFIX}PRIVATE_KEY_FILE names: {why}"
                ) from error
        if not key:
            raise ValueError(f"set it or {PREFIX}PRIVATE_KEY_FILE")
        _check_rsa(key)
        return SecretStr(key)

    @field_validator("stalled_seconds")
    @classmethod
    def _outlast_heartbeats(cls, value: float, info: ValidationInfo) -> float:
        if value < 2 * info.data.get("heartbeat_seconds", 0):
            raise ValueError(f"must be at least twice {PREFIX}HEARTBEAT_SECONDS")
        return value

    def secrets(self) -> tuple[str, ...]:
        """Return every secret value, for the log's redaction."""
        values = [getattr(self, name) for name in type(self).model_fields]
        values += [source.key for source in self.sources.values()]
        values += self.webhook_secret
        return tuple(value.get_secret_value() for value in values if isinstance(value, SecretStr))


def load_settings() -> Settings:
    """Return the settings of this process's environment.

    Raises `SettingsError`, which names every missing or invalid setting at once.
    """
    try:
        return Settings()  # type: ignore[call-arg]  # the environment has the arguments
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None  # the cause would show values


class DatabaseSettings(BaseSettings):
    """Where the database is; the commands that only read or migrate it need no more."""

    model_config = SettingsConfigDict(env_ignore_empty=True, frozen=True, extra="ignore")

    database_url: Annotated[SecretStr, AfterValidator(_database_url)] | None = Field(
        default=None, validation_alias="DATABASE_URL"
    )


def load_database_url() -> SecretStr | None:
    """Return DATABASE_URL, None where it is not set; raises `SettingsError` as `load_settings` does."""
    try:
        return DatabaseSettings().database_url
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None


def load_service_settings() -> ServiceSettings:
    """Return the settings of the services alone; raises `SettingsError` as `load_settings` does."""
    try:
        return ServiceSettings()
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None


def unknown_names() -> list[str]:
    """Return a warning for each variable of the environment that looks like a setting and is none."""
    known = sorted(_names())
    warnings = []
    for name in sorted(os.environ):
        if not name.startswith(PREFIX) or name in known:
            continue
        near = nearest(name, known)
        hint = f"; did you mean {near}?" if near else ""
        warnings.append(f"{name} is not a setting of Papergate and is ignored{hint}")
    return warnings


def _names() -> set[str]:
    """Return the environment's names of all settings."""
    names = {_name((field,)) for field in Settings.model_fields if field != "sources"}
    return names | {
        _name(("sources", source, field)) for source in SOURCES for field in SourceSettings.model_fields
    }


def _name(place: tuple[int | str, ...]) -> str:
    """Return the environment's name of the setting at ``place`` in the model."""
    parts = [str(part) for part in (place[1:] if place[0] == "sources" else place[:1])]
    name = "_".join(parts)
    alias = Settings.model_fields[name].validation_alias if name in Settings.model_fields else None
    if isinstance(alias, str):
        return alias
    return name if name.isupper() else f"{PREFIX}{name}".upper()


def _explain(error: ValidationError) -> str:
    problems = []
    for item in error.errors(include_input=False, include_url=False, include_context=False):
        name = _name(item["loc"])
        message = item["msg"].removeprefix("Value error, ")
        problems.append(f"{name} is missing" if item["type"] == "missing" else f"{name}: {message}")
    return "settings: " + "; ".join(problems)
