"""What a change does to the list's entries and sections."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from rules.changes.same_paper import same_author, same_link, same_work
from rules.papers.titles import ALIKE, key, likeness
from rules.reading.document import Document, Listed, Section

_NAMED_ALIKE = 60.0  # of 100
_MOST_LIKENESSES = 250_000  # comparisons; a change with more entries left over is no matter of typos


@dataclass(frozen=True, slots=True)
class Pair:
    """One entry before and after."""

    before: Listed
    after: Listed


@dataclass(frozen=True, slots=True)
class Rename:
    """A section under another heading."""

    before: Section
    after: Section


@dataclass(frozen=True, slots=True)
class Comparison:
    """The difference of two versions of the list, in the order of their lines.

    A moved entry may read differently too. White space, comments and the order of entries are no difference.
    """

    added: tuple[Listed, ...] = ()
    removed: tuple[Listed, ...] = ()
    moved: tuple[Pair, ...] = ()
    modified: tuple[Pair, ...] = ()
    kept: tuple[Pair, ...] = ()
    renamed: tuple[Rename, ...] = ()
    sections_added: tuple[Section, ...] = ()
    sections_removed: tuple[Section, ...] = ()

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """Every entry that is on both sides."""
        return self.kept + self.modified + self.moved

    @property
    def touched(self) -> tuple[Listed, ...]:
        """The entries of the new version that are added, moved or modified."""
        return self.added + tuple(pair.after for pair in self.moved + self.modified)


def compare(before: Document, after: Document) -> Comparison:
    """Return what turns ``before`` into ``after``."""
    renames = _renames(before, after)
    new_key = {rename.before.key: rename.after.key for rename in renames}
    matcher = _Matcher(before, after, new_key)
    pairs = sorted(matcher.match(), key=lambda pair: pair.after.line)
    paired_before = {id(pair.before) for pair in pairs}
    paired_after = {id(pair.after) for pair in pairs}
    stayed = [pair for pair in pairs if matcher.home(pair.before) == matcher.place(pair.after)]
    renamed_before = {rename.before.key for rename in renames}
    renamed_after = {rename.after.key for rename in renames}
    keys_before = {section.key for section in before.sections}
    keys_after = {section.key for section in after.sections}
    return Comparison(
        added=tuple(listed for listed in after.entries if id(listed) not in paired_after),
        removed=tuple(listed for listed in before.entries if id(listed) not in paired_before),
        moved=tuple(pair for pair in pairs if matcher.home(pair.before) != matcher.place(pair.after)),
        modified=tuple(pair for pair in stayed if not _reads_alike(pair)),
        kept=tuple(pair for pair in stayed if _reads_alike(pair)),
        renamed=tuple(renames),
        sections_added=tuple(
            section for section in after.sections if section.key not in keys_before | renamed_after
        ),
        sections_removed=tuple(
            section for section in before.sections if section.key not in keys_after | renamed_before
        ),
    )


def _reads_alike(pair: Pair) -> bool:
    """Return whether the two entries differ in white space or comments at most."""
    before, after = pair.before.entry, pair.after.entry
    if before.body == after.body:
        return True
    if "".join(before.body.split()) != "".join(after.body.split()):
        return False
    return [link.works for link in before.links] == [link.works for link in after.links]


def _renames(before: Document, after: Document) -> list[Rename]:
    """Pair the sections that kept their papers under a new heading, and those whose heading reads alike."""
    renames = [
        Rename(old, new)
        for old, new in zip(before.sections, _same_key(before.sections, after.sections), strict=True)
        if new is not None and old.name != new.name
    ]
    keys_before = {section.key for section in before.sections}
    keys_after = {section.key for section in after.sections}
    gone = [section for section in before.sections if section.key not in keys_after]
    new = [section for section in after.sections if section.key not in keys_before]
    candidates = sorted(
        (_likeness_of(before, after, old, fresh) for old in gone for fresh in new),
        key=lambda candidate: (candidate.shared, candidate.alike),
        reverse=True,
    )
    taken: set[str] = set()
    for candidate in candidates:
        if not taken & {candidate.old.key, candidate.new.key} and candidate.is_rename:
            renames.append(Rename(candidate.old, candidate.new))
            taken |= {candidate.old.key, candidate.new.key}
    return sorted(renames, key=lambda rename: rename.after.line)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A section that is gone and a new one: how much they hold, how much of it in common."""

    old: Section
    new: Section
    held: int
    holds: int
    shared: int
    alike: float

    @property
    def is_rename(self) -> bool:
        """True when the new one has most of the old one's content, and little else or a like name."""
        if not self.held:
            return self.alike >= ALIKE
        return self.shared > self.held / 2 and (self.shared >= self.holds / 2 or self.alike >= _NAMED_ALIKE)


def _likeness_of(before: Document, after: Document, old: Section, new: Section) -> _Candidate:
    # People, say, are known by their lines: under a new name they may look like papers.
    content = _papers if old.group.papers else _lines
    held, holds = content(before, old), content(after, new)
    return _Candidate(old, new, len(held), len(holds), len(held & holds), likeness(old.key, new.key))


def _papers(document: Document, section: Section) -> set[str]:
    return {listed.key for listed in document.entries if listed.path == section.path}


def _lines(document: Document, section: Section) -> set[str]:
    end = min((other.line for other in document.sections if other.line > section.line), default=None)
    lines = document.lines[section.line : None if end is None else end - 1]
    return {key(line) for line in lines} - {""}


def _same_key(before: Iterable[Section], after: Iterable[Section]) -> list[Section | None]:
    by_key = {section.key: section for section in reversed(tuple(after))}  # the first, where one is repeated
    return [by_key.get(section.key) for section in before]


@dataclass
class _Matcher:
    """Finds each entry's counterpart, the surest first; an entry is matched once."""

    before: Document
    after: Document
    new_key: Mapping[str, str]
    pairs: list[Pair] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.left = list(self.before.entries)
        self.right = list(self.after.entries)

    def place(self, listed: Listed) -> str:
        """Return the key of the section an entry of ``after`` stands in."""
        return listed.place

    def home(self, listed: Listed) -> str:
        """Return the key that the section of an entry of ``before`` has in ``after``."""
        return self.new_key.get(listed.place, listed.place)

    def match(self) -> list[Pair]:
        self._by_key(
            lambda old: (self.home(old), old.entry.body), lambda new: (self.place(new), new.entry.body)
        )
        self._by_key(lambda old: old.entry.body, lambda new: new.entry.body)
        self._by_key(lambda old: (self.home(old), old.key), lambda new: (self.place(new), new.key))
        self._by_key(lambda old: old.key, lambda new: new.key)
        self._by_likeness()
        return self.pairs

    def _by_key(
        self, key_before: Callable[[Listed], Hashable], key_after: Callable[[Listed], Hashable]
    ) -> None:
        """Pair the entries that have a key in common; of several, those that agree most."""
        waiting: dict[Hashable, list[Listed]] = defaultdict(list)
        for listed in self.right:
            waiting[key_after(listed)].append(listed)
        for old in self.left:
            candidates = [new for new in waiting[key_before(old)] if same_work(old, new)]
            if candidates:
                new = max(candidates, key=lambda candidate: _agreement(old, candidate))
                waiting[key_before(old)].remove(new)
                self.pairs.append(Pair(old, new))
        self._drop_matched()

    def _by_likeness(self) -> None:
        """Pair what is left by title and link: a corrected title is a modification, not another paper."""
        if len(self.left) * len(self.right) > _MOST_LIKENESSES:
            return
        for old in self.left:
            scored = [(self._score(old, new), new) for new in self.right]
            score, new = max(scored, key=lambda candidate: candidate[0], default=(0.0, None))
            if new is not None and score > 0:
                self.pairs.append(Pair(old, new))
                self.right.remove(new)
        self._drop_matched()

    def _score(self, old: Listed, new: Listed) -> float:
        alike = likeness(old.key, new.key)
        same_place = same_link(old, new)
        if alike >= ALIKE and (same_place or same_author(old, new)):
            return alike + 100 * same_place
        if old.identifier and old.identifier == new.identifier and same_author(old, new):
            return max(alike, 1.0)  # the paper itself, under a new title
        begins = bool(old.key and new.key) and (old.key.startswith(new.key) or new.key.startswith(old.key))
        return alike if same_place and (begins or alike >= ALIKE - 15) else 0.0

    def _drop_matched(self) -> None:
        before = {id(pair.before) for pair in self.pairs}
        after = {id(pair.after) for pair in self.pairs}
        self.left = [listed for listed in self.left if id(listed) not in before]
        self.right = [listed for listed in self.right if id(listed) not in after]


def _agreement(old: Listed, new: Listed) -> int:
    return 4 * same_link(old, new) + 2 * same_author(old, new) + (old.year.value == new.year.value)
