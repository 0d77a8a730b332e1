"""The comment about a report, as its reader sees it."""

from __future__ import annotations

from bot.render.audience import Audience
from bot.render.comment import comment
from rules.report.report import Report
from tests.bot.render.page import shown
from tests.bot.render.samples import AUDIENCE, JUDGED


def body_of(of: Report, audience: Audience = AUDIENCE) -> str:
    """Return the Markdown of the comment about a report."""
    return comment(of, JUDGED, audience).body


def read(of: Report, audience: Audience = AUDIENCE) -> str:
    """Return what a reader sees of the comment about a report."""
    return shown(body_of(of, audience))


def items(of: Report, audience: Audience = AUDIENCE) -> list[str]:
    """Return the list items of the comment as a reader sees them."""
    listed = body_of(of, audience).split("<details>")[0].split("\n")
    return [shown(line) for line in listed if line.startswith("- ")]


def heading(of: Report) -> str:
    """Return the first line of the comment that a reader sees."""
    return read(of).split("\n")[0]
