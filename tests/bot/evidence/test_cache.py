"""Tests of ``bot.evidence.cache``: no file breaks a run. What is kept comes back: ``test_store``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.evidence.cache import FileCache
from tests.bot.evidence.answers import NOW, RESNET, SOURCE, known


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"schema_version": 2, "answers": []}',
        b'{"schema_version": 1, "answers": [{"source": "x"}]}',
        json.dumps(
            {
                "schema_version": 1,
                "answers": [
                    {
                        "source": "Semantic Scholar",
                        "name": "arxiv:1512.03385",
                        "status": "known",
                        "citations": -1,
                        "fetched_at": NOW.isoformat(),
                    }
                ],
            }
        ).encode(),
    ],
)
def test_a_corrupt_file_is_ignored_and_replaced(tmp_path: Path, content: bytes) -> None:
    """Half a file, another version and a count below zero are as good as none."""
    (tmp_path / "answers.json").write_bytes(content)
    cache = FileCache(tmp_path)
    assert cache.get(SOURCE, [RESNET]) == {}
    cache.put(SOURCE, {RESNET: known()})
    assert cache.get(SOURCE, [RESNET]) == {RESNET: known()}


def test_a_place_that_cannot_be_written_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The run goes on without a cache, and says so."""
    (tmp_path / "file").write_text("in the way")
    cache = FileCache(tmp_path / "file")
    cache.put(SOURCE, {RESNET: known()})
    assert cache.get(SOURCE, [RESNET]) == {}
    assert "not kept" in caplog.text
