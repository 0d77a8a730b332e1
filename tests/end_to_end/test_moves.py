"""Renamed and transferred repositories: no verdict changes, no waiver is lost, and none is inherited."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.bot.processes import wait_until
from tests.end_to_end.papers import README, WITHOUT_YEAR, appended
from tests.end_to_end.place import POLICY, POLICY_PATH, Place

if TYPE_CHECKING:
    from tests.sandbox.model import Pull

WAIVE = "/waive format/missing-year It has none"


def _waived(place: Place) -> Pull:
    """Return a pull request whose one error a maintainer has waived."""
    place.create()
    pull = place.open(appended(WITHOUT_YEAR))
    place.concluded(pull, "failure")
    place.sandbox.comment(pull, WAIVE, by=place.owner)
    place.concluded(pull, "success")
    return pull


def _rechecked(place: Place, pull: Pull) -> None:
    before = len(place.validations(pull))
    place.sandbox.comment(pull, "/recheck", by=place.owner)
    wait_until(lambda: len(place.validations(pull)) > before)


def test_a_waiver_survives_a_rename(place: Place) -> None:
    """The next evaluation, under the new name, finds it."""
    pull = _waived(place)
    place.sandbox.rename_repository(place.name, "renamed")
    renamed = replace(place, name=f"{place.owner}/renamed")
    pull = replace(pull, repository=renamed.name)
    _rechecked(renamed, pull)
    assert renamed.check(pull).conclusion == "success"


def test_a_job_queued_before_a_rename_reaches_the_repository(place: Place) -> None:
    """Its requests are made by id, whatever the name is meanwhile."""
    place.create()
    gate = place.sandbox.hold("/pulls/1$", method="GET")
    pull = place.open(appended(WITHOUT_YEAR))
    assert gate.waiting.wait(10)
    place.sandbox.rename_repository(place.name, "renamed")
    gate.release()
    renamed = replace(place, name=f"{place.owner}/renamed")
    renamed.concluded(replace(pull, repository=renamed.name), "failure")


def test_a_new_repository_under_the_old_name_inherits_nothing(place: Place) -> None:
    """Its pull request has the same number and the same content, and nobody has waived its error."""
    _waived(place)
    place.sandbox.rename_repository(place.name, "renamed")
    place.sandbox.create_repository(place.name, {"README.md": README, POLICY_PATH: POLICY})
    pull = place.open(appended(WITHOUT_YEAR))
    place.concluded(pull, "failure")
    _rechecked(place, pull)
    assert place.check(pull).conclusion == "failure"


def test_a_waiver_survives_a_transfer_to_another_installation(place: Place) -> None:
    """The repository's id stays; the new owner's installation does the work."""
    pull = _waived(place)
    owner = f"{place.owner}-new"
    moved = replace(place, name=f"{owner}/{place.name.partition('/')[2]}")
    place.sandbox.transfer_repository(place.name, owner)
    pull = replace(pull, repository=moved.name)
    _rechecked(moved, pull)
    assert moved.check(pull).conclusion == "success"
