"""``rank`` and ``bib`` on the real list, with real counts from the sandbox's sources."""

from __future__ import annotations

import csv
import json
import os
import pty
import subprocess
import sys
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
    """The sources; the real one knows papers of the ACL by their id there, too."""
    with Sandbox() as running:
        (glove,) = [paper for paper in read_counts() if paper.title.startswith("Glove")]
        running.scholar.add(replace(glove, external={"ACL": "D14-1162"}))
        yield running


@pytest.fixture
def environment(sources: Sandbox, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Where the sources are, with nothing kept yet."""
    yield {**sources.environment(), "PAPERGATE_DATA_DIR": str(tmp_path)}
    sources.faults.clear()


def run(environment: dict[str, str], *arguments: str | Path) -> Result:
    result = CliRunner().invoke(cli, [str(argument) for argument in arguments], env=environment)
    assert result.stderr == ""
    return result


def straight_from_the_data() -> list[str]:
    """Return the titles of top papers, which are bold, by citations in relation to their year's threshold."""
    top = [row for row in COUNTS if f"**{row['list_title']}**" in LIST.read_text()]
    return [
        row["list_title"]
        for row in sorted(top, key=lambda row: row["citations"] / THRESHOLDS[row["list_year"]], reverse=True)
    ]


def test_order_is_that_of_the_data(environment: dict[str, str]) -> None:
    """Of all papers with independent counts that stand in the top sections; the others come after them."""
    ranking = json.loads(run(environment, "rank", LIST, "--format", "json").output)
    expected = straight_from_the_data()
    assert [item["title"] for item in ranking["ranked"]] == expected
    assert len(expected) == 44
    assert [item["rank"] for item in ranking["ranked"]] == list(range(1, 45))
    weakest = ranking["ranked"][-1]
    assert (weakest["title"], weakest["citations"], weakest["threshold"]) == (WEAKEST, 2_909, 600)
    assert weakest["ratio"] == 4.85
    assert weakest["source"] == "Semantic Scholar"
    assert len(ranking["unranked"]) == 100 - 44
    assert {item["why"] for item in ranking["unranked"]} == {"no count: unknown to Semantic Scholar"}


def test_text_is_a_table_with_the_rest_below(environment: dict[str, str]) -> None:
    """The last row of the table is the weakest paper."""
    text = run(environment, "rank", LIST).output
    table, rest = text.split("Not ranked: 56 papers\n")
    last = table.strip().split("\n")[-1].split()
    assert last[:2] == ["44", "Building"]
    assert last[-7:-1] == ["2013", "2,909", "600", "4.8", "Semantic", "Scholar"]
    assert "  line 72: Distilling the knowledge in a neural network (2015): no count: unknown to" in rest


def test_csv_has_every_paper(environment: dict[str, str]) -> None:
    """One row each, those without a count with the reason."""
    rows = list(csv.DictReader(StringIO(run(environment, "rank", LIST, "--format", "csv").output)))
    assert [row["title"] for row in rows[:44]] == straight_from_the_data()
    assert [row["why"] == "" for row in rows] == [True] * 44 + [False] * 56


def test_a_second_look_asks_for_nothing(sources: Sandbox, environment: dict[str, str]) -> None:
    """A cold one asks once for all papers with an identifier, and for each other by its title."""
    sources.log.clear()
    first = run(environment, "rank", LIST, "--format", "csv").output
    assert len(sources.log.find("POST", "/paper/batch")) == 1
    assert len(sources.log.find("GET", "/paper/search/match")) == len(sources.log.find()) - 1
    sources.log.clear()
    assert run(environment, "rank", LIST, "--format", "csv").output == first
    assert sources.log.find() == []


def test_sources_that_are_down_leave_the_list_unranked(environment: dict[str, str]) -> None:
    """It is said of each paper, quickly, and none counts zero citations."""
    down = {**environment, "PAPERGATE_SEMANTIC_SCHOLAR_URL": "http://127.0.0.1:9"}
    ranking = json.loads(run(down, "rank", LIST, "--format", "json").output)
    assert ranking["ranked"] == []
    assert len(ranking["unranked"]) == 100
    assert {item["why"][:38] for item in ranking["unranked"]} == {"no count: Semantic Scholar: it did not"}


def test_a_bar_shows_on_a_terminal_while_it_looks_up(environment: dict[str, str]) -> None:
    """On standard error alone, so that the ranking can be piped."""
    leader, follower = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-c", "from bot.cli import main; main()", "rank", str(LIST), "--format", "csv"],
            env={**os.environ, **environment, "TERM": "xterm"},
            stdout=subprocess.PIPE,
            stderr=follower,
            timeout=60,
            check=True,
        )
        shown = os.read(leader, 65_536).decode()
    finally:
        os.close(follower)
        os.close(leader)
    assert "Looking up papers" in shown
    assert done.stdout.startswith(b"rank,title,")


def test_bib_holds_an_entry_for_each_top_paper(environment: dict[str, str], tmp_path: Path) -> None:
    """From the records; beside the list it is in step, but for what the list itself has wrong."""
    text = run(environment, "bib", LIST).output
    read = read_bibliography(text)
    assert (len(read.entries), read.broken) == (100, ())
    assert len({entry.key for entry in read.entries}) == 100
    (tmp_path / "papers.bib").write_text(text)
    audit = run(
        environment, "audit", LIST, "--companion", tmp_path / "papers.bib", "--offline", "--format", "json"
    )
    assert [item for item in json.loads(audit.output)["findings"] if item["rule"] == "companion"] == []


def test_bib_needs_no_source(environment: dict[str, str]) -> None:
    """Offline it says what the list says."""
    text = run(environment, "bib", LIST, "--offline").output
    assert text.startswith(
        "@article{hinton2015distilling,\n"
        "  title={Distilling the knowledge in a neural network},\n"
        "  author={Hinton, G. and others},\n"
        "  journal={arXiv preprint arXiv:1503.02531},\n"
    )


@pytest.mark.parametrize("command", ["rank", "bib"])
@pytest.mark.parametrize(
    ("text", "reason"), [("", "is empty"), ("# A list\n", "holds no paper in the top sections")]
)
def test_what_is_no_list_is_a_usage_error(tmp_path: Path, command: str, text: str, reason: str) -> None:
    """One line, status 2."""
    file = tmp_path / "README.md"
    file.write_text(text)
    result = CliRunner().invoke(cli, [command, str(file)])
    assert (result.exit_code, result.stdout) == (2, "")
    assert reason in result.stderr
