"""One request to a stranger's URL, made only where it leads to a public host.

`requests_hardened` resolves the name once, refuses what is not public and connects to the very address it
looked at. What it leaves open is closed here: of several addresses it looks at the first only, it passes IPv6
ranges that are neither private nor routed in public, and has no rule for scheme, port and userinfo. Requests
go through its adapter directly: a session would read the whole body of a redirect, and take proxies and
passwords from the environment.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest, RequestException, Response
from requests.adapters import HTTPAdapter
from requests_hardened.ip_filter import EXTRA_BLOCKED_NET_RANGES, InvalidIPAddress
from requests_hardened.ip_filter_adapter import IPFilterAdapter
from urllib3.exceptions import HTTPError

from bot.http.connections import Connections

PORTS: Mapping[str, frozenset[int]] = {"http": frozenset({80}), "https": frozenset({443})}
_DEFAULT_PORTS = {"http": 80, "https": 443}

# All IPv6 that is routed in public: https://www.iana.org/assignments/ipv6-address-space. The forms that carry
# an IPv4 address lie outside it, except 6to4 and Teredo, of which the library and Python know.
_UNICAST = IPv6Network("2000::/3")

# requests lets errors of urllib3 through, and those of the standard library for odd names of hosts.
FAILURES = (OSError, ValueError, HTTPError)

_HEADERS = {"User-Agent": "papergate", "Accept": "*/*"}


class Refused(RequestException):
    """The guard does not let the request through; the text says why and names no address."""


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Return whether ``address`` is one host's, reachable by anybody, and carries no other address."""
    if isinstance(address, IPv6Address) and address not in _UNICAST:
        return False
    blocked = any(address in network for network in EXTRA_BLOCKED_NET_RANGES)
    return address.is_global and not address.is_multicast and not blocked


class Guard:
    """Sends requests to public hosts, on ``ports`` of each scheme, over ``connections``.

    ``sandbox`` is one origin on loopback that may be reached too, None for none. ``timeout`` is seconds to
    connect and to wait for bytes. Safe to share among threads.
    """

    def __init__(
        self,
        connections: Connections,
        *,
        sandbox: str | None = None,
        ports: Mapping[str, frozenset[int]] = PORTS,
        timeout: tuple[float, float] = (5, 5),
    ) -> None:
        self._sandbox = sandbox
        self._ports = ports
        self._timeout = timeout
        self._plain = HTTPAdapter()
        self._public = {scheme: _PublicAdapter(is_https_proto=scheme == "https") for scheme in ports}
        for adapter in self._adapters:
            adapter.poolmanager.pool_classes_by_scheme = connections.pools

    def send(self, method: str, url: str) -> Response:
        """Return the response to one request, its body unread; a redirect is not followed.

        Raises Refused, InvalidIPAddress, any other of `FAILURES`.
        """
        request = PreparedRequest()
        request.prepare(method=method, url=url, headers=_HEADERS)
        return self._adapter_for(request.url or "").send(request, timeout=self._timeout)

    def close(self) -> None:
        """Close the connections that are kept for a further request."""
        for adapter in self._adapters:
            adapter.close()

    @property
    def _adapters(self) -> tuple[HTTPAdapter, ...]:
        return (self._plain, *self._public.values())

    def _adapter_for(self, url: str) -> HTTPAdapter:
        """Return what may send to ``url``, which requests has prepared. Raises Refused, ValueError."""
        parts = urlsplit(url)
        if parts.scheme not in self._ports:
            raise Refused("it is neither http nor https")
        if "@" in parts.netloc:
            raise Refused("it carries a user name")
        if f"{parts.scheme}://{parts.netloc}" == self._sandbox:
            return self._plain
        if (parts.port or _DEFAULT_PORTS[parts.scheme]) not in self._ports[parts.scheme]:
            raise Refused("it names a port of its own")
        return self._public[parts.scheme]


class _PublicAdapter(IPFilterAdapter):
    """Connects to the one address it has looked at, and to none of a name that has others to hide."""

    def build_connection_pool_key_attributes(
        self, request: PreparedRequest, verify: bool | str, cert: str | tuple[str, str] | None = None
    ) -> tuple[Any, Any]:
        """Return where to connect, the name resolved. Raises InvalidIPAddress, OSError, ValueError."""
        pinned, options = super().build_connection_pool_key_attributes(request, verify, cert)
        name = urlsplit(request.url or "").hostname
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
        addresses = [ip_address(answer[4][0]) for answer in found]
        addresses.append(ip_address(pinned["host"].strip("[]")))
        if not all(map(is_public, addresses)):
            raise InvalidIPAddress("not every address of the host is public")
        return pinned, options
