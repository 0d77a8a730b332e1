"""Replies to the commands that change a list: why nothing was done, or a patch in place of a commit."""

from __future__ import annotations

from bot.render.escape import fenced, inline
from bot.render.page import size_of

BUDGET = 60_000
"""Bytes; GitHub refuses a comment of more than 65,536 characters."""
REASON_LIMIT = 500


def not_done(reason: str) -> str:
    """Return the reply to a command that cannot be done; ``reason`` is plain text that may quote the list."""
    return f"Not done: {inline(reason, REASON_LIMIT)}."


def patched(summary: str, why: str, unified: str, binary: str) -> str:
    """Return the reply with a patch; ``why`` says in plain words why there is no commit.

    ``unified`` is the patch as people read it; where a comment could not hold it byte for byte (line ends
    of another system, control characters), ``binary`` takes its place.
    """
    shown = fenced(unified.removesuffix("\n"), "diff")
    block = shown if unified in shown else fenced(binary.removesuffix("\n"))
    answer = (
        f"{inline(summary, REASON_LIMIT)}: {why} This patch does it. Save it as `papergate.patch`, then "
        "`git apply papergate.patch`, commit and push.\n\n"
        f"<details><summary>The patch</summary>\n\n{block}\n\n</details>"
    )
    if size_of(answer) <= BUDGET:
        return answer
    return f"{inline(summary, REASON_LIMIT)}: {why} The patch is too long for a comment."
