"""The list's real pull requests on real git."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sandbox import history
from tests.sandbox.contract import load_contract
from tests.sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sandbox import Pull


@pytest.fixture(scope="module")
def opened() -> Iterator[tuple[Sandbox, dict[str, Pull]]]:
    """All of them opened, by their number of old."""
    with Sandbox(contract=load_contract()) as sandbox:
        pulls = history.open_real_pulls(sandbox)
        numbers = [real.number for real in history.read_real_pulls()]
        yield sandbox, dict(zip(numbers, pulls, strict=True)) | {"duplicate": history.open_duplicate(sandbox)}
        assert sandbox.violations == []


def behind(sandbox: Sandbox, pull: Pull) -> int:
    with sandbox.state.lock:
        return len(sandbox.state.gits[pull.repository].commits_between(pull.head_sha, pull.base_sha))


def test_each_is_as_far_behind_as_it_was(opened: tuple[Sandbox, dict[str, Pull]]) -> None:
    """Two of them left their base before it moved on."""
    sandbox, pulls = opened
    assert {number: behind(sandbox, pull) > 0 for number, pull in pulls.items()} == {
        history.CLEAN: False,
        history.FORMAT_FAULTS: True,
        history.NEW_PAPERS: False,
        history.OVER_THE_CAP: False,
        history.BEHIND: True,
        "duplicate": False,
    }


def test_base_and_head_hold_the_recorded_readmes(opened: tuple[Sandbox, dict[str, Pull]]) -> None:
    """Byte for byte, at the base's branch and at the pull request's head."""
    sandbox, pulls = opened
    for real in history.read_real_pulls():
        pull = pulls[real.number]
        assert sandbox.read_file(history.LIST, "README.md", ref=pull.base_ref) == real.base
        assert sandbox.read_file(history.LIST, "README.md", ref=pull.head_sha) == real.head


def test_every_base_has_the_policy(opened: tuple[Sandbox, dict[str, Pull]]) -> None:
    """It exists from the first commit on."""
    sandbox, pulls = opened
    for pull in pulls.values():
        assert (
            sandbox.read_file(history.LIST, history.POLICY_PATH, ref=pull.base_ref) == history.DEFAULT_POLICY
        )


def test_a_list_may_have_no_policy() -> None:
    """For the list that is not set up yet."""
    with Sandbox() as sandbox:
        history.create_list(sandbox, policy=None)
        with pytest.raises(LookupError):
            sandbox.read_file(history.LIST, history.POLICY_PATH)


def test_the_duplicate_adds_one_line_that_is_there_already(opened: tuple[Sandbox, dict[str, Pull]]) -> None:
    """The same title and link, in another section."""
    sandbox, pulls = opened
    readme = sandbox.read_file(history.LIST, "README.md", ref=pulls["duplicate"].head_sha)
    assert (
        len([line for line in readme.split("\n") if "Deep residual learning for image recognition" in line])
        == 2
    )
