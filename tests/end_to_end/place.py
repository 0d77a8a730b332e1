"""A repository of a test's own on the shared stage, with the questions tests ask of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.bot.processes import wait_until
from tests.end_to_end.papers import README

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.sandbox import Sandbox
    from tests.sandbox.log import Exchange
    from tests.sandbox.model import CheckRun, Comment, Pull
    from tests.service import Service

POLICY = "preset: most-cited\n"
CAPPED = "preset: most-cited\ncap: 3\n"
"""At most one paper more than the list has."""
POLICY_PATH = ".github/papergate.yml"
EVERY_SOURCE = "^/(semantic-scholar|openalex|crossref|arxiv)/"
SECONDS = 30.0


@dataclass(frozen=True)
class Stage:
    """A GitHub and a bot that listens to it."""

    sandbox: Sandbox
    bot: Service


@dataclass(frozen=True)
class Place:
    """A repository, the App installed on it; its owner is a maintainer."""

    stage: Stage
    name: str

    @property
    def sandbox(self) -> Sandbox:
        """Return the GitHub it is on."""
        return self.stage.sandbox

    @property
    def owner(self) -> str:
        """Return the login of the owner."""
        return self.name.partition("/")[0]

    def create(self, readme: str | bytes = README, policy: str | None = POLICY, **more: str) -> None:
        """Make the repository with its list, its policy and more files."""
        files: dict[str, str | bytes | None] = {"README.md": readme, **more}
        if policy is not None:
            files[POLICY_PATH] = policy
        self.sandbox.create_repository(self.name, files)

    def cited(self, arxiv_id: str, citations: int = 4321) -> str:
        """Return the entry of a new paper of 2015 that Semantic Scholar knows to be cited so often."""
        title = f"A paper known as {arxiv_id}"
        self.sandbox.scholar.add_arxiv(
            arxiv_id, title, year=2015, citations=citations, authors=("Ann Author",)
        )
        return f"- **{title}** (2015), A. Author et al. [[pdf]](https://arxiv.org/pdf/{arxiv_id})\n"

    def open(self, readme: str | bytes | None, *, title: str = "Add a paper", draft: bool = False) -> Pull:
        """Return a pull request from a fork that makes this of the list (None: deletes it)."""
        return self.open_files({"README.md": readme}, title=title, draft=draft)

    def open_files(
        self, files: Mapping[str, str | bytes | None], *, title: str = "Add a paper", draft: bool = False
    ) -> Pull:
        """Return a pull request from a fork that changes these files."""
        return self.sandbox.open_pull(self.name, files, title=title, draft=draft)

    def validations(self, pull: Pull) -> list[dict[str, object]]:
        """Return what the bot logged of each look at a pull request that came to an end."""
        return self.stage.bot.logged("evaluated", repository=self.name, pull_request=pull.number)

    def wait_for_looks(self, pull: Pull, count: int) -> None:
        """Wait until the bot has finished this many looks at a pull request; fail when there are more."""
        wait_until(lambda: len(self.validations(pull)) >= count, SECONDS)
        assert len(self.validations(pull)) == count

    def check(self, pull: Pull) -> CheckRun:
        """Return the latest check run of a pull request's head."""
        return self.sandbox.check_runs(self.name, self.sandbox.pull(pull).head_sha)[-1]

    def concluded(self, pull: Pull, conclusion: str, *, timeout: float = SECONDS) -> CheckRun:
        """Return the latest check run of a pull request's head once it has this conclusion."""
        head = self.sandbox.pull(pull).head_sha
        return self.sandbox.wait_for_conclusion(self.name, head, conclusion, timeout=timeout)

    def comment(self, pull: Pull) -> Comment:
        """Return the one comment of the bot; fail when there is none or another."""
        (only,) = self.sandbox.bot_comments(pull)
        return only

    def comments(self, pull: Pull) -> list[Comment]:
        """Return the bot's comments on a pull request."""
        return self.sandbox.bot_comments(pull)

    def reactions(self, comment: Comment) -> list[str]:
        """Return what was answered to a comment."""
        return [reaction.content for reaction in self.sandbox.reactions(comment)]

    def writes(self) -> list[Exchange]:
        """Return the requests of the bot that changed something in this repository."""
        return [item for item in self.sandbox.log.writes() if item.path.startswith(f"/repos/{self.name}/")]

    def kept(self, pull: Pull) -> tuple[str | None, tuple[str | None, ...], list[str]]:
        """Return conclusion, title and text of the check, and the comments: all that people see."""
        run = self.check(pull)
        output = run.output
        return (
            run.conclusion,
            (output.title, output.summary, output.text),
            [comment.body for comment in self.comments(pull)],
        )
