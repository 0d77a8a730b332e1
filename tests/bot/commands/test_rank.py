"""``rank`` and ``bib`` on the real list, with real counts from the sandbox's sources."""

from __future__ import annotations

import csv
import json
import os
import pty
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import cli
from bot.files.bib_file import read_bibliography
from tests.paths import ROOT
from tests.sandbox import Sandbox
from tests.sandbox.scholar import read_counts

TESTS = ROOT / "tests"
LIST = TESTS / "data" / "list" / "README.md"
COUNTS = json.loads((TESTS / "sandbox" / "data" / "citation-counts-2026-01.json").read_text())
THRESHOLDS = {2012: 800, 2013: 600, 2014: 400, 2015: 200, 2016: 60}
WEAKEST = "Building high-level features using large scale unsupervised learning"


@pytest.fixture(scope="module")
def sources() -> Iterator[Sandbox]:
    """Run the services; like the real one, this one also knows a paper by its ACL id."""
    with Sandbox() as running:
        (glove,) = [paper for paper in read_counts() if paper.title.startswith("Glove")]
        running.scholar.add(replace(glove, external={"ACL": "D14-1162"}))
        yield running


@pytest.fixture
def environment(sources: Sandbox, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Return settings for the services of the sandbox and an empty cache."""
    yield {**sources.environment(), "PAPERGATE_DATA_DIR": str(tmp_path)}
    sources.faults.clear()


def run(environment: dict[str, str], *arguments: str | Path) -> Result:
    result = CliRunner().invoke(cli, [str(argument) for argument in arguments], env=environment)
    assert result.stderr == ""
    return result


def on_terminal(
    command: list[str], environment: dict[str, str]
) -> tuple[subprocess.CompletedProcess[bytes], str]:
    """Run a command with a terminal as standard error; return its result and all that the terminal got.

    A thread reads the terminal all the time, because a terminal that nobody reads stops its writer.
    """
    leader, follower = pty.openpty()
    shown = bytearray()

    def read() -> None:
        try:
            while part := os.read(leader, 4096):
                shown.extend(part)
        except OSError:  # how a terminal says that its last writer is gone
            pass

    reader = threading.Thread(target=read)
    reader.start()
    try:
        done = subprocess.run(
            command, env=environment, stdout=subprocess.PIPE, stderr=follower, timeout=60, check=True
        )
    finally:
        os.close(follower)
        reader.join()
        os.close(leader)
    return done, shown.decode(errors="replace")


def expected_order() -> list[str]:
    """Return the titles of the top papers, which are bold, by citations divided by their year's threshold."""
    top = [row for row in COUNTS if f"**{row['list_title']}**" in LIST.read_text()]
    return [
        row["list_title"]
        for row in sorted(top, key=lambda row: row["citations"] / THRESHOLDS[row["list_year"]], reverse=True)
    ]


def test_papers_are_ranked_by_citations_relative_to_their_year(environment: dict[str, str]) -> None:
    """The order is computed here from the counts; papers without a count come last."""
    ranking = json.loads(run(environment, "rank", LIST, "--format", "json").output)
    expected = expected_order()
    assert [item["title"] for item in ranking["ranked"]] == expected
    assert len(expected) == 44
    assert [item["rank"] for item in ranking["ranked"]] == list(range(1, 45))
    weakest = ranking["ranked"][-1]
    assert (weakest["title"], weakest["citations"], weakest["threshold"]) == (WEAKEST, 2_909, 600)
    assert weakest["ratio"] == 4.85
    assert weakest["source"] == "Semantic Scholar"
    assert len(ranking["unranked"]) == 100 - 44
    assert {item["why"] for item in ranking["unranked"]} == {"no count: unknown to Semantic Scholar"}


def test_text_lists_unranked_papers_below_the_table(environment: dict[str, str]) -> None:
    """The last row of the table is the weakest paper."""
    text = run(environment, "rank", LIST).output
    table, rest = text.split("Not ranked: 56 papers\n")
    last = table.strip().split("\n")[-1].split()
    assert last[:2] == ["44", "Building"]
    assert last[-7:-1] == ["2013", "2,909", "600", "4.8", "Semantic", "Scholar"]
    assert "  line 72: Distilling the knowledge in a neural network (2015): no count: unknown to" in rest


def test_csv_has_a_row_for_every_paper(environment: dict[str, str]) -> None:
    """A paper without a count has the reason instead."""
    rows = list(csv.DictReader(StringIO(run(environment, "rank", LIST, "--format", "csv").output)))
    assert [row["title"] for row in rows[:44]] == expected_order()
    assert [row["why"] == "" for row in rows] == [True] * 44 + [False] * 56


def test_a_second_run_uses_the_cache(sources: Sandbox, environment: dict[str, str]) -> None:
    """The first run sends one request for all papers with an identifier, and one for each other paper."""
    sources.log.clear()
    first = run(environment, "rank", LIST, "--format", "csv").output
    assert len(sources.log.find("POST", "/paper/batch")) == 1
    assert len(sources.log.find("GET", "/paper/search/match")) == len(sources.log.find()) - 1
    sources.log.clear()
    assert run(environment, "rank", LIST, "--format", "csv").output == first
    assert sources.log.find() == []


def test_no_paper_is_ranked_when_the_service_is_down(environment: dict[str, str]) -> None:
    """Every paper says so; none is treated as having no citations."""
    down = {**environment, "PAPERGATE_SEMANTIC_SCHOLAR_URL": "http://127.0.0.1:9"}
    ranking = json.loads(run(down, "rank", LIST, "--format", "json").output)
    assert ranking["ranked"] == []
    assert len(ranking["unranked"]) == 100
    assert {item["why"][:38] for item in ranking["unranked"]} == {"no count: Semantic Scholar: it did not"}


def test_a_progress_bar_is_shown_on_a_terminal(environment: dict[str, str]) -> None:
    """It goes to standard error, so the ranking can be piped."""
    command = [sys.executable, "-c", "from bot.cli import main; main()", "rank", str(LIST), "--format", "csv"]
    done, shown = on_terminal(command, {**os.environ, **environment, "TERM": "xterm"})
    assert "Looking up papers" in shown
    assert done.stdout.startswith(b"rank,title,")


def test_bib_has_an_entry_for_each_top_paper(environment: dict[str, str], tmp_path: Path) -> None:
    """The rule `companion` finds nothing wrong with the file."""
    text = run(environment, "bib", LIST).output
    read = read_bibliography(text)
    assert (len(read.entries), read.broken) == (100, ())
    assert len({entry.key for entry in read.entries}) == 100
    (tmp_path / "papers.bib").write_text(text)
    options = (
        "--preset",
        "most-cited",
        "--companion",
        tmp_path / "papers.bib",
        "--offline",
        "--format",
        "json",
    )
    audit = run(environment, "audit", LIST, *options)
    assert [item for item in json.loads(audit.output)["findings"] if item["rule"] == "companion"] == []


def test_bib_works_offline(environment: dict[str, str]) -> None:
    """Title, year, author and address come from the list."""
    text = run(environment, "bib", LIST, "--offline").output
    assert text.startswith(
        "@article{hinton2015distilling,\n"
        "  title={Distilling the knowledge in a neural network},\n"
        "  author={Hinton, G. and others},\n"
        "  journal={arXiv preprint arXiv:1503.02531},\n"
    )


@pytest.mark.parametrize("command", ["rank", "bib"])
@pytest.mark.parametrize(
    ("text", "reason"), [("", "is empty"), ("# A list\n", "has no paper in the top sections")]
)
def test_a_file_without_top_papers_is_a_usage_error(
    tmp_path: Path, command: str, text: str, reason: str
) -> None:
    """One line on standard error, nothing on standard output, status 2."""
    file = tmp_path / "README.md"
    file.write_text(text)
    result = CliRunner().invoke(cli, [command, str(file)])
    assert (result.exit_code, result.stdout) == (2, "")
    assert reason in result.stderr
