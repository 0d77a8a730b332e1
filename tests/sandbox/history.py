"""Real pull requests of a real list, opened again on real git; see `data/list/README.md`."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.sandbox.model import Pull
    from tests.sandbox.sandbox import Sandbox

FOLDER = Path(__file__).parent / "data" / "list" / "history"
LIST = "curator/awesome-deep-learning-papers"
DEFAULT_POLICY = "preset: most-cited\n"
POLICY_PATH = ".github/papergate.yml"

CLEAN = "065"
FORMAT_FAULTS = "078"
NEW_PAPERS = "088"
OVER_THE_CAP = "099"
BEHIND = "103"


@dataclass(frozen=True)
class RealPull:
    """A pull request of the past: the README at its merge base, its base and its head."""

    number: str
    title: str
    author: str
    date: str
    merge_base: str
    base: str
    head: str

    @property
    def base_branch(self) -> str:
        """Return the branch that holds the list as it was when the pull request was merged."""
        return f"as-of-{self.date[:10]}"


def read_real_pulls() -> list[RealPull]:
    """Return the stored pull requests, the oldest first."""
    return [_read(folder) for folder in sorted(FOLDER.iterdir())]


def _read(folder: Path) -> RealPull:
    told = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    texts = {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    base, head = texts["base"], texts["head"]
    merge_base = texts.get("mergebase", base)
    return RealPull(folder.name, told["title"], told["author"], told["date"], merge_base, base, head)


def create_list(sandbox: Sandbox, *, name: str = LIST, policy: str | None = DEFAULT_POLICY) -> None:
    """Make the list's repository: a commit for each known state, a branch `as-of-DATE` for each base.

    `master` is the last state. The policy is there from the first commit on; None leaves it out. The App is
    installed at the end, so nothing is delivered of all this but the installation.
    """
    known = read_real_pulls()
    files = {"README.md": known[0].merge_base} | ({POLICY_PATH: policy} if policy is not None else {})
    sandbox.create_repository(name, files, description="The most cited deep learning papers", install=False)
    current = known[0].merge_base
    for real in known:
        for text in (real.merge_base, real.base):
            if text != current:
                sandbox.commit(name, {"README.md": text}, message=f"Update README.md ({real.date[:10]})")
                current = text
        sandbox.set_branch(name, real.base_branch, sandbox.head(name))
    sandbox.install(name)


def open_real_pull(sandbox: Sandbox, number: str, *, name: str = LIST, body: str | None = None) -> Pull:
    """Return a pull request of the past, opened from its author's fork, as far behind its base as it was."""
    real = next(item for item in read_real_pulls() if item.number == number)
    start = sandbox.head(name, real.base_branch)
    if real.merge_base != real.base:
        start = sandbox.parent(name, start)
    return sandbox.open_pull(
        name,
        {"README.md": real.head},
        title=real.title,
        body=body,
        author=real.author,
        base=real.base_branch,
        start=start,
    )


def open_real_pulls(sandbox: Sandbox, *, name: str = LIST, policy: str | None = DEFAULT_POLICY) -> list[Pull]:
    """Return all stored pull requests, opened on a new list."""
    create_list(sandbox, name=name, policy=policy)
    return [open_real_pull(sandbox, real.number, name=name) for real in read_real_pulls()]


def open_duplicate(sandbox: Sandbox, *, name: str = LIST, author: str = "newcomer") -> Pull:
    """Return a made pull request to `master`: a paper of a top section listed once more, in the appendix."""
    readme = sandbox.read_file(name, "README.md")
    entry = next(line for line in readme.split("\n") if line.startswith("- **Deep residual learning"))
    plain = entry.replace("**", "")
    text = re.sub(
        r"(## Appendix: More than Top 100\n(?:[^\n]*\n)*?)(?=- )",
        rf"\g<1>{_escaped(plain)}\n",
        readme,
        count=1,
    )
    if text == readme:
        raise LookupError(f"{name}: README.md has no appendix")
    return sandbox.open_pull(name, {"README.md": text}, title="Add ResNet", body="A classic.", author=author)


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\")
