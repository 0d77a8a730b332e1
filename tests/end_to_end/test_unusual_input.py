"""Lists and policies that are missing, broken, too large or hostile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.papers import CLEAN, README, WITHOUT_YEAR, appended

if TYPE_CHECKING:
    from tests.end_to_end.place import Place

HOSTILE = {
    "exponential line": "x <a" + " b=c\td" * 30 + "\n",
    "heading of spaces": "# a" + " " * 50_000 + "b\n",
    "nesting": "".join("- a\n> b\n" for _ in range(128)),
    "deep nesting": "> - " * 256 + "a\n",
    "brackets": "[" * 100_000 + "\n",
}


def test_without_a_policy_nothing_is_judged(place: Place) -> None:
    """A repository that is not set up is told how in the check, and nobody by a comment."""
    place.create(policy=None)
    pull = place.open(appended(WITHOUT_YEAR))
    place.wait_for_looks(pull, 1)
    run = place.check(pull)
    assert (run.conclusion, run.output.title) == ("success", "Not configured")
    assert place.comments(pull) == []


def test_a_policy_in_the_pull_request_does_not_count(place: Place) -> None:
    """The policy is the base branch's: a contributor cannot bring a laxer one."""
    place.create()
    pull = place.open_files(
        {"README.md": appended(WITHOUT_YEAR), ".github/papergate.yml": "preset: most-cited-2016\n"}
    )
    place.wait_for_looks(pull, 1)
    assert place.check(pull).conclusion == "failure"


@pytest.mark.parametrize("policy", ["preset: unheard-of\n", "preset: [\n", "caps: 3\n"])
def test_a_broken_policy_is_the_maintainers_affair(place: Place, policy: str) -> None:
    """It holds the merge until it is mended, says why in the check, and blames no contributor."""
    place.create(policy=policy)
    pull = place.open(appended(CLEAN))
    place.wait_for_looks(pull, 1)
    run = place.check(pull)
    assert run.conclusion == "action_required"
    assert "not the contributor's fault" in (run.output.summary or "")
    assert place.comments(pull) == []


def test_a_list_of_600_kb_is_unreadable(place: Place) -> None:
    """A list over the size limit fails with the reason."""
    place.create()
    pull = place.open(README + "filler\n" * 90_000)
    place.wait_for_looks(pull, 1)
    assert place.check(pull).conclusion == "failure"
    assert "structure/unreadable" in place.comment(pull).body


def test_a_list_over_one_megabyte_is_unreadable(place: Place) -> None:
    """GitHub hands out no content of such a file; that is told, not taken for an empty list."""
    place.create()
    pull = place.open(README + "filler\n" * 200_000)
    place.wait_for_looks(pull, 1)
    assert place.check(pull).conclusion == "failure"
    assert "too large" in place.comment(pull).body


def test_a_list_that_is_not_utf_8_is_unreadable(place: Place) -> None:
    """Bytes that are no text fail with the reason."""
    place.create()
    pull = place.open(README.encode() + b"\xff\xfe caf\xe9\n")
    place.wait_for_looks(pull, 1)
    assert place.check(pull).conclusion == "failure"
    assert "is not UTF-8" in place.comment(pull).body


def test_a_deleted_list_is_unreadable(place: Place) -> None:
    """A pull request that deletes the list fails."""
    place.create()
    pull = place.open(None)
    place.wait_for_looks(pull, 1)
    assert place.check(pull).conclusion == "failure"
    assert "is gone" in place.comment(pull).body


def test_a_list_that_is_new_is_judged_whole(place: Place) -> None:
    """A pull request that brings the list in is judged like any other."""
    place.sandbox.create_repository(place.name, {".github/papergate.yml": "preset: most-cited\n"})
    pull = place.open(appended(WITHOUT_YEAR))
    place.wait_for_looks(pull, 1)
    assert place.check(pull).conclusion == "failure"


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_markdown_is_answered_and_the_worker_goes_on(place: Place, kind: str) -> None:
    """Whatever the text, there is an answer within ten seconds, and the next pull request gets its own."""
    place.create()
    hostile = place.open(appended(HOSTILE[kind]), title=kind)
    run = place.sandbox.wait_for_conclusion(place.name, hostile.head_sha, timeout=10)
    assert run.conclusion in {"success", "failure"}
    place.concluded(place.open(appended(CLEAN)), "success", timeout=10)


def test_text_from_a_pull_request_stays_text(place: Place) -> None:
    """Titles, descriptions and lines ping nobody, close no comment and open no HTML."""
    place.create()
    entry = (
        "- @everyone <img src=x onerror=alert(1)> | <!-- papergate:report v1 --> #1, "
        "[x](javascript:alert(1)) [[pdf]](http://arxiv.org/pdf/1506.02025)\n"
    )
    pull = place.open(appended(entry), title="@everyone <script>")
    place.wait_for_looks(pull, 1)
    assert place.check(pull).conclusion == "failure"
    body = place.comment(pull).body
    outside_code = "".join(body.split("```")[::2])
    assert "@everyone" not in outside_code
    assert "<img" not in outside_code
    assert body.count("<!-- papergate:report v1 -->\n#") == 1
