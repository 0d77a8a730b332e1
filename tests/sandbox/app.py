"""The GitHub App as GitHub knows it: identity, key pair, permissions, events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

PERMISSIONS: Mapping[str, str] = MappingProxyType(
    {
        "checks": "write",
        "contents": "read",
        "issues": "read",
        "merge_queues": "read",
        "metadata": "read",
        "pull_requests": "write",
    }
)
# What the opt-in manifest asks for, so that the App may commit fixes.
WRITING_PERMISSIONS: Mapping[str, str] = MappingProxyType({**PERMISSIONS, "contents": "write"})
EVENTS = (
    "check_run",
    "check_suite",
    "issue_comment",
    "merge_group",
    "pull_request",
    "pull_request_review",
    "push",
    "repository",
)

# GitHub sends these to every App, subscribed or not.
ALWAYS_SENT = frozenset({"installation", "installation_repositories", "ping", "github_app_authorization"})


@lru_cache(maxsize=1)
def key_pair() -> tuple[str, str]:
    """Return an RSA key pair in PEM, private and public; one a process, for making it takes 0.1 s."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private.decode(), public.decode()


@dataclass(frozen=True)
class App:
    """The App under test. The webhook secret is the one of GitHub's published example."""

    id: int = 424242
    client_id: str = "Iv23liPapergateSandb"
    slug: str = "papergate"
    name: str = "Papergate"
    owner: str = "papergate-team"
    webhook_secret: str = field(default="It's a Secret to Everybody", repr=False)
    permissions: Mapping[str, str] = field(default_factory=lambda: PERMISSIONS)
    events: tuple[str, ...] = EVENTS
    private_key: str = field(default_factory=lambda: key_pair()[0], repr=False)
    public_key: str = field(default_factory=lambda: key_pair()[1], repr=False)

    @property
    def bot_login(self) -> str:
        """Return the login under which the App comments."""
        return f"{self.slug}[bot]"
