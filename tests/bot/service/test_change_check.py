"""What the check shows where there is no list to evaluate, or not the one that the policy names."""

from __future__ import annotations

import pytest

from bot.github.app import App
from bot.github.fetch import pull_request
from bot.jobs.handlers import UNCHANGED
from bot.process.isolation import InProcess
from bot.service.change_check import ChangeCheck, ChangeChecker
from rules.papers.evidence import Evidence
from tests.bot.service.conftest import LIST, POLICY_PATH, ref_of
from tests.end_to_end.papers import README, WITHOUT_YEAR, appended
from tests.sandbox import Pull, Sandbox

POLICY = "preset: most-cited\nlist: "


def checked(sandbox: Sandbox, app: App, pull: Pull) -> ChangeCheck:
    """Return the check of a pull request."""
    ref = ref_of(sandbox)
    with app.repository(ref.installation_id, ref.full_name, ref.id) as repository:
        found = pull_request(repository, pull.number)
        checker = ChangeChecker(InProcess(), lambda _: Evidence())
        return checker.check(repository, found, found.body, found.repository_url)


@pytest.mark.parametrize(
    ("path", "advice"),
    [("readme.md", "Did you mean README.md?"), ("papers.md", "Write the path of the list")],
)
def test_missing_list_holds_changes_of_lists(sandbox: Sandbox, app: App, path: str, advice: str) -> None:
    """The policy names a list that is not there: a maintainer has to correct it, with a suggestion."""
    sandbox.commit(LIST, {"README.md": README, POLICY_PATH: POLICY + path})
    touching = checked(sandbox, app, sandbox.open_pull(LIST, {"README.md": appended(WITHOUT_YEAR)}))
    assert (touching.verdict, touching.output.conclusion, touching.comment) == (
        "policy",
        "action_required",
        None,
    )
    assert f"There is no {path} on the base branch." in touching.output.summary
    assert advice in touching.output.summary
    other = checked(sandbox, app, sandbox.open_pull(LIST, {"code.py": "x"}))
    assert (other.verdict, other.output.conclusion) == (UNCHANGED, "success")


def test_list_that_the_change_adds_is_evaluated(sandbox: Sandbox, app: App) -> None:
    """A new list is not a missing one."""
    sandbox.commit(LIST, {"README.md": None, POLICY_PATH: POLICY + "papers.md"})
    assert checked(sandbox, app, sandbox.open_pull(LIST, {"papers.md": README})).verdict not in {
        "policy",
        UNCHANGED,
    }


def test_list_renamed_on_the_base_is_evaluated_under_its_former_path(sandbox: Sandbox, app: App) -> None:
    """The check points at the lines of the pull request's diff."""
    start = sandbox.commit(LIST, {"README.md": README})
    sandbox.commit(LIST, {"README.md": None, "papers.md": README, POLICY_PATH: POLICY + "papers.md"})
    pull = sandbox.open_pull(LIST, {"README.md": appended(WITHOUT_YEAR)}, start=start)
    found = checked(sandbox, app, pull)
    assert (found.verdict, found.path) == ("fail", "README.md")
    assert {item.path for item in found.output.annotations} == {"README.md"}


def test_list_is_evaluated_if_github_cannot_compare(sandbox: Sandbox, app: App) -> None:
    """The merge base is found from the histories."""
    sandbox.commit(LIST, {"README.md": README})
    pull = sandbox.open_pull(LIST, {"README.md": appended(WITHOUT_YEAR)})
    sandbox.faults.add("GET", "/compare/", status=502, times=None)
    assert checked(sandbox, app, pull).verdict == "fail"


@pytest.mark.parametrize("kind", ["symlink", "submodule", "folder"])
def test_list_that_is_not_a_file_is_named(sandbox: Sandbox, app: App, kind: str) -> None:
    """The check says what is there instead."""
    sandbox.commit(LIST, {"README.md": README})
    pull = sandbox.open_pull(LIST, {"README.md": None}, from_fork=False)
    if kind == "symlink":
        sandbox.commit_link(LIST, "README.md", "/etc/passwd", branch=pull.head_ref)
    elif kind == "submodule":
        sandbox.commit_submodule(LIST, "README.md", branch=pull.head_ref)
    else:
        sandbox.commit(LIST, {"README.md/a.md": "x"}, branch=pull.head_ref)
    sandbox.set_branch(LIST, pull.head_ref, sandbox.head(LIST, pull.head_ref))
    found = checked(sandbox, app, pull)
    assert found.verdict == "fail"
    assert f"is a {kind}, not a file" in (found.output.text or "") + found.output.summary


def test_readme_that_would_hide_the_list_is_held(sandbox: Sandbox, app: App) -> None:
    """GitHub shows .github/README.md in place of README.md."""
    found = checked(sandbox, app, sandbox.open_pull(LIST, {".github/README.md": "x"}))
    assert (found.verdict, found.output.conclusion) == ("list hidden", "action_required")
    assert found.output.title == "This would hide README.md"
    assert "Remove `.github/README.md`" in found.output.summary
