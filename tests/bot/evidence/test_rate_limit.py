"""Tests of ``bot.evidence.rate_limit``: pacing across threads, processes and workers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.evidence.contracts import RateLimit
from bot.evidence.rate_limit import DatabaseRateLimit, FileRateLimit
from bot.evidence.service import Access, Failed, Service
from tests.bot.evidence.conftest import Service as Server

Make = Callable[[float], RateLimit]


@pytest.fixture(params=["database", "file"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    if request.param == "file":
        return lambda longest: FileRateLimit(tmp_path / "new", longest)
    database: Engine = request.getfixturevalue("database")
    return lambda longest: DatabaseRateLimit(database, longest)


def test_turns_follow_each_other_at_the_pace_asked_for(make: Make) -> None:
    """The first comes at once, each further one a step later; another source's do not mind."""
    rate_limit = make(100)
    waits = [rate_limit.reserve("arXiv", 3) for _ in range(4)]
    assert waits == [pytest.approx(3 * place, abs=1) for place in range(4)]
    assert rate_limit.reserve("Crossref", 3) == pytest.approx(0, abs=0.1)


def test_turns_are_given_once_however_many_ask(make: Make) -> None:
    """Eight threads that ask at once get eight turns, each a step apart."""
    rate_limit = make(1000)
    with ThreadPoolExecutor(8) as threads:
        waits = sorted(wait or 0 for wait in threads.map(lambda _: rate_limit.reserve("arXiv", 10), range(8)))
    assert waits == [pytest.approx(10 * place, abs=5) for place in range(8)]


def test_a_turn_too_far_off_is_not_taken(make: Make) -> None:
    """Whoever would wait too long gets none, and makes nobody else wait longer."""
    rate_limit = make(5)
    assert [rate_limit.reserve("arXiv", 3) is None for _ in range(4)] == [False, False, True, True]
    assert make(100).reserve("arXiv", 3) == pytest.approx(6, abs=1)


def test_another_process_sees_the_turns_of_the_file(tmp_path: Path) -> None:
    """Two commands at once share the pace."""
    program = (
        "import sys, pathlib; from bot.evidence.rate_limit import FileRateLimit;"
        "print(FileRateLimit(pathlib.Path(sys.argv[1]), 100).reserve('arXiv', 30))"
    )
    commands = [
        subprocess.Popen([sys.executable, "-c", program, tmp_path], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    waits = sorted(float(command.communicate(timeout=30)[0]) for command in commands)
    assert waits[0] == 0
    assert waits[1] == pytest.approx(30, abs=20)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"arXiv": "soon"}', "\x00"])
def test_a_corrupt_file_counts_as_none(tmp_path: Path, content: str) -> None:
    """It is written anew."""
    (tmp_path / "rate_limit.json").write_text(content)
    rate_limit = FileRateLimit(tmp_path)
    assert rate_limit.reserve("arXiv", 3) == 0
    assert rate_limit.reserve("arXiv", 3) == pytest.approx(3, abs=1)


def test_a_place_that_cannot_be_written_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The command goes on, and says so."""
    (tmp_path / "file").write_text("in the way")
    assert FileRateLimit(tmp_path / "file").reserve("arXiv", 3) == 0
    assert "not rate-limited" in caplog.text


def test_a_request_waits_for_its_turn_or_gives_up(service: Server, tmp_path: Path) -> None:
    """Where too many wait already the source counts as unanswered, and is not asked."""
    asked = Service("arXiv", Access(service.url, pace=0.05, rate_limit=FileRateLimit(tmp_path, 0.01)))
    asked.post("/x", {}, {"ids": []})
    with pytest.raises(Failed, match="too many requests to it are waiting here"):
        asked.post("/x", {}, {"ids": []})
    assert len(service.requests) == 1
