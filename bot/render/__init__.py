"""A report as people and programs read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from rules.report.report import as_json

if TYPE_CHECKING:
    from bot.render.text import View
    from rules.report.report import Report

Format = Literal["text", "json", "markdown", "github", "sarif"]
FORMATS: tuple[str, ...] = get_args(Format)


def render(report: Report, form: Format, view: View | None = None) -> str:
    """Return ``report`` in one of ``FORMATS``, ending in a line end.

    ``text`` is for a terminal, shown as ``view`` says; ``markdown`` is the comment of a pull request;
    ``github`` holds the workflow commands of a GitHub Actions log.
    """
    match form:
        case "text":
            from bot.render.text import View, as_text  # noqa: PLC0415 - only the format asked for costs time

            return as_text(report, view or View())
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
        case "sarif":
            from bot.render.safe_output import as_json_text  # noqa: PLC0415
            from bot.render.sarif import as_sarif  # noqa: PLC0415

            return as_json_text(as_sarif(report, view.lines if view else ()))
