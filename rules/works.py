"""When two entries are one work."""

from __future__ import annotations

from rules.document import Listed
from rules.titles import ALIKE, key, likeness

# A title of fewer words names no work by itself: "Deep learning" is a book and an article.
_TELLING_WORDS = 4


def same_work(one: Listed, other: Listed) -> bool:
    """Return whether two entries name one work: same identifier and alike title, or same title and author.

    A title of few words names a work only together with its first author.
    """
    if one.key != other.key:
        return same_link(one, other) and likeness(one.key, other.key) >= ALIKE
    if same_link(one, other) or same_author(one, other):
        return True
    return len(one.title.split()) >= _TELLING_WORDS


def same_author(one: Listed, other: Listed) -> bool:
    """Return whether the first surnames agree, or one of the entries names none."""
    surnames = key(one.entry.authors.first_surname), key(other.entry.authors.first_surname)
    return surnames[0] == surnames[1] or not all(surnames)


def same_link(one: Listed, other: Listed) -> bool:
    """Return whether two entries lead to one place: an identifier or a URL in common."""
    return bool(one.places & other.places)
