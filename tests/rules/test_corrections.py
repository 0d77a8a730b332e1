"""Corrected lines are certain: stable when judged again, and without a loss, on real lists."""

from __future__ import annotations

import html
import re
from collections import Counter

import pytest

from rules.context import Question
from rules.evaluate import Unreadable, evaluate, read_whole
from rules.report.findings import Finding, Fix
from tests.rules.history import CHANGES, Change

_URL = re.compile(r"(?:https?://|www\.)?[\w.-]+\.[a-z]{2,}/[^\s)\]>]+")
_WORD = re.compile(r"[^\W\d_]{3,}")


def findings_of(text: str, change: Change) -> tuple[Finding, ...]:
    found = read_whole(text, change.policy)
    assert not isinstance(found, Unreadable)
    report = evaluate(found, change.policy, None, Question(change.today))
    return tuple(finding for finding in report.findings if finding.rule in {"format", "link"})


def words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(_URL.sub(" ", html.unescape(text)).casefold()))


@pytest.mark.parametrize("change", CHANGES[::2], ids=lambda change: change.name)
def test_offered_lines_are_stable_and_lose_nothing(change: Change) -> None:
    """All of them at once put into the list: nothing is reported in them, and no other line is offered."""
    lines = change.head.split("\n")
    offered: dict[int, Fix] = {}
    for finding in findings_of(change.head, change):
        if finding.fix is not None and finding.fix.text is not None:
            offered.setdefault(finding.fix.line, finding.fix)
    places = set()
    for fix in sorted(offered.values(), key=lambda fix: -fix.line):
        assert fix.text is not None
        written = "\n".join(lines[fix.line - 1 : fix.end_line])
        lost = words(written) - words(fix.text)
        # First names become initials, and "et al." stands for the authors behind the first.
        given = all(f"{word[0].upper()}." in fix.text for word in lost)
        assert given or " et al." in fix.text, (written, fix.text)
        lines[fix.line - 1 : fix.end_line] = [fix.text] + [""] * (fix.end_line - fix.line)
        places.add(fix.line)
    after = [finding for finding in findings_of("\n".join(lines), change) if finding.line in places]
    assert [finding for finding in after if finding.code != "same-url-other-entry"] == []
