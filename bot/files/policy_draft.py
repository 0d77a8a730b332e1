"""A drafted policy as a policy file: YAML with three entries as read below each form, and what is unsure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from rules.drafting.draft import Draft, DraftedForm
from rules.policy.forms import FormLine, Scope, Standing

_KEYS = {Standing.ASKED: "form", Standing.ALSO: "also", Standing.READ: "read"}
_PLAIN = re.compile(r"[A-Za-z][\w ./-]*\Z")
_SHOWN = 100  # characters of a title or URL in a comment
_DEFAULT_LINKS, _DEFAULT_SEPARATOR = FormLine().links, FormLine().separator


def as_policy_file(draft: Draft, path: str = "README.md") -> str:
    """Return the text of a policy file that `bot.files.policy_file.read_policy` reads."""
    return "\n".join(_lines(draft, path)) + "\n"


def _lines(draft: Draft, path: str) -> Iterator[str]:
    yield f"# Drafted from {_comment(path)}: {draft.entries} entries in {len(draft.forms)} forms."
    yield "# Read it through: the names of the fields decide how Papergate reads and corrects the entries."
    yield from (f"# Not sure: {_comment(sentence)}" for sentence in draft.unsure)
    yield f"list: {_text(path)}"
    yield from _sections(draft)
    yield "entries:"
    for form in draft.forms:
        yield from _form(form)
    yield from _customs(draft)
    yield from _criteria(draft)
    yield "severities: # contributors may add and rename sections; take these lines out if they may not"
    yield from (f"  structure/section-{what}: off" for what in ("added", "removed", "renamed"))


def _sections(draft: Draft) -> Iterator[str]:
    if draft.skip or draft.resources:
        yield "sections:"
    if draft.skip:
        yield f"  skip: [{', '.join(map(_text, draft.skip))}]"
    if draft.resources:
        yield f"  resources: [{', '.join(map(_text, draft.resources))}] # never looked up"


def _customs(draft: Draft) -> Iterator[str]:
    yield f"year: [{', '.join(source.value for source in draft.years)}]"
    yield f"numbers: {draft.numbers.value if draft.numbers else 'none'}"
    keys = ", ".join("+".join(sorted(key, reverse=True)) for key in draft.repeats.by)
    custom = "as the list does now" if draft.repeats.within is not Scope.OFF else "this list repeats papers"
    yield f"repeats: {{within: {_text(draft.repeats.within.value)}, by: [{keys}]}} # {custom}"
    newest = "first" if draft.order and draft.order.newest_first else "last"
    yield f"order: {{by: {draft.order.by}, newest: {newest}}}" if draft.order else "order: none"
    yield f"look_up: {'true' if draft.looked_up else 'false'}"


def _criteria(draft: Draft) -> Iterator[str]:
    if draft.criteria:
        yield f"criteria: {_text(draft.criteria)}"
    if draft.cap:
        yield f"# The text names {draft.cap}. For a cap of that: cap, and groups whose sections are counted."
    if draft.thresholds:
        years = ", ".join(f"{year}: {count}" for year, count in sorted(draft.thresholds.items()))
        yield f"# The text names citations that a paper needs. For counted groups: thresholds: {{{years}}}"


def _form(form: DraftedForm) -> Iterator[str]:
    line = form.line
    if line.cells:
        cells = ", ".join(f"{_text(name)}: {_text(cell)}" for name, cell in line.cells)
        yield f"  - row: {{{cells}}} # {form.count} entries"
    else:
        yield f"  - {_KEYS[line.standing]}: {_text(line.text)} # {form.count} entries"
    if line.links != _DEFAULT_LINKS:
        yield f"    links: {_text(line.links)}"
    if line.separator != _DEFAULT_SEPARATOR:
        yield f"    separator: {_text(line.separator)}"
    for number, title, year, url in form.examples:
        yield f"    # line {number}: {_comment(title)} | {year or 'no year'} | {_comment(url or 'no link')}"


def _text(value: str) -> str:
    """Return a YAML scalar: JSON's notation is YAML's, and holds no line break."""
    if _PLAIN.match(value) and value not in {"off", "on", "yes", "no", "null", "true", "false"}:
        return value.strip() if value == value.strip() else json.dumps(value, ensure_ascii=True)
    return json.dumps(value, ensure_ascii=True)


def _comment(text: str) -> str:
    """Return ``text`` fit for a comment: one line, no control character, no longer than one can read."""
    shown = "".join(char if char.isprintable() else " " for char in text)
    return shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "…"
