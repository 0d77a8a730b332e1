"""Maintainers decide: waivers, acceptances and attested counts, from the comment to the check and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bot.processes import wait_until
from tests.end_to_end.papers import CLEAN, WITHOUT_LINK, WITHOUT_YEAR, appended, topped

if TYPE_CHECKING:
    from tests.end_to_end.place import Place
    from tests.sandbox.model import Pull

SELDOM = "- **A paper that few cite** (2015), A. Author et al. [[pdf]](http://arxiv.org/pdf/1509.09999)\n"


def _say(place: Place, pull: Pull, words: str, by: str | None = None) -> list[str]:
    """Comment, and return the bot's reactions once it is done with the comment."""
    said = place.sandbox.comment(pull, words, by=by or place.owner)
    wait_until(lambda: len(place.reactions(said)) == 2)
    return place.reactions(said)


def _is_refused(place: Place, pull: Pull, words: str, by: str) -> None:
    """Give a command as somebody who may not, and wait for the one line that says who may."""
    said = place.sandbox.comment(pull, words, by=by)
    wait_until(lambda: any(" is for " in comment.body for comment in place.comments(pull)))
    assert place.reactions(said) == []


def _says(place: Place, pull: Pull, words: str) -> None:
    """Wait until the bot's comment has these words: it is edited after the check."""
    wait_until(lambda: words in place.comment(pull).body)


def test_a_waiver_survives_an_unrelated_push_and_dies_with_its_entry(place: Place) -> None:
    """It holds as long as the entry reads as it did; then the bot says so and the check fails again."""
    place.create()
    pull = place.open(appended(WITHOUT_YEAR))
    place.concluded(pull, "failure")
    assert _say(place, pull, '/waive format "Spatial transformer network" Its year is disputed') == [
        "eyes",
        "rocket",
    ]
    place.concluded(pull, "success")
    _says(place, pull, "Its year is disputed")
    pull = place.sandbox.push(pull, {"README.md": appended(WITHOUT_YEAR), "NOTES.md": "Unrelated\n"})
    place.concluded(pull, "success")
    pull = place.sandbox.push(
        pull, {"README.md": appended(WITHOUT_YEAR.replace("M. Jaderberg", "M. Jaderborg"))}
    )
    place.concluded(pull, "failure")
    _says(place, pull, "has ended")


def test_a_waiver_is_taken_back(place: Place) -> None:
    """What was waived holds again after ``unwaive``."""
    place.create()
    pull = place.open(appended(WITHOUT_LINK))
    place.concluded(pull, "failure")
    _say(place, pull, "/papergate waive link/missing-link It is in print only")
    place.concluded(pull, "success")
    assert _say(place, pull, "/papergate unwaive link/missing-link") == ["eyes", "rocket"]
    wait_until(lambda: place.check(pull).conclusion == "failure")


def test_a_decision_is_accepted_by_a_maintainer_alone(place: Place) -> None:
    """The author asks, the maintainer decides, and the check says who and why."""
    place.create()
    place.sandbox.scholar.add_arxiv("1509.09999", "A paper that few cite", year=2015, citations=7)
    pull = place.open(topped(SELDOM))
    place.concluded(pull, "action_required")
    _is_refused(place, pull, "/accept It will be cited", by=pull.author)
    assert place.check(pull).conclusion == "action_required"
    assert _say(place, pull, "/accept It founded its field") == ["eyes", "rocket"]
    place.concluded(pull, "success")
    assert "It founded its field" in (place.check(pull).output.text or "")


def test_a_count_that_no_source_gave_is_attested(place: Place) -> None:
    """A count with its page stands beside the sources, and decides where it is the higher."""
    place.create()
    place.sandbox.scholar.add_arxiv("1509.09999", "A paper that few cite", year=2015, citations=7)
    pull = place.open(topped(SELDOM))
    place.concluded(pull, "action_required")
    words = '/attest "A paper that few cite" 1,234 https://example.org/counts'
    assert _say(place, pull, words.replace("1,234", "1234")) == ["eyes", "rocket"]
    place.concluded(pull, "success")
    _says(place, pull, "1,234 citations, attested by")


def test_a_list_may_keep_a_command_to_its_admins(place: Place) -> None:
    """Who may give a command, and whether without its prefix, is the list's own policy."""
    place.create(policy="preset: most-cited\nbare_commands: false\ncommand_roles: {waive: [admin]}\n")
    place.sandbox.set_permission(place.name, "writer", "write")
    pull = place.open(
        appended(WITHOUT_YEAR, CLEAN.replace("Spatial", "Temporal").replace("1506.02025", "1506.02026"))
    )
    place.concluded(pull, "failure")
    bare = place.sandbox.comment(pull, "/waive format No reason", by=place.owner)
    _is_refused(place, pull, "/papergate waive format No reason", by="writer")
    assert place.reactions(bare) == []
    assert _say(place, pull, "/papergate waive format Good reason") == ["eyes", "rocket"]
    place.concluded(pull, "success")
