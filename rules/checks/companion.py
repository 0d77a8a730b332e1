"""The rule ``companion``: the BibTeX file of the list holds the papers of its top sections."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.bibliography.bibtex import bibtex
from rules.bibliography.matching import BibEntry, Bibliography, Companion, Matching, differences, match
from rules.changes.paper_records import agreeing, query_of
from rules.context import ListChange, RuleContext
from rules.papers.evidence import Evidence, EvidenceRequest
from rules.papers.titles import key
from rules.reading.document import Document, Listed
from rules.report.findings import Finding, Severity
from rules.rule import Code, Rule


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield where the list's BibTeX file and its top sections differ.

    Bad: missing
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
        Companion:
    Bad: surplus
        Before:
        ### Reinforcement Learning / Robotics
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
        After:
        ### Reinforcement Learning / Robotics
        Companion:
        @article{jaderberg2015spatial,
          title={Spatial transformer network},
          author={Jaderberg, Max and others},
          year={2015}
        }
    Bad: differing
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
        Companion:
        @article{jaderberg2016spatial,
          title={Spatial transformer network},
          author={Jaderberg, Max and others},
          year={2016}
        }
    Bad: unreadable, also companion/missing
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
        Companion:
        @article{jaderberg2015spatial,
          title={Spatial transformer network,
          year={2015}
        }
    Good:
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
        Companion:
        @article{jaderberg2015spatial,
          title={Spatial {T}ransformer {N}etwork},
          author={Jaderberg, Max and Simonyan, Karen and Zisserman, Andrew},
          year={2015}
        }
    """
    companion = context.list_change.companion
    if companion is None:
        return
    yield from _unreadable(context, companion)
    if companion.after.unreadable is not None:
        return
    after = _matching(context.list_change.head, companion.after)
    before = _Earlier(context.list_change, companion.before)
    evidence = context.evidence or Evidence()
    described = [(paper, agreeing(paper, evidence.of(query_of(paper)))) for paper in after.papers]
    texts = bibtex(described, (entry.key for entry in companion.after.entries))
    for paper, text in zip(after.papers, texts, strict=True):
        yield RULE.at(
            paper,
            "missing",
            f"Add an entry for this paper to {companion.path}: it has one for each top paper.",
            introduced=not before.lacked(paper),
            paste=text,
        )
    for paper, entry in after.pairs:
        for what, how in differences(paper, entry):
            yield RULE.at(
                paper,
                "differing",
                f'Compare with "{entry.key}" in line {entry.line} of {companion.path}: it has {how}.',
                introduced=not before.differed(paper, what),
            )
    for entry in after.entries:
        yield RULE.finding(
            "surplus",
            f'Remove the entry "{entry.key}" in line {entry.line} of {companion.path}:'
            " its paper is not in the top sections.",
            title=entry.title,
            introduced=not before.had_surplus(entry),
        )


def concerned(list_change: ListChange) -> bool:
    """Return whether the change touches a paper that the file should hold."""
    change = list_change.diff
    touched = [*change.added, *change.removed]
    touched += [listed for pair in change.moved + change.modified for listed in (pair.before, pair.after)]
    return list_change.whole or any(listed.group.counted for listed in touched)


def wanted(list_change: ListChange) -> EvidenceRequest:
    """Return what to ask to write the entries that the change leaves missing, each paper once."""
    companion = list_change.companion
    if companion is None or companion.after.unreadable is not None:
        return EvidenceRequest()
    before = _Earlier(list_change, companion.before)
    missing = _matching(list_change.head, companion.after).papers
    queries = (query_of(paper) for paper in missing if not before.lacked(paper))
    return EvidenceRequest(full=tuple(dict.fromkeys(queries)))


RULE = Rule(
    name="companion",
    summary="The BibTeX file of the list holds the papers of its top sections.",
    why="Readers cite from the file, so it has one entry for each paper of the top sections, and no other."
    ' Case, accents and LaTeX are no difference; the list names one author, two, or the first "et al."',
    how="Add the entry of a paper that comes into the top sections; the report has its text. Remove the entry"
    " of a paper that leaves them.",
    codes=(
        Code("missing", Severity.WARNING, "The file has no entry for a paper of the top sections."),
        Code("surplus", Severity.WARNING, "The file has an entry whose paper is not in the top sections."),
        Code("differing", Severity.WARNING, "The file and the list differ in title, year or authors."),
        Code("unreadable", Severity.WARNING, "The file, or an entry of it, cannot be read."),
    ),
    check=check,
    wanted=wanted,
)


def _matching(document: Document, bibliography: Bibliography) -> Matching:
    """Match the top papers, each once: the rule ``duplicate`` reports a second copy."""
    papers = {
        (paper.key, key(paper.entry.authors.first_surname)): paper
        for paper in reversed(document.entries)
        if paper.group.counted
    }
    return match(reversed(papers.values()), bibliography.entries)


def _unreadable(context: RuleContext, companion: Companion) -> Iterator[Finding]:
    before = companion.before if companion.before and not context.list_change.whole else Bibliography()
    after = companion.after
    if after.unreadable is not None:
        yield RULE.finding(
            "unreadable",
            f"{companion.path} cannot be read: {after.unreadable}.",
            introduced=before.unreadable is None,
        )
    known = {broken.text for broken in before.broken}
    for broken in after.broken:
        yield RULE.finding(
            "unreadable",
            f"Correct line {broken.line} of {companion.path}: an entry begins there and does not end:"
            f" {broken.text}",
            introduced=broken.text not in known,
        )


@dataclass
class _Earlier:
    """What differed before the change; nothing in an audit, or where the file is new."""

    list_change: ListChange
    bibliography: Bibliography | None

    def __post_init__(self) -> None:
        readable = self.bibliography is not None and self.bibliography.unreadable is None
        matching = Matching((), (), ())
        if self.bibliography and readable and not self.list_change.whole:
            matching = _matching(self.list_change.merge_base, self.bibliography)
        self._origin = {id(pair.after): id(pair.before) for pair in self.list_change.diff.pairs}
        self._missing = {id(paper) for paper in matching.papers}
        self._differing = {
            (id(paper), what) for paper, entry in matching.pairs for what, _ in differences(paper, entry)
        }
        self._surplus = {key(entry.title) for entry in matching.entries}

    def lacked(self, paper: Listed) -> bool:
        return self._origin.get(id(paper)) in self._missing

    def differed(self, paper: Listed, what: str) -> bool:
        return (self._origin.get(id(paper)), what) in self._differing

    def had_surplus(self, entry: BibEntry) -> bool:
        return key(entry.title) in self._surplus
