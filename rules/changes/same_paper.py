"""When two entries are one work."""

from __future__ import annotations

import re

from rules.papers.titles import ALIKE, key, likeness
from rules.reading.document import Listed

# A title of fewer words names no work by itself: "Deep learning" is a book and an article.
_TELLING_WORDS = 4


def same_work(one: Listed, other: Listed) -> bool:
    """Return whether two entries name one work: same identifier and alike title, or same title and author.

    A title of few words names a work only together with its first author.
    """
    if one.key != other.key:
        return same_link(one, other) and titled_alike(one, other)
    if same_link(one, other) or same_author(one, other):
        return True
    return len(one.title.split()) >= _TELLING_WORDS


def titled_alike(one: Listed, other: Listed) -> bool:
    """Return whether two titles are alike, or one is the other cut short, by the same author.

    "You only look once" and "YOLO" both are "You only look once: Unified, real-time object detection".
    """
    if likeness(one.key, other.key) >= ALIKE:
        return True
    short, long = sorted((one, other), key=lambda listed: len(listed.key))
    cut = len(short.key) > 1 and (long.key.startswith(short.key) or _initials(long).startswith(short.key))
    return cut and same_author(one, other)


def _initials(listed: Listed) -> str:
    return "".join(word[0] for word in re.findall(r"[^\W_]+", listed.title.casefold()))


def same_author(one: Listed, other: Listed) -> bool:
    """Return whether the first surnames agree, or one of the entries names none."""
    surnames = key(one.entry.authors.first_surname), key(other.entry.authors.first_surname)
    return surnames[0] == surnames[1] or not all(surnames)


def same_link(one: Listed, other: Listed) -> bool:
    """Return whether two entries lead to one place: an identifier or a URL in common."""
    return bool(one.places & other.places)
