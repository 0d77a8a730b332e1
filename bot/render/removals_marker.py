"""Which suggested removals a comment shows, hidden in it: a number has to mean what its reader saw."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rules.report.report import Report

# At the very end, where nothing that the comment quotes can stand.
_MARK = re.compile(
    r"<!-- papergate:removals v1 (?P<digest>[0-9a-f]{16})"
    r"(?P<other> changed(?: (?P<at>[0-9T:+-]{19,32}))?)? -->\s*\Z"
)
MARK_BYTES = 100
"""No mark is longer."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a comment shows. ``changed_at`` is when it began to, None when it never showed anything else."""

    digest: str
    changed_at: datetime | None = None


def digest_of(report: Report) -> str:
    """Return a name for the list of suggested removals, in its order."""
    listed = [(removal.title, removal.section) for removal in report.removals]
    return hashlib.sha256(json.dumps(listed).encode()).hexdigest()[:16]


def mark(report: Report) -> str:
    """Return the hidden mark of the removals that a comment about ``report`` shows."""
    return f"<!-- papergate:removals v1 {digest_of(report)} -->"


def read(body: str, written_at: datetime) -> Shown | None:
    """Return what the comment ``body``, last written then, shows; None when it has no mark."""
    found = _MARK.search(body)
    if found is None:
        return None
    if not found["other"]:
        return Shown(found["digest"])
    return Shown(found["digest"], datetime.fromisoformat(found["at"]) if found["at"] else written_at)


def carried(body: str, current: str, written_at: datetime) -> str:
    """Return ``body``, to replace ``standing``, with a mark that says whether the list has changed."""
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
    """Return ``body`` without what is hidden about when its list changed."""
    return _MARK.sub(r"<!-- papergate:removals v1 \g<digest> -->", body, count=1)
