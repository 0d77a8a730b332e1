"""Follow links: those that lead somewhere, those that lead nowhere, and those nobody can tell of."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from queue import Empty, SimpleQueue
from urllib.parse import urljoin, urlsplit

import requests
from requests.sessions import SessionRedirectMixin

from bot.http.connections import Connections
from bot.links.dois import Registry, doi_of
from bot.links.guard import FAILURES, PORTS, Guard, Refused
from rules.papers.evidence import Reach, Reached

MOST = 20
MOST_PER_HOST = 5
REDIRECTS = 5
SECONDS = 20.0  # for all links of a change

_PARALLEL = 4
_GONE = frozenset({404, 410})
_TOO_MANY_REQUESTS = 429
_IN_TIME = "it did not answer in time"
_redirects = SessionRedirectMixin()


class Links:
    """Follows links behind the guard; DOIs are asked of ``registry``, the DOI registry's URL.

    ``sandbox`` is one origin on loopback that links may lead to, None for none. ``seconds`` is the time for
    all links of one call, ``timeout`` that to connect and to wait for bytes.
    """

    def __init__(
        self,
        registry: str,
        *,
        sandbox: str | None = None,
        seconds: float = SECONDS,
        timeout: tuple[float, float] = (5, 5),
        ports: Mapping[str, frozenset[int]] = PORTS,
    ) -> None:
        self._registry = registry
        self._sandbox = sandbox
        self._seconds = seconds
        self._timeout = timeout
        self._ports = ports

    def reach(self, urls: Sequence[str]) -> Mapping[str, Reached]:
        """Return where each of ``urls`` led; never raises. Those beyond the caps are not followed."""
        reached = _beyond_caps(urls)
        left = [url for url in dict.fromkeys(urls) if url not in reached]
        connections = Connections()
        registry = Registry(self._registry, connections, timeout=self._timeout)
        guard = Guard(connections, sandbox=self._sandbox, ports=self._ports, timeout=self._timeout)
        todo: SimpleQueue[str] = SimpleQueue()
        done: SimpleQueue[tuple[str, Reached]] = SimpleQueue()
        for url in left:
            todo.put(url)

        def work() -> None:
            while not connections.over:
                try:
                    url = todo.get_nowait()
                except Empty:
                    return
                done.put((url, _follow(guard, registry, url)))

        end = time.monotonic() + self._seconds
        for _ in range(min(_PARALLEL, len(left))):
            # Nobody waits for a thread whose host is still being looked up when the time is over.
            threading.Thread(target=work, daemon=True).start()
        try:
            for _ in left:
                url, found = done.get(timeout=max(0.0, end - time.monotonic()))
                reached[url] = found
        except Empty:
            reached |= {url: Reached(Reach.UNVERIFIED, _IN_TIME) for url in left if url not in reached}
        connections.cut()
        guard.close()
        return reached


def _follow(guard: Guard, registry: Registry, url: str) -> Reached:
    doi = doi_of(url)
    return follow(guard, url) if doi is None else registry.find(doi)


def follow(guard: Guard, url: str) -> Reached:
    """Return where ``url`` leads: HEAD where that is enough, GET before anything else is said."""
    status = _status(guard, "HEAD", url)
    if isinstance(status, int) and not (_is_success(status) or status == _TOO_MANY_REQUESTS):
        status = _status(guard, "GET", url)
    if isinstance(status, str):
        return Reached(Reach.UNVERIFIED, status)
    if _is_success(status):
        return Reached(Reach.ALIVE)
    return Reached(Reach.DEAD if status in _GONE else Reach.UNVERIFIED, f"it answered HTTP {status}")


def _is_success(status: int) -> bool:
    return 200 <= status < 300


def _status(guard: Guard, method: str, url: str) -> int | str:
    """Return the status at the end of all redirects, or why there is none."""
    try:
        for _ in range(1 + REDIRECTS):
            with guard.send(method, url) as response:
                target = _redirects.get_redirect_target(response)
                if target is None:
                    return response.status_code
            url = urljoin(url, target)
    except Refused as refusal:
        return str(refusal)
    except requests.Timeout:
        return _IN_TIME
    except FAILURES:
        # The same words whatever failed: a name that leads inside must not be told from one that is unknown.
        return "its host could not be reached"
    return f"it redirects more than {REDIRECTS} times"


def _beyond_caps(urls: Sequence[str]) -> dict[str, Reached]:
    """Return those of ``urls`` that are one too many, in all or for their host."""
    beyond: dict[str, Reached] = {}
    taken: Counter[str] = Counter()
    for url in dict.fromkeys(urls):
        host = _host(url)
        if taken.total() >= MOST:
            beyond[url] = Reached(Reach.UNVERIFIED, f"only {MOST} links of a change are followed")
        elif taken[host] >= MOST_PER_HOST:
            beyond[url] = Reached(Reach.UNVERIFIED, f"only {MOST_PER_HOST} links to a host are followed")
        else:
            taken[host] += 1
    return beyond


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
