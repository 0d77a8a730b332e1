"""From a crooked entry to a list that fits: by suggestions, by commits, and from a fork by patches."""

from __future__ import annotations

import re
from html import unescape
from itertools import count
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt

from tests.bot.processes import wait_until
from tests.end_to_end.place import POLICY_PATH, Place, Stage
from tests.paths import DATA
from tests.sandbox import Sandbox
from tests.sandbox.app import PERMISSIONS, WRITING_PERMISSIONS, App
from tests.sandbox.contract import load_contract
from tests.service import QUICK, Service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sandbox.model import Comment, Pull

LIST = (DATA / "list" / "README.md").read_bytes().decode()
SECTION = "### Optimization / Training Techniques\n"
APPENDIX = "### Appendix: More than Top 100\n"
STRAIGHT = "- **A paper of ours** (2016), A. Author et al. [[pdf]](http://arxiv.org/pdf/1601.20001)\n"
CROOKED = "* A paper of ours (2016) A. Author et al [[pdf]](http://arxiv.org/pdf/1601.20001)\n"
_numbers = count(1)


@pytest.fixture(scope="module")
def writing_stage() -> Iterator[Stage]:
    """Return a GitHub whose App may commit, and a running bot."""
    app = App(permissions=WRITING_PERMISSIONS)
    with (
        Sandbox(app=app, contract=load_contract()) as sandbox,
        Service(sandbox.environment() | QUICK) as bot,
    ):
        sandbox.webhooks.url = bot.webhook_url
        sandbox.scholar.add_arxiv("1601.20001", "A paper of ours", year=2016, citations=5000)
        yield Stage(sandbox, bot)


@pytest.fixture
def place(writing_stage: Stage) -> Iterator[Place]:
    """Return the real list in a repository of its own."""
    made = Place(writing_stage, f"curator-{next(_numbers)}/list")
    made.create(LIST)
    yield made
    writing_stage.sandbox.faults.clear()
    writing_stage.sandbox.webhooks.settle()
    assert writing_stage.sandbox.violations == []


def with_entry(entry: str) -> str:
    """Return the list with one more paper in a top section: 101."""
    return LIST.replace(SECTION, SECTION + entry, 1)


def opened(place: Place, readme: str = with_entry(CROOKED), *, fork: bool = False) -> Pull:
    """Return a pull request, judged: it fails."""
    author = "ann" if fork else place.owner
    pull = place.sandbox.open_pull(place.name, {"README.md": readme}, author=author, from_fork=fork)
    place.concluded(pull, "failure")
    wait_until(lambda: bool(place.comments(pull)))
    return place.sandbox.pull(pull)


def answered(place: Place, asked: Comment, reaction: str) -> None:
    """Wait until a command is answered by this reaction, and no other."""
    wait_until(lambda: reaction in place.reactions(asked))
    assert place.reactions(asked) == ["eyes", reaction]


def told(place: Place, pull: Pull, command: str, *, reaction: str = "rocket") -> Pull:
    """Return the pull request once its maintainer's command is answered."""
    answered(place, place.sandbox.comment(pull, command, by=place.owner), reaction)
    return place.sandbox.pull(pull)


def replies(place: Place, pull: Pull, count: int) -> list[str]:
    """Return the bot's answers to commands, once there are this many."""

    def found() -> list[str]:
        return [item.body for item in place.comments(pull) if "papergate:answer" in item.body]

    wait_until(lambda: len(found()) >= count)
    assert len(found()) == count
    return found()


def patch_in(reply: str) -> str:
    """Return the patch of an answer, as its copy button gives it."""
    (fence,) = [token.content for token in MarkdownIt().parse(reply) if token.type == "fence"]
    return fence


def readme(place: Place, pull: Pull) -> str:
    """Return the list at the head of a pull request."""
    now = place.sandbox.pull(pull)
    return place.sandbox.read_file(now.head_repository, "README.md", ref=now.head_sha)


def first_removal(place: Place, pull: Pull) -> str:
    """Return the title of the first suggested removal, as the comment shows it."""
    found = re.search(r"^1\. \[(.+?)\]\(https?:", place.comments(pull)[0].body, re.MULTILINE)
    assert found
    return unescape(found[1]).replace("\\", "").replace("\u200b", "")


def test_a_story_in_the_repository(place: Place) -> None:
    """Opened, it fails with suggestions; ``/fix`` leaves 101 papers; ``/remove 1`` makes it fit."""
    pull = opened(place)
    wait_until(lambda: bool(place.sandbox.review_comments(pull)))
    (suggestion,) = place.sandbox.review_comments(pull)
    assert f"```suggestion\n{STRAIGHT}```" in suggestion.body
    fixed = told(place, pull, "/fix")
    run = place.concluded(fixed, "failure")
    assert readme(place, fixed) == with_entry(STRAIGHT)
    assert {note.title.partition(":")[0] for note in run.output.annotations if note.title} <= {"companion"}
    assert "100 → 101" in str(run.output.summary)
    title = first_removal(place, fixed)
    removed = told(place, fixed, "/papergate remove 1")
    place.concluded(removed, "success")
    lines = readme(place, removed).split("\n")
    (line,) = [number for number, line in enumerate(lines) if title in line]
    assert line > lines.index(APPENDIX.rstrip())
    assert not lines[line].startswith("- **")
    assert replies(place, pull, 0) == []
    assert len(place.sandbox.review_comments(removed)) == 1


def test_the_same_story_from_a_fork(place: Place) -> None:
    """From a fork there are patches instead, and the real git takes them."""
    pull = opened(place, fork=True)
    told(place, pull, "/fix")
    (reply,) = replies(place, pull, 1)
    assert "the branch is in a fork, where a GitHub App cannot commit" in reply
    fixed = place.sandbox.apply_patch(pull, patch_in(reply), by="ann")
    assert readme(place, fixed) == with_entry(STRAIGHT)
    assert "100 → 101" in str(place.concluded(fixed, "failure").output.summary)
    told(place, fixed, "/remove 1")
    removed = place.sandbox.apply_patch(fixed, patch_in(replies(place, pull, 2)[1]), by="ann")
    place.concluded(removed, "success")
    assert removed.head_sha == place.sandbox.pull(pull).head_sha


def test_the_commit_names_who_asked(place: Place) -> None:
    """The App is its author, the maintainer its co-author, the command and its comment are in the message."""
    pull = opened(place)
    asked = place.sandbox.comment(pull, "/papergate fix", by=place.owner)
    answered(place, asked, "rocket")
    fixed = place.sandbox.pull(pull)
    message = place.sandbox.state.gits[place.name].read_commit(fixed.head_sha).message
    subject, _, rest = message.partition("\n")
    assert subject == "Correct 1 entry of the list"
    assert "/papergate fix in http" in rest
    assert f"#issuecomment-{asked.id}" in rest
    assert re.search(
        rf"^Co-authored-by: {place.owner} <\d+\+{place.owner}@users\.noreply\.github\.com>$", rest, re.M
    )


def test_without_the_permission_there_is_a_patch(place: Place) -> None:
    """Where the owner has not accepted that the App commits, it says so and gives a patch."""
    place.sandbox.grant(place.name, PERMISSIONS)
    pull = opened(place)
    same = told(place, pull, "/fix")
    assert same.head_sha == pull.head_sha
    (reply,) = replies(place, pull, 1)
    assert "the App may not write to this repository" in reply
    assert readme(place, place.sandbox.apply_patch(pull, patch_in(reply), by="ann")) == with_entry(STRAIGHT)


def test_a_list_with_other_line_ends_gets_a_patch_that_keeps_them(place: Place) -> None:
    """A comment would lose the line ends, so the patch is one that does not show them."""
    windows = LIST.replace("\n", "\r\n")
    place.sandbox.commit(place.name, {"README.md": windows})
    pull = opened(place, with_entry(CROOKED).replace("\n", "\r\n"), fork=True)
    told(place, pull, "/fix")
    patch = patch_in(replies(place, pull, 1)[0])
    assert patch.isascii()
    fixed = place.sandbox.apply_patch(pull, patch, by="ann")
    text = (git := place.sandbox.state.gits[fixed.head_repository]).read_blob(
        git.entries(fixed.head_sha, "README.md")[0].sha
    )
    assert text == with_entry(STRAIGHT).replace("\n", "\r\n").encode()


def test_a_number_means_what_its_reader_saw(place: Place) -> None:
    """Once another list of suggestions stands there, a number is refused and a title is not."""
    pull = opened(place, with_entry(STRAIGHT))
    title = first_removal(place, pull)
    gone = "\n".join(line for line in with_entry(STRAIGHT).split("\n") if f"**{title}**" not in line)
    other = gone.replace(
        SECTION, SECTION + STRAIGHT.replace("of ours", "of theirs").replace("20001", "20002"), 1
    )
    gate = place.sandbox.hold(f"/repos/{place.name}/compare/")
    pushed = place.sandbox.push(pull, {"README.md": other})
    assert gate.waiting.wait(20)
    asked = place.sandbox.comment(pushed, "/remove 1", by=place.owner)
    gate.release()
    answered(place, asked, "confused")
    assert "the list of suggestions has changed" in replies(place, pull, 1)[0]
    assert place.sandbox.pull(pull).head_sha == pushed.head_sha
    place.concluded(pushed, "failure")
    wait_until(lambda: title not in place.comments(pull)[0].body)
    told(place, pushed, f'/remove "{first_removal(place, pushed)}"')
    assert place.sandbox.pull(pull).head_sha != pushed.head_sha


def test_a_push_meanwhile_is_not_overwritten(place: Place) -> None:
    """What somebody pushes while the bot works stands, and the bot says that it did nothing."""
    pull = opened(place)
    gate = place.sandbox.hold(f"/repos/{place.name}/git/refs/", method="PATCH")
    asked = place.sandbox.comment(pull, "/fix", by=place.owner)
    assert gate.waiting.wait(20)
    pushed = place.sandbox.push(pull, {"README.md": with_entry(STRAIGHT)})
    gate.release()
    answered(place, asked, "confused")
    assert "somebody pushed to the branch meanwhile" in replies(place, pull, 1)[0]
    assert place.sandbox.pull(pull).head_sha == pushed.head_sha


def test_a_lost_answer_makes_no_second_commit(place: Place) -> None:
    """A commit whose answer was lost is known again by its message."""
    pull = opened(place, with_entry(STRAIGHT))
    place.sandbox.faults.add("PATCH", f"/repos/{place.name}/git/refs/", drop=True, after=True)
    removed = told(place, pull, "/remove 1")
    assert place.sandbox.parent(place.name, removed.head_sha) == pull.head_sha
    place.concluded(removed, "success")


def test_a_paper_moves_where_a_maintainer_wants_it(place: Place) -> None:
    """``/move`` puts the line in its new section, in that section's form."""
    pull = opened(place, with_entry(STRAIGHT))
    moved = told(place, pull, "/move “a paper of ours” “appendix: more than top 100”")
    place.concluded(moved, "success")
    assert STRAIGHT.replace("**", "") in readme(place, moved)
    assert STRAIGHT not in readme(place, moved)


def test_what_cannot_be_done_is_explained(place: Place) -> None:
    """A slip is answered by what was meant; nothing is committed."""
    pull = opened(place, with_entry(STRAIGHT))
    same = told(place, pull, '/move "A paper of urs" "Old Papers"', reaction="confused")
    assert same.head_sha == pull.head_sha
    assert "A paper of ours" in replies(place, pull, 1)[0]


def test_a_policy_can_do_without_suggestions(place: Place) -> None:
    """Then the corrected lines stand in the comment alone."""
    place.sandbox.commit(place.name, {POLICY_PATH: "preset: most-cited\nsuggestions: false\n"})
    pull = opened(place)
    place.wait_for_looks(pull, 1)
    assert place.sandbox.reviews(pull) == []
    assert STRAIGHT in place.comments(pull)[0].body


def test_buttons_do_what_the_commands_do(place: Place) -> None:
    """*Apply fixes* commits; it is there only where something can be fixed on a branch of the repository."""
    pull = opened(place)
    run = place.check(pull)
    assert [button.identifier for button in run.actions] == ["recheck", "fix"]
    place.sandbox.press(run, "recheck", by=place.owner)
    place.wait_for_looks(pull, 2)
    place.sandbox.press(run, "fix", by=place.owner)
    wait_until(lambda: place.sandbox.pull(pull).head_sha != pull.head_sha)
    fixed = place.sandbox.pull(pull)
    assert readme(place, fixed) == with_entry(STRAIGHT)
    again = place.concluded(fixed, "failure")
    assert [button.identifier for button in again.actions] == ["recheck"]
    fork = opened(place, fork=True)
    assert [button.identifier for button in place.check(fork).actions] == ["recheck"]


def test_a_stranger_presses_no_button(place: Place) -> None:
    """The button asks for the permission the command asks for."""
    pull = opened(place)
    run = place.check(pull)
    place.sandbox.press(run, "fix", by="stranger")
    place.sandbox.press(run, "recheck", by="stranger")
    place.sandbox.press(run, "no-such-button", by=place.owner)
    place.sandbox.press(run, "recheck", by=place.owner)
    place.wait_for_looks(pull, 2)
    assert place.sandbox.pull(pull).head_sha == pull.head_sha
