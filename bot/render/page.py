"""What a part of a report needs to be written: which page it is about, and how many bytes it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

from bot.render.escape import code

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.render.audience import Audience, Offer
    from rules.report.report import Report

T = TypeVar("T")

TITLE_LIMIT = 160
"""Characters of a title that are shown: commands name an entry by its whole title, and few are longer."""
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
    """A report with what is needed to link its lines and to name its commands.

    ``audience`` is None where there is no pull request to comment on: then no command is named.
    """

    report: Report
    judged: Judged | None = None
    audience: Audience | None = None

    def line(self, line: int, end_line: int | None = None) -> str:
        """Return ``line 71`` or ``lines 71\u201373`` of head, linked where it can be."""
        many = end_line is not None and end_line > line
        name = f"lines {line}\N{EN DASH}{end_line}" if many else f"line {line}"
        return self.linked(name, line, end_line)

    def linked(self, text: str, line: int, end_line: int | None = None) -> str:
        """Return ``text``, which is Markdown, as a link to lines of head where it can be one."""
        if self.judged is None or self.judged.repository_url is None:
            return text
        many = end_line is not None and end_line > line
        anchor = f"L{line}-L{end_line}" if many else f"L{line}"
        file = f"{self.judged.repository_url}/blob/{self.judged.head_sha}/{quote(self.report.path)}"
        return f"[{text}]({file}?plain=1#{anchor})"

    @property
    def files_changed(self) -> str:
        """Return the name of the tab with the pull request's diff, linked where it can be."""
        if self.judged is None or self.judged.repository_url is None or self.audience is None:
            return "*Files changed*"
        return f"[Files changed]({self.judged.repository_url}/pull/{self.audience.number}/files)"

    @property
    def suggests(self) -> bool:
        """Return whether the corrections are suggested on the lines of the diff."""
        return self.audience is not None and self.audience.suggests

    def offers(self, *offers: Offer, bold: bool = False) -> str:
        """Return who can write which command, and what it does; empty where nobody could write one."""
        return self.audience.offers(*offers, bold=bold) if self.audience else ""


def size_of(text: str) -> int:
    """Return the bytes of ``text`` in UTF-8, in which GitHub's limits are counted."""
    return len(text.encode())


def joined(*parts: str) -> str:
    """Return the parts that are not empty, as paragraphs."""
    return "\n\n".join(part for part in parts if part)


def bounded(
    head: str,
    items: Sequence[T],
    row: Callable[[T], str],
    limit: int,
    *,
    at_most: int,
    left_off: str = "- and {:,} more",
    tail: str = "",
    gap: str = "\n",
) -> str:
    """Return head, a row for each item that fits, how many are left off, and tail; nothing without items.

    No row is cut, and none is written in vain: ``limit`` is in bytes, ``at_most`` in rows.
    """
    if not items:
        return ""
    room = limit - size_of(head) - size_of(tail) - 2 * len(gap) - _LEFT_OFF_BYTES
    kept: list[str] = []
    for item in items[:at_most]:
        written = row(item)
        room -= size_of(written) + len(gap)
        if room < 0:
            break
        kept.append(written)
    if len(kept) < len(items):
        kept.append(left_off.format(len(items) - len(kept)))
    return gap.join([head, *kept, *([tail] if tail else [])])
