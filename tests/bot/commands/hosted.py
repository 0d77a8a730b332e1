"""A repository as GitHub hosts it, with a pull request from a fork, and clones as the runner makes them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.paths import DATA

LIST = (DATA / "list" / "README.md").read_text()
RESNET = "- **Deep residual learning for image recognition**"
NEW = "- **A new network** (2016), A. Writer et al. [[pdf]](https://arxiv.org/pdf/1612.09999)\n"
POLICY = "preset: most-cited\nlist: README.md\n"


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder and return its output."""
    done = subprocess.run(
        ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@example.org", *arguments],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def with_paper(text: str, line: str = NEW) -> str:
    """Return the list with one more paper in a top section."""
    return text.replace(RESNET, line + RESNET)


@dataclass(frozen=True)
class Hosted:
    """The repository at ``path``; ``base_sha`` is where the fork left, ``merge_sha`` the test merge."""

    path: Path
    base_sha: str
    head_sha: str
    merge_sha: str


def host(
    folder: Path, head_text: str | None, policy: str | None = POLICY, *, also: Mapping[str, str] | None = None
) -> Hosted:
    """Make a repository whose pull request 7 changes the list to ``head_text``; None removes it.

    ``also`` are other files that the pull request adds. The branch main has moved on since the fork was
    made, so the merge base is not the base.
    """
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / "README.md").write_text(LIST)
    if policy is not None:
        (folder / ".github").mkdir()
        (folder / ".github" / "papergate.yml").write_text(policy)
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "A list")
    base_sha = git(folder, "rev-parse", "HEAD")
    git(folder, "checkout", "-q", "--detach")
    if head_text is None:
        (folder / "README.md").unlink()
    else:
        (folder / "README.md").write_text(head_text)
    (folder / ".github").mkdir(exist_ok=True)
    for name, text in (also or {}).items():
        (folder / name).write_text(text)
    (folder / ".github" / "papergate.yml").write_text("preset: most-cited\nseverities: {count: off}\n")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "Change the list and its policy")
    head_sha = git(folder, "rev-parse", "HEAD")
    git(folder, "update-ref", "refs/pull/7/head", head_sha)
    git(folder, "checkout", "-q", "main")
    (folder / "NOTES.md").write_text("Later.\n")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "Move on")
    git(folder, "checkout", "-q", "--detach")
    git(folder, "merge", "-q", "--no-ff", "-m", "Merge", head_sha)
    merge_sha = git(folder, "rev-parse", "HEAD")
    git(folder, "update-ref", "refs/pull/7/merge", merge_sha)
    git(folder, "checkout", "-q", "main")
    return Hosted(folder, base_sha, head_sha, merge_sha)


def check_out(hosted: Hosted, folder: Path, *, depth: int | None = 1) -> Path:
    """Clone the test merge as actions/checkout does; without a depth the whole history."""
    folder.mkdir()
    git(folder, "init", "-q")
    git(folder, "remote", "add", "origin", f"file://{hosted.path}")
    options = ["--no-tags", *([] if depth is None else [f"--depth={depth}"])]
    refs = ["+refs/pull/7/merge:refs/remotes/pull/7/merge"]
    if depth is None:
        refs.append("+refs/heads/*:refs/remotes/origin/*")
    git(folder, "fetch", "-q", *options, "origin", *refs)
    git(folder, "checkout", "-q", "--force", "refs/remotes/pull/7/merge")
    return folder


def environment(folder: Path, workspace: Path, hosted: Hosted, **event: object) -> dict[str, str]:
    """Return the environment that the runner sets; the event is that of the pull request unless given."""
    (name,) = event or ("pull_request",)
    payload = event or {"pull_request": pull_request(hosted)}
    file = folder / "event.json"
    file.write_text(json.dumps(payload))
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": name,
        "GITHUB_EVENT_PATH": str(file),
        "GITHUB_WORKSPACE": str(workspace),
        "GITHUB_SHA": hosted.merge_sha,
        "GITHUB_REPOSITORY": "owner/list",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        "GITHUB_OUTPUT": str(folder / "output"),
        "RUNNER_TEMP": str(folder),
        "INPUT_OFFLINE": "true",
    }


def pull_request(hosted: Hosted, title: str = "Add a paper", body: str | None = None) -> dict[str, object]:
    """Return the part of the payload that is about the pull request, as it is for one from a fork."""
    return {
        "number": 7,
        "title": title,
        "body": body,
        "base": {"ref": "main", "sha": hosted.base_sha},
        "head": {"ref": "patch-1", "sha": hosted.head_sha, "repo": None},
    }
