"""Proof that a delivery is GitHub's.

https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def is_signed(body: bytes, signature: str | None, secrets: Iterable[str]) -> bool:
    """Return whether ``X-Hub-Signature-256`` holds the HMAC-SHA-256 of the raw body under one of the secrets.

    The time it takes tells nothing of how much of a wrong signature was right.
    """
    if signature is None:
        return False
    given = signature.encode()
    expected = (hmac.new(secret.encode(), body, hashlib.sha256).hexdigest() for secret in secrets)
    return any(hmac.compare_digest(f"sha256={digest}".encode(), given) for digest in expected)
