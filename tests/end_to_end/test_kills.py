"""Parts of the bot killed without warning, the whole of it stopped and started, a delivery lost."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg

from tests.bot.processes import descendants, lives, wait_until
from tests.end_to_end.papers import WITHOUT_YEAR, appended

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.end_to_end.place import Place
    from tests.sandbox.model import Pull
    from tests.service import Service

WORKER = "-m bot.commands.worker"
WEB = "-m bot.commands.serve"
POSTGRES = "bin/postgres -D"


def _kill(bot: Service, words: str) -> None:
    """Kill the child of these words; wait until all of it is gone and another has its place."""
    killed = bot.find(words)
    family = {killed} | descendants(killed)
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: not any(map(lives, family)))
    wait_until(lambda: any(words in child.command for child in bot.children()))


@contextmanager
def _record_locked(bot: Service, place: Place, pull: Pull) -> Iterator[None]:
    """Hold the bot's record of a pull request, so that no validation of it can come to its end."""
    with psycopg.connect(bot.database_url) as connection:
        connection.execute(
            "SELECT 1 FROM pull_request JOIN repository ON repository.id = repository_id"
            " WHERE repository.full_name = %s AND number = %s FOR NO KEY UPDATE OF pull_request",
            (place.name, pull.number),
        )
        yield


def _assert_right(place: Place, pull: Pull) -> None:
    assert [run.conclusion for run in place.sandbox.check_runs(place.name, pull.head_sha)] == ["failure"]
    assert "format/missing-year" in place.comment(pull).body


def test_a_worker_killed_while_it_reads_is_made_up_for(own_place: Place) -> None:
    """Killed before it wrote anything: another worker does it all."""
    place, bot = own_place, own_place.stage.bot
    place.create()
    with place.sandbox.hold(f"^/repos/{place.name}/contents/README.md") as gate:
        pull = place.open(appended(WITHOUT_YEAR))
        assert gate.waiting.wait(30)
        _kill(bot, WORKER)
    place.wait_for_looks(pull, 1)
    _assert_right(place, pull)


def test_a_worker_killed_between_check_and_comment_is_made_up_for(own_place: Place) -> None:
    """Killed with the check written and the comment not: another worker writes the comment alone."""
    place, bot = own_place, own_place.stage.bot
    place.create()
    with place.sandbox.hold(f"^/repos/{place.name}/issues/1/comments", method="GET") as gate:
        pull = place.open(appended(WITHOUT_YEAR))
        assert gate.waiting.wait(30)
        assert place.check(pull).conclusion == "failure"
        _kill(bot, WORKER)
    place.wait_for_looks(pull, 1)
    _assert_right(place, pull)


def test_a_worker_killed_between_writing_and_record_doubles_nothing(own_place: Place) -> None:
    """Killed with check and comment written and not recorded: another worker finds them there."""
    place, bot = own_place, own_place.stage.bot
    place.create()
    with place.sandbox.hold(f"^/repos/{place.name}/contents/README.md") as gate:
        pull = place.open(appended(WITHOUT_YEAR))
        assert gate.waiting.wait(30)
        with _record_locked(bot, place, pull):
            gate.release()
            # The record of the comment waits for the lock, and the suggestions for that.
            wait_until(lambda: any(item.path.endswith("/comments") for item in place.writes()))
            assert place.validations(pull) == []
            _kill(bot, WORKER)
    written = place.writes()
    place.wait_for_looks(pull, 1)
    _assert_right(place, pull)
    left = [item.path.rpartition("/")[2] for item in place.writes()[len(written) :]]
    assert left == ["reviews"]


def test_the_web_killed_comes_back(own_place: Place) -> None:
    """After the web was killed deliveries are taken again."""
    place, bot = own_place, own_place.stage.bot
    place.create()
    _kill(bot, WEB)
    wait_until(bot.is_ready)
    pull = place.open(appended(WITHOUT_YEAR))
    place.wait_for_looks(pull, 1)
    _assert_right(place, pull)


def test_the_database_killed_loses_nothing(own_place: Place) -> None:
    """A delivery answered 202 is on disk: with PostgreSQL killed, its pull request is judged later."""
    place, bot = own_place, own_place.stage.bot
    place.create()
    with place.sandbox.hold(f"^/repos/{place.name}/contents/README.md") as gate:
        pull = place.open(appended(WITHOUT_YEAR))
        assert gate.waiting.wait(30)
        os.kill(bot.find(POSTGRES), signal.SIGKILL)
    wait_until(lambda: len(place.comments(pull)) == 1, 60)
    wait_until(bot.is_ready, 60)
    place.wait_for_looks(pull, 1)
    _assert_right(place, pull)


def test_stopped_in_the_middle_it_ends_in_order_and_goes_on_when_started(own_place: Place) -> None:
    """SIGTERM ends every process, also with work under way; the next start finishes that work."""
    place, bot = own_place, own_place.stage.bot
    place.create()
    with place.sandbox.hold(f"^/repos/{place.name}/contents/README.md") as gate:
        pull = place.open(appended(WITHOUT_YEAR))
        assert gate.waiting.wait(30)
        bot.stop()
    assert place.comments(pull) == []
    bot.start()
    place.wait_for_looks(pull, 1)
    _assert_right(place, pull)


def test_a_lost_delivery_is_asked_for_again(own_place: Place) -> None:
    """What nobody took, GitHub is asked to send once more."""
    place = own_place
    place.create()
    hooks = place.sandbox.webhooks
    url, hooks.url = hooks.url, "http://127.0.0.1:9/webhook"
    try:
        pull = place.open(appended(WITHOUT_YEAR))
    finally:
        hooks.url = url
    place.concluded(pull, "failure")
    lost = [item.guid for item in hooks.deliveries if item.status is None]
    assert lost
    wait_until(lambda: set(lost) <= {item.guid for item in hooks.deliveries if item.status == 202})
