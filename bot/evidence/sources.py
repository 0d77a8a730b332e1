"""The sources as the settings name them, with the pace that each of them asks for."""

from __future__ import annotations

from pydantic import SecretStr

from bot.evidence.arxiv import ArXiv
from bot.evidence.contracts import RateLimit, Store
from bot.evidence.crossref import Crossref
from bot.evidence.look_up import Library
from bot.evidence.openalex import OpenAlex
from bot.evidence.semantic_scholar import SemanticScholar
from bot.evidence.service import Access
from bot.settings import ServiceSettings


def library(settings: ServiceSettings, store: Store, turns: RateLimit) -> Library:
    """Return where papers are looked up; ``turns`` are kept by all processes that share them."""

    def access(url: str, key: SecretStr | None, pace: float) -> Access:
        return Access(
            url,
            key=key.get_secret_value() if key else None,
            contact=settings.contact,
            timeout=(min(5, settings.source_timeout_seconds), settings.source_timeout_seconds),
            pace=pace,
            turns=turns,
        )

    first = access(
        settings.semantic_scholar_url, settings.semantic_scholar_key, settings.semantic_scholar_pace_seconds
    )
    second = access(settings.openalex_url, settings.openalex_key, settings.openalex_pace_seconds)
    registry = access(settings.crossref_url, settings.crossref_key, settings.crossref_pace_seconds)
    preprints = access(settings.arxiv_url, settings.arxiv_key, settings.arxiv_pace_seconds)
    others = (OpenAlex(second), Crossref(registry), ArXiv(preprints))
    return Library(SemanticScholar(first), others, store)
