"""The check of a merge group: nobody can decide anything there, so it lets through or it does not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.render.escape import plain

if TYPE_CHECKING:
    from bot.render.check import CheckOutput

_QUEUE_AGAIN = "Settle it on the pull request, then add it to the merge queue again."
_NO_ANSWER = (
    "A source did not answer for so long that the queue goes on without this group. Nobody is to blame: once "
    "the pull request's own check has passed, add it to the merge queue again."
)
TITLE_CHARACTERS = 255


def for_merge_group(output: CheckOutput, *, unanswered: bool) -> CheckOutput:
    """Return the check of a merge group's head: whatever would hold a pull request fails here.

    ``unanswered`` says that it is only for a source that did not answer.
    """
    if output.conclusion == "success":
        return output
    advice = _NO_ANSWER if unanswered else _QUEUE_AGAIN
    return replace(
        output,
        conclusion="failure",
        title=plain(f"In the merge queue: {output.title}", TITLE_CHARACTERS),
        summary=f"Judged together with what is before it in the queue. {advice}\n\n{output.summary}",
    )


def waiting(output: CheckOutput) -> CheckOutput:
    """Return what the check of a merge group says while a source does not answer."""
    return replace(
        output,
        title=plain(f"Waiting: {output.title}", TITLE_CHARACTERS),
        summary=f"The merge queue waits a few minutes for a source that did not answer.\n\n{output.summary}",
        annotations=(),
    )
