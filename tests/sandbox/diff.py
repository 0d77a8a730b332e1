"""What git says differs between two commits, and the lines of it that can be pointed at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# GitHub, "Limits for viewing content and diffs": a larger single file comes without its patch.
MAX_PATCH_BYTES = 500_000
MAX_PATCH_LINES = 20_000
STATUSES = {"A": "added", "D": "removed", "M": "modified", "T": "changed", "R": "renamed", "C": "copied"}
HUNK = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")


@dataclass(frozen=True)
class FileChange:
    """One file of a diff; `patch` is None for a binary or very large file."""

    path: str
    previous: str | None
    status: str
    sha: str
    additions: int
    deletions: int
    patch: str | None


@dataclass(frozen=True)
class DiffLine:
    """A line of a patch: its position below the first `@@`, its hunk, its numbers in the old and new file.

    A number is None where the line is not in that file.
    """

    position: int
    hunk: int
    left: int | None
    right: int | None

    def number(self, side: str) -> int | None:
        """Return the line's number in the old (LEFT) or new (RIGHT) file."""
        return self.left if side == "LEFT" else self.right


def read_patch(patch: str) -> tuple[DiffLine, ...]:
    """Return the lines of a file's hunks in order, the `@@` lines themselves left out."""
    lines: list[DiffLine] = []
    left = right = hunk = 0
    for position, text in enumerate(patch.split("\n")):
        header = HUNK.match(text)
        if header:
            left, right, hunk = int(header[1]), int(header[2]), hunk + 1
        elif not text.startswith("\\"):
            old, new = not text.startswith("+"), not text.startswith("-")
            lines.append(DiffLine(position, hunk, left if old else None, right if new else None))
            left, right = left + old, right + new
    return tuple(lines)


def find_line(lines: Sequence[DiffLine], side: str, number: int) -> DiffLine | None:
    """Return the line with this number on a side of the diff, or None when it is not in it."""
    return next((item for item in lines if item.number(side) == number), None)


def hunk_until(patch: str, position: int) -> str:
    """Return the hunk of a line from its `@@` down to the line."""
    shown = patch.split("\n")[: position + 1]
    start = max(index for index, text in enumerate(shown) if HUNK.match(text))
    return "\n".join(shown[start:])


def carry(patch: str, number: int) -> int | None:
    """Return the number in the new file of a line of the old one; None when it was changed or removed."""
    shift = 0
    for item in read_patch(patch):
        if item.left == number:
            return item.right
        if item.left is not None and item.left > number:
            break
        shift += (item.left is None) - (item.right is None)
    return number + shift


def parse_changes(summary: str, patch: str) -> tuple[FileChange, ...]:
    """Return the files of a diff from `git diff-tree -z --raw --numstat` and `git diff-tree -p`."""
    fields = iter(summary.split("\0"))
    raw: list[tuple[str, str, str | None, str]] = []
    counts: dict[str, tuple[int, int]] = {}
    for field in fields:
        if field.startswith(":"):
            _, _, _, sha, status = field.split()
            first = next(fields)
            renamed = status[0] in "RC"
            path, previous = (next(fields), first) if renamed else (first, None)
            raw.append((status[0], path, previous, sha))
        elif field:
            added, removed, path = field.split("\t")
            if not path:
                next(fields)
                path = next(fields)
            counts[path] = (0, 0) if added == "-" else (int(added), int(removed))
    patches = _parse_patches(patch)
    return tuple(
        FileChange(path, previous, STATUSES[status], sha, *counts.get(path, (0, 0)), patches[index])
        for index, (status, path, previous, sha) in enumerate(raw)
    )


def _parse_patches(text: str) -> list[str | None]:
    """Return each file's hunks in order; in a patch only a file's header can start with `diff --git`."""
    patches: list[str | None] = []
    for part in ("\n" + text).split("\ndiff --git ")[1:]:
        _, mark, hunks = part.partition("\n@@ ")
        body = f"@@ {hunks.rstrip(chr(10))}"
        small = len(body.encode()) <= MAX_PATCH_BYTES and body.count("\n") <= MAX_PATCH_LINES
        patches.append(body if mark and small else None)
    return patches
