"""The BibTeX file beside a list, before and after a change; its reader is loaded when it is needed."""

from __future__ import annotations

from dataclasses import dataclass

from bot.process.isolation import Session, TooHard
from rules.bibliography.matching import Bibliography, Companion

LARGEST = 128 * 1024
"""Bytes of a file that is read; the file of 100 papers has 30 KiB."""
SECONDS = 3.0
"""For reading it: a file that takes longer must not use up the time for the list."""


@dataclass(frozen=True, slots=True)
class CompanionFile:
    """The content of the file at ``path`` before a change, None where it was not there, and after it."""

    path: str
    before: bytes | None
    after: bytes

    @property
    def changed(self) -> bool:
        """True when the change touches the file."""
        return self.before != self.after

    def read(self, session: Session) -> Companion:
        """Return what the file says; a side that cannot be read says why."""
        from bot.files.bib_file import read_all  # noqa: PLC0415 - the parser costs at start, seldom needed

        sides = (self.after,) if self.before in {None, self.after} else (self.after, self.before)
        try:
            read = session.run(read_all, sides, LARGEST, seconds=SECONDS)
        except TooHard as limit:
            read = tuple(Bibliography(unreadable=limit.reason) for _ in sides)
        return Companion(self.path, None if self.before is None else read[-1], read[0])
