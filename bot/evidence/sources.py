"""The sources, reached as the settings say. A new source is added here and to `bot.settings.SOURCES`."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType

from bot.evidence import arxiv, crossref, openalex, semantic_scholar
from bot.evidence.contracts import RateLimit, Store
from bot.evidence.look_up import Library
from bot.evidence.service import Access
from bot.settings import ServiceSettings

SLOT_SECONDS = 4.0
"""A job asks about single papers, such as by title, for so long. The rest is looked up with its next check: a
pull request with a hundred unknown titles delays no other one."""
SLOT_WAIT = 5.0
"""Seconds that a job waits at most until the rate limit of a source lets its next request through."""

MODULES: Mapping[str, ModuleType] = {
    "semantic_scholar": semantic_scholar,
    "openalex": openalex,
    "crossref": crossref,
    "arxiv": arxiv,
}
"""By name in the settings. Each has a NAME and a PAGE for people, a default URL and a PACE in seconds."""


def library(
    settings: ServiceSettings, store: Store, rate_limit: RateLimit, *, singles_seconds: float = 60
) -> Library:
    """Return where papers are looked up; all processes that share ``rate_limit`` keep the sources' pace.

    A look-up asks about single papers, such as by title, for ``singles_seconds``.
    """

    def access(source: str) -> Access:
        module, given = MODULES[source], settings.sources[source]
        longest = settings.source_timeout_seconds
        return Access(
            given.url or module.URL,
            key=given.key.get_secret_value() if given.key else None,
            contact=settings.contact,
            timeout=(min(5, longest), longest),
            seconds=settings.source_request_seconds,
            pace=module.PACE if given.pace_seconds is None else given.pace_seconds,
            rate_limit=rate_limit,
            singles_seconds=singles_seconds,
        )

    others = (
        openalex.OpenAlex(access("openalex")),
        crossref.Crossref(access("crossref")),
        arxiv.ArXiv(access("arxiv")),
    )
    return Library(semantic_scholar.SemanticScholar(access("semantic_scholar")), others, store)
