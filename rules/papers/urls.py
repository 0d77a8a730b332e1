"""The parts of URLs that anybody may have written."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

_NOTHING = SplitResult("", "", "", "", "")


def split(url: str) -> SplitResult:
    """Return the parts of ``url``; all of them are empty when it is not a URL."""
    try:
        return urlsplit(url)
    except ValueError:
        return _NOTHING
