"""Whether a DOI exists, asked of the registry: the publishers' pages often refuse programs.

https://www.doi.org/the-identifier/resources/factsheets/doi-resolution-documentation ("Proxy server REST API")
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import requests
from pydantic import BaseModel, ValidationError
from urllib3.exceptions import HTTPError

from bot.http.adapter import BoundedAdapter
from bot.http.body import BodyError, read_body
from bot.http.connections import Connections
from rules.papers.evidence import Reach, Reached
from rules.papers.identifiers import identify

LARGEST = 64 * 1024  # bytes of an answer that are read; a usual one has a few hundred
SECONDS = 10.0  # for one request, from resolving the name to the last byte

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
    """The DOI registry at ``url``, reached over ``connections``.

    ``timeout`` is seconds to connect and to wait for bytes, ``seconds`` the total time of a request.
    """

    def __init__(
        self,
        url: str,
        connections: Connections,
        *,
        timeout: tuple[float, float] = (5, 5),
        seconds: float = SECONDS,
    ) -> None:
        self._handles = f"{url}/api/handles"
        self._connections = connections
        self._timeout = timeout
        self._seconds = seconds

    def find(self, doi: str) -> Reached:
        """Return whether ``doi`` exists; a failure is unverified, never raised."""
        prefix, _, suffix = doi.partition("/")
        try:
            body = self._get(f"{self._handles}/{prefix}/{quote(suffix, safe='')}")  # no "..", "?" or "#"
            code = _Handle.model_validate_json(body).responseCode
        except (requests.RequestException, HTTPError, OSError):
            return Reached(Reach.UNVERIFIED, "doi.org did not answer")
        except (BodyError, ValidationError):
            return Reached(Reach.UNVERIFIED, "the answer of doi.org is not readable")
        if code == _SUCCESS:
            return Reached(Reach.ALIVE)
        if code == _NOT_FOUND:
            return Reached(Reach.DEAD, "doi.org knows no such DOI")
        return Reached(Reach.UNVERIFIED, "doi.org could not look the DOI up")

    def _get(self, url: str) -> bytes:
        """Return the body at ``url``. Raises RequestException, HTTPError, OSError or BodyError."""
        with requests.Session() as session, self._connections.within(self._seconds):
            for scheme in ("https://", "http://"):
                session.mount(scheme, BoundedAdapter(self._connections))
            with session.get(
                url,
                headers={"User-Agent": "papergate"},
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                return read_body(response, LARGEST)
