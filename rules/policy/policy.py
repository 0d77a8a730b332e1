"""What a list wants: its sections and their styles, the cap, the thresholds, how much each finding weighs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rules.papers.titles import key
from rules.policy.forms import ListForms, Order, Repeats
from rules.policy.style import PLAIN, Style
from rules.report.findings import Severity

_REPEATS = Repeats()
_ORDER = Order()


@dataclass(frozen=True, slots=True)
class Group:
    """Sections that are alike.

    ``sections`` are their names as the list has them. An entry's year may be ``first_year`` to
    ``last_year``, its age ``newest_months`` at most. ``counted`` groups share the cap; where ``papers``
    is false the items are no papers, where ``looked_up`` is false no source is asked about them.
    """

    name: str
    sections: tuple[str, ...]
    style: Style = PLAIN
    counted: bool = False
    papers: bool = True
    first_year: int | None = None
    last_year: int | None = None
    newest_months: int | None = None
    looked_up: bool = True


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one list.

    ``level`` is the heading level of its sections, ``cap`` the most papers the counted groups may hold
    (None: no cap), ``thresholds`` the citations a paper of a year needs, ``exempt`` the section where a
    paper of ``exempt_year`` needs none, ``prefer_removal`` the section that gives way first, ``appendix``
    the section where a removed paper goes, ``criteria`` the section that states the list's rules,
    ``companion`` the path of the BibTeX file of the counted papers, ``evidence_days`` how old a record of a
    paper may be before its sources are asked again, ``suggestions`` whether corrections are suggested on the
    lines of a pull request; ``bare_commands`` whether a command may stand without ``/papergate``, and
    ``command_roles`` who may give one, in place of those who may usually.
    ``severities`` maps ``rule`` or ``rule/code`` to another severity, or to None for "off". ``forms`` are the
    forms of entries, None for the reference list's; ``repeats`` says when two entries are one paper twice,
    ``order`` how the entries of a section follow each other (None: in no order).
    """

    name: str
    groups: tuple[Group, ...]
    path: str = "README.md"
    level: int = 3
    cap: int | None = None
    thresholds: Mapping[int, int] = field(default_factory=dict)
    exempt: str | None = None
    exempt_year: int | None = None
    new_months: int = 6
    evidence_days: int = 7
    prefer_removal: str | None = None
    appendix: str | None = None
    criteria: str | None = None
    companion: str | None = None
    suggestions: bool = True
    bare_commands: bool = True
    command_roles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    severities: Mapping[str, Severity | None] = field(default_factory=dict)
    forms: ListForms | None = None
    repeats: Repeats = _REPEATS
    order: Order | None = _ORDER

    def group_of(self, section: str) -> Group | None:
        """Return the group that names ``section``; case and punctuation do not matter."""
        wanted = key(section)
        for group in self.groups:
            if any(key(name) == wanted for name in group.sections):
                return group
        return None

    def severity(self, rule: str, code: str, usual: Severity) -> Severity | None:
        """Return how much ``rule/code`` weighs here, None when it is switched off."""
        for name in (f"{rule}/{code}", rule):
            if name in self.severities:
                return self.severities[name]
        return usual
