"""How many requests a look-up costs, counted on the real list over real HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.evidence.cache import FileCache
from bot.evidence.look_up import Library
from bot.evidence.rate_limit import FileRateLimit
from bot.evidence.sources import library
from bot.settings import ServiceSettings, SourceSettings
from rules.changes.paper_records import query_of
from rules.evaluate import Unreadable, read_change, read_whole, wanted
from rules.papers.evidence import EvidenceRequest, Record
from rules.policy.presets import MOST_CITED
from tests.bot.evidence.conftest import Reply, Request, Service, json_reply
from tests.paths import DATA

README = (DATA / "list" / "README.md").read_text(encoding="utf-8")
SECTION = "### Understanding / Generalization / Transfer\n"
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
NEW = (
    "- **A new paper** (2015), A. Author et al. [[pdf]](http://arxiv.org/pdf/1511.09999)\n"
    "- **Another new paper** (2014), A. Author et al. [[pdf]](https://doi.org/10.1000/182)\n"
)


def known(request: Request) -> Reply:
    """Return a record of every paper that a batch asks for; nothing else is known."""
    if request.ids:
        return json_reply([{"citationCount": 500} for _ in request.ids])
    if request.path.startswith("/arxiv"):
        return Reply(b'<feed xmlns="http://www.w3.org/2005/Atom"/>', 200, "application/atom+xml")
    if request.path.startswith("/openalex/works?"):
        return json_reply({"results": []})
    return json_reply({"error": "Title match not found"}, 404)


@pytest.fixture
def place(service: Service, tmp_path: Path) -> Library:
    service.serve = known
    settings = ServiceSettings(
        sources={
            "semantic_scholar": SourceSettings(url=f"{service.url}/s2", pace_seconds=0),
            "openalex": SourceSettings(url=f"{service.url}/openalex", pace_seconds=0),
            "crossref": SourceSettings(url=f"{service.url}/crossref", pace_seconds=0),
            "arxiv": SourceSettings(url=f"{service.url}/arxiv", pace_seconds=0),
        }
    )
    return library(settings, FileCache(tmp_path), FileRateLimit(tmp_path))


def batches(service: Service) -> int:
    return sum("/paper/batch" in request.path for request in service.requests)


def change(head: str, base: str = README) -> EvidenceRequest:
    found = read_change(base, base, head, MOST_CITED)
    assert not isinstance(found, Unreadable)
    return wanted(found)


def whole() -> EvidenceRequest:
    """Return a question about every entry that has an identifier, and what an audit asks besides."""
    found = read_whole(README, MOST_CITED)
    assert not isinstance(found, Unreadable)
    queries = tuple(query_of(entry) for entry in found.head.entries if entry.identifier)
    asked = wanted(found)
    return EvidenceRequest(full=asked.full, count_only=(*asked.count_only, *queries))


def test_a_cold_look_up_of_the_whole_list_is_at_most_two_batches(service: Service, place: Library) -> None:
    """Every entry with an identifier that a service knows comes back with a count."""
    asked = whole()
    evidence = place.look_up(asked, NOW)
    assert batches(service) <= 2
    counted = [query for query in asked.count_only if query.askable]
    assert len(counted) > 100
    for query in counted:
        first = evidence.of(query)[0]
        assert isinstance(first, Record)
        assert first.citations == 500


def test_a_pull_request_against_a_warm_store_is_at_most_one_batch(service: Service, place: Library) -> None:
    """Two papers are added to a full list: theirs alone are asked for, the ranked ones are known."""
    place.look_up(whole(), NOW)
    before = len(service.requests)
    evidence = place.look_up(change(README.replace(SECTION, SECTION + NEW)), NOW)
    new = service.requests[before:]
    assert [request.ids for request in new if request.ids] == [("ARXIV:1511.09999", "DOI:10.1000/182")]
    assert len(new) == 5  # the batch, two of OpenAlex's, one each of Crossref's and arXiv's
    assert len(evidence.answers) > 2
    place.look_up(change(README.replace(SECTION, SECTION + NEW)), NOW)
    assert len(service.requests) == before + 5


@pytest.mark.parametrize("head", [README, README + "\n\n<!-- a comment -->\n", README.replace("  \n", "\n")])
def test_where_nothing_was_added_nothing_is_asked(service: Service, place: Library, head: str) -> None:
    """Not the same list, not a comment, not white space."""
    place.look_up(change(head), NOW)
    assert service.requests == []


def test_a_removal_asks_nothing(service: Service, place: Library) -> None:
    """What leaves the list is not looked up."""
    lines = README.split("\n")
    gone = next(line for line in lines if line.startswith("- **Distilling"))
    place.look_up(change("\n".join(line for line in lines if line != gone)), NOW)
    assert service.requests == []
