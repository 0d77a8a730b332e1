"""JSON logs without secrets, as a process writes them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

KNOWN = 'kn"own-s3cret\nsecond line'
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEsecretMIIE\n-----END RSA PRIVATE KEY-----"


def logged(statements: str) -> list[dict[str, object]]:
    """Return the objects that a process logs which runs these statements."""
    script = (
        "import logging, structlog\n"
        "from bot.process.logging import configure_logging\n"
        f"configure_logging(secrets=[{KNOWN!r}, ''])\n"
        f"log = structlog.stdlib.get_logger('a.logger')\n{statements}"
    )
    process = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert process.stdout == ""
    return [json.loads(line) for line in process.stderr.splitlines()]


def test_an_event_is_one_json_line_with_its_fields() -> None:
    """Time, level and logger are there, and so is what was bound before."""
    (line,) = logged(
        "with structlog.contextvars.bound_contextvars(delivery='d'):\n log.info('evaluated', pull_request=3)"
    )
    assert line.pop("timestamp")
    assert line == {
        "event": "evaluated",
        "level": "info",
        "logger": "a.logger",
        "delivery": "d",
        "pull_request": 3,
    }


def test_the_libraries_logs_have_the_same_form() -> None:
    """What a library logs the standard way is JSON too, a traceback inside it."""
    (line,) = logged(
        "try:\n    1 / 0\nexcept ZeroDivisionError:\n    logging.getLogger('lib').exception('it %s', 'broke')"
    )
    assert (line["event"], line["level"], line["logger"]) == ("it broke", "error", "lib")
    assert "ZeroDivisionError" in str(line["exception"])


def test_debug_messages_are_left_out() -> None:
    """They would tell too much, and too often."""
    assert logged("log.debug('x')\nlogging.getLogger('lib').debug('x')") == []


def test_hostile_text_stays_on_its_line() -> None:
    """A line end or an escape sequence in what a stranger wrote cannot forge a log line."""
    (line,) = logged(r"log.info('x', title='\n{\"event\": \"forged\"}\x1b[2J')")
    assert line["title"] == '\n{"event": "forged"}\x1b[2J'


@pytest.mark.parametrize(
    "secret",
    [
        "ghs_" + "a1B2" * 9,
        "ghp_" + "a1B2" * 9,
        "github_pat_" + "a1B2_" * 9,
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxIn0.c2lnbmF0dXJl",
        PEM,
        KNOWN,
    ],
)
@pytest.mark.parametrize(
    "statement",
    [
        "log.info('sent ' + secret)",
        "log.info('x', url='https://host/?t=' + secret)",
        "log.info('x', nested={'deep': [secret]})",
        "logging.getLogger('lib').warning('got %s', secret)",
        "try:\n    raise ValueError(secret)\nexcept ValueError:\n    log.exception('failed')",
    ],
)
def test_secrets_are_masked_wherever_they_stand(secret: str, statement: str) -> None:
    """In the message, a field, inside a structure, a library's argument and a traceback."""
    (line,) = logged(f"secret = {secret!r}\n{statement}")
    text = json.dumps(line)
    assert "[redacted]" in text
    assert not any(part in text for part in (json.dumps(secret)[1:-1], "MIIEsecretMIIE"))


@pytest.mark.parametrize("name", ["token", "webhook_secret", "Authorization", "password", "private_key"])
def test_fields_named_like_secrets_are_masked(name: str) -> None:
    """Whatever they hold."""
    (line,) = logged(f"log.info('x', **{{{name!r}: 'anything'}})")
    assert line[name] == "[redacted]"


def test_credentials_in_headers_and_addresses_are_masked() -> None:
    """The rest of the text stays readable."""
    (line,) = logged(
        "log.info('x', a='Authorization: Bearer abcdefgh1234', b='postgresql://me:pass@host/db')"
    )
    assert line["a"] == "Authorization: Bearer [redacted]"
    assert line["b"] == "postgresql://[redacted]@host/db"
