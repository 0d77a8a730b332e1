"""Tests of ``bot.links.guard``: whatever a URL says, nothing that is not public is reached."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

import pytest
import requests
from requests_hardened.ip_filter import InvalidIPAddress

from bot.http.connections import Connections
from bot.links.guard import FAILURES, Guard, Refused, is_public
from bot.links.reach import follow
from rules.papers.evidence import Reach
from tests.bot.links.conftest import PUBLIC, Page, Resolve, Site

# Every way of writing this machine that the resolver of the C library understands.
LOOPBACK = [
    "127.0.0.1", "localhost", "2130706433", "0x7f000001", "0x7f.0.0.1", "017700000001", "0177.0.0.1",
    "127.1", "0", "0.0.0", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
]  # fmt: skip
ELSEWHERE = [
    "169.254.169.254",  # metadata of a cloud's machine
    "[fd00:ec2::254]",
    "2852039166",
    "100.64.0.1",  # carrier-grade NAT
    "[64:ff9b::7f00:1]",  # NAT64, well-known and local prefix
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",  # 6to4
    "[2001:0:7f00:1::]",  # Teredo
    "[::127.0.0.1]",  # IPv4-compatible
    "[::]",
    "[fe80::1]",
    "[fec0::1]",  # site-local
    "[ff02::1]",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.0.1",
    "192.0.0.8",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
]


def guard_for(*sites: Site, sandbox: Site | None = None) -> Guard:
    """Return a guard for which the ports of ``sites`` are as good as 80."""
    ports = frozenset({80, *(site.server_port for site in sites)})
    return Guard(
        Connections(),
        sandbox=sandbox.url if sandbox else None,
        ports={"http": ports, "https": frozenset({443})},
        timeout=(1, 1),
    )


def urls(inside: Site, inside6: Site) -> Iterator[str]:
    """Yield URLs of what must not be reached."""
    yield from (f"http://{host}:{inside.server_port}/secret" for host in LOOPBACK)
    yield f"http://[::1]:{inside6.server_port}/secret"
    yield f"http://[0:0:0:0:0:0:0:1]:{inside6.server_port}/secret"
    yield from (f"http://{host}/secret" for host in ELSEWHERE)
    yield from (f"https://{host}/secret" for host in ELSEWHERE)
    yield f"http://user:secret@127.0.0.1:{inside.server_port}/"
    yield f"http://{PUBLIC}@127.0.0.1:{inside.server_port}/"
    yield f"http://127.0.0.1:{inside.server_port}\\@{PUBLIC}/"
    yield f"http://127.0.0.1:{inside.server_port}#@{PUBLIC}/"
    yield f"http://user@{PUBLIC}/"
    yield from (f"http://{PUBLIC}:{port}/" for port in (22, 443, 8080, 6379, 99999))
    yield f"https://{PUBLIC}:80/"
    yield from ("file:///etc/hostname", f"ftp://{PUBLIC}/", "gopher://127.0.0.1:1/_x", "data:text/html,x", "")


@pytest.mark.parametrize("host", LOOPBACK)
def test_without_the_guard_each_of_these_reaches_this_machine(host: str, inside: Site) -> None:
    """The names below are dangerous indeed."""
    requests.get(f"http://{host}:{inside.server_port}/secret", timeout=5)
    assert inside.hits == ["GET /secret"]


def test_nothing_inside_is_reached(inside: Site, inside6: Site, connected: list[str]) -> None:
    """Decimal, hex, octal, short, zero, mapped, embedded, private, odd port, user name, other schemes."""
    guard = guard_for(inside, inside6)
    for url in urls(inside, inside6):
        with pytest.raises(FAILURES):
            guard.send("GET", url)
    assert connected == inside.hits == inside6.hits == []


def test_no_redirect_leads_inside(site: Site, inside: Site, inside6: Site, connected: list[str]) -> None:
    """Each hop is looked at as the first one is, and what is refused is a fault of nobody's."""
    guard = guard_for(inside, inside6, sandbox=site)
    for number, url in enumerate(urls(inside, inside6)):
        if url:
            site.pages[f"/{number}"] = Page(302, headers={"Location": url})
            site.pages[f"/{number}/further"] = Page(308, headers={"Location": f"/{number}"})
            assert follow(guard, f"{site.url}/{number}/further").reach is Reach.UNVERIFIED
    guard.close()
    assert len(site.hits) > 100
    assert set(connected) == {"127.0.0.1"}
    assert len(connected) <= len(site.hits)
    assert inside.hits == inside6.hits == []


@pytest.mark.parametrize(
    "answers",
    [
        [(PUBLIC, "127.0.0.1")],
        [("127.0.0.1", PUBLIC)],
        [(PUBLIC, "::1")],
        [(PUBLIC, "64:ff9b::7f00:1")],
        [(PUBLIC, "fec0::1")],
    ],
)
def test_a_name_with_one_address_inside_is_refused(
    answers: list[tuple[str, ...]], resolve: Resolve, inside: Site, connected: list[str]
) -> None:
    """Mixed records: whoever points one of their addresses inside gets no request at all."""
    resolve("mixed.example", *answers)
    with pytest.raises(InvalidIPAddress):
        guard_for(inside).send("GET", f"http://mixed.example:{inside.server_port}/secret")
    assert connected == inside.hits == []


@pytest.mark.parametrize(
    "answers",
    [[(PUBLIC,), ("127.0.0.1",)], [("127.0.0.1",), (PUBLIC,)], [("fec0::1",), (PUBLIC,)]],
)
def test_a_name_that_changes_between_two_looks_is_refused(
    answers: list[tuple[str, ...]], resolve: Resolve, inside: Site, connected: list[str]
) -> None:
    """Rebinding: public at one look, inside at the next."""
    resolve("rebinding.example", *answers)
    with pytest.raises(InvalidIPAddress):
        guard_for(inside).send("GET", f"http://rebinding.example:{inside.server_port}/secret")
    assert connected == inside.hits == []


def test_the_connection_goes_to_the_address_that_was_looked_at(
    resolve: Resolve, inside: Site, connected: list[str]
) -> None:
    """Rebinding: when the name leads inside after all looks, nobody asks for it again."""
    resolve("rebinding.example", (PUBLIC,), (PUBLIC,), ("127.0.0.1",))
    guard = guard_for(inside)
    url = f"http://rebinding.example:{inside.server_port}/secret"
    with pytest.raises(requests.ConnectionError):
        guard.send("GET", url)
    assert connected == [PUBLIC]
    with pytest.raises(InvalidIPAddress):
        guard.send("GET", url)
    assert connected == [PUBLIC]
    assert inside.hits == []


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "all_proxy"])
def test_no_proxy_of_the_environment_is_used(
    variable: str, inside: Site, resolve: Resolve, connected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy would resolve the name itself, and reach what it likes."""
    monkeypatch.setenv(variable, inside.url)
    resolve("public.example", (PUBLIC,))
    with pytest.raises(requests.ConnectionError):
        guard_for().send("GET", "http://public.example/")
    assert connected == [PUBLIC]
    assert inside.hits == []


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://public.example/", "it is neither http nor https"),
        ("https://user@public.example/", "it carries a user name"),
        ("https://public.example:8443/", "it names a port of its own"),
    ],
)
def test_a_refusal_says_what_everybody_can_see(url: str, reason: str) -> None:
    """Scheme, user name and port stand in the URL; of addresses nothing is said."""
    with pytest.raises(Refused, match=f"^{reason}$"):
        guard_for().send("GET", url)


@pytest.mark.parametrize(
    "host", ["a" * 64 + ".example", "a..example", "xn--.example", "[::1", "%00.example", "ex ample", "[v1.x]"]
)
def test_an_odd_host_is_a_failure_like_others(host: str, connected: list[str]) -> None:
    """Names that no resolver takes raise what the guard says it raises."""
    with pytest.raises(FAILURES):
        guard_for().send("GET", f"http://{host}/")
    assert connected == []


def test_the_sandbox_is_one_origin(site: Site, inside: Site, connected: list[str]) -> None:
    """What looks like it is not it."""
    guard = guard_for(inside, sandbox=site)
    site.pages["/"] = Page()
    with guard.send("GET", f"{site.url}/") as response:
        assert response.status_code == 200
    port = site.server_port
    for url in (
        f"{inside.url}/",
        f"http://localhost:{port}/",
        f"http://2130706433:{port}/",
        f"https://127.0.0.1:{port}/",
        f"{site.url}1/",
        f"{site.url}@{PUBLIC}/",
        f"http://x@127.0.0.1:{port}/",
    ):
        with pytest.raises(FAILURES):
            guard.send("GET", url)
    assert site.hits == ["GET /"]
    assert connected == ["127.0.0.1"]
    with pytest.raises(Refused):  # the sandbox's port begins like that of the site
        Guard(Connections(), sandbox=site.url[:-1]).send("GET", f"{site.url}/")


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_public_addresses_are_public(address: str) -> None:
    """The guard lets the rest of the world through."""
    assert is_public(ip_address(address))


@pytest.mark.parametrize("host", [host for host in ELSEWHERE if not host.isdigit()])
def test_other_addresses_are_not(host: str) -> None:
    """The guard's own rule knows them all, whatever the library knows."""
    assert not is_public(ip_address(host.strip("[]")))


def test_the_usual_ports_need_not_be_written(resolve: Resolve, connected: list[str]) -> None:
    """A link without a port reaches the guard's own of its scheme, http and https."""
    resolve("public.example", (PUBLIC,))
    for url in ("http://public.example/", "https://public.example/", "https://public.example:443/"):
        guard = Guard(Connections())
        with pytest.raises(requests.ConnectionError):  # the test lets no connection leave this machine
            guard.send("GET", url)
        guard.close()
    assert connected == [PUBLIC] * 3


def test_a_closed_guard_keeps_no_connection(site: Site) -> None:
    """One that is kept for a further request is closed too."""
    site.pages["/page"] = Page(headers={"Content-Length": "0"})
    guard = Guard(Connections(), sandbox=site.url)
    guard.send("GET", f"{site.url}/page").close()
    pools = guard._plain.poolmanager.pools
    assert len(pools) == 1
    guard.close()
    assert len(pools) == 0
