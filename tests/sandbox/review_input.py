"""Where a review comment may stand: lines of the pull request's diff, as GitHub resolves them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sandbox.diff import find_line, hunk_until, read_patch
from tests.sandbox.model import Place
from tests.sandbox.representations import pulls

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.sandbox.diff import DiffLine
    from tests.sandbox.model import Json, Pull
    from tests.sandbox.state import State


class UnplacedError(ValueError):
    """A comment names no place in the diff; `field` is the one at fault."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


def place(state: State, pull: Pull, commit: str, asked: Json) -> Place:
    """Return the place a comment asks for in the diff from the merge base to `commit`.

    Raises:
        UnplacedError: the path or a line is not in the diff, or the lines are not a range of one hunk.
    """
    path = asked.get("path")
    change = next((item for item in pulls.changes(state, pull, commit) if item.path == path), None)
    if change is None or change.patch is None:
        raise UnplacedError("Path could not be resolved", "path")
    lines = read_patch(change.patch)
    side, end = _end(lines, asked)
    hunk = hunk_until(change.patch, end.position)
    alone = Place(change.path, side, end.number(side) or 0, end.position, hunk)
    if asked.get("start_line") is None:
        return alone
    start_side = str(asked.get("start_side") or side)
    start = _line(lines, start_side, asked["start_line"], "start_line")
    if start.position >= end.position:
        raise UnplacedError("Start line must precede the end line.", "start_line")
    if start.hunk != end.hunk:
        raise UnplacedError("Start line must be part of the same hunk as the line.", "start_line")
    return Place(change.path, side, alone.line, end.position, hunk, start_side, start.number(start_side))


def _end(lines: Sequence[DiffLine], asked: Json) -> tuple[str, DiffLine]:
    """Return the side and the last line, which is named by its number or by its position in the patch."""
    if asked.get("line") is not None:
        side = str(asked.get("side") or "RIGHT")
        return side, _line(lines, side, asked["line"], "line")
    found = next((item for item in lines if item.position == asked.get("position")), None)
    if found is None:
        raise UnplacedError("Position could not be resolved", "position")
    return ("LEFT" if found.right is None else "RIGHT"), found


def _line(lines: Sequence[DiffLine], side: str, number: object, field: str) -> DiffLine:
    found = find_line(lines, side, number) if isinstance(number, int) else None
    if found is None:
        raise UnplacedError("Line could not be resolved", field)
    return found
