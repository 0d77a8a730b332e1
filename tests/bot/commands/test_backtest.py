"""``papergate backtest`` on real git histories."""

from __future__ import annotations

import json
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import cli
from bot.commands.git import Repository
from tests.bot.commands.hosted import LIST, NEW, git, with_paper

HOSTILE = "::set-output name=verdict::pass \x1b[31m\u202e##[error]x"
OTHER = NEW.replace("new", "second").replace("09999", "08888")


class Page(HTMLParser):
    """The tags, links and text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data: str) -> None:
        self.text += data


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["backtest", *map(str, arguments)])


def commit(folder: Path, text: str, title: str, day: str, *options: str) -> str:
    (folder / "README.md").write_text(text)
    git(folder, "add", ".")
    variables = [f"GIT_COMMITTER_DATE={day}T12:00:00Z", f"GIT_AUTHOR_DATE={day}T12:00:00Z"]
    _git_with(folder, variables, "commit", "-q", "-m", title, *options)
    return git(folder, "rev-parse", "HEAD")


def _git_with(folder: Path, variables: list[str], *arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["env", *variables, "git", "-C", str(folder), *identity, *arguments], check=True)


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """Return a repository: a list, a good change, a merge of a branch that is behind, a hostile squash."""
    folder = tmp_path / "list"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    commit(folder, LIST, "A list", "2017-01-01")
    git(folder, "checkout", "-qb", "branch")
    commit(folder, with_paper(LIST), "On the branch", "2017-01-02")
    git(folder, "checkout", "-q", "main")
    commit(folder, LIST + "\nThanks!\n", "Thank", "2017-02-01")
    (folder / "NOTES.md").write_text("No list\n")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "Not about the list")
    variables = ["GIT_COMMITTER_DATE=2017-03-01T12:00:00Z"]
    _git_with(folder, variables, "merge", "-q", "--no-ff", "-m", "Merge pull request #7", "branch")
    commit(folder, with_paper(LIST + "\nThanks!\n", NEW + OTHER), HOSTILE, "2017-04-01")
    git(folder, "remote", "add", "origin", "https://user:secret@github.com/owner/list.git")
    return folder


def test_json_has_every_change_with_its_verdict(history: Path) -> None:
    """Oldest first, without the first commit and those that leave the list alone."""
    result = run(history, "--format", "json")
    assert result.exit_code == 0
    data = json.loads(result.stdout)
    assert (data["changes"], data["held"]) == (3, 2)
    assert [(item["date"], item["verdict"]) for item in data["results"]] == [
        ("2017-02-01", "pass"), ("2017-03-01", "fail"), ("2017-04-01", "fail"),
    ]  # fmt: skip
    merge = data["results"][1]
    assert merge["sha"] == git(history, "rev-parse", "main^")
    assert merge["title"] == "Merge pull request #7"
    assert [(item["rule"], item["code"]) for item in merge["findings"] if item["severity"] == "error"] == [
        ("count", "over-limit")
    ]
    assert data["results"][2]["title"].startswith("::set-output name=verdict::pass \x1b[31m\u202e")


def test_text_is_a_table_of_rules_and_the_held_changes(history: Path) -> None:
    """Commits are linked where the remote is GitHub, without the credentials of its URL."""
    text = run(history).stdout
    lines = text.splitlines()
    assert lines[0].split() == ["held", "warned", "rule"]
    assert lines[1].split() == ["2", "0", "count/over-limit"]
    sha = git(history, "rev-parse", "main^")
    link = f"https://github.com/owner/list/commit/{sha}"
    assert f"  2017-03-01  fail: Merge pull request #7  {link}" in lines
    assert lines[-1] == "2 of 3 changes of README.md would have been held (67 %)."
    assert "secret" not in text


def test_a_hostile_title_is_only_text(history: Path) -> None:
    """It paints nothing and starts no workflow command, in neither format."""
    for form in ("text", "json"):
        output = run(history, "--format", form).stdout
        assert not set(output) & {"\x1b", "\u202e"}
        assert "##[" not in output
        assert not any(line.lstrip().startswith("::") for line in output.splitlines())


def test_the_page_is_whole_and_safe(history: Path) -> None:
    """It loads nothing, runs nothing, and shows a hostile title as text."""
    commit(history, LIST, '<script>alert(1)</script> & "quotes"', "2017-05-01")
    commit(history, with_paper(LIST, NEW + OTHER), "<img src=x onerror=alert(1)>", "2017-06-01")
    page = run(history, "--format", "html").stdout
    parser = Page()
    parser.feed(page)
    assert parser.tags <= {
        "html", "meta", "title", "style", "h1", "h2", "p", "b", "a",
        "table", "thead", "tbody", "tr", "th", "td", "ol", "ul", "li",
    }  # fmt: skip
    assert all(link.startswith("https://github.com/owner/list/commit/") for link in parser.links)
    assert parser.text.index("2017-06-01") < parser.text.index("2017-03-01")
    assert "<img src=x onerror=alert(1)>" in parser.text
    assert "3 of 5 changes of README.md would have been held (60 %)." in parser.text
    assert not set(page) & {"\x1b", "\u202e"}


def test_since_leaves_out_earlier_changes(history: Path) -> None:
    """The day itself counts."""
    data = json.loads(run(history, "--since", "2017-03-01", "--format", "json").stdout)
    assert [item["date"] for item in data["results"]] == ["2017-03-01", "2017-04-01"]


def test_the_policy_is_that_of_head_unless_named(history: Path, tmp_path: Path) -> None:
    """So a maintainer can try one before it is committed."""
    policy = tmp_path / "policy.yml"
    policy.write_text("severities: {count: off}\n")
    assert json.loads(run(history, "--config", policy, "--format", "json").stdout)["held"] == 0
    (history / ".github").mkdir()
    (history / ".github" / "papergate.yml").write_text("severities: {count: warning}\n")
    git(history, "add", ".")
    git(history, "commit", "-qm", "Add a policy")
    assert json.loads(run(history, "--format", "json").stdout)["held"] == 0
    result = run(history)
    assert result.stdout.endswith("0 of 3 changes of README.md would have been held (0 %).\n")
    assert result.stderr == "papergate: policy: .github/papergate.yml at HEAD\n"


def test_a_long_history_is_checked_in_two_processes(tmp_path: Path) -> None:
    """The results are in order, also from a bare repository. Missing and broken lists are held."""
    folder = tmp_path / "list"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    commit(folder, LIST, "A list", "2017-01-01")
    for number in range(18):
        commit(folder, f"{LIST}\nNote {number}.\n", f"Note {number}", "2017-01-02")
    git(folder, "mv", "README.md", "list.md")
    git(folder, "commit", "-qm", "Rename the list")
    (folder / "README.md").write_bytes(b"\xff")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "Break the list")
    commit(folder, LIST, "Mend the list", "2017-01-03")
    git(tmp_path, "clone", "-q", "--bare", str(folder), "bare.git")
    data = json.loads(run(tmp_path / "bare.git", "--format", "json").stdout)
    titles = [
        *(f"Note {number}" for number in range(18)),
        "Rename the list",
        "Break the list",
        "Mend the list",
    ]
    assert [item["title"] for item in data["results"]] == titles
    messages = [item["findings"][0]["message"] for item in data["results"][18:20]]
    assert "README.md is gone" in messages[0]
    assert "README.md is not UTF-8" in messages[1]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["none"], "git: fatal: cannot change to"),
        (["."], "git: fatal: not a git repository"),
        ([".", "--since", "spring"], "--since: write the date as YYYY-MM-DD"),
    ],
)
def test_wrong_input_is_a_usage_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], reason: str
) -> None:
    """One line on standard error and status 2."""
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert reason in result.stderr


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("https://github.com/owner/list", "https://github.com/owner/list"),
        ("git@github.com:owner/a.list.git", "https://github.com/owner/a.list"),
        ("ssh://git@github.com/owner/list.git", "https://github.com/owner/list"),
        ("https://github.com.evil.example/owner/list", None),
        ("https://example.org/github.com/owner/list", None),
        ("file:///srv/list", None),
    ],
)
def test_only_a_remote_on_github_has_a_page(tmp_path: Path, url: str, page: str | None) -> None:
    """Other addresses are never turned into links."""
    git(tmp_path, "init", "-q")
    git(tmp_path, "remote", "add", "origin", url)
    assert Repository(tmp_path).github_page() == page
