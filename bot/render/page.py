"""What a section of a evaluation needs to be written: which page it is about, and how many bytes it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.render.escape import code

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rules.report.report import Report

TITLE_LIMIT = 120
"""Characters of a title that are shown."""
NONE = "\N{EN DASH}"
"""What stands for a line or a figure that there is none of."""
_LEFT_OFF_BYTES = 120


@dataclass(frozen=True, slots=True)
class Judged:
    """Which commits a report is about, and where they can be read.

    ``repository_url`` is the page of the base repository; without it nothing is linked.
    """

    head_sha: str
    base_sha: str
    repository_url: str | None = None

    def commit(self, sha: str) -> str:
        """Return the short name of a commit, linked where it can be."""
        name = code(sha[:7])
        return f"[{name}]({self.repository_url}/commit/{sha})" if self.repository_url else name


@dataclass(frozen=True, slots=True)
class Page:
    """A report with what is needed to point at its lines."""

    report: Report
    judged: Judged | None = None

    def line(self, line: int | None, end_line: int | None = None) -> str:
        """Return a line or a range of head, linked where it can be; a dash for the whole file."""
        if line is None:
            return NONE
        many = end_line is not None and end_line > line
        name = f"{line}-{end_line}" if many else str(line)
        if self.judged is None or self.judged.repository_url is None:
            return name
        anchor = f"L{line}-L{end_line}" if many else f"L{line}"
        file = f"{self.judged.repository_url}/blob/{self.judged.head_sha}/{quote(self.report.path)}"
        return f"[{name}]({file}?plain=1#{anchor})"

    def lines(self, line: int, end_line: int) -> str:
        """Return ``Line 71`` or ``Lines 71-73``, linked where it can be."""
        return f"Line{'s' if end_line > line else ''} {self.line(line, end_line)}"


def size_of(text: str) -> int:
    """Return the bytes of ``text`` in UTF-8, in which GitHub's limits are counted."""
    return len(text.encode())


def bounded(
    head: str,
    rows: Sequence[str],
    left_off: Callable[[int], str],
    limit: int,
    *,
    at_most: int | None = None,
    tail: str = "",
    gap: str = "\n",
) -> str:
    """Return head, as many whole rows as fit, how many are left off, and tail; nothing without rows."""
    if not rows:
        return ""
    room = limit - size_of(head) - size_of(tail) - 2 * len(gap) - _LEFT_OFF_BYTES
    kept: list[str] = []
    for row in rows[:at_most]:
        room -= size_of(row) + len(gap)
        if room < 0:
            break
        kept.append(row)
    if len(kept) < len(rows):
        kept.append(left_off(len(rows) - len(kept)))
    return gap.join([head, *kept, *([tail] if tail else [])])
