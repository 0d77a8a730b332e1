"""The rule ``record``: title, authors, year and link of an entry name one work."""

from __future__ import annotations

from collections.abc import Iterator

from rules.changes.paper_records import query_of, same_surname, slips
from rules.context import ListChange, RuleContext
from rules.editing.fixes import corrected
from rules.papers.evidence import Query, Record
from rules.papers.titles import ALIKE, SAME, key, likeness
from rules.reading.authors import Author
from rules.reading.document import Listed
from rules.report.findings import Finding, Fix, Severity

RULE = "record"


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield entries that differ from the records of the paper their link names.

    Where no source knows the paper there is nothing to say. Outside the top sections only entries whose
    link names an identifier are looked up. Thresholds: see ``rules.papers.titles``. An author is wrong
    only when none of the names given is among the record's, and a slip of two letters is pointed out.

    Bad: other-paper, record "Memory networks" by Weston 2014
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1410.3916)
    Bad: title-differs, record "Spatial transformer networks in depth" by Jaderberg 2015
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
    Bad: other-title, record "Learning to look where it matters" by Jaderberg 2015
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
    Bad: authors-differ, record "Spatial transformer networks" by Jaderberg Simonyan 2015
        - **Spatial transformer network** (2015), A. Graves et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
    Bad: author-slip, record "Batch normalization" by Ioffe Szegedy 2015
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
    """Return the entries that the change brings or alters, as far as they can be looked up."""
    if list_change.whole:
        touched = list_change.head.entries
    else:
        change = list_change.diff
        touched = change.added + tuple(pair.after for pair in change.moved + change.modified)
    return tuple(listed for listed in touched if listed.identifier or listed.group.counted)


def wanted(list_change: ListChange) -> tuple[Query, ...]:
    """Return what to ask for this rule, each paper once."""
    return tuple(dict.fromkeys(query_of(listed) for listed in looked_up(list_change)))


def _compare(listed: Listed, records: list[Record]) -> Iterator[Finding]:
    title = key(listed.entry.full_title)
    nearest = max(records, key=lambda record: likeness(title, key(record.title)))
    alike = likeness(title, key(nearest.title))
    if alike < ALIKE:
        yield _other(listed, nearest, records)
        return
    if alike < SAME:
        yield _finding(
            listed,
            "title-differs",
            Severity.WARNING,
            f'Unexpected title, {nearest.source} has "{nearest.title}"',
        )
    same = [record for record in records if likeness(title, key(record.title)) >= ALIKE]
    yield from _authors(listed, same)
    yield from _year(listed, same)


def _other(listed: Listed, nearest: Record, records: list[Record]) -> Finding:
    """Return what to say of records under another title: another paper, or this one renamed."""
    what = f'{nearest.source} knows it as "{nearest.title}"'
    written = [name.surname for name in listed.entry.authors.names]
    known = [surname for record in records for surname in record.surnames]
    if any(same_surname(one, other) for one in written for other in known):
        return _finding(
            listed, "other-title", Severity.DECISION, f"Unexpected title of the paper the link names: {what}"
        )
    return _finding(listed, "other-paper", Severity.ERROR, f"Unexpected link, it names another paper: {what}")


def _authors(listed: Listed, records: list[Record]) -> Iterator[Finding]:
    written = listed.entry.authors.names
    told = next((record for record in records if record.surnames), None)
    if not written or told is None:
        return
    known = list(dict.fromkeys(surname for record in records for surname in record.surnames))
    strange = [name for name in written if not any(same_surname(name.surname, other) for other in known)]
    slipped = [(name, meant) for name in strange if (meant := slips(name.surname, known))]
    for name, meant in slipped:
        message = f'Unexpected "{name.surname}", {told.source} has "{meant}"'
        yield _finding(listed, "author-slip", Severity.WARNING, message, _respelled(listed, name, meant))
    if len(strange) == len(written) and not slipped:
        shown = ", ".join(told.surnames[:3]) + (" et al." if len(told.surnames) > 3 else "")
        yield _finding(
            listed, "authors-differ", Severity.ERROR, f"Unexpected authors, {told.source} has {shown}"
        )
    elif written[0] not in strange and not any(
        same_surname(written[0].surname, record.surnames[0]) for record in records if record.surnames
    ):
        yield _finding(
            listed, "first-author", Severity.WARNING,
            f'Unexpected first author, {told.source} has "{told.surnames[0]}"',
        )  # fmt: skip


def _respelled(listed: Listed, name: Author, meant: str) -> Fix:
    """Return the corrected line with a surname spelled as the record has it."""
    line = corrected(listed)
    text = line.entry.text if line else listed.entry.text
    return Fix(listed.line, listed.end_line, text.replace(name.surname, meant, 1))


def _year(listed: Listed, records: list[Record]) -> Iterator[Finding]:
    claimed = listed.year.value
    years = {year: record for record in records for year in record.years}
    if claimed is None or not years or any(abs(year - claimed) <= 1 for year in years):
        return
    nearest = min(years, key=lambda year: abs(year - claimed))
    yield _finding(
        listed, "year-differs", Severity.WARNING,
        f"Unexpected year {claimed}, {years[nearest].source} has {nearest}: that one decides the threshold",
    )  # fmt: skip


def _finding(listed: Listed, code: str, severity: Severity, message: str, fix: Fix | None = None) -> Finding:
    return Finding(
        RULE, code, severity, message, line=listed.line, end_line=listed.end_line, title=listed.title, fix=fix
    )
