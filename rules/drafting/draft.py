"""The draft of a policy: what the list's own text shows, with examples, and what only a person can say."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from rules.drafting.customs import numbers_of, order_of, repeats_of
from rules.drafting.shapes import Shape, shape_of
from rules.papers.identifiers import identify
from rules.policy.forms import MOST_FORMS, FormLine, ListForms, Numbers, Order, Repeats, Standing, YearSource
from rules.policy.policy import Policy
from rules.reading import markdown
from rules.reading.blocks import Block
from rules.reading.document import Document, Listed
from rules.reading.entry import Entry
from rules.reading.forms.reader import list_form
from rules.reading.forms.template import FormError
from rules.reading.inline import Definitions
from rules.reading.list_kind import ListKind
from rules.reading.walk import read_document, walked

_EXAMPLES = 3  # entries that are shown of each form
_ASKED_SHARE = 0.03  # of the entries that a form needs to be right for new ones; rarer ones are understood
_YEAR_SHARE = 0.5  # of the entries that a source of years has to date
_PAPERS_SHARE = 0.3  # of a section's entries that name a paper, where its name speaks of tools or talks
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_KNOWN_SHARE = 0.1  # of the entries that need a known identifier, or this is no list of papers
_FEW = 3  # entries; a section of contents or licences holds fewer, whatever it is called
_SKIP = re.compile(
    r"\W*(?:(?:table of )?contents?|toc|contribut\w*|licen[cs]e\w*|acknowledge?ments?|citations?|citing|about"
    r"|introduction|news|updates?|changelog|overview|how to)\b",
    re.IGNORECASE,
)
_RESOURCES = re.compile(
    r"\b(?:tools?|software|librar(?:y|ies)|code|implementations?|data ?sets?|talks?|tutorials?|blogs?"
    r"|courses?|books?|videos?|lectures?|resources?|lists?|frameworks?|projects?|leaderboards?|demos?|websites?)\b",
    re.IGNORECASE,
)
_CRITERIA = re.compile(r"\b(?:criteria|guidelines?|rules)\b", re.IGNORECASE)
_THRESHOLD = re.compile(r"(?P<year>(?:19|20)\d\d)\W{1,8}\+?\s?(?P<count>\d{1,5})\s+citations", re.IGNORECASE)
_CAP = re.compile(
    r"\b(?:top|at most|maximum(?: of)?|no more than|limit(?:ed)? to)\W{1,3}(?P<cap>\d{2,4})\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class DraftedForm:
    """A form with how many entries have it and some of them: their lines, titles, years and URLs as read."""

    line: FormLine
    count: int
    examples: tuple[tuple[int, str, int | None, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A drafted policy; ``unsure`` are sentences about what a person has to look at."""

    forms: tuple[DraftedForm, ...]
    skip: tuple[str, ...]
    resources: tuple[str, ...]
    years: tuple[YearSource, ...]
    numbers: Numbers | None
    repeats: Repeats
    order: Order | None
    looked_up: bool
    criteria: str | None = None
    cap: int | None = None
    thresholds: dict[int, int] = field(default_factory=dict)
    entries: int = 0
    blocks: int = 0
    unsure: tuple[str, ...] = ()

    def policy(self, path: str = "README.md") -> Policy:
        """Return the policy that the draft describes."""
        forms = ListForms(
            tuple(form.line for form in self.forms),
            skip=self.skip,
            resources=self.resources,
            years=self.years,
            numbers=self.numbers,
            looked_up=self.looked_up,
        )
        open_structure = {f"structure/section-{what}": None for what in ("added", "removed", "renamed")}
        return Policy(
            name=path, groups=(), path=path, forms=forms, repeats=self.repeats, order=self.order,
            criteria=self.criteria, severities=open_structure,
        )  # fmt: skip


class _Collector(ListKind):
    """Keeps every block of a document that may be an entry, with the path of its section."""

    def __init__(self) -> None:
        super().__init__(Policy("draft", (), forms=ListForms(())))
        self.blocks: list[Block] = []

    def _form(self, group: object) -> _Collected:  # type: ignore[override]  # noqa: ARG002
        return _Collected(self.blocks)


@dataclass
class _Collected:
    """Takes the place of a form: it reads nothing and keeps what it was given."""

    blocks: list[Block]
    paragraphs = True

    def read(self, block: Block, definitions: Definitions) -> Entry | None:  # noqa: ARG002
        """Keep ``block``."""
        self.blocks.append(block)
        return None


def draft_policy(text: str) -> Draft:
    """Return the draft of a policy for a list. Raises RecursionError on absurdly nested input."""
    blocks = _blocks(text)
    shapes = [(block, shape) for block in blocks if (shape := shape_of(block))]
    forms = _forms(shapes)
    lines = tuple(form.line for form in forms)
    document = _read(text, ListForms(lines))
    skip, resources = _sections(document)
    years = _years(document)
    document = _read(text, ListForms(lines, skip=skip, resources=resources, years=years))
    return Draft(
        forms=tuple(_with_examples(form, document) for form in forms),
        skip=skip,
        resources=resources,
        years=years,
        numbers=numbers_of(document),
        repeats=repeats_of(document),
        order=order_of(document),
        looked_up=_known(document.entries) >= _KNOWN_SHARE,
        criteria=_criteria(text),
        cap=int(cap["cap"]) if (cap := _CAP.search(text)) else None,
        thresholds={int(match["year"]): int(match["count"]) for match in _THRESHOLD.finditer(text)},
        entries=len(document.entries),
        blocks=len(shapes),
        unsure=tuple(_unsure(forms, document, len(shapes))),
    )


def _read(text: str, forms: ListForms) -> Document:
    return read_document(text, Policy("draft", (), forms=forms, order=None))


def _known(entries: Sequence[Listed]) -> float:
    """Return the share of entries whose links name a paper."""
    known = sum(any(identify(url) for url in listed.urls) for listed in entries)
    return known / len(entries) if entries else 0.0


def _blocks(text: str) -> list[Block]:
    collector = _Collector()
    walked(markdown.normalize(text), collector.policy, collector)
    return collector.blocks


def _forms(shapes: list[tuple[Block, Shape]]) -> list[DraftedForm]:
    counts: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()
    styles: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for _, shape in shapes:
        counts[shape.form, shape.cells] += 1
        if shape.links:
            styles[shape.form][shape.links, shape.separator] += 1
    drafted: list[DraftedForm] = []
    merged = _merged(counts)
    enough = max(2.0, _ASKED_SHARE * len(shapes))
    for (form, cells), count in merged.most_common():
        if len(drafted) == MOST_FORMS:
            break
        standing = Standing.READ if count < enough else Standing.ALSO if drafted else Standing.ASKED
        links, separator = _style(styles, form)
        line = FormLine(form, standing, links, separator, cells)
        if _usable(line) and (count > 1 or not drafted):
            drafted.append(DraftedForm(line, count))
    return drafted


def _style(styles: dict[str, Counter[tuple[str, str]]], form: str) -> tuple[str, str]:
    """Return how the links of a form look: as most of its own do, else as most of the list's."""
    own, all_ = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    bare = form.replace("<<", "").replace(">>", "")
    for other, counted in styles.items():
        all_.update(counted)
        if bare.startswith(other) or other.startswith(bare):
            own.update(counted)
    found = own or all_
    return found.most_common(1)[0][0] if found else (FormLine().links, FormLine().separator)


def _merged(
    counts: Counter[tuple[str, tuple[tuple[str, str], ...]]],
) -> Counter[tuple[str, tuple[tuple[str, str], ...]]]:
    """Return the forms with those joined that differ by a part at the end."""
    merged: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()
    for (form, cells), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        longer = next(
            (
                other
                for other, of_cells in merged
                if not of_cells and not cells and "<<" not in other and form
                and (other.startswith(form) or form.startswith(other))
            ),
            None,
        )  # fmt: skip
        if longer is None:
            merged[form, cells] += count
            continue
        short, long = sorted((form, longer), key=len)
        rest = long[len(short) :]
        joined = f"{short}<<{rest}>>"
        # A field that takes all it can would swallow the part that may be missing.
        if "{" not in rest or short.endswith("{authors}") or not _usable(FormLine(joined)):
            merged[form, cells] += count
            continue
        total = merged.pop((longer, ())) + count
        merged[joined, ()] += total
    return merged


def _usable(line: FormLine) -> bool:
    try:
        list_form((line,))
    except FormError:
        return False
    return True


def _sections(document: Document) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the sections that hold no entries of the list, and those whose entries are no papers."""
    held: dict[str, list[Listed]] = defaultdict(list)
    for listed in document.entries:
        for name in set(listed.path):  # a section that is skipped takes its subsections with it
            held[name].append(listed)
    names = list(dict.fromkeys(section.name for section in document.sections))
    skip = tuple(name for name in names if _SKIP.match(name) and len(held[name]) < _FEW)
    resources = tuple(
        name
        for name in names
        if name not in skip and _RESOURCES.search(name) and _known(held[name]) < _PAPERS_SHARE
    )
    return skip, resources


def _criteria(text: str) -> str | None:
    headings = re.findall(r"^#{1,6}[ \t]+([^\n]{1,100}?)[ \t]*#*$", text, re.MULTILINE)
    return next((name for name in headings if _CRITERIA.search(name)), None)


def _years(document: Document) -> tuple[YearSource, ...]:
    """Return the sources of the year: the entry where it has one, else the headings, else the arXiv id."""
    total = max(len(document.entries), 1)
    dated = sum(listed.year.value is not None for listed in document.entries)
    headed = sum(any(map(_YEAR.search, listed.path)) for listed in document.entries)
    if dated < _YEAR_SHARE * total and headed >= _YEAR_SHARE * total:
        return (YearSource.FIELD, YearSource.HEADING) if dated else (YearSource.HEADING,)
    return (YearSource.FIELD,)


def _with_examples(form: DraftedForm, document: Document) -> DraftedForm:
    found = [listed for listed in document.entries if listed.entry.fit and listed.entry.fit.form == form.line]
    examples = tuple(
        (listed.line, listed.title, listed.year.value, next(iter(listed.urls), None))
        for listed in found[:_EXAMPLES]
    )
    return DraftedForm(form.line, form.count, examples)


def _unsure(forms: list[DraftedForm], document: Document, blocks: int) -> list[str]:
    unsure = []
    covered = sum(form.count for form in forms)
    if covered < blocks:
        unsure.append(f"{blocks - covered} of {blocks} entries are in rarer forms.")
    if forms and "{text}" in forms[0].line.text:
        unsure.append("The first form has {text}: is it authors, a venue, or a description?")
    if not document.entries:
        unsure.append("No entries were found.")
    return unsure
