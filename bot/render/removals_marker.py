"""A hidden marker for which removals a comment lists, so ``/remove 2`` is refused if the list changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.render.digest import digest

if TYPE_CHECKING:
    from rules.report.report import Report

# Only at the very end: what the comment quotes from a pull request is above it.
_MARK = re.compile(
    r"<!-- papergate:removals v1 (?P<digest>[0-9a-f]{16})"
    r"(?P<other> changed(?: (?P<at>[0-9T:+-]{19,32}))?)? -->\s*\Z"
)
MARK_BYTES = 100
"""No marker is longer."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Which removals a comment lists, and since when: None when it never listed others."""

    digest: str
    changed_at: datetime | None = None


def digest_of(report: Report) -> str:
    """Return a fingerprint of the list of suggested removals, in its order."""
    return digest([(removal.title, removal.section) for removal in report.removals])


def mark(report: Report) -> str:
    """Return the hidden marker of the removals that a comment about ``report`` lists."""
    return f"<!-- papergate:removals v1 {digest_of(report)} -->"


def read(body: str, written_at: datetime) -> Shown | None:
    """Return what the comment ``body``, last written at ``written_at``, lists; None when it has no marker."""
    found = _MARK.search(body)
    if found is None:
        return None
    if not found["other"]:
        return Shown(found["digest"])
    return Shown(found["digest"], datetime.fromisoformat(found["at"]) if found["at"] else written_at)


def carried(body: str, current: str, written_at: datetime) -> str:
    """Return ``body``, which replaces ``current``, with a marker that says whether the list has changed."""
    before, now = read(current, written_at), read(body, written_at)
    if before is None or now is None:
        return body
    changed = ""
    if before.digest != now.digest:
        changed = " changed"
    elif before.changed_at is not None:
        changed = f" changed {before.changed_at.isoformat(timespec='seconds')}"
    return _MARK.sub(f"<!-- papergate:removals v1 {now.digest}{changed} -->", body, count=1)


def without_mark(body: str) -> str:
    """Return ``body`` with a marker that does not say when the list changed."""
    return _MARK.sub(r"<!-- papergate:removals v1 \g<digest> -->", body, count=1)
