"""What Papergate would have said to the merged changes of a list, as text and as JSON."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.render.escape import plain
from bot.render.safe_output import as_json_text, no_commands
from rules.report.report import Verdict
from rules.sentences import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

_TITLE = 60  # characters of a commit's title
_MESSAGE = 100


@dataclass(frozen=True, slots=True)
class ReplayedChange:
    """A merged change with the verdict it would have had; ``findings`` are those of the published form."""

    sha: str
    day: date
    title: str
    verdict: Verdict
    findings: tuple[dict[str, Any], ...]


def as_json(results: Sequence[ReplayedChange]) -> str:
    """Return ``{"changes", "held", "results": [{"sha", "date", "title", "verdict", "findings"}]}``.

    The findings are those that the change introduced, in the form of the report.
    """
    return as_json_text(
        {
            "changes": len(results),
            "held": sum(map(_is_held, results)),
            "results": [
                {
                    "sha": result.sha,
                    "date": result.day.isoformat(),
                    "title": result.title,
                    "verdict": result.verdict.value,
                    "findings": list(result.findings),
                }
                for result in results
            ],
        }
    )


def as_text(results: Sequence[ReplayedChange], path: str, page: str | None) -> str:
    """Return a table of rules, the held changes with their reasons, and a summary as the last line.

    ``page`` is the repository's page on GitHub, to link commits; None when it has none.
    """
    held = [result for result in results if _is_held(result)]
    lines = _table(results)
    if held:
        lines += ["", "Held changes:", *(line for result in held for line in _change(result, page))]
    changes = counted(len(results), "change", "changes")
    share = f" ({100 * len(held) / len(results):.0f} %)" if results else ""
    summary = f"{len(held):,} of {changes} of {plain(path)} would have been held{share}."
    return no_commands("\n".join([*lines, *([""] if lines else []), summary, ""]))


def _is_held(result: ReplayedChange) -> bool:
    return result.verdict is not Verdict.PASS


def _table(results: Sequence[ReplayedChange]) -> list[str]:
    """Return how many changes each rule/code would have held, and how many it would have warned about."""
    holding: dict[str, set[str]] = defaultdict(set)
    warned: dict[str, set[str]] = defaultdict(set)
    for result in results:
        for finding in result.findings:
            changes = warned if finding["severity"] == "warning" else holding
            changes[_name(finding)].add(result.sha)
    names = sorted({*holding, *warned}, key=lambda name: (-len(holding[name]), -len(warned[name]), name))
    if not names:
        return []
    rows = [f"{len(holding[name]):>8,} {len(warned[name]):>8,}  {name}" for name in names]
    return ["    held   warned  rule", *rows]


def _change(result: ReplayedChange, page: str | None) -> list[str]:
    place = f"{page}/commit/{result.sha}" if page else result.sha[:10]
    head = f"  {result.day.isoformat()}  {result.verdict.value}: {plain(result.title, _TITLE)}  {place}"
    reasons: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for finding in result.findings:
        if finding["severity"] != "warning":
            reasons[_name(finding)].append(finding)
    return [head, *(f"      {name}: {_reason(findings)}" for name, findings in reasons.items())]


def _reason(findings: list[dict[str, Any]]) -> str:
    """Return the first finding of a rule/code, and how many more there are."""
    line, more = findings[0]["line"], len(findings) - 1
    place = "" if line is None else f"line {line}: "
    return f"{place}{plain(findings[0]['message'], _MESSAGE)}{f' (and {more:,} more)' if more else ''}"


def _name(finding: dict[str, Any]) -> str:
    return f"{finding['rule']}/{finding['code']}"
