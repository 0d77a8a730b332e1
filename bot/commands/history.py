"""The merged changes of a list, read from the history of a local clone."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, NamedTuple

from bot.commands.git import Repository
from bot.commands.inputs import READ_LIMIT, InputError
from bot.service.pipeline import Texts

_LOG_SECONDS = 120  # a history of some ten thousand commits takes seconds
_FORMAT = "%H%x00%P%x00%cI%x00%s"
_PART = 64 * 1024  # bytes of an oversized file that are read and dropped at a time


@dataclass(frozen=True, slots=True)
class MergedChange:
    """A commit of the first-parent history; ``day`` is its commit date."""

    sha: str
    parents: tuple[str, ...]
    day: date
    title: str


class Span(NamedTuple):
    """The commits of a change: where its branch left the base, the base, and the head."""

    merge_base: str
    base: str
    head: str


def merged_changes(repository: Repository, paths: Iterable[str], since: date | None) -> list[MergedChange]:
    """Return the commits of HEAD's first-parent history that change one of ``paths``, oldest first.

    The first commit of a history is no change. Raises `InputError` when git fails.
    """
    output = repository.run(
        *("-c", "log.showSignature=false", "--literal-pathspecs", "log", "-z", "--first-parent", "--reverse"),
        *(f"--format={_FORMAT}", "HEAD", "--", *paths),
        seconds=_LOG_SECONDS,
    )
    fields = iter(output.decode(errors="replace").split("\0"))
    changes = [
        MergedChange(sha, tuple(parents.split()), datetime.fromisoformat(day).date(), title)
        for sha, parents, day, title in zip(fields, fields, fields, fields, strict=False)
    ]
    return [change for change in changes if change.parents and (since is None or change.day >= since)]


class Contents:
    """Reads many files of many commits through one git process."""

    def __init__(self, requests: IO[bytes], answers: IO[bytes]) -> None:
        self._requests = requests
        self._answers = answers

    def of(self, commit: str, path: str) -> bytes | None:
        """Return at most ``READ_LIMIT`` bytes of a file, None when there is none."""
        self._requests.write(f"{commit}:{path}\n".encode())
        self._requests.flush()
        header = self._answers.readline().split()
        if len(header) != 3 or not header[2].isdigit():
            return None  # git says that it is missing
        size = int(header[2])
        content = self._answers.read(min(size, READ_LIMIT))
        rest = size - len(content) + 1  # and the line end that git adds
        while rest > 0:
            rest -= len(self._answers.read(min(rest, _PART))) or rest
        return content if header[1] == b"blob" else None


@contextmanager
def contents(repository: Repository) -> Iterator[Contents]:
    """Start git to read files with."""
    with subprocess.Popen(  # noqa: S603 - a list of arguments, no shell
        repository.command("cat-file", "--batch"), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None  # noqa: S101 - both are pipes
        assert process.stdout is not None  # noqa: S101
        yield Contents(process.stdin, process.stdout)


def span_of(repository: Repository, change: MergedChange) -> Span:
    """Return the commits to compare: of a merge the branch that it merged, else the commit alone."""
    base = change.parents[0]
    if len(change.parents) != 2:
        return own_span(change)
    head = change.parents[1]
    try:
        return Span(repository.merge_base(base, head), base, head)
    except InputError:
        return own_span(change)  # the histories have no commit in common


def own_span(change: MergedChange) -> Span:
    """Return what the commit itself changed since its first parent."""
    return Span(change.parents[0], change.parents[0], change.sha)


def texts_of(files: Contents, span: Span, path: str) -> Texts:
    """Return the list at the three commits; one that is missing is empty. Raises UnicodeDecodeError."""
    return Texts(*((files.of(commit, path) or b"").decode("utf-8") for commit in span))
