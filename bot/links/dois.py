"""Whether a DOI exists, asked of the registry: the publishers' pages often refuse programs.

https://www.doi.org/the-identifier/resources/factsheets/doi-resolution-documentation ("Proxy server REST API")
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import requests
from pydantic import BaseModel, ValidationError
from urllib3.exceptions import HTTPError

from rules.papers.evidence import Reach, Reached
from rules.papers.identifiers import identify

LARGEST = 64 * 1024  # bytes of an answer that are read; one has a few hundred

_HOSTS = frozenset({"doi.org", "www.doi.org", "dx.doi.org"})
_SUCCESS = 1
_NOT_FOUND = 100


class _Handle(BaseModel):
    responseCode: int  # noqa: N815 - the service's name


def doi_of(url: str) -> str | None:
    """Return the DOI that a link to the registry names; None for any other URL."""
    found = identify(url)
    if found is None or found.scheme != "doi":
        return None
    return found.value if urlsplit(url.strip()).hostname in _HOSTS else None


class Registry:
    """The DOI registry at ``url``; ``timeout`` is seconds to connect and to wait for bytes."""

    def __init__(self, url: str, *, timeout: tuple[float, float] = (5, 5)) -> None:
        self._handles = f"{url}/api/handles"
        self._timeout = timeout

    def find(self, doi: str) -> Reached:
        """Return whether ``doi`` exists; a failure is unverified, never raised."""
        prefix, _, suffix = doi.partition("/")
        try:
            with requests.get(
                f"{self._handles}/{prefix}/{quote(suffix, safe='')}",  # no "..", "?" or "#" of a stranger's
                headers={"User-Agent": "papergate"},
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                body = response.raw.read(LARGEST, decode_content=True)
            code = _Handle.model_validate_json(body).responseCode
        except (requests.RequestException, HTTPError):
            return Reached(Reach.UNVERIFIED, "doi.org did not answer")
        except ValidationError:
            return Reached(Reach.UNVERIFIED, "the answer of doi.org is not readable")
        if code == _SUCCESS:
            return Reached(Reach.ALIVE)
        if code == _NOT_FOUND:
            return Reached(Reach.DEAD, "doi.org knows no such DOI")
        return Reached(Reach.UNVERIFIED, "doi.org could not look the DOI up")
