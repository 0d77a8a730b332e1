"""Tests of ``bot.evidence.semantic_scholar`` over real HTTP, with recorded bodies."""

from __future__ import annotations

import json
import logging
import socket
import time
from datetime import UTC, date, datetime

import pytest

from bot.evidence.contracts import Fetched
from bot.evidence.semantic_scholar import SemanticScholar
from bot.evidence.service import Access
from rules.papers.evidence import Query, Record, Unanswered, Unknown
from rules.papers.identifiers import Identifier
from tests.bot.evidence.conftest import Reply, Service, json_reply
from tests.paths import DATA

RECORDED = DATA / "semantic_scholar"
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
TODAY = date(2026, 1, 15)
RESNET = Query(Identifier("arxiv", "1512.03385"), "Deep residual learning for image recognition", "He")
NONE_KNOWN = json_reply({"error": "No valid paper ids given"}, 400)


def client(service: Service, key: str | None = None) -> SemanticScholar:
    return SemanticScholar(Access(service.url, key=key, timeout=(2, 0.3), retries=0))


def named(scheme: str, value: str) -> Query:
    return Query(Identifier(scheme, value), "")


def arxiv(count: int) -> list[Query]:
    return [named("arxiv", f"1512.{number:05}") for number in range(count)]


def paper(ids: tuple[str, ...], citations: int = 7) -> list[dict[str, object]]:
    return [{"paperId": name, "title": name, "citationCount": citations} for name in ids]


def test_a_recorded_batch_is_read_in_order(service: Service) -> None:
    """Each answer belongs to the identifier at its place; null is a paper the service does not know."""
    service.respond = lambda _: Reply((RECORDED / "batch_with_null.json").read_bytes())
    dois = ["10.9999/none", "10.2139/ssrn.288970", "10.2139/ssrn.2250500", "10.1257/rct.1355"]
    queries = [named("doi", value) for value in dois]
    answers = client(service).fetch(queries, NOW)
    assert list(answers) == queries
    assert answers[queries[0]] == Fetched(Unknown("Semantic Scholar", TODAY), NOW)
    known = answers[queries[1]]
    assert isinstance(known, Fetched)
    assert known.answer == Record(
        source="Semantic Scholar",
        fetched_on=TODAY,
        citations=10670,
        title="How Much Should We Trust Differences-in-Differences Estimates?",
        surnames=("Bertrand", "Duflo", "Mullainathan"),
        authors=("Marianne Bertrand", "E. Duflo", "S. Mullainathan"),
        years=(2001,),
        url="https://www.semanticscholar.org/paper/c31c87c591a25c64fbaa82e8ac6a81831b6ac7ce",
        identifiers=frozenset(
            {
                Identifier("doi", "10.2139/ssrn.288970"),
                Identifier("s2", "c31c87c591a25c64fbaa82e8ac6a81831b6ac7ce"),
            }
        ),
    )
    assert json.loads(known.raw or "")["authors"][1]["name"] == "E. Duflo"
    zero = answers[queries[3]]
    assert isinstance(zero, Fetched)
    assert isinstance(zero.answer, Record)
    assert zero.answer.citations == 0


def test_identifiers_are_sent_in_the_service_s_form(service: Service) -> None:
    """ArXiv papers go by their arXiv id also when the list links their DOI."""
    client(service, key="k3y").fetch(
        [
            RESNET,
            named("doi", "10.48550/arxiv.1412.6980"),
            named("doi", "10.1038/nature14539"),
            named("acl", "P15-1033"),
        ],
        NOW,
    )
    (request,) = service.requests
    assert request.ids == ("ARXIV:1512.03385", "ARXIV:1412.6980", "DOI:10.1038/nature14539", "ACL:P15-1033")
    assert request.path.startswith("/graph/v1/paper/batch?fields=externalIds%2Curl%2Ctitle%2Cyear")
    assert request.headers["x-api-key"] == "k3y"


def test_the_key_is_not_logged_and_not_sent_unasked(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    """No key, no header; and a key stays out of the log at its most talkative."""
    caplog.set_level(logging.DEBUG)
    client(service, key="s3cret").fetch([RESNET], NOW)
    client(service).fetch([RESNET], NOW)
    assert "x-api-key" not in service.requests[1].headers
    assert caplog.records
    assert "s3cret" not in caplog.text


def test_a_redirect_is_not_followed(service: Service) -> None:
    """The key goes to the configured host only."""
    service.respond = lambda _: Reply(b"", 307, headers={"Location": f"{service.url}/elsewhere"})
    answers = client(service, key="s3cret").fetch([RESNET], NOW)
    assert answers == {RESNET: Unanswered("Semantic Scholar", "it answered HTTP 307")}
    assert len(service.requests) == 1


def test_more_than_500_papers_go_in_several_requests(service: Service) -> None:
    """The endpoint takes 500 identifiers; the answers of all requests come together."""
    service.respond = lambda ids: json_reply(paper(ids))
    queries = arxiv(1001)
    answers = client(service).fetch(queries, NOW)
    assert [len(request.ids) for request in service.requests] == [500, 500, 1]
    assert set(answers) == set(queries)


def test_a_paper_among_unknown_ones_is_found(service: Service) -> None:
    """When the service takes no identifier of a request, halves are asked until the known one is found."""
    wanted = "ARXIV:1512.00005"
    service.respond = lambda ids: json_reply(paper(ids)) if ids == (wanted,) else NONE_KNOWN
    answers = client(service).fetch(arxiv(7), NOW)
    known = [name for name, found in answers.items() if _count(found) == 7]
    unknown = [name for name, found in answers.items() if _is_unknown(found)]
    assert known == [named("arxiv", "1512.00005")]
    assert len(unknown) == 6


def test_a_flood_of_unknown_papers_does_not_become_a_flood_of_requests(service: Service) -> None:
    """Asking by halves is bounded; what was not asked is unanswered, not unknown."""
    service.respond = lambda _: NONE_KNOWN
    answers = client(service).fetch(arxiv(400), NOW)
    assert len(service.requests) <= 24
    assert len(answers) == 400
    assert any(isinstance(answer, Unanswered) for answer in answers.values())


def _count(found: Fetched | Unanswered) -> int | None:
    return found.answer.citations if isinstance(found, Fetched) and isinstance(found.answer, Record) else None


def _is_unknown(found: Fetched | Unanswered) -> bool:
    return isinstance(found, Fetched) and isinstance(found.answer, Unknown)


BODY = json.dumps([{"citationCount": 9}]).encode()


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply((RECORDED / "bad_fields_400.json").read_bytes(), 400), "HTTP 400"),
        (Reply(b"No valid paper ids given", 400, "text/plain"), "HTTP 400"),
        (json_reply({"message": "Forbidden"}, 403), "it answered HTTP 403"),
        (json_reply({"error": "Not found"}, 404), "HTTP 404"),
        (json_reply({"code": "429"}, 429), "too many requests"),
        (Reply(b"<h1>Bad gateway</h1>", 502, "text/html"), "HTTP 502"),
        (json_reply({"message": "Internal"}, 500), "HTTP 500"),
        (Reply(b"<html>maintenance</html>", 200, "text/html"), "not readable"),
        (Reply(BODY, 200, "text/html; charset=utf-8"), "not readable"),
        (Reply(BODY[:10]), "not readable"),
        (Reply(b"\xff\xfe\xfa"), "not readable"),
        (Reply(b""), "not readable"),
        (Reply(BODY, declared_length=len(BODY) + 50), "broke off"),
        (Reply(BODY, hang=True), "did not answer"),
        (json_reply({"data": []}), "does not fit"),
        (json_reply([]), "does not fit"),
        (json_reply([None, None]), "does not fit"),
        (json_reply([{"title": "No count"}]), "record"),
        (json_reply([{"citationCount": None}]), "record"),
        (json_reply([{"citationCount": -1}]), "record"),
        (json_reply(["text"]), "record"),
        (Reply(BODY, 503, headers={"Retry-After": "soon"}), "HTTP 503"),
    ],
)
def test_every_failure_is_unanswered(service: Service, reply: Reply, reason: str) -> None:
    """A failure is never an unknown paper and never a count, and says what happened."""
    service.respond = lambda _: reply
    answer = client(service).fetch([RESNET], NOW)[RESNET]
    assert isinstance(answer, Unanswered)
    assert answer.source == "Semantic Scholar"
    assert reason in answer.reason


def test_a_refused_connection_is_unanswered() -> None:
    """Where nobody listens nothing is known."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{reserved.getsockname()[1]}"
        answer = SemanticScholar(Access(url, retries=0)).fetch([RESNET], NOW)[RESNET]
    assert answer == Unanswered("Semantic Scholar", "it did not answer, or broke off")


def test_one_unreadable_record_spoils_no_other(service: Service) -> None:
    """A record without a count is unanswered; its neighbours stand."""
    service.respond = lambda _: json_reply([{"citationCount": "many"}, {"citationCount": 3}, None])
    first, second, third = client(service).fetch(arxiv(3), NOW).values()
    assert isinstance(first, Unanswered)
    assert _count(second) == 3
    assert _is_unknown(third)


def test_a_passing_refusal_is_asked_again(service: Service) -> None:
    """Keyless use is often refused with 429; the next try may be answered."""
    replies = iter([Reply(b"{}", 429), json_reply([{"citationCount": 5}])])
    service.respond = lambda _: next(replies)
    answers = SemanticScholar(Access(service.url, retries=1)).fetch([RESNET], NOW)
    assert _count(answers[RESNET]) == 5
    assert len(service.requests) == 2


def test_a_refusal_that_says_how_long_to_wait_is_obeyed(service: Service) -> None:
    """Retry-After is in seconds; without it the second try comes sooner."""
    replies = iter([Reply(b"{}", 429, headers={"Retry-After": "1"}), json_reply([{"citationCount": 5}])])
    service.respond = lambda _: next(replies)
    started = time.monotonic()
    answers = SemanticScholar(Access(service.url, retries=1)).fetch([RESNET], NOW)
    assert _count(answers[RESNET]) == 5
    assert time.monotonic() - started >= 1


def test_a_refusal_for_a_whole_day_is_not_waited_for(service: Service) -> None:
    """A pull request waits seconds at most; later the bot looks again."""
    service.respond = lambda _: Reply(b"{}", 429, headers={"Retry-After": "86400"})
    started = time.monotonic()
    answers = SemanticScholar(Access(service.url, retries=1, longest_wait=1)).fetch([RESNET], NOW)
    assert answers == {RESNET: Unanswered("Semantic Scholar", "it is answering too many requests (HTTP 429)")}
    assert time.monotonic() - started < 10


def test_nothing_asked_is_no_request(service: Service) -> None:
    """Without identifiers the service is left alone."""
    assert client(service).fetch([], NOW) == {}
    assert service.requests == []


CHEMCROW = Query(None, "Augmenting Large Language Models with Chemistry Tools", "Bran")
MATCH = Reply((RECORDED / "match.json").read_bytes())


def test_a_paper_without_an_identifier_is_sought_by_its_title(service: Service) -> None:
    """The recorded answer is read like any other record; what only tells papers apart is no identifier."""
    service.serve = lambda _: MATCH
    apart = Query(Identifier("neurips", "5423"), CHEMCROW.title)
    found = client(service).fetch([CHEMCROW, apart], NOW)[CHEMCROW]
    assert isinstance(found, Fetched)
    assert isinstance(found.answer, Record)
    assert found.answer.citations == 488
    assert found.answer.surnames[0] == "Bran"
    assert Identifier("arxiv", "2304.05376") in found.answer.identifiers
    assert Identifier("doi", "10.1038/s42256-024-00832-8") in found.answer.identifiers
    assert len(service.requests) == 2
    assert service.requests[0].path.startswith("/graph/v1/paper/search/match?query=Augmenting+Large+Language")


def test_a_title_that_matches_none_is_unknown(service: Service) -> None:
    """The service says so with 404, or answers with another title."""
    none = Reply((RECORDED / "match_none_404.json").read_bytes(), 404)
    service.serve = lambda _: none
    assert _is_unknown(client(service).fetch([CHEMCROW], NOW)[CHEMCROW])
    service.serve = lambda _: MATCH
    other = Query(None, "A paper of another title")
    assert _is_unknown(client(service).fetch([other], NOW)[other])


@pytest.mark.parametrize("reply", [Reply(b"<h1>404</h1>", 404, "text/html"), json_reply({"data": []})])
def test_an_odd_answer_to_a_title_is_unanswered(service: Service, reply: Reply) -> None:
    """Another server's 404 says nothing of the paper."""
    service.serve = lambda _: reply
    assert isinstance(client(service).fetch([CHEMCROW], NOW)[CHEMCROW], Unanswered)


def test_a_title_of_signs_alone_is_not_asked_about(service: Service) -> None:
    """There is nothing to look for."""
    assert client(service).takes(CHEMCROW)
    assert not client(service).takes(Query(None, "***"))


def test_a_refused_key_is_called_that(service: Service) -> None:
    """A key that was not used for long is refused until there is a new one: the operator must know."""
    service.respond = lambda _: json_reply({"message": "Forbidden"}, 403)
    answer = client(service, key="old").fetch([RESNET], NOW)[RESNET]
    refused = "it refuses the key that Papergate has for it (HTTP 403)"
    assert answer == Unanswered("Semantic Scholar", refused)
