"""Answers as stores keep them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from bot.evidence.contracts import Fetched
from rules.papers.evidence import Record, Unknown
from rules.papers.identifiers import Identifier

SOURCE = "Semantic Scholar"
NOW = datetime(2026, 1, 15, 12, 30, tzinfo=UTC)
RESNET = "arxiv:1512.03385"
ADAM = "title:adam"
UNKNOWN = Fetched(Unknown(SOURCE, date(2026, 1, 15)), NOW)


def known() -> Fetched:
    """Return a record with every field filled."""
    identifiers = {Identifier("arxiv", "1512.03385"), Identifier("doi", "10.1109/cvpr.2016.90")}
    record = Record(
        SOURCE,
        date(2026, 1, 15),
        9,
        "Títle",
        ("He", "Zhang"),
        (2015, 2016),
        "https://example.org/p",
        frozenset(identifiers),
    )
    return Fetched(record, NOW, '{"authors": [{"name": "Kaiming He"}], "citationCount": 9}')
