"""The report as SARIF, held to its schema."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from click.testing import CliRunner

from bot.cli import cli
from bot.render import render
from bot.render.sarif import as_sarif
from rules.report.findings import Finding, Fix, Related, Severity
from rules.rule_table import NAMES, RULES
from tests.bot.commands.hosted import LIST
from tests.bot.render.hostile import TITLES
from tests.bot.render.samples import CLEAN, DECISION, FAIL, UNVERIFIED, report
from tests.paths import DATA

# One pattern of the schema holds a bracket that only JavaScript takes for itself.
TEXT = (DATA / "sarif" / "sarif-2.1.0.json").read_text().replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}\\\\]?$")
SCHEMA = jsonschema_rs.validator_for(json.loads(TEXT))
YEAR = Finding(
    "format", "missing-year", Severity.ERROR, "Add the year.", 2, 3, "A paper",
    related=(Related(line=9), Related(base_line=4)), fix=Fix(2, 3, "- A paper (2015)"),
)  # fmt: skip


def results(log: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the results of a log that keeps to the schema."""
    SCHEMA.validate(log)
    (run,) = log["runs"]
    names = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(names[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    return list(run["results"])


def test_a_finding_has_its_rule_place_and_correction() -> None:
    """The correction replaces whole lines; a place that only the base has is left out."""
    (result,) = results(as_sarif(report(YEAR)))
    artifact = {"uri": "README.md", "uriBaseId": "%SRCROOT%"}
    assert (result["ruleId"], result["level"]) == ("format/missing-year", "error")
    assert result["message"]["text"] == "A paper: Add the year."
    place = result["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": artifact, "region": {"startLine": 2, "endLine": 3}}
    (related,) = result["relatedLocations"]
    assert related["physicalLocation"]["region"]["startLine"] == 9
    (change,) = result["fixes"][0]["artifactChanges"]
    assert change["replacements"] == [
        {"deletedRegion": {"startLine": 2, "endLine": 3}, "insertedContent": {"text": "- A paper (2015)"}}
    ]


def test_a_rule_explains_itself() -> None:
    """With the words of the rule table and a link to its page."""
    (rule,) = as_sarif(report(YEAR))["runs"][0]["tool"]["driver"]["rules"]
    assert rule["shortDescription"]["text"] == RULES["format"].code("missing-year").summary
    assert rule["help"]["markdown"] == f"{RULES['format'].why}\n\n{RULES['format'].how}"
    assert rule["helpUri"].endswith("docs/rules.md#format-missing-year")
    assert rule["defaultConfiguration"] == {"level": "error"}


@pytest.mark.parametrize("name", [name for name in NAMES if "/" in name])
def test_every_code_keeps_to_the_schema(name: str) -> None:
    """Whatever a rule may report has a description."""
    rule, code = name.split("/")
    assert results(as_sarif(report(replace(YEAR, rule=rule, code=code))))[0]["ruleId"] == name


def test_a_line_to_remove_goes_with_its_line_end() -> None:
    """Or an empty line would stay."""
    (result,) = results(as_sarif(report(replace(YEAR, fix=Fix(2, 3, None)))))
    (replacement,) = result["fixes"][0]["artifactChanges"][0]["replacements"]
    region = {"startLine": 2, "startColumn": 1, "endLine": 4, "endColumn": 1}
    assert replacement == {"deletedRegion": region}


@pytest.mark.parametrize("of", [FAIL, DECISION, UNVERIFIED, CLEAN])
def test_every_report_keeps_to_the_schema(of: Any) -> None:
    """With one result for each finding that the change introduces."""
    assert len(results(json.loads(render(of, "sarif")))) == len(of.introduced)


def test_levels_follow_severities() -> None:
    """A finding about the whole file is on its first line."""
    levels = {
        severity: results(as_sarif(report(replace(YEAR, severity=severity, line=None, end_line=None))))[0]
        for severity in Severity
    }
    assert [levels[severity]["level"] for severity in Severity] == ["error", "warning", "note", "warning"]
    region = levels[Severity.ERROR]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 1, "endLine": 1}


def fingerprints(log: dict[str, Any]) -> list[str]:
    return [result["partialFingerprints"]["primaryLocationLineHash"] for result in results(log)]


def test_a_fingerprint_stays_when_lines_move() -> None:
    """It is made of the rule and the entry; copies are told apart."""
    moved = replace(YEAR, line=20, end_line=21, message="Add the year, line 20.")
    assert fingerprints(as_sarif(report(YEAR))) == fingerprints(as_sarif(report(moved)))
    both = fingerprints(as_sarif(report(YEAR, moved)))
    assert len(set(both)) == 2
    other = replace(YEAR, title="Another paper")
    assert fingerprints(as_sarif(report(other))) != fingerprints(as_sarif(report(YEAR)))


def test_a_finding_without_a_title_is_known_by_its_line() -> None:
    """The text of the line counts, not its number."""
    one = replace(YEAR, title=None, line=1, end_line=1)
    two = replace(one, line=2, end_line=2)
    same = [
        fingerprints(as_sarif(report(one), ["text", ""])),
        fingerprints(as_sarif(report(two), ["", "text"])),
    ]
    assert same[0] == same[1]
    assert same[0] != fingerprints(as_sarif(report(one), ["other"]))


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("README.md", "README.md"),
        ("docs/a list.md", "docs/a%20list.md"),
        ("./docs/list.md", "docs/list.md"),
        ("a:b.md", "a%3Ab.md"),
        ("/srv/list.md", "list.md"),
        ("../list.md", "list.md"),
        ("b\udcff.md", "b%FF.md"),
    ],
)
def test_places_are_relative(path: str, uri: str) -> None:
    """No path of the machine is told."""
    (result,) = results(as_sarif(replace(report(YEAR), path=path)))
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


@pytest.mark.parametrize("title", TITLES)
def test_hostile_titles_keep_to_the_schema(title: str) -> None:
    """And come back as they are."""
    log = json.loads(render(report(replace(YEAR, title=title, message=title)), "sarif"))
    assert results(log)[0]["message"]["text"] == f"{title}: {title}"


def test_an_audit_of_the_real_list_keeps_to_the_schema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each fingerprint is of one finding; a file below the working directory is relative to it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "list.md").write_text(LIST)
    command = ["audit", str(tmp_path / "docs" / "list.md"), "--offline", "--preset", "most-cited"]
    log = json.loads(CliRunner().invoke(cli, [*command, "--format", "sarif"]).stdout)
    found = fingerprints(log)
    assert len(found) == len(set(found)) > 50
    place = results(log)[0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "docs/list.md"
