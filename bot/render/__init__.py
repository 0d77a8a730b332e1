"""A report as people and programs read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from rules.report.report import as_json

if TYPE_CHECKING:
    from rules.report.report import Report

Format = Literal["text", "json", "markdown", "github"]
FORMATS: tuple[str, ...] = get_args(Format)


def render(report: Report, form: Format) -> str:
    """Return ``report`` in one of ``FORMATS``, ending in a line end.

    ``text`` holds terminal colours, which ``click.echo`` takes off where there is no terminal; ``markdown``
    is the comment of a pull request; ``github`` the commands of a GitHub Actions log.
    """
    match form:
        case "text":
            from bot.render.text import as_text  # noqa: PLC0415 - only the form asked for costs time

            return as_text(report)
        case "json":
            from bot.render.safe_output import as_json_text  # noqa: PLC0415

            return as_json_text(as_json(report))
        case "markdown":
            from bot.render.comment import markdown  # noqa: PLC0415
            from bot.render.safe_output import no_commands  # noqa: PLC0415

            return no_commands(markdown(report) + "\n")
        case "github":
            from bot.render.workflow import workflow_commands  # noqa: PLC0415

            return workflow_commands(report)
