"""The rule ``record``: title, authors, year and link of an entry are of one paper."""

from __future__ import annotations

from collections.abc import Iterator

from rules.changes.paper_records import query_of, same_surname, slips
from rules.context import ListChange, RuleContext
from rules.editing.fixes import corrected
from rules.papers.evidence import EvidenceRequest, Record
from rules.papers.titles import ALIKE, SAME, key, likeness
from rules.reading.document import Listed
from rules.reading.links import first_link
from rules.reading.names import Author
from rules.report.findings import Finding, Fix, Severity
from rules.rule import Code, Rule

_AUTHORS_SHOWN = 3  # authors of a record that a message names: enough to recognise the paper


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield entries that differ from the records of the paper that their link names.

    Bad: other-paper, record "Memory networks" by Weston 2014, also citations/unknown
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1410.3916)
    Bad: title-differs, record "Spatial transformer networks in depth" by Jaderberg 2015
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
    Bad: other-title, record "Learning to look where it matters" by Jaderberg 2015, also citations/unknown
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
    Bad: authors-differ, record "Spatial transformer networks" by Jaderberg 2015, also citations/unknown
        - **Spatial transformer network** (2015), A. Graves et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
    Bad: author-slip, record "Batch normalization" by Ioffe Szegedy 2015, also citations/unknown
        - **Batch normalization** (2015), S. Loffe and C. Szegedy [[pdf]](http://arxiv.org/pdf/1502.03167)
    Bad: first-author, record "Batch normalization" by Ioffe Szegedy 2015
        - **Batch normalization** (2015), C. Szegedy et al. [[pdf]](http://arxiv.org/pdf/1502.03167)
    Bad: year-differs, record "Batch normalization" by Ioffe Szegedy 2012
        - **Batch normalization** (2015), S. Ioffe and C. Szegedy [[pdf]](http://arxiv.org/pdf/1502.03167)
    Good: record "Batch Normalization" by Ioffe Szegedy 2014
        - **Batch normalization** (2015), S. Ioffe and C. Szegedy [[pdf]](http://arxiv.org/pdf/1502.03167)
    Good: record "Pixel recurrent neural networks" by van-den-Oord Kalchbrenner 2016
        - **Pixel recurrent neural networks** (2016), A. Oord et al. [[pdf]](http://arxiv.org/pdf/1601.06759v2.pdf)
    """
    if context.evidence is None:
        return
    for listed in looked_up(context.list_change):
        answers = context.evidence.of(query_of(listed))
        records = [answer for answer in answers if isinstance(answer, Record) and answer.title]
        if records:
            yield from _compare(listed, records)


def looked_up(list_change: ListChange) -> tuple[Listed, ...]:
    """Return the entries that the change adds or alters, as far as services can know them."""
    touched = list_change.head.entries if list_change.whole else list_change.diff.touched
    return tuple(listed for listed in touched if listed.identifier or listed.group.counted)


def wanted(list_change: ListChange) -> EvidenceRequest:
    """Return what to ask for this rule, each paper once."""
    return EvidenceRequest(full=tuple(dict.fromkeys(query_of(listed) for listed in looked_up(list_change))))


RULE = Rule(
    name="record",
    summary="Title, authors, year and link of an entry are of one paper.",
    why="A link copied from another entry, a name misspelled or a wrong year mislead readers, and the"
    " citations that are looked up are then those of another paper.",
    how="Compare the entry with the paper itself, and correct the link, the title, the authors or the year."
    " The services are wrong now and then: a maintainer can waive a finding. Nothing is reported of a paper"
    " that no service knows. Authors count as wrong only when none of them is among the record's.",
    codes=(
        Code("other-paper", Severity.ERROR, "The link leads to another paper."),
        Code("authors-differ", Severity.ERROR, "None of the authors is an author of the paper."),
        Code("other-title", Severity.DECISION, "The link leads to a paper of the author with another title."),
        Code("title-differs", Severity.WARNING, "The title differs from the paper's in some words."),
        Code("author-slip", Severity.WARNING, "A name differs from an author's by a letter or two."),
        Code("first-author", Severity.WARNING, "Another author is the paper's first."),
        Code("year-differs", Severity.WARNING, "The year is more than one off from all known years."),
    ),
    check=check,
    wanted=wanted,
)


def _compare(listed: Listed, records: list[Record]) -> Iterator[Finding]:
    title = key(listed.entry.full_title)
    nearest = max(records, key=lambda record: likeness(title, key(record.title)))
    alike = likeness(title, key(nearest.title))
    if alike < ALIKE:
        yield _other(listed, nearest, records)
        return
    if alike < SAME:
        yield RULE.at(
            listed, "title-differs", f'Check the title: {nearest.source} has "{nearest.title}".'
        )  # fmt: skip
    same = [record for record in records if likeness(title, key(record.title)) >= ALIKE]
    yield from _authors(listed, same)
    yield from _year(listed, same)


def _other(listed: Listed, nearest: Record, records: list[Record]) -> Finding:
    """Return the finding about records of another title: another paper, or this one renamed."""
    paper = f'"{nearest.title}" ({nearest.source})'
    written = [name.surname for name in listed.entry.authors.names]
    known = [surname for record in records for surname in record.surnames]
    if any(same_surname(one, other) for one in written for other in known):
        return RULE.at(
            listed, "other-title", f"Check the title: the link leads to {paper}, by an author named here."
        )
    return RULE.at(listed, "other-paper", f"Correct the link: it leads to another paper, {paper}.")


def _authors(listed: Listed, records: list[Record]) -> Iterator[Finding]:
    written = listed.entry.authors.names
    record = next((record for record in records if record.surnames), None)
    if not written or record is None:
        return
    known = list(dict.fromkeys(surname for record in records for surname in record.surnames))
    strange = [name for name in written if not any(same_surname(name.surname, other) for other in known)]
    slipped = [(name, meant) for name in strange if (meant := slips(name.surname, known))]
    for name, meant in slipped:
        message = f"Typo? {record.source} spells the author {meant}."
        yield RULE.at(listed, "author-slip", message, fix=_respelled(listed, name, meant))
    if len(strange) == len(written) and not slipped:
        more = " et al." if len(record.surnames) > _AUTHORS_SHOWN else ""
        shown = ", ".join(record.surnames[:_AUTHORS_SHOWN]) + more
        yield RULE.at(listed, "authors-differ", f"These are not the authors {record.source} names: {shown}.")
    elif written[0] not in strange and not any(
        same_surname(written[0].surname, record.surnames[0]) for record in records if record.surnames
    ):
        message = f"Name {record.surnames[0]} first: {record.source} has that first author."
        yield RULE.at(listed, "first-author", message)


def _respelled(listed: Listed, name: Author, meant: str) -> Fix | None:
    """Return the corrected line with a surname spelled as the record has it; None when it is not to be found.

    The title may hold the name too: the last one before the link is the author's.
    """
    line = corrected(listed)
    text = line.entry.text if line else listed.entry.text
    end = first_link(text)
    before, found, after = text[:end].rpartition(name.surname)
    return Fix(listed.line, listed.end_line, f"{before}{meant}{after}{text[end:]}") if found else None


def _year(listed: Listed, records: list[Record]) -> Iterator[Finding]:
    claimed = listed.year.value
    years = {year: record for record in records for year in record.years}
    if claimed is None or not years or any(abs(year - claimed) <= 1 for year in years):
        return
    nearest = min(years, key=lambda year: abs(year - claimed))
    yield RULE.at(
        listed,
        "year-differs",
        f"Check the year: {years[nearest].source} has {nearest}, and that year decides the threshold.",
    )
