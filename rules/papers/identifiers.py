"""The identifier of a paper, read from the URL an entry links to."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import SplitResult, unquote

from rules.papers import venues
from rules.papers.urls import split

ASKABLE = frozenset({"arxiv", "doi", "acl", "s2"})


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """One canonical name of a paper, without version and suffix.

    ``scheme`` is arxiv, doi, acl (ACL Anthology), s2 (Semantic Scholar), or one that only tells papers
    apart: openreview, neurips, pmlr, jmlr, cvf.
    """

    scheme: str
    value: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"

    @property
    def askable(self) -> bool:
        """True when bibliographic services know papers by this scheme."""
        return self.scheme in ASKABLE

    @property
    def year(self) -> int | None:
        """The year that the identifier itself holds, None when it holds none."""
        day = posted(self)
        if day:
            return day.year
        if self.scheme == "acl":
            old = _ACL_YEAR.match(self.value)
            return _century(int(old[1]), 60) if old else int(self.value[:4])
        held = _YEAR_HELD.get(self.scheme)
        match = held.search(self.value) if held else None
        return int(match[1]) if match else None


# New-style ids since April 2007 (YYMM.NNNN, five digits since 2015), old-style archive/YYMMNNN before, its
# subject class optional: https://info.arxiv.org/help/arxiv_identifier.html
_ARXIV_NEW = r"(\d{2}(?:0[1-9]|1[0-2])\.\d{4,5})"
_ARXIV_OLD = r"([a-z-]+)(?:\.[A-Z]{2})?/(\d{7})"
_ARXIV_ID = rf"(?:arxiv:)?(?:{_ARXIV_NEW}|{_ARXIV_OLD})(?!\d)"
_ARXIV_PATH = re.compile(rf"^/(?:abs|pdf|html|format|ps)/{_ARXIV_ID}", re.IGNORECASE)
_ARXIV_HOSTS = frozenset({"arxiv.org", "export.arxiv.org", "ar5iv.org", "ar5iv.labs.arxiv.org"})
_ARXIV_DOI = re.compile(rf"^10\.48550/arxiv\.{_ARXIV_ID}", re.IGNORECASE)
# https://huggingface.co/papers/2401.00001 is about the arXiv paper of that id.
_HUGGING_FACE_PATH = re.compile(rf"^/papers/{_ARXIV_NEW}(?!\d)")
# A mirror of arxiv.org that is addressed by number and keeps its paths.
_ARXIV_MIRRORS = frozenset({"128.84.21.199"})
# Publishers whose pages have the DOI in their path, behind /doi/. At any other host it names nothing.
_DOI_HOSTS = frozenset(
    {
        "academic.oup.com", "annualreviews.org", "ascelibrary.org", "asmedigitalcollection.asme.org",
        "bmj.com", "degruyter.com", "direct.mit.edu", "dl.acm.org", "emerald.com", "epubs.siam.org",
        "ieeexplore.ieee.org", "jamanetwork.com", "journals.aps.org", "journals.physiology.org",
        "journals.sagepub.com", "liebertpub.com", "link.aps.org", "mitpressjournals.org",
        "morganclaypool.com",
        "nejm.org", "onlinelibrary.wiley.com", "pnas.org", "portal.acm.org", "pubs.acs.org", "pubs.aip.org",
        "pubs.rsc.org", "pubsonline.informs.org", "royalsocietypublishing.org", "science.org",
        "science.sciencemag.org", "tandfonline.com", "thelancet.com", "worldscientific.com",
    }
)  # fmt: skip
_DOI_RESOLVERS = frozenset({"doi.org", "dx.doi.org"})
_PORTS = frozenset({None, 80, 443})
_DOI_PATH = re.compile(r"(?:^|/)(10\.\d{4,9}/[^\s?#]+)")
_DOI_SUFFIX = re.compile(r"(?:\.pdf|/(?:full|abstract|abs|pdf|epdf|html|meta))$", re.IGNORECASE)
_ACL_OLD = re.compile(r"(?:^|/)([A-Z]\d{2}-\d{4})(?!\d)", re.IGNORECASE)
_ACL_NEW = re.compile(r"^/(?:anthology/)?(\d{4}\.[a-z0-9_-]+\.\d+)", re.IGNORECASE)
_ACL_HOSTS = frozenset({"aclweb.org", "anthology.aclweb.org", "aclanthology.org", "aclanthology.info"})
_ACL_YEAR = re.compile(r"[A-Z](\d\d)-\d{4}")
_S2_HASH = re.compile(r"^/paper/(?:[^/]+/)?([0-9a-f]{40})(?![0-9a-f])", re.IGNORECASE)
_S2_CORPUS = re.compile(r"^/(?:paper/)?CorpusID:(\d{1,12})$", re.IGNORECASE)
_S2_HOSTS = frozenset({"semanticscholar.org", "api.semanticscholar.org"})
_YEAR_HELD = {"neurips": re.compile(r"^(\d{4})/"), "cvf": re.compile(r"_(\d{4})$")}


@lru_cache(maxsize=32_768)
def identify(url: str) -> Identifier | None:
    """Return the canonical identifier that ``url`` names, or None when it names none."""
    parts = split(url.strip())
    if parts.username is not None or _port(parts) not in _PORTS:
        return None  # "arxiv.org@evil.example", or another server at the host
    host = (parts.hostname or "").removeprefix("www.")
    path = re.sub("//+", "/", unquote(parts.path)).rstrip("/")
    if not path.isprintable():
        return None  # a NUL or another control character is part of no identifier, and no database takes it
    for read in _READERS:
        found = read(host, path)
        if found:
            return found
    name = venues.name_at(host, path, parts.query)
    return Identifier(*name) if name else None


def _port(parts: SplitResult) -> int | None:
    """Return the port of a URL, 0 for one that is none."""
    try:
        return parts.port
    except ValueError:
        return 0


def _arxiv(host: str, path: str) -> Identifier | None:
    if host == "huggingface.co":
        paper = _HUGGING_FACE_PATH.match(path)
        return Identifier("arxiv", paper[1]) if paper else None
    if host not in _ARXIV_HOSTS | _ARXIV_MIRRORS:
        return None
    match = _ARXIV_PATH.match(path)
    return _preprint(match) if match else None


def _preprint(match: re.Match[str]) -> Identifier:
    return Identifier("arxiv", match[1] or f"{match[2]}/{match[3]}".lower())


def _acl(host: str, path: str) -> Identifier | None:
    if host not in _ACL_HOSTS:
        return None
    old = _ACL_OLD.search(path)
    if old:
        return Identifier("acl", old[1].upper())
    new = _ACL_NEW.match(path)
    return Identifier("acl", new[1].lower()) if new else None


def _doi(host: str, path: str) -> Identifier | None:
    match = _DOI_PATH.search(path)
    if not match or not (host in _DOI_RESOLVERS or (_is_publisher(host) and "/doi/" in path)):
        return None
    value = _DOI_SUFFIX.sub("", match[1]).lower()
    # arXiv's own DOIs name the preprint; services know it by its arXiv id.
    preprint = _ARXIV_DOI.match(value)
    return _preprint(preprint) if preprint else Identifier("doi", value)


def _is_publisher(host: str) -> bool:
    """Return whether ``host`` is one of the publishers', or below it ("bpspubs.onlinelibrary.wiley.com")."""
    labels = host.split(".")
    return any(".".join(labels[start:]) in _DOI_HOSTS for start in range(len(labels)))


def _semantic_scholar(host: str, path: str) -> Identifier | None:
    if host not in _S2_HOSTS:
        return None
    paper = _S2_HASH.match(path)
    if paper:
        return Identifier("s2", paper[1].lower())
    corpus = _S2_CORPUS.match(path)
    return Identifier("s2", f"CorpusId:{corpus[1]}") if corpus else None


_READERS: tuple[Callable[[str, str], Identifier | None], ...] = (_arxiv, _acl, _doi, _semantic_scholar)


def posted(identifier: Identifier) -> date | None:
    """Return the first day of the month an arXiv paper was first posted, by its id; None for any other."""
    if identifier.scheme != "arxiv":
        return None
    digits = identifier.value.rpartition("/")[2]
    year, month = int(digits[:2]), int(digits[2:4])
    return date(_century(year, 90), month, 1) if 1 <= month <= 12 else None


def _century(two_digits: int, newest: int) -> int:
    return 1900 + two_digits if two_digits > newest else 2000 + two_digits


def months_between(first: date, last: date) -> int:
    """Return how many months the month of ``last`` lies after that of ``first``."""
    return (last.year - first.year) * 12 + last.month - first.month
