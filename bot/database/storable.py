"""Text as PostgreSQL can hold it."""

from __future__ import annotations

import re
from collections.abc import Mapping

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""The NUL character, and half a surrogate pair."""


def storable(text: str) -> str:
    """Return the text with U+FFFD in place of what PostgreSQL refuses."""
    return _UNSTORABLE.sub("\ufffd", text)


def storable_json(value: object) -> object:
    """Return a JSON value with the same done to every text in it."""
    match value:
        case str():
            return storable(value)
        case Mapping():
            return {storable(str(name)): storable_json(item) for name, item in value.items()}
        case list() | tuple():
            return [storable_json(item) for item in value]
    return value
