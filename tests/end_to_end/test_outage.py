"""Every bibliographic source goes down while a pull request waits, and comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bot.processes import wait_until
from tests.end_to_end.papers import topped
from tests.end_to_end.place import SECONDS

if TYPE_CHECKING:
    from tests.end_to_end.place import Place

EVERY_SOURCE = "^/(semantic-scholar|openalex|crossref|arxiv)/"
ENTRY = "- **A celebrated paper** (2015), A. Author et al. [[pdf]](https://arxiv.org/pdf/1502.20002)\n"


def test_the_check_comes_right_by_itself_once_the_sources_are_back(place: Place) -> None:
    """Held as unverified through several looks, then green: one comment, edited, and nobody had to ask."""
    place.create()
    place.sandbox.scholar.add_arxiv(
        "1502.20002", "A celebrated paper", year=2015, citations=900, authors=("Ann Author",)
    )
    down = place.sandbox.faults.add("*", EVERY_SOURCE, status=503, times=None)
    pull = place.open(topped(ENTRY))
    wait_until(lambda: len(place.validations(pull)) >= 3, SECONDS)
    assert {look["verdict"] for look in place.validations(pull)} == {"unverified"}
    assert place.check(pull).conclusion == "action_required"
    before = place.comment(pull)
    assert "could not be looked up" in before.body
    assert "0 citations" not in before.body
    writes = len(place.writes())
    looks = len(place.validations(pull))
    delivered = len(place.sandbox.webhooks.deliveries)

    wait_until(lambda: len(place.validations(pull)) > looks, SECONDS)
    assert len(place.writes()) == writes, "nothing is written while nothing changes"

    place.sandbox.faults.remove(down)
    place.concluded(pull, "success")
    wait_until(lambda: place.comment(pull).body != before.body, SECONDS)
    after = place.comment(pull)
    assert after.id == before.id
    assert "All good now" in after.body
    events = [delivery.event for delivery in place.sandbox.webhooks.deliveries[delivered:]]
    assert not {"pull_request", "push"} & set(events)
    wait_until(lambda: place.validations(pull)[-1]["verdict"] == "pass", SECONDS)
