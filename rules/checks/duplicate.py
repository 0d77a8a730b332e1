"""The rule ``duplicate``: a paper is in the list once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from rules.changes.apply import ResultEntry
from rules.changes.paper_records import agreeing, query_of
from rules.changes.same_paper import same_work, titled_alike
from rules.context import RuleContext
from rules.papers.evidence import Evidence
from rules.papers.titles import ALIKE, key, likeness, signed_key
from rules.policy.forms import Repeats, Scope
from rules.reading.document import Listed
from rules.report.findings import Finding, Fix, Severity
from rules.rule import MOST_RELATED, Code, Rule, place_of, related_to

# Entries of one title, one link or one author that each is compared with: comparing all with all is
# quadratic. The reference list has 10 of one author at most.
_MOST_COMPARED = 50

# The worst first: an entry that is several kinds of duplicate is reported as the worst.
_KINDS = ("exact", "same-id", "near")


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield entries whose paper is elsewhere in the resulting list, each entry once.

    Two works may share a short title, and a journal version under another title is a work of its own.

    Bad: exact
        - **Learning hierarchical features for scene labeling** (2013), C. Farabet et al. [[pdf]](http://example.org/a.pdf)
        ### Appendix: More than Top 100
        - Learning Hierarchical Features for Scene Labeling (2013), C. Farabet et al. [[pdf]](http://example.org/b.pdf)
    Bad: same-id
        - **Pixel recurrent neural networks** (2016), A. Oord et al. [[pdf]](http://arxiv.org/pdf/1601.06759v2.pdf)
        - **Pixel recurrent neural nets** (2016), A. Oord et al. [[pdf]](https://www.arxiv.org/pdf/1601.06759)
    Bad: near
        - **Texture networks: Synthesis of textures and stylized images** (2016), D. Ulyanov et al. [[pdf]](http://example.org/a.pdf)
        - **Texture network: Synthesis of texture and stylized images** (2016), D. Ulyanov et al. [[pdf]](http://example.org/b.pdf)
    Good:
        ### Book / ListChange / Review
        - Deep learning (Book, 2016), I. Goodfellow et al. [[html]](http://www.deeplearningbook.org/)
        - Deep learning (2015), Y. LeCun et al. [[pdf]](https://www.cs.toronto.edu/~hinton/absps/NatureDeepReview.pdf)
    """
    repeats = context.policy.repeats
    if repeats.within is Scope.OFF:
        return
    earlier = {id(after): before for after, before in context.list_change.touched()}
    entries = context.list_change.result
    names = [_names(result.listed, context.evidence) for result in entries]
    found: dict[int, list[_Duplicate]] = defaultdict(list)
    declared = context.policy.forms is not None
    alike: Alike = partial(_declared_kind, repeats=repeats) if declared else _kind
    for first, second, kind in _pairs(entries, names, alike):
        duplicate = _reported(first, second, kind, earlier, alike)
        if duplicate is not None:
            found[id(duplicate.head)].append(duplicate)
    for duplicates in found.values():
        yield _finding(duplicates)


RULE = Rule(
    name="duplicate",
    summary="A paper is in the list once.",
    why="Two entries of one paper take two places of the top sections, and readers find different links.",
    how="Remove the entry that the message is about, or the one it names. If the two are different papers"
    " with much the same title, nothing needs to be done: `near` never holds the merge.",
    codes=(
        Code("exact", Severity.ERROR, "The list has another entry of this paper."),
        Code("same-id", Severity.ERROR, "The list has this paper under another title."),
        Code("near", Severity.WARNING, "The list has a paper of the same author with much the same title."),
    ),
    check=check,
)


Alike = Callable[[Listed, Listed, bool], str | None]
_TELLING_WORDS = 3  # of a title that another one may continue; "Deep learning" is a field


@dataclass(frozen=True, slots=True)
class _Duplicate:
    """An entry of head to report, the other entry of its paper, and how the two are alike."""

    head: Listed
    other: ResultEntry
    kind: str
    introduced: bool


def _reported(
    first: ResultEntry, second: ResultEntry, kind: str, earlier: dict[int, Listed | None], alike: Alike
) -> _Duplicate | None:
    """Return which of two entries to report: the one that the change adds, else the later one."""
    new = [result for result in (second, first) if _adds(result, earlier)]
    introduced = bool(new) and not _was_pair(first, second, earlier, kind, alike)
    reported = new[0] if introduced else second
    other = first if reported is second else second
    if reported.head is None:
        reported, other = other, reported
    return None if reported.head is None else _Duplicate(reported.head, other, kind, introduced)


def _finding(duplicates: list[_Duplicate]) -> Finding:
    """Return the one finding about an entry: of the worst kind, with the other entries of its paper."""
    introduced = any(duplicate.introduced for duplicate in duplicates)
    relevant = [duplicate for duplicate in duplicates if duplicate.introduced == introduced]
    kind = min((duplicate.kind for duplicate in relevant), key=_KINDS.index)
    others = [duplicate.other for duplicate in relevant if duplicate.kind == kind]
    head = relevant[0].head
    number = len(others) - 1
    more = f"{number} more" if number < MOST_RELATED else f"{MOST_RELATED} or more others"
    place = f"{place_of(others[0])}, and {more}" if number else place_of(others[0])
    messages = {
        "exact": f"Already in the list: {place}. Remove this entry.",
        "same-id": f'Already in the list as "{others[0].listed.title}": {place}. Remove one of them.',
        "near": f'Check that this is another paper than "{others[0].listed.title}", {place}:'
        " their titles are much alike.",
    }
    return RULE.at(
        head,
        kind,
        messages[kind],
        introduced=introduced,
        related=tuple(related_to(other) for other in others[:MOST_RELATED]),
        fix=Fix(head.line, head.end_line, None) if kind == "exact" else None,
    )


def _adds(result: ResultEntry, earlier: dict[int, Listed | None]) -> bool:
    """Return whether the change adds this paper here: it is new, or has another title or link."""
    if result.head is None or id(result.head) not in earlier:
        return False
    before = earlier[id(result.head)]
    return before is None or before.key != result.head.key or before.places != result.head.places


def _was_pair(
    first: ResultEntry, second: ResultEntry, earlier: dict[int, Listed | None], kind: str, alike: Alike
) -> bool:
    """Return whether the two were already as much one paper before the change."""
    one, other = (earlier.get(id(result.head), result.listed) for result in (first, second))
    if one is None or other is None:
        return False
    before = alike(one, other, bool(one.places & other.places))
    return before is not None and (before != "near" or kind == "near")


def _names(listed: Listed, evidence: Evidence | None) -> frozenset[str]:
    """Return all names of the paper: where its links lead, and the identifiers that its records give.

    So a preprint and its published version are one paper, although they share no link.
    """
    if evidence is None:
        return listed.places
    records = agreeing(listed, evidence.of(query_of(listed)))
    return listed.places | {str(identifier) for record in records for identifier in record.identifiers}


def _pairs(
    entries: tuple[ResultEntry, ...], names: list[frozenset[str]], alike: Alike
) -> Iterator[tuple[ResultEntry, ResultEntry, str]]:
    """Yield pairs of entries that are or may be one paper, each once: enough to report every entry."""
    seen: set[tuple[int, int]] = set()
    for bucket in _buckets(entries, names):
        for position, second in enumerate(bucket):
            found = 0
            for first in bucket[: min(position, _MOST_COMPARED)]:
                if found > MOST_RELATED:
                    break  # no finding names more of them
                same_name = bool(names[first] & names[second])
                kind = alike(entries[first].listed, entries[second].listed, same_name)
                if kind:
                    found += 1
                    if (first, second) not in seen:
                        seen.add((first, second))
                        yield entries[first], entries[second], kind


def _buckets(entries: tuple[ResultEntry, ...], names: list[frozenset[str]]) -> Iterator[list[int]]:
    """Yield the numbers of entries that share a title, a name of the paper or a first author."""
    buckets: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, result in enumerate(entries):
        listed = result.listed
        if listed.key:
            buckets["title", listed.key].append(number)
        for name in names[number]:
            buckets["name", name].append(number)
        surname = key(listed.entry.authors.first_surname)
        if surname:
            buckets["surname", surname].append(number)
    yield from buckets.values()


def _kind(first: Listed, second: Listed, same_name: bool) -> str | None:
    """Return the code of how two entries are alike, None when they are different papers."""
    if first.key == second.key:
        return "exact" if same_name or same_work(first, second) else None
    if same_name and titled_alike(first, second):
        return "same-id"
    if _is_cut_short(first, second):
        return "near"
    if not _may_be_alike(len(first.key), len(second.key)):
        return None
    return "near" if likeness(first.key, second.key, ALIKE) >= ALIKE else None


def _declared_kind(first: Listed, second: Listed, same_name: bool, *, repeats: Repeats) -> str | None:  # noqa: ARG001
    """Return the code of how two entries are alike, by what the policy says of repeats."""
    if repeats.within is Scope.SECTION and first.path != second.path:
        return None
    same_title = signed_key(first.title) == signed_key(second.title)
    same_link = first.paper_place is not None and first.paper_place == second.paper_place
    if same_title and repeats.names("title", *(["link"] if same_link else [])):
        return "exact"
    if same_link and repeats.names("link") and titled_alike(first, second):
        return "same-id"
    authors = bool(first.entry.authors.first_surname and second.entry.authors.first_surname)
    return "near" if authors and repeats.names("title") and _is_cut_short(first, second) else None


def _is_cut_short(first: Listed, second: Listed) -> bool:
    """Return whether one title is the beginning of the other, by the same first author."""
    short, long = sorted((first, second), key=lambda listed: len(listed.key))
    surnames = {key(listed.entry.authors.first_surname) for listed in (first, second)}
    telling = len(short.title.split()) >= _TELLING_WORDS and len(short.key) < len(long.key)
    return telling and long.key.startswith(short.key) and len(surnames) == 1 and "" not in surnames


def _may_be_alike(one: int, other: int) -> bool:
    """Return whether titles of these lengths can be alike at all."""
    return 2 * min(one, other) >= (one + other) * ALIKE / 100
