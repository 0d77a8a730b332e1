"""What arrives at the webhook: refused, taken once, or taken and left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.end_to_end.papers import WITHOUT_YEAR, appended
from tests.sandbox.webhooks import sign

if TYPE_CHECKING:
    from tests.end_to_end.place import Place, Stage

MEBIBYTE = 1024 * 1024


def test_an_unsigned_delivery_is_refused(stage: Stage) -> None:
    """Without a signature nothing is read."""
    assert stage.sandbox.webhooks.post(b"{}").status_code == 401


def test_a_wrongly_signed_delivery_is_refused(stage: Stage) -> None:
    """A signature of another secret is none."""
    assert stage.sandbox.webhooks.post(b"{}", signature=sign("another secret", b"{}")).status_code == 401


def test_an_oversized_delivery_is_refused(stage: Stage) -> None:
    """GitHub sends at most 25 MB."""
    body = b" " * (25 * MEBIBYTE + 1)
    secret = stage.sandbox.app.webhook_secret
    assert stage.sandbox.webhooks.post(body, signature=sign(secret, body)).status_code == 413


def test_a_delivery_that_is_not_json_is_refused(stage: Stage) -> None:
    """A signed body that cannot be read is a bad request."""
    secret = stage.sandbox.app.webhook_secret
    refused = stage.sandbox.webhooks.post(
        b"not json", event="pull_request", signature=sign(secret, b"not json")
    )
    assert refused.status_code == 400


def test_a_repeated_delivery_is_taken_once(place: Place) -> None:
    """The same delivery again is answered 202 and causes no second look."""
    place.create()
    pull = place.open(appended(WITHOUT_YEAR))
    place.wait_for_looks(pull, 1)
    opened = [item for item in place.sandbox.webhooks.deliveries if item.event == "pull_request"][-1]
    assert place.sandbox.webhooks.redeliver(opened).status == 202
    place.sandbox.comment(pull, "/recheck", by=pull.author)
    place.wait_for_looks(pull, 2)


def test_every_delivery_is_accepted(place: Place) -> None:
    """Whatever people and the App itself do on GitHub is answered 202."""
    before = len(place.sandbox.webhooks.deliveries)
    place.create()
    pull = place.open(appended(WITHOUT_YEAR))
    place.wait_for_looks(pull, 1)
    place.sandbox.merge(place.sandbox.push(pull, {"README.md": appended()}))
    place.sandbox.webhooks.settle()
    assert {item.status for item in place.sandbox.webhooks.deliveries[before:]} == {202}


def test_the_log_holds_no_secret(place: Place) -> None:
    """Neither the webhook's secret nor the key nor any token is in the bot's log."""
    place.create()
    place.wait_for_looks(place.open(appended(WITHOUT_YEAR)), 1)
    log = place.stage.bot.log
    assert place.sandbox.app.webhook_secret not in log
    assert "PRIVATE KEY" not in log
    assert "ghs_" not in log
