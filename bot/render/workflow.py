"""The report as workflow commands, which GitHub Actions shows as annotations.

https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions#setting-an-error-message
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.render.escape import visible
from bot.render.safe_output import no_commands
from bot.render.wording import headline, tally, worst_first
from rules.report.findings import Severity

if TYPE_CHECKING:
    from rules.report.findings import Finding
    from rules.report.report import Report

_COMMAND = {
    Severity.ERROR: "error",
    Severity.DECISION: "warning",
    Severity.UNVERIFIED: "notice",
    Severity.WARNING: "warning",
}


_MOST = 500  # commands of one run; GitHub shows ten of each kind, and a log has to stay readable


def workflow_commands(report: Report) -> str:
    """Return one command for each introduced finding, worst first, and the verdict as the last line."""
    numbers = tally(report)
    findings = worst_first(report.introduced)
    lines = [_command(report.path, finding) for finding in findings[:_MOST]]
    if len(findings) > _MOST:
        lines.append(notice(f"{len(findings) - _MOST:,} more findings are not shown here").rstrip("\n"))
    return "\n".join([*lines, f"Papergate: {headline(report)}{f' ({numbers})' if numbers else ''}", ""])


def notice(message: str, path: str | None = None, *, held: bool = False) -> str:
    """Return one command with a message; it is an error when it holds the merge."""
    file = f" file={_property(path)}" if path else ""
    return f"::{'error' if held else 'notice'}{file}::Papergate: {_data(message)}\n"


def _command(path: str, finding: Finding) -> str:
    properties = {"file": path}
    if finding.line is not None:
        properties |= {"line": str(finding.line), "endLine": str(finding.end_line or finding.line)}
    about = f"{finding.rule}/{finding.code}"
    properties["title"] = f"{about}: {finding.title}" if finding.title else about
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    message = finding.message
    if finding.fix and finding.fix.text is not None:
        message += f"\nCorrected:\n{finding.fix.text}"
    return f"::{_COMMAND[finding.severity]} {listed}::{_data(message)}"


def _data(value: str) -> str:
    return no_commands(visible(value)).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")
