"""The comment on a pull request, kept by a second workflow with the right to write comments.

It runs after the workflow that checks pull requests, from the default branch, and checks nothing out. The
event names the commit and GitHub the number of the pull request; nothing comes from a file that it made.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.github.app import Identity
from bot.github.commits import pulls_of_head
from bot.github.fetch import pull_request
from bot.github.publish import publish_comment
from bot.github.token import open_repository, user_id
from bot.process.isolation import InProcess
from bot.render.audience import Audience
from bot.render.comment import comment
from bot.render.page import Judged
from bot.service.change_check import ChangeCheck, ChangeChecker

if TYPE_CHECKING:
    from github.Repository import Repository

    from bot.service.pipeline import LookUp

BOT = "github-actions[bot]"
"""The user that writes with the token of a job."""
_NOBODY: frozenset[str] = frozenset()


def keep_comments(
    head_sha: str, full_name: str, token: str, api_url: str, look_up: LookUp | None, bot: str = BOT
) -> tuple[int, ...]:
    """Keep one comment on each open pull request with this head; return the numbers of those that changed.

    Raises:
        GitHubUnavailable: GitHub cannot be asked now.
        GitHubRefused: the token may not read contents or write comments.
    """
    # Below INFO, PyGithub logs the bodies of answers.
    logging.getLogger("github.Requester").setLevel(logging.INFO)
    with open_repository(token, api_url, full_name) as repository:
        identity = Identity(0, bot.removesuffix("[bot]"), user_id(repository, bot))
        checker = ChangeChecker(InProcess(), look_up)
        numbers = pulls_of_head(repository, head_sha)
        return tuple(number for number in numbers if _keep(repository, number, head_sha, checker, identity))


def _keep(
    repository: Repository, number: int, head_sha: str, checker: ChangeChecker, identity: Identity
) -> bool:
    pull = pull_request(repository, number)
    if not pull.open or pull.head_sha != head_sha:
        return False  # a later run is about what it is now
    evaluated = checker.evaluate(repository, pull, pull.body)
    if isinstance(evaluated, ChangeCheck):
        return False  # there is no policy to judge by; the other workflow says so
    judged = Judged(pull.head_sha, pull.base_sha, pull.repository_url)
    # Slash commands need the App, so none is named.
    readers = Audience(number, pull.author, by_author=_NOBODY, by_maintainers=_NOBODY)
    return publish_comment(
        repository, number, comment(evaluated.evaluation.report, judged, readers), identity
    )
