"""The report as SARIF 2.1.0, for code scanning.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html, and what GitHub reads of it:
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bot import __version__
from bot.render.doc_links import REPOSITORY, rule_page
from bot.render.wording import worst_first
from rules.report.findings import Severity
from rules.rule_table import RULES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rules.report.findings import Finding, Fix
    from rules.report.report import Report

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVEL = {
    Severity.ERROR: "error",
    Severity.DECISION: "warning",
    Severity.UNVERIFIED: "note",
    Severity.WARNING: "warning",
}


def as_sarif(report: Report, lines: Sequence[str] = ()) -> dict[str, Any]:
    """Return the introduced findings as a SARIF log; ``lines`` are those of the list at head."""
    findings = worst_first(report.introduced)
    names = sorted({_name(finding) for finding in findings})
    index = {name: number for number, name in enumerate(names)}
    uri = _relative_uri(report.path)
    seen: Counter[str] = Counter()
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "Papergate",
                        "version": __version__,
                        "informationUri": REPOSITORY,
                        "rules": [_descriptor(name) for name in names],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    _result(finding, uri, index[_name(finding)], _fingerprint(finding, lines, seen))
                    for finding in findings
                ],
            }
        ],
    }


def _name(finding: Finding) -> str:
    return f"{finding.rule}/{finding.code}"


def _descriptor(name: str) -> dict[str, Any]:
    """Return what SARIF says of a rule/code: its summary, and what it is for and how to put it right."""
    rule = RULES[name.partition("/")[0]]
    code = rule.code(name.partition("/")[2])
    return {
        "id": name,
        "shortDescription": {"text": code.summary},
        "fullDescription": {"text": rule.summary},
        "help": {"text": f"{rule.why} {rule.how}", "markdown": f"{rule.why}\n\n{rule.how}"},
        "helpUri": rule_page(rule.name, code.name),
        "defaultConfiguration": {"level": _LEVEL[code.severity]},
    }


def _result(finding: Finding, uri: str, index: int, fingerprint: str) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": _name(finding),
        "ruleIndex": index,
        "level": _LEVEL[finding.severity],
        "message": {"text": f"{finding.title}: {finding.message}" if finding.title else finding.message},
        "locations": [_location(uri, finding.line, finding.end_line)],
        "partialFingerprints": {"papergate/v1": fingerprint, "primaryLocationLineHash": fingerprint},
    }
    related = [_location(uri, place.line, None) for place in finding.related if place.line is not None]
    if related:
        result["relatedLocations"] = related
    if finding.fix:
        result["fixes"] = [_fix(finding.fix, uri)]
    return result


def _location(uri: str, line: int | None, end_line: int | None) -> dict[str, Any]:
    """Return a place in the list. GitHub needs a line, so the whole file is its first one."""
    region = {"startLine": line or 1, "endLine": max(line or 1, end_line or 1)}
    return {"physicalLocation": {"artifactLocation": _artifact(uri), "region": region}}


def _artifact(uri: str) -> dict[str, str]:
    return {"uri": uri, "uriBaseId": "%SRCROOT%"}


def _fix(fix: Fix, uri: str) -> dict[str, Any]:
    if fix.text is None:
        region = {"startLine": fix.line, "startColumn": 1, "endLine": fix.end_line + 1, "endColumn": 1}
        replacement: dict[str, Any] = {"deletedRegion": region}
    else:
        region = {"startLine": fix.line, "endLine": fix.end_line}
        replacement = {"deletedRegion": region, "insertedContent": {"text": fix.text}}
    return {
        "description": {"text": "Remove the line." if fix.text is None else "Use the corrected line."},
        "artifactChanges": [{"artifactLocation": _artifact(uri), "replacements": [replacement]}],
    }


def _fingerprint(finding: Finding, lines: Sequence[str], seen: Counter[str]) -> str:
    """Return what identifies a finding when lines move: rule, code, entry, and which of its copies."""
    subject = finding.title
    if not subject and finding.line is not None:
        subject = "\n".join(lines[finding.line - 1 : finding.end_line or finding.line])
    digest = hashlib.sha256("\0".join([_name(finding), subject or ""]).encode(errors="replace")).hexdigest()
    seen[digest] += 1
    return f"{digest[:16]}:{seen[digest]}"


def _relative_uri(path: str) -> str:
    """Return ``path`` as a relative URI; of a path outside the working directory the name of the file."""
    parts = PurePath(path)
    name = parts.name if parts.is_absolute() or ".." in parts.parts else parts.as_posix()
    return quote(name.encode(errors="surrogateescape"))
