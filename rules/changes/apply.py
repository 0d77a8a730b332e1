"""The list as it will be: what a change does, applied to the base as it stands now."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rules.changes.compare import Comparison, Pair, compare
from rules.reading.document import Document, Listed


@dataclass(frozen=True, slots=True)
class ResultEntry:
    """An entry of the resulting list.

    ``head`` is the entry in the head version, None when only the base has it (merged since the branch
    left); ``base`` is the entry in the base, None when the change adds it.
    """

    listed: Listed
    head: Listed | None
    base: Listed | None


def apply(
    change: Comparison, merge_base: Document, base: Document, head: Document
) -> tuple[ResultEntry, ...]:
    """Return the entries of ``base`` after ``change``, which was made to ``merge_base``.

    ``count`` and ``duplicate`` judge this: a branch behind its base neither removes what came since nor
    hides it. What the change did not touch stands as the base has it.
    """
    if merge_base is base:
        before = {id(pair.after): pair.before for pair in change.pairs}
        return tuple(ResultEntry(listed, listed, before.get(id(listed))) for listed in head.entries)
    since = compare(merge_base, base)
    in_head = {id(pair.before): pair for pair in change.pairs}
    moved = {id(pair.before) for pair in change.moved}
    modified = {id(pair.before) for pair in change.modified}
    came_from = {id(pair.after): pair.before for pair in since.pairs}
    stands = []
    for listed in base.entries:
        origin = came_from.get(id(listed))
        if origin is None:
            stands.append(ResultEntry(listed, None, listed))
        elif id(origin) in in_head:
            pair = in_head[id(origin)]
            text = pair.after if id(origin) in modified else listed
            after = pair.after if id(origin) in moved else _placed(text, listed, pair)
            stands.append(ResultEntry(after, pair.after, listed))
    arrived = {(listed.place, listed.entry.body) for listed in since.added}
    fresh = [listed for listed in change.added if (listed.place, listed.entry.body) not in arrived]
    return (*stands, *(ResultEntry(listed, listed, None) for listed in fresh))


def _placed(text: Listed, in_base: Listed, pair: Pair) -> Listed:
    """Return ``text`` where the base has the entry, under the heading that the change gives that section."""
    if in_base.path != pair.before.path:
        here = in_base
        return replace(text, section=here.section, path=here.path, subgroup=here.subgroup, group=here.group)
    there = pair.after
    return replace(text, section=there.section, path=there.path, group=there.group)
