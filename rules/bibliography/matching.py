"""The BibTeX file beside a list: its entries, and which paper of the list each one is of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rules.changes.paper_records import same_surname
from rules.papers.titles import ALIKE, SAME, key, likeness
from rules.reading.document import Listed

# Comparisons of titles; above it no title that is only alike is looked for, since comparing is quadratic.
# The reference list has fewer than 10 papers and 10 entries without a counterpart.
_MOST_LIKENESSES = 40_000
_MOST_OF_ONE_TITLE = 20  # entries of one title among which that of the same author is looked for
_LONGEST = 300  # letters of a title that are compared; no real title is longer


@dataclass(frozen=True, slots=True)
class BibEntry:
    """One entry: ``key`` is what it is cited by, ``line`` where it begins (1-based).

    The text is plain, without LaTeX; ``surnames`` are the authors' in order, ``more`` is true when they end
    in "and others".
    """

    key: str
    title: str
    surnames: tuple[str, ...]
    year: int | None
    line: int
    more: bool = False


@dataclass(frozen=True, slots=True)
class Broken:
    """Text at ``line`` that begins like an entry and cannot be read; ``text`` is its first line."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Bibliography:
    """One version of the file; ``unreadable`` is a clause: why nothing of it could be read."""

    entries: tuple[BibEntry, ...] = ()
    broken: tuple[Broken, ...] = ()
    unreadable: str | None = None


@dataclass(frozen=True, slots=True)
class Companion:
    """The file at ``path``, at the merge base (None: there was none) and at the head."""

    path: str
    before: Bibliography | None
    after: Bibliography


@dataclass(frozen=True, slots=True)
class Matching:
    """Which entry is of which paper, the papers without an entry, and the entries without a paper."""

    pairs: tuple[tuple[Listed, BibEntry], ...]
    papers: tuple[Listed, ...]
    entries: tuple[BibEntry, ...]


def match(papers: Iterable[Listed], entries: Iterable[BibEntry]) -> Matching:
    """Return which of ``entries`` is of which of ``papers``, one each: by title, then by likeness of title.

    A title that is only much alike needs the same first author.
    """
    waiting: dict[str, list[BibEntry]] = defaultdict(list)
    for entry in entries:
        waiting[key(entry.title)].append(entry)
    pairs: list[tuple[Listed, BibEntry]] = []
    left: list[Listed] = []
    for paper in papers:
        same = waiting[_title_of(paper)]
        if same:
            likely = same[:_MOST_OF_ONE_TITLE]
            entry = next((entry for entry in likely if _same_first_author(paper, entry)), same[0])
            same.remove(entry)
            pairs.append((paper, entry))
        else:
            left.append(paper)
    spare = [entry for same in waiting.values() for entry in same]
    alike = list(_alike(left, spare))
    papers_paired = {id(paper) for paper, _ in alike}
    entries_paired = {id(entry) for _, entry in alike}
    return Matching(
        tuple(pairs + alike),
        tuple(paper for paper in left if id(paper) not in papers_paired),
        tuple(entry for entry in spare if id(entry) not in entries_paired),
    )


def differences(paper: Listed, entry: BibEntry) -> Iterator[tuple[str, str]]:
    """Yield (what, how) for title, year and authors where the list and the file differ.

    What one of them leaves out is no difference. The list names one author, two, or the first "et al.".
    """
    if likeness(_title_of(paper), key(entry.title)) < SAME:
        yield "title", f'title "{entry.title}"'
    if entry.year is not None and paper.year.value is not None and entry.year != paper.year.value:
        yield "year", f"year {entry.year}, here {paper.year.value}"
    names = [name.surname for name in paper.entry.authors.names]
    for name, surname in zip(names, entry.surnames, strict=False):
        if not same_surname(name, surname):
            yield "authors", f"author {surname}, here {name}"
            return
    if names and entry.surnames and not entry.more:
        more = bool(paper.entry.authors.et_al)
        count = len(entry.surnames)
        if (more and count < 2) or (not more and count != len(names)):
            here = f'{names[0]} "et al."' if more else str(len(names))
            yield "authors", f"{count} author{'' if count == 1 else 's'}, here {here}"


def _title_of(paper: Listed) -> str:
    return key(paper.entry.full_title)


def _same_first_author(paper: Listed, entry: BibEntry) -> bool:
    return bool(entry.surnames) and same_surname(paper.entry.authors.first_surname, entry.surnames[0])


def _alike(papers: Sequence[Listed], entries: Sequence[BibEntry]) -> Iterator[tuple[Listed, BibEntry]]:
    """Yield pairs whose titles are alike, the most alike first, each paper and entry once."""
    if len(papers) * len(entries) > _MOST_LIKENESSES:
        return
    titles = [(_title_of(paper)[:_LONGEST], paper) for paper in papers]
    others = [(key(entry.title)[:_LONGEST], entry) for entry in entries]
    scored = [
        (score, paper, entry)
        for title, paper in titles
        for other, entry in others
        if (score := likeness(title, other, ALIKE)) >= SAME or (score and _same_first_author(paper, entry))
    ]
    taken: set[int] = set()
    for _, paper, entry in sorted(scored, key=lambda candidate: -candidate[0]):
        if not taken & {id(paper), id(entry)}:
            taken |= {id(paper), id(entry)}
            yield paper, entry
