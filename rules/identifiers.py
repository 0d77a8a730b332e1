"""The identifier of a paper, read from the URL an entry links to."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """One canonical name of a paper, without version and suffix; ``scheme`` is arxiv, doi or acl."""

    scheme: str
    value: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


# New-style ids since April 2007 (YYMM.NNNN, five digits since 2015), old-style archive/YYMMNNN before:
# https://info.arxiv.org/help/arxiv_identifier.html
_ARXIV_NEW = r"(\d{2}(?:0[1-9]|1[0-2])\.\d{4,5})"
_ARXIV_OLD = r"([a-z-]+(?:\.[A-Z]{2})?/\d{7})"
_ARXIV_PATH = re.compile(rf"^/(?:abs|pdf|html|format|ps)/(?:{_ARXIV_NEW}|{_ARXIV_OLD})(?!\d)", re.IGNORECASE)
_ARXIV_HOSTS = frozenset({"arxiv.org", "export.arxiv.org", "ar5iv.org", "ar5iv.labs.arxiv.org"})
# A mirror of arxiv.org addressed by number (128.84.21.199 is one) keeps its paths.
_ADDRESS = re.compile(r"^\d{1,3}(?:\.\d{1,3}){3}$")
_DOI_PATH = re.compile(r"(?:^|/)(10\.\d{4,9}/[^\s?#]+)")
_ACL_OLD = re.compile(r"(?:^|/)([A-Z]\d{2}-\d{4})(?!\d)")
_ACL_NEW = re.compile(r"^/(\d{4}\.[a-z0-9_-]+\.\d+)")
_ACL_HOSTS = frozenset({"aclweb.org", "anthology.aclweb.org", "aclanthology.org", "aclanthology.info"})


@lru_cache(maxsize=32_768)
def identify(url: str) -> Identifier | None:
    """Return the canonical identifier that ``url`` names, or None when it names none."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    host = (parts.hostname or "").removeprefix("www.")
    for read in _READERS:
        found = read(host, unquote(parts.path))
        if found:
            return found
    return None


def _arxiv(host: str, path: str) -> Identifier | None:
    if host not in _ARXIV_HOSTS and not _ADDRESS.match(host):
        return None
    match = _ARXIV_PATH.match(path)
    return Identifier("arxiv", (match[1] or match[2]).lower()) if match else None


def _acl(host: str, path: str) -> Identifier | None:
    if host not in _ACL_HOSTS:
        return None
    match = _ACL_OLD.search(path) or _ACL_NEW.match(path)
    return Identifier("acl", match[1].removesuffix(".pdf")) if match else None


def _doi(host: str, path: str) -> Identifier | None:
    match = _DOI_PATH.search(path)
    if not match or (host not in {"doi.org", "dx.doi.org"} and "/doi/" not in path):
        return None
    value = match[1].rstrip("/").removesuffix(".pdf").lower()
    # arXiv's own DOIs name the preprint; services know it by its arXiv id.
    preprint = re.match(r"10\.48550/arxiv\.(.+)", value)
    return Identifier("arxiv", preprint[1]) if preprint else Identifier("doi", value)


_READERS: tuple[Callable[[str, str], Identifier | None], ...] = (_arxiv, _acl, _doi)


def posted(identifier: Identifier) -> date | None:
    """Return the first day of the month an arXiv paper was first posted, by its id; None for any other."""
    if identifier.scheme != "arxiv":
        return None
    digits = identifier.value.rpartition("/")[2]
    year, month = int(digits[:2]), int(digits[2:4])
    return date(1900 + year if year > 90 else 2000 + year, month, 1) if 1 <= month <= 12 else None


def months_between(first: date, last: date) -> int:
    """Return how many months the month of ``last`` lies after that of ``first``."""
    return (last.year - first.year) * 12 + last.month - first.month
