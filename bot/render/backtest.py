"""What Papergate would have said to the merged changes of a list, as text, JSON and a page."""

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
_STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "td,th{padding:.1rem .8rem;text-align:left}td:nth-child(-n+2){text-align:right}p{margin:.3rem 0}"
    "li{overflow-wrap:anywhere}"
)


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
    return no_commands("\n".join([*lines, *([""] if lines else []), _summary(results, path), ""]))


def as_html(results: Sequence[ReplayedChange], path: str, page: str | None) -> str:
    """Return one page that needs nothing else: the same as `as_text`, the newest change first."""
    from html import escape  # noqa: PLC0415 - only this format needs it

    rules = "".join(
        f"<tr><td>{held}<td>{warned}<td>{escape(name)}" for name, held, warned in _counts(results)
    )
    changes = "".join(
        f"<li><p>{result.day.isoformat()} <b>{result.verdict.value}</b> {_html_title(result, page)}<ul>"
        + "".join(f"<li>{escape(name)}: {escape(reason)}" for name, reason in _reasons(result))
        + "</ul>"
        for result in reversed(results)
        if _is_held(result)
    )
    summary = escape(_summary(results, path))
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>Backtest of {escape(plain(path))}</title>"
        '<meta name=viewport content="width=device-width">'
        "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<style>{_STYLE}</style><h1>What Papergate would have said</h1><p>{summary}</p>"
        f"<table><thead><tr><th>Held<th>Warned<th>Rule<tbody>{rules}</table>"
        f"<h2>Held changes</h2><ol>{changes}</ol></html>\n"
    )


def _html_title(result: ReplayedChange, page: str | None) -> str:
    from html import escape  # noqa: PLC0415

    title = escape(plain(result.title, _TITLE)) or result.sha[:10]
    return f'<a href="{escape(page)}/commit/{result.sha}">{title}</a>' if page else title


def _summary(results: Sequence[ReplayedChange], path: str) -> str:
    held = sum(map(_is_held, results))
    changes = counted(len(results), "change", "changes")
    share = f" ({100 * held / len(results):.0f} %)" if results else ""
    return f"{held:,} of {changes} of {plain(path)} would have been held{share}."


def _is_held(result: ReplayedChange) -> bool:
    return result.verdict is not Verdict.PASS


def _table(results: Sequence[ReplayedChange]) -> list[str]:
    rows = [f"{held:>8,} {warned:>8,}  {name}" for name, held, warned in _counts(results)]
    return ["    held   warned  rule", *rows] if rows else []


def _counts(results: Sequence[ReplayedChange]) -> list[tuple[str, int, int]]:
    """Return each rule/code with how many changes it would have held, and how many warned about."""
    holding: dict[str, set[str]] = defaultdict(set)
    warned: dict[str, set[str]] = defaultdict(set)
    for result in results:
        for finding in result.findings:
            changes = warned if finding["severity"] == "warning" else holding
            changes[_name(finding)].add(result.sha)
    counts = [(name, len(holding[name]), len(warned[name])) for name in {*holding, *warned}]
    return sorted(counts, key=lambda count: (-count[1], -count[2], count[0]))


def _change(result: ReplayedChange, page: str | None) -> list[str]:
    place = f"{page}/commit/{result.sha}" if page else result.sha[:10]
    head = f"  {result.day.isoformat()}  {result.verdict.value}: {plain(result.title, _TITLE)}  {place}"
    return [head, *(f"      {name}: {reason}" for name, reason in _reasons(result))]


def _reasons(result: ReplayedChange) -> list[tuple[str, str]]:
    """Return the rules that hold a change, each with what it says first."""
    reasons: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for finding in result.findings:
        if finding["severity"] != "warning":
            reasons[_name(finding)].append(finding)
    return [(name, _reason(findings)) for name, findings in reasons.items()]


def _reason(findings: list[dict[str, Any]]) -> str:
    """Return the first finding of a rule/code, and how many more there are."""
    line, more = findings[0]["line"], len(findings) - 1
    place = "" if line is None else f"line {line}: "
    return f"{place}{plain(findings[0]['message'], _MESSAGE)}{f' (and {more:,} more)' if more else ''}"


def _name(finding: dict[str, Any]) -> str:
    return f"{finding['rule']}/{finding['code']}"
