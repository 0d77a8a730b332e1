"""`/recheck`, and the buttons that ask for the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bot.processes import wait_until
from tests.end_to_end.papers import WITHOUT_YEAR, appended

if TYPE_CHECKING:
    from tests.end_to_end.place import Place
    from tests.sandbox.model import Pull

SHOWN = {
    "fenced": "Maintainers write\n```\n/recheck\n```\n",
    "quoted": "> /recheck\n\nWhat does this do?",
    "indented": "Like so:\n\n    /recheck\n",
    "in a sentence": "Please /recheck this.",
    "in HTML": "<!--\n/recheck\n-->",
}


def _opened(place: Place) -> Pull:
    place.create()
    pull = place.open(appended(WITHOUT_YEAR))
    place.wait_for_looks(pull, 1)
    return pull


@pytest.mark.parametrize("role", [None, "admin", "maintain", "write"])
def test_author_and_maintainers_may_ask_for_another_look(place: Place, role: str | None) -> None:
    """Their command is answered by a rocket and a new look, which writes nothing that stands already."""
    pull = _opened(place)
    login = pull.author if role is None else "helping-hand"
    if role is not None:
        place.sandbox.set_permission(place.name, login, role)
    before = place.kept(pull)
    asked = place.sandbox.comment(pull, "/recheck", by=login)
    place.wait_for_looks(pull, 2)
    assert place.reactions(asked) == ["eyes", "rocket"]
    assert place.kept(pull) == before


@pytest.mark.parametrize("role", ["none", "read", "triage"])
def test_a_stranger_is_told_once_that_it_is_not_for_them(place: Place, role: str) -> None:
    """Their first command is answered by a line that says who may, later ones by nothing; none is run."""
    pull = _opened(place)
    place.sandbox.set_permission(place.name, "stranger", role)
    asked = place.sandbox.comment(pull, "/recheck", by="stranger")
    wait_until(lambda: len(place.comments(pull)) == 2)
    again = place.sandbox.comment(pull, "/recheck", by="stranger")
    assert place.comments(pull)[1].body.startswith("`recheck` is for the pull request's author and ")
    place.sandbox.comment(pull, "/recheck", by=pull.author)
    place.wait_for_looks(pull, 2)
    assert [place.reactions(comment) for comment in (asked, again)] == [[], []]
    assert len(place.comments(pull)) == 2


@pytest.mark.parametrize("shown", SHOWN)
def test_a_command_that_is_only_shown_is_not_run(place: Place, shown: str) -> None:
    """Code blocks, quotes and HTML comments give no command, not even the author's; one line says so."""
    pull = _opened(place)
    shower = place.sandbox.comment(pull, SHOWN[shown], by=pull.author)
    hints = 0 if shown == "in a sentence" else 1
    wait_until(lambda: len(place.comments(pull)) == 1 + hints)
    asked = place.sandbox.comment(pull, "/recheck", by=pull.author)
    place.wait_for_looks(pull, 2)
    assert place.reactions(shower) == []
    assert place.reactions(asked) == ["eyes", "rocket"]
    assert len(place.comments(pull)) == 1 + hints


def test_a_command_edited_into_a_comment_is_not_run(place: Place) -> None:
    """Only a new comment gives a command."""
    pull = _opened(place)
    comment = place.sandbox.comment(pull, "Hello", by=pull.author)
    place.sandbox.edit_comment(comment, "/recheck")
    place.sandbox.comment(pull, "/recheck", by=pull.author)
    place.wait_for_looks(pull, 2)
    assert place.reactions(comment) == []


@pytest.mark.parametrize("from_fork", [True, False])
@pytest.mark.parametrize("button", ["run", "suite"])
def test_a_pressed_rerun_button_asks_for_another_look(place: Place, button: str, from_fork: bool) -> None:
    """Re-run, of one check or of all, works also for a fork, whose pull request GitHub does not name."""
    place.create()
    author = "ann" if from_fork else place.owner
    files = {"README.md": appended(WITHOUT_YEAR)}
    pull = place.sandbox.open_pull(place.name, files, author=author, from_fork=from_fork)
    place.wait_for_looks(pull, 1)
    before = place.kept(pull)
    if button == "run":
        place.sandbox.rerequest_run(place.check(pull), by=place.owner)
    else:
        place.sandbox.rerequest_suite(place.name, pull.head_sha, by=place.owner)
    place.wait_for_looks(pull, 2)
    assert place.kept(pull) == before


def test_of_two_pull_requests_with_one_head_the_worse_verdict_stands(place: Place) -> None:
    """A second pull request of the same commit, to a branch without rules, does not open the gate."""
    place.create()
    place.sandbox.set_branch(place.name, "lax", place.sandbox.head(place.name))
    place.sandbox.commit(place.name, {".github/papergate.yml": None}, branch="lax")
    strict = place.open(appended(WITHOUT_YEAR))
    place.wait_for_looks(strict, 1)
    lax = place.sandbox.open_pull_from(
        place.name, strict.head_repository, strict.head_ref, author=strict.author, base="lax"
    )
    place.wait_for_looks(lax, 1)
    assert place.check(strict).conclusion == "failure"
    place.sandbox.rerequest_run(place.check(strict), by=place.owner)
    place.wait_for_looks(strict, 2)
    place.wait_for_looks(lax, 2)
    assert place.check(strict).conclusion == "failure"
