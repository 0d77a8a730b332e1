"""Short fingerprints of plain data."""

from __future__ import annotations

import hashlib
import json

DIGITS = 16
"""Hexadecimal digits: enough to tell a few thousand values apart."""


def digest(value: object) -> str:
    """Return a fingerprint of ``value``, which JSON must be able to hold: equal values have equal ones."""
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:DIGITS]
