"""The comment that a second workflow keeps on a pull request."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import cli
from bot.commands import action_comment
from bot.render.comment import MARKER
from tests.bot.commands.hosted import LIST, with_paper
from tests.sandbox import Pull, Sandbox
from tests.sandbox.access import issue_token
from tests.sandbox.contract import load_contract

NAME = "curator/list"


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """Run a GitHub with the list; the bot of the sandbox stands for that of GitHub Actions."""
    with Sandbox(contract=load_contract()) as running:
        running.create_repository(NAME, {"README.md": LIST, ".github/papergate.yml": "preset: most-cited\n"})
        monkeypatch.setattr(action_comment.keep_comments, "__defaults__", (f"{running.app.slug}[bot]",))
        yield running
        assert running.violations == []


@pytest.fixture
def token(sandbox: Sandbox) -> str:
    """A token with the rights that the workflow gives its job."""
    installation = sandbox.install(NAME)
    permissions = {"contents": "read", "pull_requests": "write", "metadata": "read"}
    with sandbox.state.lock:
        return issue_token(sandbox.state, installation, permissions, None).value


@pytest.fixture
def pull(sandbox: Sandbox) -> Pull:
    """A pull request from a fork that makes it 101 papers."""
    return sandbox.open_pull(NAME, {"README.md": with_paper(LIST)}, author="ann")


def run(folder: Path, sandbox: Sandbox, token: str, **fields: object) -> Result:
    (folder / "event.json").write_text(json.dumps({"workflow_run": fields}))
    variables = {
        "GITHUB_EVENT_NAME": "workflow_run",
        "GITHUB_EVENT_PATH": str(folder / "event.json"),
        "GITHUB_REPOSITORY": NAME,
        "GITHUB_API_URL": sandbox.url,
        "INPUT_TOKEN": token,
        "INPUT_OFFLINE": "true",
    }
    return CliRunner().invoke(cli, ["action"], env=variables)


def test_one_comment_is_kept(tmp_path: Path, sandbox: Sandbox, token: str, pull: Pull) -> None:
    """It is edited after a push, and names no slash command, because those need the App."""
    result = run(tmp_path, sandbox, token, event="pull_request", head_sha=pull.head_sha)
    assert (result.exit_code, result.stdout) == (0, "::notice::Papergate: The comment on #1 is up to date\n")
    (first,) = sandbox.bot_comments(pull)
    assert first.body.startswith(MARKER)
    assert "101 papers" in first.body
    assert "/waive" not in first.body
    assert "/recheck" not in first.body
    pushed = sandbox.push(pull, {"README.md": LIST + "\nThanks!\n"})
    run(tmp_path, sandbox, token, event="pull_request", head_sha=pushed.head_sha)
    (second,) = sandbox.bot_comments(pull)
    assert second.id == first.id
    assert "All good" in second.body


def test_a_run_about_an_older_head_writes_nothing(
    tmp_path: Path, sandbox: Sandbox, token: str, pull: Pull
) -> None:
    """The run about the newer head speaks."""
    sandbox.push(pull, {"README.md": LIST + "\nThanks!\n"})
    result = run(tmp_path, sandbox, token, event="pull_request", head_sha=pull.head_sha)
    assert result.stdout == "::notice::Papergate: No comment had to change\n"
    assert sandbox.bot_comments(pull) == []


def test_a_run_about_a_push_writes_nothing(tmp_path: Path, sandbox: Sandbox, token: str, pull: Pull) -> None:
    """Its event says that it was about none."""
    result = run(tmp_path, sandbox, token, event="push", head_sha=pull.head_sha)
    assert result.stdout == "::notice::Papergate: The run was not about a pull request\n"
    assert sandbox.log.find() == []


def test_a_missing_token_is_a_usage_error(tmp_path: Path, sandbox: Sandbox, pull: Pull) -> None:
    """The message names the line of the workflow."""
    result = run(tmp_path, sandbox, "", event="pull_request", head_sha=pull.head_sha)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "token: ${{ github.token }}" in result.stderr


def test_a_refusal_is_one_line_without_the_token(tmp_path: Path, sandbox: Sandbox, pull: Pull) -> None:
    """The job fails."""
    sandbox.install(NAME)
    result = run(tmp_path, sandbox, "ghs_wrong", event="pull_request", head_sha=pull.head_sha)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "GitHub" in result.stderr
    assert "ghs_wrong" not in result.output
