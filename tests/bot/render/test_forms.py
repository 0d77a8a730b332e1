"""The output formats of the command line: JSON, Markdown and workflow commands."""

from __future__ import annotations

import json

import pytest

from bot.render import FORMATS, render
from bot.render.workflow import workflow_commands
from rules.report.findings import Finding, Severity
from tests.bot.render.hostile import TITLES
from tests.bot.render.samples import CLEAN, FAIL, LINE, UNVERIFIED, report

YEAR = Finding("format", "missing-year", Severity.ERROR, "Add the year.", 9, 9)


def test_every_format_is_offered() -> None:
    """The formats are those of the command line."""
    assert FORMATS == ("text", "json", "markdown", "github", "sarif")


def test_json_is_the_published_form() -> None:
    """JSON keeps letters beyond ASCII and ends in a line end."""
    of = report(Finding("format", "not-bold", Severity.ERROR, "Größe", 1, 1, "Größe"))
    text = render(of, "json")
    assert json.loads(text)["findings"][0]["title"] == "Größe"
    assert "Größe" in text
    assert text.endswith("}\n")


def test_markdown_is_the_comment_without_its_marker() -> None:
    """What is printed can be pasted into a pull request."""
    assert render(FAIL, "markdown").startswith("### 101 papers: one has to make room")


def test_github_form_is_workflow_commands() -> None:
    """The format for Actions is what its log reads."""
    assert render(FAIL, "github") == workflow_commands(FAIL)


def test_workflow_commands_name_file_and_line() -> None:
    """GitHub Actions puts each finding on its line."""
    lines = workflow_commands(FAIL).splitlines()
    assert lines[0].startswith("::error file=README.md,title=count/over-limit::101 papers")
    assert lines[1].startswith(
        "::error file=README.md,line=71,endLine=71,title=duplicate/exact%3A Deep Speech 2%3A"
    )
    assert f"%0ACorrected:%0A{LINE}" in lines[2]
    assert workflow_commands(UNVERIFIED).startswith("::notice ")
    assert workflow_commands(CLEAN) == "Papergate: All good\n"


def test_workflow_commands_are_bounded() -> None:
    """The worst come first, and the number of the others is said."""
    findings = [Finding("format", "marker", Severity.WARNING, "Use -.", line, line) for line in range(1, 701)]
    lines = workflow_commands(report(*findings, YEAR)).splitlines()
    assert len(lines) == 502
    assert lines[0].startswith("::error ")
    assert lines[500] == "::notice::Papergate: 201 more findings are not shown here"


@pytest.mark.parametrize("title", TITLES)
def test_hostile_title_starts_no_command_and_no_escape_sequence(title: str) -> None:
    """A title cannot add a command to a log, end a property, or paint a terminal."""
    of = report(Finding("format", "not-bold", Severity.ERROR, f"%0A{title}", 71, 71, title))
    commands = workflow_commands(of)
    assert commands.count("\n") == 2
    properties = commands.split("::")[1]
    assert properties.count(",") == 3
    assert "%250A" in commands
    assert not set(render(of, "text")) & set("\x00\x07\x1b\u202e\u200b")
