"""A whole policy, for the terminal and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import TYPE_CHECKING

from bot.render.escape import plain
from bot.render.safe_output import as_json_text, no_commands
from rules.policy.forms import Scope

if TYPE_CHECKING:
    from rules.policy.policy import Group, Policy

_VALUE = 400  # characters of one value; the longest form has 300


def as_json(policy: Policy) -> str:
    """Return every field of the policy, by the names that the code uses."""
    return as_json_text(_plain_value(policy))


def as_text(policy: Policy) -> str:
    """Return what the policy says, a line for each matter, and nothing about matters it leaves open."""
    lines = [f"List: {plain(policy.path)}"]
    if policy.name != policy.path:
        lines.append(f"Preset: {plain(policy.name)}")
    if policy.cap is not None:
        lines.append(f"Limit of the counted sections: {policy.cap:,} papers")
    if policy.companion:
        lines.append(f"BibTeX file: {plain(policy.companion)}")
    if policy.thresholds:
        least = (f"{year}: {count:,}" for year, count in sorted(policy.thresholds.items()))
        lines.append(f"Minimum citations by year: {', '.join(least)}")
    sections = {
        "No minimum of citations in": policy.exempt,
        "Papers leave first from": policy.prefer_removal,
        "Removed papers go to": policy.appendix,
        "The criteria are in": policy.criteria,
    }
    lines += [f"{what}: {plain(name)}" for what, name in sections.items() if name]
    lines += _forms(policy)
    lines += [f"Repeats: {_repeats(policy)}", f"Order within a section: {_order(policy)}"]
    if policy.groups:
        lines += ["Groups of sections:", *(line for group in policy.groups for line in _group(group))]
    if policy.severities:
        lines.append("Severities of its own:")
        lines += [f"  {plain(name)}: {level or 'off'}" for name, level in sorted(policy.severities.items())]
    return no_commands("\n".join([*lines, ""]))


def _forms(policy: Policy) -> list[str]:
    if policy.forms is None:
        return ["Entries: **Title** (Year), A. Author et al. [[pdf]](url); bold in some sections"]
    lines = [f"  {plain(str(form), _VALUE)} ({form.standing.value})" for form in policy.forms.lines]
    skipped = plain(", ".join(policy.forms.skip), _VALUE)
    return ["Entries:", *lines, *([f"Sections without entries: {skipped}"] if skipped else [])]


def _repeats(policy: Policy) -> str:
    if policy.repeats.within is Scope.OFF:
        return "not checked"
    keys = " or ".join(sorted(" and ".join(sorted(names)) for names in policy.repeats.by))
    return f"one entry for a paper in a {policy.repeats.within.value}, known by its {keys}"


def _order(policy: Policy) -> str:
    if policy.order is None:
        return "not checked"
    return f"by {policy.order.by}, newest {'first' if policy.order.newest_first else 'last'}"


def _group(group: Group) -> list[str]:
    traits = [
        "counted" if group.counted else "",
        "" if group.papers else "no papers",
        f"papers from {group.first_year}" if group.first_year else "",
        f"papers until {group.last_year}" if group.last_year else "",
        f"papers of the last {group.newest_months} months" if group.newest_months else "",
        "bold titles" if group.style.bold else "",
    ]
    said = ", ".join(filter(None, traits))
    return [
        f"  {plain(group.name)}{f' ({said})' if said else ''}:",
        *(f"    {plain(section)}" for section in group.sections),
    ]


def _plain_value(value: object) -> object:
    """Return a value in what JSON knows: objects, lists, texts, numbers."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain_value(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain_value(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted(map(str, value))
    if isinstance(value, tuple | list):
        return [_plain_value(item) for item in value]
    return value.value if isinstance(value, Enum) else value
