"""The parts of URLs that anybody may have written."""

from __future__ import annotations

import pytest

from rules.papers.urls import split


def test_a_url_has_its_parts() -> None:
    """Host and path as they are."""
    parts = split("https://Example.org/a.pdf?x=1")
    assert (parts.hostname, parts.path, parts.query) == ("example.org", "/a.pdf", "x=1")


@pytest.mark.parametrize("url", ["http://[", "https://[1.2.3]/a.pdf", "http://\u2100.org"])
def test_what_is_no_url_has_no_parts(url: str) -> None:
    """It raises nothing."""
    assert (split(url).hostname, split(url).path) == (None, "")
