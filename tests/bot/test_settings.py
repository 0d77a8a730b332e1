"""Settings from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import SettingsError, load_database_url, load_service_settings, load_settings, unknown_names
from tests.bot.keys import private_key

PEM = private_key()


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set just what is required."""
    for name in ("DATABASE_URL", "PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PAPERGATE_APP_ID", "123")
    monkeypatch.setenv("PAPERGATE_PRIVATE_KEY", PEM)
    monkeypatch.setenv("PAPERGATE_WEBHOOK_SECRET", "s3cr3t-value")


def test_the_required_settings_suffice() -> None:
    """Everything else has a default that works."""
    settings = load_settings()
    assert settings.app_id == 123
    assert settings.private_key.get_secret_value() == PEM
    assert settings.github_api_url == "https://api.github.com"
    assert set(settings.sources) == {"semantic_scholar", "openalex", "crossref", "arxiv"}
    assert settings.database_url is None
    assert settings.port == 8000


def test_every_problem_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """One start tells all that is to be set, not one name at a time."""
    monkeypatch.delenv("PAPERGATE_APP_ID")
    monkeypatch.setenv("PAPERGATE_WEBHOOK_SECRET", " , ")
    monkeypatch.setenv("PORT", "eighty")
    monkeypatch.setenv("DATABASE_URL", "mysql://localhost")
    monkeypatch.setenv("PAPERGATE_OPENALEX_URL", "localhost:1")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    message = str(caught.value)
    assert "PAPERGATE_APP_ID is missing" in message
    for name in ("PAPERGATE_WEBHOOK_SECRET", "PORT", "DATABASE_URL", "PAPERGATE_OPENALEX_URL"):
        assert f"{name}: " in message
    assert "\n" not in message


def test_links_lead_to_public_hosts_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are followed unless the operator says otherwise; an exception is named in full, on loopback."""
    assert load_settings().follow_links
    assert load_settings().link_sandbox_origin is None
    monkeypatch.setenv("PAPERGATE_LINK_SANDBOX_ORIGIN", "http://127.0.0.1:8080")
    assert load_settings().link_sandbox_origin == "http://127.0.0.1:8080"


@pytest.mark.parametrize(
    "origin",
    [
        "http://10.0.0.1:8080",
        "http://example.org:8080",
        "http://127.0.0.1",
        "http://127.0.0.1:8080/",
        "http://127.0.0.1:8080@example.org",
        "https://127.0.0.1:8080",
        "http://127.0.0.1:8080\n",
        "http://127.0.0.2:8080",
    ],
)
def test_no_other_origin_is_excepted(origin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host of the operator's network, a whole host, or anything but an origin is refused."""
    monkeypatch.setenv("PAPERGATE_LINK_SANDBOX_ORIGIN", origin)
    with pytest.raises(SettingsError, match="PAPERGATE_LINK_SANDBOX_ORIGIN: must be"):
        load_settings()


@pytest.mark.parametrize("missing", ["", None])
def test_no_private_key_is_named_by_both_its_names(
    monkeypatch: pytest.MonkeyPatch, missing: str | None
) -> None:
    """Either the key or its file is needed; an empty value counts as none."""
    if missing is None:
        monkeypatch.delenv("PAPERGATE_PRIVATE_KEY")
    else:
        monkeypatch.setenv("PAPERGATE_PRIVATE_KEY", missing)
    with pytest.raises(SettingsError, match="PAPERGATE_PRIVATE_KEY: set it or PAPERGATE_PRIVATE_KEY_FILE"):
        load_settings()


def test_missing_keys_are_named_beside_other_problems(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong field does not hide that the key is missing as well."""
    monkeypatch.delenv("PAPERGATE_PRIVATE_KEY")
    monkeypatch.delenv("PAPERGATE_APP_ID")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "PAPERGATE_APP_ID is missing" in str(caught.value)
    assert "PAPERGATE_PRIVATE_KEY: set it or PAPERGATE_PRIVATE_KEY_FILE" in str(caught.value)


def test_a_key_on_one_line_is_unfolded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hosting services often hold one line only; its escaped line ends become real ones."""
    monkeypatch.setenv("PAPERGATE_PRIVATE_KEY", PEM.replace("\n", "\\n"))
    assert load_settings().private_key.get_secret_value() == PEM


def test_a_key_file_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The file's text is the key."""
    (tmp_path / "key.pem").write_text(PEM)
    monkeypatch.delenv("PAPERGATE_PRIVATE_KEY")
    monkeypatch.setenv("PAPERGATE_PRIVATE_KEY_FILE", str(tmp_path / "key.pem"))
    assert load_settings().private_key.get_secret_value() == PEM


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b"no key", PEM[: len(PEM) // 2].encode()])
def test_an_unusable_key_file_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None
) -> None:
    """Absent, binary, cut off or something else: one clear error."""
    if content is not None:
        (tmp_path / "key.pem").write_bytes(content)
    monkeypatch.setenv("PAPERGATE_PRIVATE_KEY_FILE", str(tmp_path / "key.pem"))
    with pytest.raises(SettingsError, match="PAPERGATE_PRIVATE_KEY"):
        load_settings()


def test_several_webhook_secrets_are_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    """Separated by commas, blanks around them do not count."""
    monkeypatch.setenv("PAPERGATE_WEBHOOK_SECRET", "new, old,")
    assert [secret.get_secret_value() for secret in load_settings().webhook_secret] == ["new", "old"]


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_usual_database_scheme_is_understood(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    """Hosting services write it in several ways; inside there is one."""
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://user:pass@host/name")
    url = load_settings().database_url
    assert url is not None
    assert url.get_secret_value() == "postgresql://user:pass@host/name"


def test_a_worker_is_not_taken_for_dead_between_two_heartbeats(monkeypatch: pytest.MonkeyPatch) -> None:
    """Timings that would make workers take each other's jobs are refused."""
    monkeypatch.setenv("PAPERGATE_STALLED_SECONDS", "3")
    with pytest.raises(SettingsError, match="PAPERGATE_STALLED_SECONDS"):
        load_settings()


def test_secrets_are_in_no_error_and_no_representation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a log line nor a message that shows settings gives a secret away."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:passw0rd@host/name")
    monkeypatch.setenv("PAPERGATE_SEMANTIC_SCHOLAR_KEY", "s2-k3y")
    settings = load_settings()
    monkeypatch.setenv("DATABASE_URL", "mysql://user:passw0rd@host/name")
    monkeypatch.setenv("PAPERGATE_PRIVATE_KEY", "MIIE-without-frame")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    for shown in (repr(settings), str(caught.value)):
        assert not any(secret in shown for secret in ("s3cr3t-value", "passw0rd", "s2-k3y", "MIIE-without"))
    assert {"s3cr3t-value", "postgresql://user:passw0rd@host/name", PEM, "s2-k3y"} == set(settings.secrets())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CONTACT", "ops"),
        ("CONTACT", "ops@example.org\r\nX-Injected: 1"),
        ("ARXIV_PACE_SECONDS", "-1"),
        ("SOURCE_TIMEOUT_SECONDS", "0"),
    ],
)
def test_the_services_settings_are_checked(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """What goes into a header is an address, and no pace or patience is below nothing."""
    monkeypatch.setenv(f"PAPERGATE_{name}", value)
    with pytest.raises(SettingsError, match=f"PAPERGATE_{name}"):
        load_service_settings()


def test_a_service_is_set_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """URL, key and pace; what is not set is the service's own."""
    monkeypatch.setenv("PAPERGATE_ARXIV_URL", "http://127.0.0.1:1/")
    monkeypatch.setenv("PAPERGATE_ARXIV_PACE_SECONDS", "0")
    monkeypatch.setenv("PAPERGATE_CROSSREF_KEY", "")
    sources = load_service_settings().sources
    assert sources["arxiv"].url == "http://127.0.0.1:1"
    assert sources["arxiv"].pace_seconds == 0
    assert sources["crossref"].key is None
    assert sources["openalex"].url is None


def test_state_is_kept_in_the_users_directories(monkeypatch: pytest.MonkeyPatch) -> None:
    """Never in the working directory: that may be a stranger's checkout."""
    monkeypatch.delenv("PAPERGATE_DATA_DIR", raising=False)
    monkeypatch.setenv("HOME", "/home/somebody")
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    settings = load_service_settings()
    assert settings.cache_dir == Path("/home/somebody/.cache/papergate")
    assert settings.database_dir == Path("/home/somebody/.local/share/papergate")
    monkeypatch.setenv("XDG_CACHE_HOME", "/var/cache/somebody")
    assert settings.cache_dir == Path("/var/cache/somebody/papergate")


def test_a_relative_data_directory_is_made_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A process that changes its directory keeps its data."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PAPERGATE_DATA_DIR", "data")
    settings = load_service_settings()
    assert (settings.cache_dir, settings.database_dir) == (tmp_path / "data", tmp_path / "data")


def test_misspelt_names_are_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the setting that was probably meant; known names cause no warning."""
    monkeypatch.setenv("PAPERGATE_WEBHOK_SECRET", "s3cr3t-value")
    monkeypatch.setenv("PAPERGATE_SEMANTIC_SCHOLAR_KEY", "k")
    monkeypatch.setenv("PAPERGATE_DATA_DIR", "data")
    assert unknown_names() == [
        "PAPERGATE_WEBHOK_SECRET is not a setting of Papergate and is ignored; "
        "did you mean PAPERGATE_WEBHOOK_SECRET?"
    ]


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        ("postgresql://user:p@ssw0rd@host/name", "%40"),
        ("postgresql://user:pw@host:port/name", "must be a number"),
        ("postgresql://user:pw/x:y@host/name", "%2F"),
        ("postgresql://user:pw@host:99999/name", "65535"),
    ],
)
def test_a_database_url_that_would_be_misread_is_named(
    monkeypatch: pytest.MonkeyPatch, url: str, advice: str
) -> None:
    """An @ in the password would make the rest of it the host, and show it in errors."""
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(SettingsError, match=f"DATABASE_URL: .*{advice}") as caught:
        load_database_url()
    assert "ssw0rd" not in str(caught.value)


@pytest.mark.parametrize(
    "rest",
    ["u:p%40w@host:5432/n", "u@[::1]:5432/n", "u@/n?host=/run/postgresql", "/n", "host/n?sslmode=require"],
)
def test_a_usual_database_url_is_taken(monkeypatch: pytest.MonkeyPatch, rest: str) -> None:
    """With a port, an IPv6 address, a socket, or nothing but the name."""
    monkeypatch.setenv("DATABASE_URL", f"postgres://{rest}")
    url = load_database_url()
    assert url is not None
    assert url.get_secret_value() == f"postgresql://{rest}"
