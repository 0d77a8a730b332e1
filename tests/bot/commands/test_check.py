"""``check`` and ``audit``: where the policy comes from, exit statuses and error messages."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import cli
from rules.evaluate import LARGEST
from tests.paths import DATA

LIST = (DATA / "list" / "README.md").read_text()
RESNET = "- **Deep residual learning for image recognition**"
NEW = "- **A new network** (2016), A. Writer et al. [[pdf]](https://arxiv.org/pdf/1612.09999)\n"
LENIENT = "preset: most-cited\nseverities: {count: warning, citations: off}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@example.org", *arguments],
        check=True,
        capture_output=True,
    )


@pytest.fixture
def repository(folder: Path) -> Path:
    """Return a repository whose branch adds a 101st paper to the list of its branch main."""
    git(folder, "init", "-q", "-b", "main")
    (folder / "README.md").write_text(LIST)
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "A list")
    git(folder, "checkout", "-qb", "work")
    (folder / "README.md").write_text(LIST.replace(RESNET, NEW + RESNET))
    git(folder, "commit", "-qam", "Add a paper")
    return folder


def run(*arguments: str | Path, text: str | bytes | None = None) -> Result:
    command = [str(argument) for argument in (*arguments, "--offline")]
    return CliRunner().invoke(cli, command, input=text)


def add_policy(folder: Path, text: str = LENIENT) -> Path:
    (folder / ".github").mkdir()
    file = folder / ".github" / "papergate.yml"
    file.write_text(text)
    return file


def test_check_of_a_repository_uses_the_policy_at_the_base(repository: Path) -> None:
    """A policy that the branch adds or the working tree has does not count."""
    add_policy(repository)
    held = run("check", "--base-ref", "main")
    assert held.exit_code == 1
    assert held.stderr == (
        'papergate: policy: preset "most-cited", because there is no .github/papergate.yml at main\n'
    )
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "Add a policy")
    git(repository, "branch", "-f", "lenient", "work")
    passed = run("check", "--base-ref", "lenient")
    assert (passed.exit_code, passed.stderr) == (0, "papergate: policy: .github/papergate.yml at lenient\n")


def test_check_finds_the_list_from_a_subdirectory(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without PATH the list is the policy's, at the top of the repository."""
    (repository / "docs").mkdir()
    monkeypatch.chdir(repository / "docs")
    result = run("check", "--base-ref", "main", "--format", "json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["list"]["path"] == "README.md"


def test_check_of_files_uses_the_policy_beside_the_base(folder: Path) -> None:
    """A policy beside the head file does not count: a contributor could have written it."""
    for name, text in (("base", LIST), ("head", LIST.replace(RESNET, NEW + RESNET))):
        (folder / name).mkdir()
        (folder / name / "list.md").write_text(text)
    files = ("check", "--base", Path("base/list.md"), "--head", Path("head/list.md"))
    add_policy(folder / "head")
    assert run(*files).exit_code == 1
    policy = add_policy(folder / "base")
    result = run(*files)
    assert (result.exit_code, result.stderr) == (0, f"papergate: policy: {policy}\n")


def test_audit_uses_the_policy_of_the_repository(folder: Path) -> None:
    """A list in a subdirectory is checked by the policy at the top of its repository."""
    git(folder, "init", "-q")
    policy = add_policy(folder, "list: docs/list.md\n")
    (folder / "docs").mkdir()
    (folder / "docs" / "list.md").write_text(LIST)
    assert run("audit", Path("docs/list.md")).stderr == f"papergate: policy: {policy}\n"


def test_formats_for_programs_come_alone(folder: Path) -> None:
    """A program may read standard output and standard error as one."""
    (folder / "list.md").write_text(LIST)
    for form in ("json", "markdown", "github", "sarif"):
        assert run("audit", Path("list.md"), "--format", form).stderr == ""
    assert run("audit", Path("list.md")).stderr.startswith('papergate: policy: preset "most-cited"')


def test_a_named_policy_is_not_announced(folder: Path) -> None:
    """The user already knows which one it is. A byte order mark does no harm."""
    policy = folder / "policy.yml"
    policy.write_bytes(b"\xef\xbb\xbfpreset: most-cited\n")
    assert run("audit", DATA / "list" / "README.md", "--config", policy).stderr == ""


def test_findings_name_the_file_that_was_given(folder: Path) -> None:
    """In every format, for check and audit, also when the policy names another file."""
    (folder / "base.md").write_text(LIST)
    (folder / "head.md").write_text(LIST.replace(RESNET, NEW + RESNET))
    check = ("check", "--base", Path("base.md"), "--head", Path("head.md"), "--preset", "most-cited")
    assert json.loads(run(*check, "--format", "json").stdout)["list"]["path"] == "head.md"
    assert "head.md" in run(*check).stdout
    assert "file=head.md," in run(*check, "--format", "github").stdout
    audit = run("audit", Path("head.md"), "--preset", "most-cited", "--format", "json")
    assert json.loads(audit.stdout)["list"]["path"] == "head.md"


def test_a_dash_is_standard_input(folder: Path) -> None:
    """For audit and for one side of check."""
    (folder / "base.md").write_text(LIST)
    audit = run("audit", "-", "--preset", "most-cited", "--format", "json", text=LIST)
    assert json.loads(audit.stdout)["list"]["entries"]["head"] == 238
    check = run("check", "--base", "base.md", "--head", "-", "--preset", "most-cited", text=LIST)
    assert check.exit_code == 0


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("# A list\n\nNothing here.\n", "none of the sections", id="no known section"),
        pytest.param(LIST + "x" * LARGEST, "larger than 512 KiB", id="large"),
        pytest.param(LIST + "ü" * LARGEST, "larger than 512 KiB", id="cut inside a character"),
    ],
)
def test_a_list_that_cannot_be_judged_is_held(folder: Path, text: str, reason: str) -> None:
    """The finding is structure/unreadable and the status 1."""
    (folder / "list.md").write_text(text)
    result = run("audit", Path("list.md"), "--preset", "most-cited", "--format", "json")
    assert result.exit_code == 1
    (finding,) = json.loads(result.stdout)["findings"]
    assert (finding["rule"], finding["code"]) == ("structure", "unreadable")
    assert reason in finding["message"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["audit", "none.md"], "none.md: No such file"),
        (["audit", "."], ".: Is a directory"),
        (["audit", "empty.md"], "empty.md is empty"),
        (["audit", "latin.md"], "latin.md is not UTF-8: byte 7"),
        (["audit", "list.md", "--config", "none.yml"], "none.yml: No such file"),
        (["audit", "list.md", "--config", "bad.yml"], "bad.yml: line 1: cup: no such key; did you mean cap?"),
        (["audit", "list.md", "--config", "latin.md"], "latin.md is not UTF-8"),
        (["audit", "list.md", "--config", "bad.yml", "--preset", "most-cited"], "not both"),
        (["audit", "list.md", "--preset", "other"], "'other' is not one of"),
        (["audit", "list.md", "--today", "yesterday"], "--today: write the date as YYYY-MM-DD"),
        (["check"], "--base FILE and --head FILE"),
        (["check", "--base", "list.md"], "--base FILE and --head FILE"),
        (["check", "--base", "list.md", "--head", "list.md", "list.md"], "PATH goes with --base-ref"),
        (["check", "--base", "-", "--head", "-"], "only one of"),
        (["check", "--base", "list.md", "--head", "list.md", "--base-ref", "x"], "not both"),
        (["check", "--base-ref", "main"], "git: fatal: not a git repository"),
    ],
)
def test_wrong_input_is_one_line_and_status_2(folder: Path, arguments: list[str], reason: str) -> None:
    """Nothing is printed on standard output."""
    (folder / "list.md").write_text(LIST)
    (folder / "empty.md").write_text(" \n")
    (folder / "latin.md").write_bytes(b"# List \xe9\n")
    (folder / "bad.yml").write_text("cup: 3\n")
    command = [sys.executable, "-c", "from bot.cli import main; main()", *arguments, *(["--offline"])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert reason in done.stderr


def test_an_error_about_a_hostile_file_is_only_text(folder: Path) -> None:
    """Neither the name of a file nor its content paints the terminal or starts a workflow command."""
    (folder / "list.md").write_text(LIST)
    (folder / "bad.yml").write_text('"\\e]0;owned\\a ##[error]x": 1\n')
    for policy in ("bad.yml", "\x1b[31mnone ##[error].yml"):
        command = [sys.executable, "-c", "from bot.cli import main; main()", "audit", "list.md"]
        done = subprocess.run([*command, "--config", policy], capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert not set(done.stderr) & {"\x1b", "\x07"}
        assert "##[" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--base-ref", "none"], "git: fatal: Needed a single revision"),
        (["--base-ref", "--help"], "git: fatal: Needed a single revision"),
        (["--base-ref", "main", "none.md"], "none.md: No such file"),
        (["--base-ref", "alone"], "have no commit in common"),
        (["--base-ref", "main", "../outside.md"], "not a git repository"),
    ],
)
def test_a_repository_without_the_change_is_a_usage_error(
    repository: Path, arguments: list[str], reason: str
) -> None:
    """The message says what is missing."""
    git(repository, "checkout", "-q", "--orphan", "alone")
    git(repository, "commit", "-qm", "Begin again")
    git(repository, "checkout", "-q", "work")
    (repository.parent / "outside.md").write_text(LIST)
    result = run("check", *arguments)
    (repository.parent / "outside.md").unlink()
    assert result.exit_code == 2
    assert reason in result.stderr


def test_a_symbolic_link_in_a_commit_is_never_followed(repository: Path) -> None:
    """The list at the base is then a usage error, not an empty list."""
    git(repository, "checkout", "-q", "main")
    (repository / "README.md").unlink()
    (repository / "README.md").symlink_to("/etc/hostname")
    git(repository, "commit", "-qam", "Link")
    git(repository, "checkout", "-q", "work")
    result = run("check", "--base-ref", "main")
    assert result.exit_code == 2
    assert "is a link or a directory" in result.stderr


def test_no_link_out_of_the_checkout_is_followed(
    repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Neither for the list nor for the policy: both may be a contributor's."""
    secret = tmp_path_factory.mktemp("elsewhere") / "secret"
    secret.write_text("token: s3cr3t\n")
    (repository / "README.md").unlink()
    (repository / "README.md").symlink_to(secret)
    (repository / ".github").mkdir()
    (repository / ".github" / "papergate.yml").symlink_to(secret)
    (repository / "list.md").write_text(LIST)
    for command in (["check", "--base-ref", "main"], ["audit", "list.md"]):
        result = run(*command)
        assert result.exit_code == 2
        assert "s3cr3t" not in result.output
        assert "token" not in result.output
    (repository / ".github" / "papergate.yml").unlink()
    (repository / "policy.yml").write_text(LENIENT)
    (repository / ".github" / "papergate.yml").symlink_to("../policy.yml")
    assert run("audit", "list.md").stderr.endswith(".github/papergate.yml\n")
