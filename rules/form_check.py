"""Checks of entries against the forms that their list declares: ``format`` and ``link`` call them."""

from __future__ import annotations

from collections.abc import Iterator

from rules.context import RuleContext
from rules.entry_check import Fault
from rules.policy.forms import FormLine, ListForms, Numbers, Standing
from rules.policy.policy import Policy
from rules.reading.blocks import content_of
from rules.reading.document import Listed
from rules.reading.forms.template import parse
from rules.reading.markup import MarkupFault, MarkupKind, cached_faults

_SHOWN_FORM = 120  # characters of a form that a message quotes: the longest real one has 90
_MARKUP = {
    MarkupKind.SPACE: ("space-between", "Remove the space between label and URL; there is no link."),
    MarkupKind.SPLIT: ("split-line", "Put the link on one line."),
    MarkupKind.EMPTY: ("empty-url", "Add the URL of the link: it has none."),
    MarkupKind.NO_LABEL: ("empty-label", "Add a label to the link: without one nobody can click it."),
    MarkupKind.TWO: ("broken-markup", "Keep one URL: the link holds two."),
    MarkupKind.BROKEN: ("broken-markup", "Close the brackets of the link as in `[label](url)`."),
}


def form_faults(listed: Listed, asked: tuple[FormLine, ...]) -> Iterator[Fault]:
    """Yield what is wrong with an entry's form; ``asked`` are the forms that its section may have."""
    fit = listed.entry.fit
    if fit is None or (fit.exact and fit.form and fit.form.standing is not Standing.READ):
        return
    if not asked:
        return
    if cached_faults(content_of(listed.entry.text[len(listed.entry.marker) :])):
        return  # the broken link is reported, and what it spoils with it
    if listed.year.value is None and all(_needs_year(line) for line in asked):
        yield Fault("missing-year", f"Add the year, as in `{_shown(asked[0])}`.")
    yield Fault("off-form", f"Write it as the list does: `{_shown(_nearest(fit.form, asked))}`.")


def markup_faults_of(listed: Listed) -> Iterator[Fault]:
    """Yield the links of an entry whose markup GitHub reads otherwise than meant."""
    for fault in cached_faults(content_of(listed.entry.text[len(listed.entry.marker) :])):
        code, message = _MARKUP[fault.kind]
        yield Fault(code, f"{message[:-1]}: `{_near(fault)}`." if _near(fault) else message)


def numbering(context: RuleContext) -> Iterator[tuple[Listed, str]]:
    """Yield the new entries whose number does not follow that of the item above, each with what to do."""
    forms = context.policy.forms
    if forms is None or forms.numbers is None:
        return
    added = {id(listed) for listed, before in context.list_change.touched() if before is None}
    numbered = [listed for listed in context.list_change.head.entries if listed.number is not None]
    for above, listed, below in zip((None, *numbered), numbered, (*numbered[1:], None), strict=False):
        if id(listed) not in added or listed.number is None:
            continue
        expected = _expected(forms.numbers, above if above and above.path == listed.path else None)
        if listed.number != expected:
            yield listed, f"Number it {expected}."
        elif below and id(below) not in added and _is_repeated(forms, listed, below):
            yield listed, f"Number the items below it from {listed.number + 1} on."


def asked_of(policy: Policy, listed: Listed) -> tuple[FormLine, ...]:
    """Return the forms that a new entry of this section may have."""
    if policy.forms is None:
        return ()
    lines = policy.forms.of_groups.get(listed.group.name) or policy.forms.lines
    rows = bool(listed.entry.fit and listed.entry.fit.form and listed.entry.fit.form.cells)
    wanted = [line for line in lines if line.standing is not Standing.READ]
    return tuple(line for line in wanted if bool(line.cells) == rows)


def _is_repeated(forms: ListForms, listed: Listed, below: Listed) -> bool:
    same = below.path == listed.path and below.number == listed.number
    return same and forms.numbers is Numbers.COUNTING


def _expected(numbers: Numbers, above: Listed | None) -> int:
    counting = numbers is Numbers.COUNTING and above is not None and above.number is not None
    return above.number + 1 if counting and above and above.number is not None else 1


def _needs_year(line: FormLine) -> bool:
    if line.cells:
        return any(parse(cell, need="").needs("year", "yy") for _, cell in line.cells)
    return parse(line.text).needs("year", "yy")


def _nearest(form: FormLine | None, asked: tuple[FormLine, ...]) -> FormLine:
    return form if form in asked and form is not None else asked[0]


def _shown(line: FormLine) -> str:
    form = str(line).replace("<<", "").replace(">>", "").replace("\n\n", " / ").replace("`", "'")
    return form if len(form) <= _SHOWN_FORM else form[:_SHOWN_FORM] + "…"


def _near(fault: MarkupFault) -> str:
    return fault.said.replace("`", "'").strip()
