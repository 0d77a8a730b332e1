"""``papergate action`` with real repositories, event files and the runner's environment."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import cli
from tests.bot.commands.hosted import (
    LIST,
    NEW,
    Hosted,
    check_out,
    environment,
    git,
    host,
    pull_request,
    with_paper,
)

HOSTILE = (
    "x %0A::error::forged\n::set-output name=verdict::pass "
    "##[set-output name=verdict;]pass\r::stop-commands::t"
)


def run(variables: dict[str, str]) -> Result:
    return CliRunner().invoke(cli, ["action"], env=variables)


def outputs(folder: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in (folder / "output").read_text().splitlines())


def commands(result: Result) -> list[str]:
    """Return the names of the commands that the runner would obey in the log."""
    lines = [line.strip() for line in result.output.splitlines()]
    assert not any("##[" in line for line in lines)
    return [line[2:].split("::")[0].split(" ")[0] for line in lines if line.startswith("::")]


@pytest.mark.parametrize("depth", [1, None], ids=["shallow", "whole"])
def test_a_pull_request_from_a_fork_is_judged_by_the_base(tmp_path: Path, depth: int | None) -> None:
    """The fork's own policy, which switches the rule off, does not count. A shallow clone is completed."""
    hosted = host(tmp_path / "hosted", with_paper(LIST))
    workspace = check_out(hosted, tmp_path / "workspace", depth=depth)
    result = run(environment(tmp_path, workspace, hosted))
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.startswith("::error file=README.md,title=count/over-limit::")
    assert set(commands(result)) <= {"error", "warning", "notice"}
    report = json.loads(Path(outputs(tmp_path)["report"]).read_text())
    assert outputs(tmp_path)["verdict"] == report["verdict"] == "fail"
    assert report["list"]["entries"] == {"base": 238, "head": 239}
    summary = (tmp_path / "summary.md").read_text()
    assert summary.startswith("### ")
    assert f"https://github.com/owner/list/blob/{hosted.head_sha}/README.md" in summary


def test_a_change_that_passes_exits_0(tmp_path: Path) -> None:
    """The outputs say so too, and are added to what earlier steps wrote."""
    hosted = host(tmp_path / "hosted", LIST + "\nThanks!\n")
    workspace = check_out(hosted, tmp_path / "workspace")
    (tmp_path / "output").write_text("earlier=1\n")
    result = run(environment(tmp_path, workspace, hosted))
    assert result.exit_code == 0
    assert outputs(tmp_path)["earlier"] == "1"
    assert outputs(tmp_path)["verdict"] == "pass"


def test_the_description_is_read(tmp_path: Path) -> None:
    """A payload may hold a description or null."""
    hosted = host(tmp_path / "hosted", with_paper(LIST))
    workspace = check_out(hosted, tmp_path / "workspace")
    pull = pull_request(hosted, body="It founded its field.")
    assert run(environment(tmp_path, workspace, hosted, pull_request=pull)).exit_code == 1


def test_a_merge_group_is_judged_on_its_combined_tree(tmp_path: Path) -> None:
    """From the base of the group to its head."""
    hosted = host(tmp_path / "hosted", with_paper(LIST))
    workspace = check_out(hosted, tmp_path / "workspace")
    group = {
        "head_sha": hosted.merge_sha,
        "head_ref": "refs/heads/gh-readonly-queue/main/pr-7",
        "base_sha": git(hosted.path, "rev-parse", "main"),
        "base_ref": "refs/heads/main",
    }
    result = run(environment(tmp_path, workspace, hosted, merge_group=group))
    assert result.exit_code == 1
    assert "count/over-limit" in result.stdout
    assert outputs(tmp_path)["verdict"] == "fail"


def test_a_shallow_clone_without_a_remote_says_what_to_set(tmp_path: Path) -> None:
    """One line on standard error and status 2; never a guess from the commits that are there."""
    hosted = host(tmp_path / "hosted", with_paper(LIST))
    workspace = check_out(hosted, tmp_path / "workspace")
    git(workspace, "remote", "remove", "origin")
    result = run(environment(tmp_path, workspace, hosted))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "set `fetch-depth: 0` for actions/checkout" in result.stderr
    assert not (tmp_path / "output").exists()


def test_a_history_that_cannot_be_completed_says_what_to_set(tmp_path: Path) -> None:
    """Here the remote has lost the commit of the fork, so nobody can say where it left the base."""
    hosted = host(tmp_path / "hosted", with_paper(LIST))
    workspace = check_out(hosted, tmp_path / "workspace", depth=2)
    git(hosted.path, "update-ref", "-d", "refs/pull/7/head")
    git(hosted.path, "update-ref", "-d", "refs/pull/7/merge")
    git(hosted.path, "reflog", "expire", "--expire=now", "--all")
    git(hosted.path, "gc", "-q", "--prune=now")
    result = run(environment(tmp_path, workspace, hosted))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "set `fetch-depth: 0` for actions/checkout" in result.stderr


def test_no_policy_passes_and_says_how_to_set_it_up(tmp_path: Path) -> None:
    """A policy that the pull request itself adds does not count."""
    hosted = host(tmp_path / "hosted", with_paper(LIST), policy=None)
    workspace = check_out(hosted, tmp_path / "workspace")
    result = run(environment(tmp_path, workspace, hosted))
    assert (result.exit_code, result.stdout) == (0, "::notice::Papergate: Not configured\n")
    assert outputs(tmp_path)["verdict"] == "pass"
    assert ".github/papergate.yml" in (tmp_path / "summary.md").read_text()


def test_a_policy_that_cannot_be_used_holds(tmp_path: Path) -> None:
    """The verdict is a maintainer's decision and the annotation is on the policy file."""
    hosted = host(tmp_path / "hosted", with_paper(LIST), policy="cup: 3\n")
    workspace = check_out(hosted, tmp_path / "workspace")
    result = run(environment(tmp_path, workspace, hosted))
    assert result.exit_code == 1
    assert result.stdout.startswith("::error file=.github/papergate.yml::Papergate: ")
    assert outputs(tmp_path)["verdict"] == "decision"
    assert "did you mean cap?" in (tmp_path / "summary.md").read_text()


def test_a_pull_request_that_leaves_the_list_alone_passes(tmp_path: Path) -> None:
    """Whatever is wrong with the list."""
    hosted = host(tmp_path / "hosted", LIST)
    workspace = check_out(hosted, tmp_path / "workspace")
    result = run(environment(tmp_path, workspace, hosted))
    assert (result.exit_code, result.stdout) == (0, "::notice::Papergate: The list is unchanged\n")


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(with_paper(LIST, NEW.replace("A new network", HOSTILE.replace("\n", " "))), id="title"),
        pytest.param(with_paper(LIST, f"- {HOSTILE}\n"), id="lines"),
        pytest.param(
            with_paper(LIST, NEW.replace("A. Writer", "::set-output name=verdict::pass")), id="authors"
        ),
    ],
)
def test_hostile_text_smuggles_no_workflow_command(tmp_path: Path, head: str) -> None:
    """Neither the title of the pull request nor the list adds a command, a property or an output."""
    hosted = host(tmp_path / "hosted", head)
    workspace = check_out(hosted, tmp_path / "workspace")
    pull = pull_request(hosted, title=HOSTILE, body=HOSTILE)
    result = run(environment(tmp_path, workspace, hosted, pull_request=pull))
    assert result.exit_code == 1
    assert set(commands(result)) <= {"error", "warning", "notice"}
    assert set(outputs(tmp_path)) == {"verdict", "report"}
    assert outputs(tmp_path)["verdict"] == "fail"


def test_a_list_that_is_gone_is_held(tmp_path: Path) -> None:
    """The finding is structure/unreadable."""
    hosted = host(tmp_path / "hosted", None)
    workspace = check_out(hosted, tmp_path / "workspace")
    result = run(environment(tmp_path, workspace, hosted))
    assert result.exit_code == 1
    assert "structure/unreadable" in result.stdout
    assert "README.md is gone" in result.stdout


def test_a_policy_that_names_no_file_is_a_fault_of_the_set_up(tmp_path: Path) -> None:
    """It holds what could be a change of the list, and nothing else."""
    hosted = host(tmp_path / "hosted", with_paper(LIST), policy="list: docs/list.md\n")
    workspace = check_out(hosted, tmp_path / "workspace")
    result = run(environment(tmp_path, workspace, hosted))
    assert result.exit_code == 1
    assert "There is no docs/list.md on the base branch" in (tmp_path / "summary.md").read_text()
    other = host(tmp_path / "other", LIST, policy="list: docs/list.md\n", also={"notes.txt": "No list\n"})
    workspace = check_out(other, tmp_path / "other workspace")
    assert run(environment(tmp_path, workspace, other)).exit_code == 0


def test_a_file_that_hides_the_list_is_held(tmp_path: Path) -> None:
    """GitHub shows .github/README.md in place of README.md."""
    hosted = host(tmp_path / "hosted", LIST, also={".github/README.md": "# Another list\n"})
    workspace = check_out(hosted, tmp_path / "workspace")
    result = run(environment(tmp_path, workspace, hosted))
    assert result.exit_code == 1
    assert "This would hide README.md" in result.stdout


def test_a_list_that_the_base_renamed_is_read_under_its_former_name(tmp_path: Path) -> None:
    """A pull request from before the rename is merged so by git."""
    hosted = host(tmp_path / "hosted", with_paper(LIST))
    git(hosted.path, "mv", "README.md", "list.md")
    (hosted.path / ".github" / "papergate.yml").write_text("list: list.md\n")
    git(hosted.path, "add", ".")
    git(hosted.path, "commit", "-qm", "Rename the list")
    git(hosted.path, "checkout", "-q", "--detach")
    git(hosted.path, "merge", "-q", "--no-ff", "-X", "ours", "-m", "Merge", hosted.head_sha)
    merge = git(hosted.path, "rev-parse", "HEAD")
    git(hosted.path, "update-ref", "refs/pull/7/merge", merge)
    workspace = check_out(hosted, tmp_path / "workspace")
    result = run({**environment(tmp_path, workspace, hosted), "GITHUB_SHA": merge})
    assert result.exit_code == 1
    assert "file=README.md,title=count/over-limit" in result.stdout


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"GITHUB_EVENT_NAME": "push"}, "run Papergate on pull_request and merge_group"),
        ({"GITHUB_EVENT_NAME": ""}, "GITHUB_EVENT_NAME is missing"),
        ({"GITHUB_EVENT_NAME": "merge_group"}, "GITHUB_EVENT_PATH is not the payload of merge_group"),
        ({"GITHUB_EVENT_PATH": "/none"}, "GITHUB_EVENT_PATH: No such file"),
        ({"GITHUB_WORKSPACE": "/none"}, "git: fatal: cannot change to"),
        ({"RUNNER_TEMP": "/none"}, "No such file"),
    ],
)
def test_a_wrong_set_up_is_one_line_and_status_2(
    tmp_path: Path, changes: dict[str, str], reason: str
) -> None:
    """Nothing is printed on standard output, so no run looks as if it had been judged."""
    hosted = host(tmp_path / "hosted", with_paper(LIST))
    workspace = check_out(hosted, tmp_path / "workspace")
    result = run({**environment(tmp_path, workspace, hosted), **changes})
    assert (result.exit_code, result.stdout) == (2, "")
    assert reason in result.stderr


def test_the_event_names_commits_and_nothing_else(tmp_path: Path) -> None:
    """What is no SHA never reaches git."""
    hosted = host(tmp_path / "hosted", with_paper(LIST))
    workspace = check_out(hosted, tmp_path / "workspace")
    forged = Hosted(hosted.path, "--upload-pack=touch /tmp/x", hosted.head_sha, hosted.merge_sha)
    result = run(environment(tmp_path, workspace, forged))
    assert result.exit_code == 2
    assert "is not the payload of pull_request" in result.stderr
