"""GitHub's own descriptions of its API and webhooks, npm packages installed once below `.cache/`."""

from __future__ import annotations

import fcntl
import json
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / ".cache" / "npm"
PACKAGES = ("@octokit/openapi@23.0.2", "@octokit/openapi-webhooks@12.1.0", "@octokit/webhooks-examples@7.6.1")
OPTIONS = (
    "--no-save",
    "--no-package-lock",
    "--no-audit",
    "--no-fund",
    "--ignore-scripts",
    "--prefer-offline",
)


@lru_cache(maxsize=1)
def install() -> Path:
    """Return the folder of the installed packages; the first call anywhere installs them, others wait for it.

    Raises:
        subprocess.CalledProcessError: npm failed.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    marker = FOLDER / "installed.txt"
    wanted = "\n".join(PACKAGES)
    with (FOLDER / "install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not marker.exists() or marker.read_text() != wanted:
            command = ["npm", "install", *OPTIONS, "--prefix", str(FOLDER), *PACKAGES]
            subprocess.run(command, check=True, capture_output=True, timeout=300)
            marker.write_text(wanted)
    return FOLDER / "node_modules" / "@octokit"


# An outdated review comment has neither; the webhooks' description says so, REST's does not.
NULL_WHEN_OUTDATED = ("line", "position")


@lru_cache(maxsize=1)
def rest_description() -> dict[str, Any]:
    """Return the OpenAPI 3.0 description of api.github.com (13 MB, read in 0.15 s)."""
    described = _read("openapi/generated/api.github.com.json")
    fields = described["components"]["schemas"]["pull-request-review-comment"]["properties"]
    for name in NULL_WHEN_OUTDATED:
        fields[name]["nullable"] = True
    return described


@lru_cache(maxsize=1)
def webhook_description() -> dict[str, Any]:
    """Return the OpenAPI 3.1 description of the webhooks of api.github.com."""
    return _read("openapi-webhooks/generated/api.github.com.json")


def example_payloads(event: str) -> list[dict[str, Any]]:
    """Return the recorded payloads of an event, such as `pull_request`, that octokit collected."""
    return next(item["examples"] for item in _examples() if item["name"] == event)


def example_events() -> list[str]:
    """Return the names of all events that octokit collected payloads of."""
    return [item["name"] for item in _examples()]


@lru_cache(maxsize=1)
def _examples() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        (install() / "webhooks-examples/api.github.com/index.json").read_bytes()
    )
    return found


def _read(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((install() / name).read_bytes())
    return read
