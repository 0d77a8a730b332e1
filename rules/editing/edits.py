"""Edits of the list's text that carry out what a report offers, or what a maintainer asks for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from rules.context import ListChange
from rules.editing.insertion import place_in, rendered_in
from rules.papers.titles import key
from rules.report.findings import Finding, Severity
from rules.report.report import Report
from rules.sentences import counted, nearest

_WORST_FIRST = tuple(Severity)
_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Edit:
    """Put ``text`` in place of lines ``line`` to ``end_line`` (1-based, inclusive); None deletes them.

    With ``end_line`` = ``line`` - 1 the text is put before ``line``. Its lines are joined by newlines.
    """

    line: int
    end_line: int
    text: str | None


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for and how it is done: ``summary`` is an imperative sentence without a full stop."""

    summary: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Impossible:
    """Why it cannot be done: plain text that may quote the list, for whoever shows it to escape."""

    reason: str


Ordered = Order | Impossible


def corrections(report: Report) -> tuple[Edit, ...]:
    """Return the corrections of what the change brings and nobody waived, by line, none over another.

    Of two that overlap, the one of the worse finding is taken; of the same weight, the deletion, for a line
    that goes needs no other correction.
    """
    offered = sorted(
        (finding for finding in report.introduced if finding.fix and not finding.settled), key=_precedence
    )
    taken: list[Edit] = []  # by line, none over another
    for finding in offered:
        if finding.fix is None:
            continue
        edit = Edit(finding.fix.line, finding.fix.end_line, finding.fix.text)
        place = bisect_left(taken, edit.line, key=lambda other: other.line)
        before, after = taken[place - 1 : place], taken[place : place + 1]
        if all(other.end_line < edit.line for other in before) and all(
            edit.end_line < other.line for other in after
        ):
            taken.insert(place, edit)
    return tuple(taken)


def correct_all(report: Report) -> Ordered:
    """Return the order to correct what can be corrected."""
    edits = corrections(report)
    if not edits:
        return Impossible("no correction is on offer: nothing was changed")
    return Order(f"Correct {counted(len(edits), 'entry', 'entries')} of the list", edits)


def remove(list_change: ListChange, report: Report, target: int | str) -> Ordered:
    """Return the order to carry out a suggested removal, by its number in the report (from 1) or by title."""
    suggested = report.removals
    if isinstance(target, int):
        found = suggested[target - 1 : target] if target > 0 else ()
    else:
        found = tuple(removal for removal in suggested if key(removal.title) == key(target))
    if len(found) != 1:
        return Impossible(_not_suggested(target, [removal.title for removal in suggested], len(found)))
    (removal,) = found
    listed = next((listed for listed in list_change.head.entries if listed.line == removal.line), None)
    if listed is None:
        return Impossible(f'"{removal.title}" does not stand where the suggestion has it')
    edits = [Edit(listed.line, listed.end_line, None)]
    if removal.move_to is None:
        return Order(f'Remove "{removal.title}"', tuple(edits))
    after = removal.move_to.after_line
    edits.append(Edit(after + 1, after, removal.move_to.text))
    return Order(f'Move "{removal.title}" to {removal.move_to.section}', tuple(edits))


def move(list_change: ListChange, title: str, section: str) -> Ordered:
    """Return the order to move the entry of this title to another section, in the style wanted there."""
    document = list_change.head
    found = [listed for listed in document.entries if key(listed.title) == key(title)]
    if len(found) != 1:
        return Impossible(_not_one(title, [listed.title for listed in document.entries], len(found)))
    target = next((item for item in document.sections if item.key == key(section)), None)
    if target is None or not target.group.papers:
        names = [item.name for item in document.sections if item.group.papers]
        return Impossible(f'the list has no section "{section}"{_meant(section, names)}')
    (listed,) = found
    if listed.section == target.name:
        return Impossible(f'"{listed.title}" stands in {target.name} already')
    after = place_in(document, target, listed)
    text = rendered_in(target, listed)
    edits = (Edit(listed.line, listed.end_line, None), Edit(after + 1, after, text))
    return Order(f'Move "{listed.title}" to {target.name}', edits)


@dataclass(frozen=True, slots=True)
class Replacement:
    """Lines ``start`` to ``end`` (0-based, half open) become ``lines``, each with its end."""

    start: int
    end: int
    lines: tuple[str, ...]


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Return ``text`` after edits that do not overlap; all else stays byte for byte.

    New lines end as those around them do (LF or CR LF); a byte order mark stays in front.
    """
    lines = lines_of(text)
    parts: list[str] = []
    done = 0
    for change in replacements(lines, edits):
        parts += [*lines[done : change.start], *change.lines]
        done = change.end
    return "".join(parts + lines[done:])


def replacements(lines: list[str], edits: Iterable[Edit]) -> list[Replacement]:
    """Return what edits that do not overlap change in a file's lines, in their order."""
    ordered = sorted(edits, key=lambda edit: (edit.line, edit.end_line))
    return [_replacement(lines, edit) for edit in ordered]


def _replacement(lines: list[str], edit: Edit) -> Replacement:
    start, end = edit.line - 1, edit.end_line
    if edit.text is None:
        return Replacement(start, end, ())
    ending = _ending(lines, start)
    new = [line + ending for line in edit.text.split("\n")]
    if start == 0 and lines and lines[0].startswith(_MARK):
        new[0] = _MARK + new[0]
    open_end = 0 < end == len(lines) and not lines[-1].endswith("\n")
    if open_end and start == end:  # behind a last line that has no end, which now gets one
        return Replacement(start - 1, end, (lines[-1] + ending, *new[:-1], new[-1].removesuffix(ending)))
    if open_end:
        new[-1] = new[-1].removesuffix(ending)
    return Replacement(start, end, tuple(new))


def lines_of(text: str) -> list[str]:
    """Return the lines of ``text`` with their ends; only a newline ends one."""
    parts = text.split("\n")
    return [part + "\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _ending(lines: list[str], index: int) -> str:
    """Return how the line at ``index`` ends, or the last one before it that has an end."""
    near = next((line for line in reversed(lines[: index + 1]) if line.endswith("\n")), "\n")
    return "\r\n" if near.endswith("\r\n") else "\n"


def _precedence(finding: Finding) -> tuple[int, bool, int]:
    deletes = finding.fix is not None and finding.fix.text is None
    return _WORST_FIRST.index(finding.severity), not deletes, finding.line or 0


def _not_suggested(target: int | str, titles: list[str], found: int) -> str:
    if not titles:
        return "no removal is suggested"
    if isinstance(target, int):
        return f"no suggestion has the number {target}: the last one is {len(titles)}"
    if found:
        return f'"{target}" names {found} of the suggestions: name one by its number'
    return f'"{target}" is none of the suggested removals{_meant(target, titles)}'


def _not_one(title: str, titles: list[str], found: int) -> str:
    if found:
        return f'"{title}" names {found} entries: it must be clear which one is meant'
    return f'the list has no entry "{title}"{_meant(title, titles)}'


def _meant(name: str, names: list[str]) -> str:
    """Return the end of a sentence: what was probably meant, where something is close."""
    by_key = {key(each): each for each in names}
    near = nearest(key(name), by_key)
    return "" if near is None else f'; did you mean "{by_key[near]}"?'
