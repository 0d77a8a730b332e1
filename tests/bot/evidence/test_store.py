"""Tests of ``bot.evidence.store`` on a real PostgreSQL: what is kept comes back, the last answer counts."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

from sqlalchemy import Engine, func, select

from bot.database.tables import answer
from bot.evidence.contracts import Fetched
from bot.evidence.look_up import Library
from bot.evidence.semantic_scholar import SemanticScholar
from bot.evidence.service import Access
from bot.evidence.store import DatabaseStore
from rules.papers.evidence import EvidenceRequest, Query, Record, Unknown
from rules.papers.identifiers import Identifier
from tests.bot.evidence.conftest import Service, json_reply

SOURCE = "Semantic Scholar"
NOW = datetime(2026, 1, 15, 12, 30, tzinfo=UTC)
RESNET = "arxiv:1512.03385"
ADAM = "title:adam"
KNOWN = Fetched(
    Record(
        SOURCE,
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
UNKNOWN = Fetched(Unknown(SOURCE, date(2026, 1, 15)), NOW)


def test_answers_come_back_as_they_were(database: Engine) -> None:
    """A count with its page, date and record, and an unknown one, survive the table; others are absent."""
    store = DatabaseStore(database)
    store.put(SOURCE, {RESNET: KNOWN, ADAM: UNKNOWN})
    kept = store.get(SOURCE, [RESNET, ADAM, "acl:P15-1033"])
    assert kept[ADAM] == UNKNOWN
    assert kept[RESNET].answer == KNOWN.answer
    assert kept[RESNET].fetched_at == NOW
    assert '"Kaiming He"' in (kept[RESNET].raw or "")
    assert len(kept) == 2
    assert store.get("OpenAlex", [RESNET]) == {}


def test_a_later_answer_replaces_the_earlier_one(database: Engine) -> None:
    """One row a source and paper; nothing of the earlier answer stays."""
    store = DatabaseStore(database)
    store.put(SOURCE, {RESNET: KNOWN})
    store.put(SOURCE, {RESNET: UNKNOWN})
    assert store.get(SOURCE, [RESNET]) == {RESNET: UNKNOWN}
    with database.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(answer)) == 1


def test_nothing_to_keep_and_nothing_asked_is_fine(database: Engine) -> None:
    """Empty calls change nothing and find nothing."""
    store = DatabaseStore(database)
    store.put(SOURCE, {})
    assert store.get(SOURCE, []) == {}


def test_workers_that_keep_the_same_papers_do_not_lock_each_other_out(database: Engine) -> None:
    """Two workers write the same papers, named in opposite order, at once and many times."""
    store = DatabaseStore(database)
    papers = {f"arxiv:1512.{number:05}": KNOWN for number in range(50)}
    backwards = dict(reversed(papers.items()))

    def keep(answers: dict[str, Fetched]) -> Callable[[int], None]:
        return lambda _: store.put(SOURCE, answers)

    with ThreadPoolExecutor(2) as workers:
        runs = [workers.map(keep(papers), range(10)), workers.map(keep(backwards), range(10))]
        for run in runs:
            list(run)
    assert len(store.get(SOURCE, papers)) == 50


def test_the_look_up_uses_it(database: Engine, service: Service) -> None:
    """What one worker asked for another finds in the table."""
    service.respond = lambda ids: json_reply([{"citationCount": 100} for _ in ids])
    source = SemanticScholar(Access(service.url, retries=0))
    query = Query(Identifier("arxiv", "1512.03385"), "Deep residual learning")
    looks = [
        Library(source, (), DatabaseStore(database)).look_up(EvidenceRequest(judged=(query,)), NOW)
        for _ in range(2)
    ]
    assert looks[0] == looks[1]
    assert looks[0].of(query) == (Record(SOURCE, date(2026, 1, 15), 100),)
    assert len(service.requests) == 1
