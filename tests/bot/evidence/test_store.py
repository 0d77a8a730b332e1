"""Tests of the two stores, a file and a table: what is kept comes back, the last answer counts."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from bot.database.tables import answer
from bot.evidence.cache import FileCache
from bot.evidence.contracts import Fetched, Store
from bot.evidence.look_up import Library
from bot.evidence.semantic_scholar import SemanticScholar
from bot.evidence.service import Access
from bot.evidence.store import DatabaseStore
from rules.papers.evidence import EvidenceRequest, Query, Record
from rules.papers.identifiers import Identifier
from tests.bot.evidence.answers import ADAM, NOW, RESNET, SOURCE, UNKNOWN, known
from tests.bot.evidence.conftest import Service, json_reply


@pytest.fixture(params=["database", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "file":
        return FileCache(tmp_path / "new" / "folder")
    database: Engine = request.getfixturevalue("database")
    return DatabaseStore(database)


def test_answers_come_back_as_they_were(store: Store) -> None:
    """A count with its page, date and record, and an unknown one, are kept; others are absent."""
    store.put(SOURCE, {RESNET: known(), ADAM: UNKNOWN})
    kept = store.get(SOURCE, [RESNET, ADAM, "acl:P15-1033"])
    assert kept[ADAM] == UNKNOWN
    assert (kept[RESNET].answer, kept[RESNET].fetched_at) == (known().answer, NOW)
    assert json.loads(kept[RESNET].raw or "") == json.loads(known().raw or "")
    assert len(kept) == 2
    assert store.get("OpenAlex", [RESNET]) == {}


def test_a_later_answer_replaces_the_earlier_one_and_no_other(store: Store) -> None:
    """Nothing of the earlier answer stays; another paper's does."""
    store.put(SOURCE, {RESNET: known(), ADAM: UNKNOWN})
    store.put(SOURCE, {RESNET: UNKNOWN})
    assert store.get(SOURCE, [RESNET, ADAM]) == {RESNET: UNKNOWN, ADAM: UNKNOWN}


def test_nothing_to_keep_and_nothing_asked_is_fine(store: Store) -> None:
    """Empty calls change nothing and find nothing."""
    store.put(SOURCE, {})
    assert store.get(SOURCE, []) == {}


def test_the_table_has_one_row_for_a_source_and_paper(database: Engine) -> None:
    """However often the paper is asked for."""
    for _ in range(2):
        DatabaseStore(database).put(SOURCE, {RESNET: known()})
    with database.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(answer)) == 1


def test_workers_that_keep_the_same_papers_do_not_lock_each_other_out(database: Engine) -> None:
    """Two workers write the same papers, named in opposite order, at once and many times."""
    store = DatabaseStore(database)
    papers = {f"arxiv:1512.{number:05}": known() for number in range(50)}
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
        Library(source, (), DatabaseStore(database)).look_up(EvidenceRequest(full=(query,)), NOW)
        for _ in range(2)
    ]
    assert looks[0] == looks[1]
    assert looks[0].of(query) == (Record(SOURCE, date(2026, 1, 15), 100),)
    assert len(service.requests) == 1
