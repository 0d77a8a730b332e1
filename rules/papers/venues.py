"""The names that proceedings and journals give their papers, read from the URLs of their own sites."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

_NIPS_HOSTS = frozenset(
    {
        "papers.nips.cc",
        "papers.neurips.cc",
        "proceedings.neurips.cc",
        "datasets-benchmarks-proceedings.neurips.cc",
        "nips.cc",
        "books.nips.cc",
    }
)
# Until 2019 a running number (paper/5423-generative-adversarial-nets), since then a hash below the year.
_NIPS_OLD = re.compile(r"^/paper/(\d{1,5})(?:-|\.|$)")
_NIPS_NEW = re.compile(r"^/(?:paper_files/)?paper/(\d{4})/(?:hash|file)/([0-9a-f]{32})(?![0-9a-f])")

_PMLR_HOSTS = frozenset({"proceedings.mlr.press", "jmlr.org", "jmlr.csail.mit.edu"})
_PMLR = re.compile(r"^/(?:proceedings/papers/)?(v\d{1,3}|r\d{1,2})/([a-z0-9_-]+)(?:[./]|$)", re.IGNORECASE)
_JMLR_HOSTS = frozenset({"jmlr.org", "jmlr.csail.mit.edu"})
_JMLR = re.compile(r"^/papers/v(?:olume)?(\d{1,3})/([a-z0-9_-]+)(?:[./]|$)", re.IGNORECASE)

# One paper has one file name, on the old site and the new, as HTML and as PDF.
_CVF_PATHS = {"cv-foundation.org": "/openaccess/content", "openaccess.thecvf.com": "/content"}
_CVF = re.compile(r"/(?:papers|html)/([^/]+)_paper\.(?:pdf|html)$", re.IGNORECASE)
_CVF_YEAR_FIRST = re.compile(r"_(\d{4})_([a-z]+)$")


def name_at(host: str, path: str, query: str) -> tuple[str, str] | None:
    """Return (scheme, value) of the paper that a URL names: openreview, neurips, pmlr, jmlr or cvf.

    ``host`` comes in lower case without ``www.``, ``path`` decoded and without a slash at its end.
    """
    if host == "openreview.net" and path in {"/forum", "/pdf", "/attachment"}:
        ids = parse_qs(query).get("id", [])
        return ("openreview", ids[0]) if ids else None
    if host in _NIPS_HOSTS:
        return _neurips(path)
    if host in _CVF_PATHS and path.startswith(_CVF_PATHS[host]):
        return _cvf(path)
    return _journal(host, path)


def _neurips(path: str) -> tuple[str, str] | None:
    new = _NIPS_NEW.match(path)
    if new:
        return "neurips", f"{new[1]}/{new[2]}"
    old = _NIPS_OLD.match(path)
    return ("neurips", old[1]) if old else None


def _cvf(path: str) -> tuple[str, str] | None:
    match = _CVF.search(path)
    return ("cvf", _CVF_YEAR_FIRST.sub(r"_\2_\1", match[1].lower())) if match else None


def _journal(host: str, path: str) -> tuple[str, str] | None:
    pmlr = _PMLR.match(path) if host in _PMLR_HOSTS else None
    if pmlr:
        return "pmlr", f"{pmlr[1]}/{pmlr[2]}".lower()
    jmlr = _JMLR.match(path) if host in _JMLR_HOSTS else None
    return ("jmlr", f"{jmlr[1]}/{jmlr[2]}".lower()) if jmlr else None
