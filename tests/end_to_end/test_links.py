"""Links of a pull request followed by the running bot: one site of this machine, and nothing else of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bot.links.conftest import Page, Site, served
from tests.end_to_end.papers import appended
from tests.end_to_end.place import Place, Stage
from tests.sandbox import Sandbox
from tests.sandbox.contract import load_contract
from tests.service import QUICK, Service

if TYPE_CHECKING:
    from collections.abc import Iterator

ENTRY = "- Spatial transformer network (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """Return the site that links may lead to."""
    yield from served(Site())


@pytest.fixture(scope="module")
def inside() -> Iterator[Site]:
    """Return a site that they may not."""
    yield from served(Site())


@pytest.fixture(scope="module")
def following(site: Site) -> Iterator[Stage]:
    """Return a GitHub and a running bot that follows links to ``site``."""
    follow = {"PAPERGATE_FOLLOW_LINKS": "true", "PAPERGATE_LINK_SANDBOX_ORIGIN": site.url}
    with Sandbox(contract=load_contract()) as sandbox, Service(sandbox.environment() | QUICK | follow) as bot:
        sandbox.webhooks.url = bot.webhook_url
        yield Stage(sandbox, bot)


def test_a_dead_link_holds_the_merge_until_it_is_mended(following: Stage, site: Site, inside: Site) -> None:
    """The paper that a source knows is not fetched; a link inside is not followed, and blamed on nobody."""
    place = Place(following, "owner-of-links/papers")
    place.create()
    place.sandbox.scholar.add_arxiv("1506.02025", "Spatial transformer network", year=2015, citations=9000)
    secret = f"[[web]](http://localhost:{inside.server_port}/secret)"
    pull = place.open(appended(f"{ENTRY} [[code]]({site.url}/code) {secret}\n"))
    place.wait_for_looks(pull, 1)
    assert place.check(pull).conclusion == "failure"
    body = place.comment(pull).body
    assert body.count("link/dead") == 1
    assert "it answered HTTP 404" in body
    assert "it names a port of its own" in body
    site.pages["/code"] = Page()
    pull = place.sandbox.push(pull, {"README.md": appended(f"{ENTRY} [[code]]({site.url}/code)\n")})
    place.wait_for_looks(pull, 2)
    assert place.check(pull).conclusion == "success"
    assert site.hits == ["HEAD /code", "GET /code", "HEAD /code"]
    assert inside.hits == []
