"""Tests of ``bot.evidence.cache``: what is kept in a file comes back, and no file breaks a run."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.evidence.cache import FileCache
from bot.evidence.contracts import Fetched
from rules.papers.evidence import Record, Unknown
from rules.papers.identifiers import Identifier

NOW = datetime(2026, 1, 15, 12, 30, tzinfo=UTC)
RESNET = "arxiv:1512.03385"
ADAM = "title:adam"
KNOWN = Fetched(
    Record(
        "Semantic Scholar",
        date(2026, 1, 15),
        9,
        "Títle",
        ("He", "Zhang"),
        (2015, 2016),
        "https://example.org/p",
        frozenset({Identifier("arxiv", "1512.03385"), Identifier("doi", "10.1109/cvpr.2016.90")}),
    ),
    NOW,
    '{"authors": [{"name": "Kaiming He"}], "citationCount": 9}',
)
UNKNOWN = Fetched(Unknown("Semantic Scholar", date(2026, 1, 15)), NOW)


def test_answers_come_back_as_they_were(tmp_path: Path) -> None:
    """A count with its page, date and record, and an unknown one, survive the file; others are absent."""
    FileCache(tmp_path / "new" / "folder").put("Semantic Scholar", {RESNET: KNOWN, ADAM: UNKNOWN})
    cache = FileCache(tmp_path / "new" / "folder")
    other = "acl:P15-1033"
    assert cache.get("Semantic Scholar", [RESNET, ADAM, other]) == {RESNET: KNOWN, ADAM: UNKNOWN}
    assert cache.get("OpenAlex", [RESNET]) == {}


def test_a_later_answer_replaces_the_earlier_one_and_no_other(tmp_path: Path) -> None:
    """Keeping one paper leaves the others."""
    cache = FileCache(tmp_path)
    cache.put("Semantic Scholar", {RESNET: UNKNOWN, ADAM: UNKNOWN})
    cache.put("Semantic Scholar", {RESNET: KNOWN})
    assert cache.get("Semantic Scholar", [RESNET, ADAM]) == {RESNET: KNOWN, ADAM: UNKNOWN}
    assert [path.name for path in tmp_path.iterdir()] == ["answers.json"]


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
                        "fetched_at": (NOW + timedelta(0)).isoformat(),
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
    assert cache.get("Semantic Scholar", [RESNET]) == {}
    cache.put("Semantic Scholar", {RESNET: KNOWN})
    assert cache.get("Semantic Scholar", [RESNET]) == {RESNET: KNOWN}


def test_a_place_that_cannot_be_written_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The run goes on without a cache, and says so."""
    (tmp_path / "file").write_text("in the way")
    cache = FileCache(tmp_path / "file")
    cache.put("Semantic Scholar", {RESNET: KNOWN})
    assert cache.get("Semantic Scholar", [RESNET]) == {}
    assert "not kept" in caplog.text
