"""Gather evidence: query the bibliographic services, follow new links."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from bot.links.reach import Links
from bot.service.pipeline import LookUp
from bot.settings import ServiceSettings
from rules.papers.evidence import Evidence, EvidenceRequest, Reach, Reached, Record
from rules.papers.identifiers import Identifier, identify

_Reach = Callable[[Sequence[str]], Mapping[str, Reached]]

# Where a URL that names an identifier leads to what it names. A publisher's page of a DOI may be gone.
_REGISTRIES = frozenset(
    {"arxiv.org", "export.arxiv.org", "doi.org", "dx.doi.org", "aclanthology.org", "aclweb.org"}
)


def gatherer(settings: ServiceSettings, look_up: LookUp) -> LookUp:
    """Return how to gather evidence: papers by ``look_up``, and links followed as the settings say."""
    if not settings.follow_links:
        return look_up
    links = Links(settings.doi_url, sandbox=settings.link_sandbox_origin)
    return with_links(look_up, links.reach)


def with_links(look_up: LookUp, reach: _Reach) -> LookUp:
    """Return ``look_up`` that follows links too, except those whose paper a source has a record of."""

    def gather(wanted: EvidenceRequest) -> Evidence:
        evidence = look_up(wanted)
        known = _known(evidence)
        proven = {url: Reached(Reach.ALIVE) for url in wanted.urls if _leads_to_one_of(known, url)}
        left = [url for url in wanted.urls if url not in proven]
        return replace(evidence, reached={**proven, **reach(left)} if left else proven)

    return gather


def _known(evidence: Evidence) -> set[Identifier]:
    """Return the identifiers that a source has a record of."""
    known: set[Identifier] = set()
    for query, answers in evidence.answers.items():
        for answer in answers:
            if isinstance(answer, Record):
                known |= answer.identifiers | ({query.identifier} if query.identifier else set())
    return known


def _leads_to_one_of(known: set[Identifier], url: str) -> bool:
    named = identify(url)
    if named not in known:
        return False
    parts = urlsplit(url.strip())
    return parts.scheme in {"http", "https"} and parts.netloc.removeprefix("www.") in _REGISTRIES
