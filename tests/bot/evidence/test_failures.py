"""What each failure of a source leads to, from the wire to the verdict; docs/evidence.md shows it.

One paper is added to a top section. It is cited often enough: every verdict but "pass" comes from a failure.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from bot.evidence.arxiv import ArXiv
from bot.evidence.cache import FileCache
from bot.evidence.contracts import Fetched, name_of
from bot.evidence.crossref import Crossref
from bot.evidence.look_up import Library
from bot.evidence.openalex import OpenAlex
from bot.evidence.semantic_scholar import SemanticScholar
from bot.evidence.service import Access
from rules.context import Question
from rules.evaluate import Unreadable, evaluate, read_change, wanted
from rules.papers.evidence import Evidence, EvidenceRequest, Record
from rules.policy.presets import MOST_CITED
from rules.report.report import Report, Verdict
from tests.bot.evidence.conftest import Reply, Request, Service, json_reply
from tests.paths import DATA, DOCS

PAGE = DOCS / "evidence.md"
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=40)
ATOM = "application/atom+xml; charset=utf-8"
SOURCES = ("Semantic Scholar", "OpenAlex", "Crossref", "arXiv")

SECTION = "### Optimization / Training Techniques\n"
TITLE, SURNAME, YEAR = "Spatial transformer network", "Jaderberg", 2015
ENTRIES = {
    "arxiv": f"- **{TITLE}** ({YEAR}), M. {SURNAME} et al. [[pdf]](http://arxiv.org/pdf/1506.02025)\n",
    "doi": f"- **{TITLE}** ({YEAR}), M. {SURNAME} et al. [[pdf]](https://doi.org/10.1000/stn)\n",
    "title": f"- **{TITLE}** ({YEAR}), M. {SURNAME} et al. [[pdf]](http://example.org/stn.pdf)\n",
}
AUTHOR = f"Max {SURNAME}"
PAPER = {
    "paperId": "0" * 40,
    "title": TITLE,
    "year": YEAR,
    "citationCount": 9000,
    "authors": [{"name": AUTHOR}],
}
WORK = {
    "id": "https://openalex.org/W1",
    "title": TITLE,
    "publication_year": YEAR,
    "cited_by_count": 8000,
    "authorships": [{"author": {"display_name": AUTHOR}}],
    "locations": [{"landing_page_url": "http://arxiv.org/abs/1506.02025"}],
}
REGISTERED = {
    "DOI": "10.1000/stn",
    "title": [TITLE],
    "author": [{"given": "Max", "family": SURNAME}],
    "issued": {"date-parts": [[YEAR]]},
    "is-referenced-by-count": 7000,
}
FEED = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/abs/1506.02025v3</id>'
    f"<title>{TITLE}</title><published>2015-06-05T00:00:00Z</published>"
    f"<author><name>{AUTHOR}</name></author></entry></feed>"
)
PREFIXES = {"Semantic Scholar": "s2", "OpenAlex": "openalex", "Crossref": "crossref", "arXiv": "arxiv"}

HEAD = """\
# What a source's failure leads to

Papergate asks Semantic Scholar, then OpenAlex, Crossref (DOIs) and arXiv (preprints). A source that does
not answer says nothing about a paper: never that it is not cited, never that a pull request is wrong.
Where nobody answers the check is `unverified`, and Papergate asks again by itself; so it is while
Semantic Scholar, which counts the most, does not answer and the others count too few.

One paper, cited often enough, is added to a top section. Each line is one failure, and the verdict

- **beside the others**: while the other sources answer;
- **alone**: while none of the others answers;
- **with a record kept**: while none of the others answers, but Semantic Scholar did 40 days ago. Where
  that count is told, it is with its date.

`decision` appears where every source that was asked answers that it knows no such paper: a maintainer
decides. This page is made by `tests/bot/evidence/test_failures.py`.

| source | what comes | beside the others | alone | with a record kept |
|---|---|---|---|---|
"""


def recorded(path: str, status: int, content_type: str = "application/json") -> Reply:
    return Reply((DATA / path).read_bytes(), status, content_type)


def well(request: Request) -> Reply:
    """Return what a source says of the paper when all is well."""
    source = request.path.split("/")[1]
    if source == "s2":
        return json_reply({"data": [PAPER]} if "search/match" in request.path else [PAPER])
    if source == "openalex":
        return json_reply(WORK if "/doi:" in request.path else {"results": [WORK]})
    return json_reply({"message": REGISTERED}) if source == "crossref" else Reply(FEED.encode(), 200, ATOM)


def cut_off(request: Request) -> Reply:
    """Return half of the right answer, as if it were whole."""
    reply = well(request)
    return replace(reply, body=reply.body[: len(reply.body) // 2])


EVERYWHERE: dict[str, Reply | None] = {
    "429 with Retry-After: 1": json_reply({"message": "Too Many Requests"}, 429),
    "429 without Retry-After": json_reply({"message": "Too Many Requests"}, 429),
    "403": json_reply({"message": "Forbidden"}, 403),
    "a page of HTML with status 200": Reply(b"<html>Down for maintenance</html>", 200, "text/html"),
    "an answer cut off": None,
    "504": Reply(b"<html>504 Gateway Time-out</html>", 504, "text/html"),
    "no answer in time": Reply(b"", hang=True),
    "a record without what it must hold": None,
}
HEADERS = {"429 with Retry-After: 1": {"Retry-After": "1"}}
NONE_VALID = json_reply({"error": "No valid paper ids given"}, 400)
NO_MATCH = recorded("semantic_scholar/match_none_404.json", 404)
BAD_FIELDS = recorded("semantic_scholar/bad_fields_400.json", 400)
HTML_404 = recorded("openalex/not_found.html", 404, "text/html; charset=utf-8")
OWN: tuple[tuple[str, str, str, Reply], ...] = (
    ("Semantic Scholar", "400 “No valid paper ids given”", "arxiv", NONE_VALID),
    ("Semantic Scholar", "null in a batch", "arxiv", json_reply([None])),
    ("Semantic Scholar", "400 for the fields", "arxiv", BAD_FIELDS),
    ("Semantic Scholar", "fewer records than papers", "arxiv", json_reply([])),
    ("Semantic Scholar", "404 “Title match not found”", "title", NO_MATCH),
    ("OpenAlex", "404 as HTML", "doi", HTML_404),
    ("OpenAlex", "a list without the paper", "arxiv", recorded("openalex/list.json", 200)),
    ("Crossref", "404 in plain text", "doi", recorded("crossref/not_found.txt", 404, "text/plain")),
    ("arXiv", "400 for an id", "arxiv", recorded("arxiv/bad_id_400.xml", 400, ATOM)),
    ("arXiv", "a feed without the paper", "arxiv", recorded("arxiv/none.xml", 200, ATOM)),
)


@dataclass(frozen=True, eq=False)
class Failure:
    """One way in which ``source`` fails while the entry named ``entry`` is looked up."""

    source: str
    what: str
    entry: str
    reply: Reply | None

    def __str__(self) -> str:
        return f"{self.source}: {self.what}"

    def answer(self, request: Request) -> Reply:
        if self.what == "an answer cut off":
            return cut_off(request)
        if self.reply is None:
            return self._hollow()
        return replace(self.reply, headers=HEADERS.get(self.what, {}))

    def _hollow(self) -> Reply:
        if self.source == "arXiv":
            return Reply(b'<feed xmlns="http://www.w3.org/2005/Atom"><entry/></feed>', 200, ATOM)
        if self.source == "Crossref":
            return json_reply({"message": {}})
        return json_reply([{}] if self.source == "Semantic Scholar" else {"results": [{}]})


def failures() -> Iterator[Failure]:
    for source in SOURCES:
        entry = "doi" if source == "Crossref" else "arxiv"
        for what, reply in EVERYWHERE.items():
            yield Failure(source, what, entry, reply)
        yield from (Failure(*own) for own in OWN if own[0] == source)


FAILURES = tuple(failures())


@dataclass(frozen=True)
class Outcome:
    """The reports on the entry under one failure: others well, others down, and an older record kept."""

    beside_others: Report
    alone: Report
    kept: Report

    @property
    def reports(self) -> tuple[Report, ...]:
        return (self.beside_others, self.alone, self.kept)


@cache
def outcome(failure: Failure) -> Outcome:
    """Return what the failure leads to, over real HTTP and through the rules."""
    prefix = PREFIXES[failure.source]

    def beside(request: Request) -> Reply:
        return failure.answer(request) if request.path.split("/")[1] == prefix else well(request)

    def alone(request: Request) -> Reply:
        down = Reply(b"", 503)
        return failure.answer(request) if request.path.split("/")[1] == prefix else down

    with Service() as service:
        service.serve = beside
        first = report(service, failure.entry)
        service.serve = alone
        return Outcome(first, report(service, failure.entry), report(service, failure.entry, kept=8500))


def report(service: Service, entry: str, *, kept: int | None = None) -> Report:
    found = read_change(SECTION, SECTION, SECTION + ENTRIES[entry], MOST_CITED)
    assert not isinstance(found, Unreadable)
    return evaluate(found, MOST_CITED, looked_up(service, wanted(found), kept=kept), Question(NOW.date()))


def looked_up(service: Service, asked: EvidenceRequest, *, kept: int | None) -> Evidence:
    def access(name: str) -> Access:
        return Access(f"{service.url}/{PREFIXES[name]}", timeout=(2, 0.1), retries=0)

    others = (OpenAlex(access("OpenAlex")), Crossref(access("Crossref")), ArXiv(access("arXiv")))
    with tempfile.TemporaryDirectory() as folder:
        store = FileCache(Path(folder))
        if kept is not None:
            for query in asked.full:
                record = Record("Semantic Scholar", LONG_AGO.date(), kept, TITLE, (SURNAME,), (YEAR,))
                store.put("Semantic Scholar", {name_of(query): Fetched(record, LONG_AGO)})
        library = Library(SemanticScholar(access("Semantic Scholar")), others, store)
        return library.look_up(asked, NOW)


def verdicts(failure: Failure) -> list[str]:
    return [made.verdict.value for made in outcome(failure).reports]


def page() -> str:
    """Return docs/evidence.md as the reports make it."""
    rows = [f"| {' | '.join([failure.source, failure.what, *verdicts(failure)])} |" for failure in FAILURES]
    return HEAD + "\n".join(rows) + "\n"


@pytest.mark.parametrize("failure", FAILURES, ids=str)
def test_no_failure_is_blamed_on_the_paper(failure: Failure) -> None:
    """No failure makes a pull request fail, and none is told as a count of nothing."""
    for made in outcome(failure).reports:
        assert made.verdict is not Verdict.FAIL
        assert not any(re.search(r"\b0 citations", finding.message) for finding in made.findings)


@pytest.mark.parametrize("failure", [one for one in FAILURES if one.what in EVERYWHERE], ids=str)
def test_a_source_that_does_not_answer_holds_nothing_up(failure: Failure) -> None:
    """Another's count decides, or an older one; without any the bot has to ask again."""
    assert verdicts(failure) == ["pass", "unverified", "pass"]


def test_an_older_count_is_told_with_its_date() -> None:
    """Who decides by it must see how old it is."""
    with Service() as service:
        service.serve = lambda _: Reply(b"", 503)
        (finding,) = report(service, "arxiv", kept=150).findings
    assert "150 citations (Semantic Scholar, 2025-12-06)" in finding.message


def test_the_low_counts_of_others_are_no_reason_while_the_first_source_is_down() -> None:
    """OpenAlex often holds a preprint apart from its publication, hardly cited."""
    hardly = json_reply({"results": [dict(WORK, cited_by_count=0)]})

    def others(request: Request) -> Reply:
        place = request.path.split("/")[1]
        return Reply(b"", 503) if place == "s2" else hardly if place == "openalex" else well(request)

    with Service() as service:
        service.serve = others
        made = report(service, "arxiv")
        assert made.verdict is Verdict.UNVERIFIED
        assert "0 citations" not in made.findings[0].message
        assert report(service, "arxiv", kept=150).verdict is Verdict.DECISION


def test_nothing_is_wrong_when_nothing_fails() -> None:
    """Or the table would show something else than failures."""
    with Service() as service:
        service.serve = well
        assert {report(service, entry).verdict for entry in ENTRIES} == {Verdict.PASS}


def test_the_page_is_current() -> None:
    """docs/evidence.md is what the reports make; when it is old, this prints how it should read."""
    new = page()
    assert PAGE.is_file(), f"docs/evidence.md is missing; it should read:\n{new}"
    assert PAGE.read_text(encoding="utf-8") == new, f"docs/evidence.md is old; it should read:\n{new}"
