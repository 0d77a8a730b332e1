"""Proof that a delivery is GitHub's.

https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class IncomingSignature:
    """Checks a body as it arrives: ``X-Hub-Signature-256`` holds the HMAC-SHA-256 of the raw bytes."""

    def __init__(self, given: str | None, secrets: Iterable[str]) -> None:
        self._given = given
        self._expected = [hmac.new(secret.encode(), digestmod=hashlib.sha256) for secret in secrets]

    def update(self, part: bytes) -> None:
        """Take the next part of the body."""
        for expected in self._expected:
            expected.update(part)

    def is_right(self) -> bool:
        """Return whether one of the secrets made the signature.

        The time this takes does not depend on how much of a wrong signature is right.
        """
        if self._given is None:
            return False
        given = self._given.encode()
        expected = (f"sha256={mac.hexdigest()}".encode() for mac in self._expected)
        return any(hmac.compare_digest(digest, given) for digest in expected)


def is_signed(body: bytes, signature: str | None, secrets: Iterable[str]) -> bool:
    """Return whether ``X-Hub-Signature-256`` holds the HMAC-SHA-256 of the body under one of the secrets."""
    incoming = IncomingSignature(signature, secrets)
    incoming.update(body)
    return incoming.is_right()
