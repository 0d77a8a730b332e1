"""The rule ``duplicate``: a paper stands in the list once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from rules.changes.apply import ResultEntry
from rules.changes.paper_records import agreeing, query_of
from rules.changes.same_paper import same_work, titled_alike
from rules.context import RuleContext
from rules.papers.evidence import Evidence
from rules.papers.titles import ALIKE, key, likeness
from rules.reading.document import Listed
from rules.report.findings import Finding, Fix, Related, Severity

RULE = "duplicate"

_MOST_OF_ONE_AUTHOR = 300  # entries compared by likeness of title; the reference list has 10 at most


@dataclass(frozen=True, slots=True)
class _Likeness:
    code: str
    severity: Severity
    message: str


_EXACT = _Likeness("exact", Severity.ERROR, "Unexpected second entry of this paper")
_SAME_ID = _Likeness("same-id", Severity.ERROR, "Unexpected second entry of this paper under another title")
_NEAR = _Likeness("near", Severity.WARNING, "This title is much like another one of the same author")


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield entries whose paper stands elsewhere in the list as it will be.

    Two works may share a short title, and a journal version under another title is a work of its own.

    Bad: exact
        - **Learning hierarchical features for scene labeling** (2013), C. Farabet et al. [[pdf]](http://example.org/a.pdf)
        ### Appendix: More than Top 100
        - Learning Hierarchical Features for Scene Labeling (2013), C. Farabet et al. [[pdf]](http://example.org/b.pdf)
    Bad: same-id
        - **Pixel recurrent neural networks** (2016), A. Oord et al. [[pdf]](http://arxiv.org/pdf/1601.06759v2.pdf)
        - **Pixel recurrent neural nets** (2016), A. Oord et al. [[pdf]](https://arxiv.org/abs/1601.06759)
    Bad: near
        - **Texture networks: Synthesis of textures and stylized images** (2016), D. Ulyanov et al. [[pdf]](http://example.org/a.pdf)
        - **Texture network: Synthesis of texture and stylized images** (2016), D. Ulyanov et al. [[pdf]](http://example.org/b.pdf)
    Good:
        ### Book / ListChange / Review
        - Deep learning (Book, 2016), I. Goodfellow et al. [[html]](http://www.deeplearningbook.org/)
        - Deep learning (2015), Y. LeCun et al. [[pdf]](https://www.cs.toronto.edu/~hinton/absps/NatureDeepReview.pdf)
    """
    earlier = {id(after): before for after, before in context.touched()}
    entries = context.list_change.result
    names = [_names(stands.listed, context.evidence) for stands in entries]
    for first, second, kind in _pairs(entries, names):
        new = [stands for stands in (second, first) if _brings(stands, earlier)]
        if new and _was_pair(first, second, earlier, kind):
            new = []
        told, other = (new[0], first if new[0] is second else second) if new else (second, first)
        if told.head is None:
            told, other = other, told
        if told.head is None:
            continue
        yield Finding(
            rule=RULE,
            code=kind.code,
            severity=kind.severity,
            message=f'{kind.message}: "{other.listed.title}" in {other.listed.section}',
            line=told.head.line,
            end_line=told.head.end_line,
            title=told.head.title,
            introduced=bool(new),
            related=(Related(line=other.head.line) if other.head else Related(base_line=other.listed.line),),
            fix=Fix(told.head.line, told.head.end_line, None) if kind is _EXACT else None,
        )


def _brings(stands: ResultEntry, earlier: dict[int, Listed | None]) -> bool:
    """Return whether the change brings this paper here: it is new, or has another title or link."""
    if stands.head is None or id(stands.head) not in earlier:
        return False
    before = earlier[id(stands.head)]
    return before is None or before.key != stands.head.key or before.places != stands.head.places


def _was_pair(
    first: ResultEntry, second: ResultEntry, earlier: dict[int, Listed | None], kind: _Likeness
) -> bool:
    """Return whether the two were as much one work twice before the change already."""
    one, other = (earlier.get(id(stands.head), stands.listed) for stands in (first, second))
    if one is None or other is None:
        return False
    before = _kind(one, other, bool(one.places & other.places))
    return before is not None and (before.severity is Severity.ERROR or kind is _NEAR)


def _names(listed: Listed, evidence: Evidence | None) -> frozenset[str]:
    """Return all that names the paper: where its links lead, and what the records of it know it by.

    So a preprint and its published version are one paper, though their links share nothing.
    """
    if evidence is None:
        return listed.places
    records = agreeing(listed, evidence.of(query_of(listed)))
    return listed.places | {str(identifier) for record in records for identifier in record.identifiers}


def _pairs(
    entries: tuple[ResultEntry, ...], names: list[frozenset[str]]
) -> Iterator[tuple[ResultEntry, ResultEntry, _Likeness]]:
    """Yield each pair of entries that are or may be one work, in list order, once."""
    seen: set[tuple[int, int]] = set()
    for bucket in _buckets(entries, names):
        for position, second in enumerate(bucket):
            for first in bucket[:position]:
                if (first, second) in seen:
                    continue
                named_alike = bool(names[first] & names[second])
                kind = _kind(entries[first].listed, entries[second].listed, named_alike)
                if kind:
                    seen.add((first, second))
                    yield entries[first], entries[second], kind


def _buckets(entries: tuple[ResultEntry, ...], names: list[frozenset[str]]) -> Iterator[list[int]]:
    """Yield the numbers of entries that share a title, a name of the paper or a first author."""
    buckets: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, stands in enumerate(entries):
        listed = stands.listed
        if listed.key:
            buckets["title", listed.key].append(number)
        for name in names[number]:
            buckets["name", name].append(number)
        surname = key(listed.entry.authors.first_surname)
        if surname and len(buckets["surname", surname]) < _MOST_OF_ONE_AUTHOR:
            buckets["surname", surname].append(number)
    yield from buckets.values()


def _kind(first: Listed, second: Listed, named_alike: bool) -> _Likeness | None:
    if first.key == second.key:
        return _EXACT if named_alike or same_work(first, second) else None
    if named_alike and titled_alike(first, second):
        return _SAME_ID
    if not _near(len(first.key), len(second.key)) or likeness(first.key, second.key, ALIKE) < ALIKE:
        return None
    return _NEAR


def _near(one: int, other: int) -> bool:
    """Return whether titles of these lengths can be alike at all."""
    return 2 * min(one, other) >= (one + other) * ALIKE / 100
