"""The check of a merge group: it passes or fails, because nobody can decide anything in the queue."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.render.escape import plain

if TYPE_CHECKING:
    from bot.render.check import CheckOutput

_TOGETHER = "Checked together with the pull requests before it in the queue."
_QUEUE_AGAIN = "Settle it on the pull request, then add the pull request to the merge queue again."
_NO_ANSWER = (
    "A service did not answer in time, so the queue goes on without this group. Nobody is to blame: add the "
    "pull request to the queue again once its own check has passed."
)
TITLE_CHARACTERS = 255


def for_merge_group(output: CheckOutput, *, unanswered: bool) -> CheckOutput:
    """Return the check of a merge group's head: what holds a pull request fails here.

    ``unanswered`` is true when the only reason is a service that did not answer.
    """
    if output.conclusion == "success":
        return output
    advice = _NO_ANSWER if unanswered else _QUEUE_AGAIN
    return replace(
        output,
        conclusion="failure",
        title=plain(f"In the merge queue: {output.title}", TITLE_CHARACTERS),
        summary=f"{_TOGETHER} {advice}\n\n{output.summary}",
    )


def waiting(output: CheckOutput) -> CheckOutput:
    """Return the check of a merge group while a service does not answer."""
    return replace(
        output,
        title=plain(f"Waiting: {output.title}", TITLE_CHARACTERS),
        summary=f"The merge queue waits a few minutes for a service that did not answer.\n\n{output.summary}",
        annotations=(),
    )
